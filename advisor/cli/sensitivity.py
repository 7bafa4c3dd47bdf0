"""`advisor sensitivity`: what would flip the plan, and what each answer does to the cost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from advisor.analysis import sensitivity as study
from advisor.analysis.sweep_flips import shown_number
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import usd
from advisor.cli.inputs import answers_of, as_of_option, date_of, kit_of, packs_option, set_option
from advisor.planning.kit import Kit
from advisor.planning.line import Line

BAR = 24
"""Characters of a bar."""


@click.command()
@click.argument("answers", metavar="ANSWERS")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@set_option
@as_of_option
@packs_option
def sensitivity(
    answers: str,
    as_json: bool,
    changes: tuple[str, ...],
    as_of: str | None,
    packs: tuple[Path, ...],
) -> None:
    """Show for each answer and assumption what would change the plan for ANSWERS.

    Each is varied over its likely range while the others stay: the nearest value at which a
    choice changes, and the whole-life cost it leads to. Exits with 0 when it ran.
    """
    kit = kit_of(packs)
    ask = WhatIf(Line(kit), answers_of(answers, changes, kit), date_of(as_of))
    found = study.sensitivity(ask)
    click.echo(json.dumps(_data(found), indent=1) if as_json else "\n".join(_text(found, kit)))


def _text(found: study.Sensitivity, kit: Kit) -> Iterator[str]:
    yield f"Whole life, likely: {usd(found.lifetime_usd)}"
    yield ""
    if found.to_check:
        yield "Check before signing:"
        for place, one in enumerate(found.to_check, 1):
            yield f"  {place}. {one.question.text}"
            yield f"     {shown_number(one.value)} ({one.source.value}). {one.question.find_out}"
        yield ""
    telling = [i for i in found.influences if i.decisions or i.low_usd != i.high_usd]
    low = min((i.low_usd for i in telling), default=Decimal(0))
    high = max((i.high_usd for i in telling), default=Decimal(0))
    for one in telling:
        bar = _bar(one, found.lifetime_usd, low, high)
        yield f"{one.question.id:22} {bar} {usd(one.low_usd)} to {usd(one.high_usd)}"
        yield from _flips(one, kit)
    still = [i.question.id for i in found.influences if i not in telling]
    if still:
        yield ""
        yield f"Without any effect over their likely range: {', '.join(still)}"


def _bar(one: study.Influence, now: Decimal, low: Decimal, high: Decimal) -> str:
    """Return the span of costs as a bar, with | at the cost of the plan."""

    def place(value: Decimal) -> int:
        return round(float((value - low) / (high - low or Decimal(1))) * (BAR - 1))

    cells = ["#" if place(one.low_usd) <= i <= place(one.high_usd) else "." for i in range(BAR)]
    cells[place(now)] = "|"
    return "".join(cells)


def _flips(one: study.Influence, kit: Kit) -> Iterator[str]:
    for word, flip in (("down to", one.below), ("at" if one.below is None else "up to", one.above)):
        if flip is None:
            continue
        names = [kit.decisions[id_].name.lower() for id_ in flip.decisions]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        sign = "up to" if word == "at" and one.question.type == "number" else word
        yield (
            f"  now {shown_number(one.value)}; {sign} {shown_number(flip.value)} it changes "
            f"{', '.join(names[:3])}{more}"
        )


def _data(found: study.Sensitivity) -> dict[str, Any]:
    return {
        "lifetime_usd": str(found.lifetime_usd),
        "to_check": [one.question.id for one in found.to_check],
        "answers": [_one(one) for one in found.influences],
    }


def _one(one: study.Influence) -> dict[str, Any]:
    flips = {"below": one.below, "above": one.above}
    return {
        "question": one.question.id,
        "value": one.value,
        "source": one.source.value,
        **{
            side: flip and {"value": flip.value, "decisions": list(flip.decisions)}
            for side, flip in flips.items()
        },
        "lifetime_low_usd": str(one.low_usd),
        "lifetime_high_usd": str(one.high_usd),
        "decisions": list(one.decisions),
    }
