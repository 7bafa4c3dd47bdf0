"""`advisor whatif`: the plan with some answers changed, differences first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from advisor.analysis.relaxations import relaxation_lines
from advisor.analysis.sweep_flips import USES, Row, Swept, flip_line, shown_number, swept
from advisor.analysis.sweep_values import Axis, axis_of, question_of
from advisor.analysis.whatif import WhatIf, difference
from advisor.analysis.whatif import changed as with_changes
from advisor.analysis.whatif_outcome import Outcome, differing, usd
from advisor.cli.difference_text import difference_data, difference_text
from advisor.cli.inputs import (
    answers_of,
    as_of_option,
    changes_of,
    date_of,
    kit_of,
    packs_option,
    set_option,
)
from advisor.domain.answers import Value
from advisor.errors import InputError, Place, Problem
from advisor.library.answers import settled
from advisor.planning.kit import Kit
from advisor.planning.line import Line

IN_COLUMNS = tuple(f"{use}_accelerator" for use in USES)
"""Decisions that the columns of machines say."""


@click.command()
@click.argument("answers", metavar="ANSWERS")
@set_option
@click.option(
    "--sweep",
    "sweep_",
    default=None,
    metavar="QUESTION=VALUES",
    help="Try values: a range 1:200:log, 10:90:lin:9, a list 99,99.9, or all.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@as_of_option
@packs_option
def whatif(
    answers: str,
    changes: tuple[str, ...],
    sweep_: str | None,
    as_json: bool,
    as_of: str | None,
    packs: tuple[Path, ...],
) -> None:
    """Show what changes in the plan for ANSWERS when some of them change.

    With --sweep, a table of the plan over the values of one question and the exact values at
    which it changes. Exits with 0 when it ran, feasible or not.
    """
    if not changes and sweep_ is None:
        raise _refused("nothing is changed; write --set peak_rps=50 or --sweep peak_rps=1:200:log")
    kit = kit_of(packs)
    given = answers_of(answers, (), kit)
    replaced = changes_of(changes, kit)
    stated = settled(given, kit.questions, replaced)
    values = {name: stated.values[name] for name in replaced}
    ask = WhatIf(Line(kit), given, date_of(as_of))
    if sweep_ is not None:
        found = swept(ask, axis_named(sweep_, kit, "--sweep"), values)
        click.echo(json.dumps(_swept_data(found), indent=1) if as_json else _swept_text(found))
        return
    changed = difference(ask.plan({}), ask.plan(values))
    if as_json:
        click.echo(json.dumps(difference_data(changed), indent=1))
        return
    ways = relaxation_lines(WhatIf(ask.line, with_changes(given, values), ask.as_of))
    click.echo("\n".join([difference_text(changed), *ways]))


def _refused(message: str) -> InputError:
    return InputError([Problem(Place("advisor whatif"), "E307", "", message)])


def axis_named(text: str, kit: Kit, option: str) -> Axis:
    """Return the values that `question=values` asks for; raises InputError, naming the option."""
    name, mark, values = (part.strip() for part in text.partition("="))
    if not mark:
        raise _refused(f"'{text}' has no '='; write {option} peak_rps=1:200:log")
    try:
        return axis_of(question_of(kit.questions, name), values)
    except ValueError as error:
        raise InputError([Problem(Place(option), "E308", name, str(error))]) from None


# --- a range ------------------------------------------------------------------------------


def _swept_text(found: Swept) -> str:
    unit = f" ({found.unit})" if found.unit else ""
    head = [
        found.axis.question.id + unit,
        "feasible",
        "serving",
        "training",
        "a month",
        "whole life",
        "other choices than the row above",
    ]
    rows = [head, *_rows(found)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = [
        "  ".join(cell.ljust(w) for cell, w in zip(r, widths, strict=True)).rstrip() for r in rows
    ]
    if not found.tracks:
        costs = {(row.outcome.month_usd, row.outcome.lifetime_usd) for row in found.rows}
        what = "Nothing changes" if len(costs) == 1 else "Nothing changes but costs"
        return "\n".join([*lines, "", f"{what} over these values."])
    if not found.axis.ordered:
        return "\n".join(lines)
    return "\n".join([*lines, "", *(flip_line(track, found.unit) for track in found.tracks)])


def _rows(found: Swept) -> Iterator[list[str]]:
    before: Outcome | None = None
    for row in found.rows:
        now = row.outcome
        others = (d for d in differing(now, before) if d not in IN_COLUMNS) if before else ()
        new = [now.names[d] for d in others]
        more = f" and {len(new) - 3} more" if len(new) > 3 else ""
        yield [
            shown_number(row.value),
            "yes" if now.feasible else "no",
            *(now.runs_on(use) for use in USES),
            usd(now.month_usd),
            usd(now.lifetime_usd),
            ", ".join(new[:3]) + more,
        ]
        before = now


def _swept_data(found: Swept) -> dict[str, Any]:
    return {
        "question": found.axis.question.id,
        "unit": found.unit,
        "rows": [_row_data(row) for row in found.rows],
        "flips": [asdict(track) for track in found.tracks] if found.axis.ordered else [],
    }


def _row_data(row: Row) -> dict[str, Value | dict[str, Any]]:
    now = row.outcome
    return {
        "value": row.value,
        "feasible": now.feasible,
        "hardware": {use: {"count": n, "name": name} for use, (n, name) in now.devices.items()},
        "month_usd": str(now.month_usd),
        "one_off_usd": str(now.one_off_usd),
        "lifetime_usd": str(now.lifetime_usd),
        "decisions": {id_: list(ids) for id_, ids in now.choices.items()},
    }
