"""`advisor cost`: what the plan costs over its life, month by month or by component."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from advisor.advise import advise
from advisor.cli.inputs import answers_of, as_of_option, date_of, kit_of, packs_option, set_option
from advisor.cli.listings import json_option
from advisor.domain.lifetime import CURRENCY, Lifetime
from advisor.domain.plan import Money
from advisor.planning.lifetime_plan import lifetime_of
from advisor.planning.line import Line


@click.command()
@click.argument("answers", metavar="ANSWERS")
@click.option("--by", type=click.Choice(["month", "component"]), default="component")
@click.option("--months", type=click.IntRange(1, 240), help="Months instead of the stated life.")
@json_option
@as_of_option
@packs_option
@set_option
def cost(
    answers: str,
    by: str,
    months: int | None,
    as_json: bool,
    as_of: str | None,
    packs: tuple[Path, ...],
    changes: tuple[str, ...],
) -> int:
    """Show what the plan for ANSWERS costs from its first month to its last, growth included.

    Exits with 1 where no option meets every constraint, as `advisor recommend` does.
    """
    kit = kit_of(packs)
    line = Line(kit)
    plan = advise(answers_of(answers, changes, kit), line, date_of(as_of))
    life = lifetime_of(line, plan.cost, months or 0)
    if as_json:
        click.echo(json.dumps(lifetime_data(life), indent=1))
    else:
        click.echo("\n".join(_text(life, by)))
    return 0 if plan.feasible else 1


def lifetime_data(life: Lifetime) -> dict[str, Any]:
    """Return the months, components and total as plain data; money is text, so nothing rounds."""
    return {
        "currency": CURRENCY,
        "price_date": life.price_date,
        "months": [
            {"month": name, **_ends(money)}
            for name, money in zip(life.calendar, life.months, strict=True)
        ],
        "components": [
            {
                "id": c.id,
                "name": c.name,
                **_ends(c.total),
                "basis": c.basis,
                "price_date": c.price_date,
                "source": c.source,
            }
            for c in life.components
        ],
        "total": _ends(life.total),
        "ends": life.ends,
        "assumptions": list(life.assumptions),
        "excluded": list(life.excluded),
    }


def _ends(money: Money) -> dict[str, str]:
    return {"low": f"{money.low:.2f}", "likely": f"{money.likely:.2f}", "high": f"{money.high:.2f}"}


def _text(life: Lifetime, by: str) -> Iterator[str]:
    """Yield the table and what its total rests on."""
    if by == "month":
        rows = list(zip(life.calendar, life.months, strict=True))
    else:
        rows = [(c.name, c.total) for c in life.components]
    yield from _table(by.capitalize(), [*rows, ("Total", life.total)])
    yield ""
    yield f"US dollars over {len(life.calendar)} months; prices as of {life.price_date or 'none'}."
    yield from (f"Assumed: {text}." for text in life.assumptions)
    yield f"Left out: {'; '.join(life.excluded)}."


def _table(head: str, rows: Sequence[tuple[str, Money]]) -> Iterator[str]:
    cells = [(head, "Low", "Likely", "High"), *((n, *_shown(m)) for n, m in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for name, *amounts in cells:
        yield "  ".join((name.ljust(widths[0]), *_right(amounts, widths[1:])))


def _shown(money: Money) -> tuple[str, str, str]:
    return f"{money.low:,.2f}", f"{money.likely:,.2f}", f"{money.high:,.2f}"


def _right(amounts: Iterable[str], widths: Iterable[int]) -> Iterator[str]:
    return (amount.rjust(width) for amount, width in zip(amounts, widths, strict=True))
