"""`advisor recheck`: does the advice in a plan still stand?"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from advisor.analysis.plan_again import kept
from advisor.analysis.recheck import Flip, Recheck
from advisor.analysis.recheck import recheck as rechecked
from advisor.analysis.whatif import LIBRARY
from advisor.cli.difference_text import difference_data, feasible_lines, part_lines
from advisor.cli.inputs import as_of_option, date_of, kit_of, packs_option
from advisor.cli.replay import entry_lines
from advisor.domain.plan import Plan
from advisor.domain.provenance import earliest_day
from advisor.library.plan_file import read_plan
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.report.text import clean, listed

SHELVES = {"storage": "storage_price", "index": "instance_price", "operations": "policy"}
"""Shelf life of the price of an item; the others are prices of instances."""
ELSEWHERE = ("decisions", "rules", LIBRARY)
"""Parts that are told apart from the rest."""


@click.command()
@click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@as_of_option
@packs_option
def recheck(plan: Path, as_json: bool, as_of: str | None, packs: tuple[Path, ...]) -> int:
    """Say whether the advice in PLAN, a file of `advisor recommend --format json`, still stands.

    The same answers are planned with the prices, statuses and law that hold on a day (default:
    today). Exits with 1 where a decision flips, or where a plan became feasible or infeasible,
    and says which fact moved it.
    """
    before, day = read_plan(plan), date_of(as_of)
    kit = kit_of(packs)
    found = rechecked(kept(before, str(plan), kit), Line(kit), day)
    aged = tuple(_aged(found.now, kit))
    if as_json:
        click.echo(json.dumps(_data(before, found, aged), indent=1))
    else:
        click.echo("\n".join(_lines(plan, before, found, aged)))
    return 0 if found.stands else 1


def _lines(path: Path, before: Plan, found: Recheck, aged: tuple[str, ...]) -> Iterator[str]:
    flips, days = len(found.flips), f"{path}, of {before.as_of}, on {found.now.as_of}"
    if found.stands:
        yield f"{days}: the advice stands; all {len(found.now.decisions)} decisions fall as before."
    elif flips:
        many = "1 decision flips" if flips == 1 else f"{flips} decisions flip"
        yield f"{days}: the advice does not stand; {many}."
    else:
        yield f"{days}: the advice does not stand."
    yield from feasible_lines(found.changed)
    for flip in found.flips:
        yield from ("", *_flip(flip))
    yield ""
    yield from part_lines(found.changed, ELSEWHERE)
    if found.prices:
        yield from ("Prices that took effect in between", *(f"  {p}" for p in found.prices), "")
    if found.changed.parts[LIBRARY]:
        yield from ("Changed in the library", *entry_lines(found.changed), "")
    if aged:
        yield f"Prices past their shelf life on that day: {listed(aged)}."
        yield "Bring newer ones with 'advisor prices import', and check again."


def _flip(flip: Flip) -> Iterator[str]:
    change = flip.change
    sides = (clean(side) or "none" for side in (change.before, change.after))
    yield f"{clean(change.name)}: {' -> '.join(sides)}"
    yield f"  moved by {flip.doing}"
    yield from (f"  {clean(line)}" for line in flip.why)
    if flip.moved:
        yield "  what moved it:"
        yield from (f"    {clean(fact)}" for fact in flip.moved)


def _aged(plan: Plan, kit: Kit) -> Iterator[str]:
    """Yield the amounts that rest on prices past their shelf life on the day of a plan."""
    day = datetime.date.fromisoformat(plan.as_of)
    for item in plan.cost.items:
        if item.price_date:
            age = (day - earliest_day(item.price_date)).days
            shelf = int(kit.number(f"shelf_life_days.{SHELVES.get(item.id, 'instance_price')}"))
            if age > shelf:
                yield f"{item.name} (price of {item.price_date}; good for {shelf} days)"


def _data(before: Plan, found: Recheck, aged: tuple[str, ...]) -> dict[str, object]:
    return {
        "of": before.as_of,
        "as_of": found.now.as_of,
        "stands": found.stands,
        "flips": [asdict(flip) for flip in found.flips],
        "differences": difference_data(found.changed),
        "prices": list(found.prices),
        "stale_prices": list(aged),
    }
