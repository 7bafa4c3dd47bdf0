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
from advisor.domain.lifetime import CURRENCY, Lifetime, Mix, Way
from advisor.domain.plan import Money
from advisor.planning.lifetime_plan import lifetime_of
from advisor.planning.lifetime_ways import mixes_of, ways_of
from advisor.planning.line import Line


@click.command()
@click.argument("answers", metavar="ANSWERS")
@click.option("--by", type=click.Choice(["month", "component"]), default="component")
@click.option("--months", type=click.IntRange(1, 240), help="Months instead of the stated life.")
@click.option("--compare-ways", is_flag=True, help="Compare the ways to pay for each use.")
@json_option
@as_of_option
@packs_option
@set_option
def cost(
    answers: str,
    by: str,
    months: int | None,
    compare_ways: bool,
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
    count = len(life.calendar)
    ways = (ways_of(line, count), mixes_of(line, count)) if compare_ways else None
    if as_json:
        data = lifetime_data(life) | (ways_data(*ways) if ways else {})
        click.echo(json.dumps(data, indent=1))
    else:
        click.echo("\n".join(_ways(life, *ways) if ways else _text(life, by)))
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


def ways_data(ways: Iterable[Way], mixes: Iterable[Mix]) -> dict[str, Any]:
    """Return the ways to pay and the mixes as plain data."""
    return {
        "ways": [
            {
                "use": w.use,
                "id": w.id,
                "name": w.name,
                "total": _ends(w.total),
                "break_even": w.break_even,
                "exit_cost": f"{w.exit_cost:.2f}",
                "risk": w.risk,
                "open": w.open,
                "price_date": w.price_date,
            }
            for w in ways
        ],
        "mixes": [{"use": m.use, "total": f"{m.total:.2f}", "text": m.text} for m in mixes],
    }


def _ways(life: Lifetime, ways: Iterable[Way], mixes: Iterable[Mix]) -> Iterator[str]:
    """Yield the ways of each use with what decides between them."""
    by_use: dict[str, list[Way]] = {}
    for way in ways:
        by_use.setdefault(way.use, []).append(way)
    for use, rows in by_use.items():
        yield from _table(use.capitalize(), [(w.name, w.total) for w in rows])
        yield ""
        for way in rows:
            barred = "" if way.open else "; ruled out by the answers, for comparison"
            yield f"{way.name}{barred}"
            yield f"    pays: {way.break_even}"
            if way.exit_cost:
                yield f"    leaving half-way: ${way.exit_cost:,.0f} paid for nothing"
            yield f"    risk: {way.risk}"
        yield ""
    yield from (f"Mix for {m.use}: {m.text}; ${m.total:,.0f}." for m in mixes)
    yield from _closing(life)


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
    yield from _closing(life)


def _closing(life: Lifetime) -> Iterator[str]:
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
