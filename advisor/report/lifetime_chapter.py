"""Cost over the life: components, years, ways to pay, cost against speed, energy."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.lifetime import Component, Lifetime, Outlook, Way
from advisor.domain.plan import NOTHING, Money, Plan
from advisor.report.frontier_chart import frontier_charts
from advisor.report.lifetime_text import (
    api_words,
    cash_words,
    dated_words,
    energy_lines,
    frontier_lines,
    group_words,
    mix_words,
    span_words,
)
from advisor.report.model import Block, Bullets, Paragraph, Section, Strong, Table, Words
from advisor.report.naming import USES
from advisor.report.spend_chart import spend_chart
from advisor.report.text import listed, phrase, sentence, usd

YEAR = 12
NUMBERS = frozenset({1, 2, 3})


def lifetime_chapter(plan: Plan) -> Iterator[Section]:
    """Yield the chapter where the plan was laid out over its life and something is paid."""
    if plan.life is None or not plan.life.components:
        return
    outlook = plan.outlook or Outlook()
    sections = (*_ways(outlook), *_parts(outlook))
    yield Section("lifetime", "Cost over the life", tuple(_blocks(plan.life)), sections)


def _blocks(life: Lifetime) -> Iterator[Block]:
    yield Paragraph(
        "The bill holds the load of today in every month; here load and data grow over "
        f"{span_words(life)}, and what stands beside the bill is counted: building, labels, "
        "transfer, logs, support, compliance and the end."
    )
    yield from spend_chart(life)
    yield _table("Component", [(c.name, c.total) for c in life.components], life.total)
    yield _table("Year", list(_years(life)), life.total)
    parts = tuple(sentence(f"of it {text}") for text in group_words(life))
    if parts:
        yield Bullets(parts)
    rests = tuple((c.name, phrase(c.basis), f"{c.source}, {c.price_date}") for c in _beside(life))
    if rests:
        yield Table(("Beside the bill", "Rests on", "Source"), rests)
    date = f"US dollars; {dated_words(life)}. "
    assumed = "".join(f"{sentence(text)} " for text in life.assumptions)
    left_out = f"{listed(map(phrase, life.excluded))}."
    yield Paragraph((f"{date}{assumed}", Strong("Left out: "), left_out))


BILLED = (
    "serving", "storage", "index", "services", "operations",
    "training", "first_training", "retraining", "tuning",
)  # fmt: skip
"""Components whose basis stands in the chapter on cost."""


def _beside(life: Lifetime) -> Iterator[Component]:
    yield from (c for c in life.components if c.id not in BILLED)


def _years(life: Lifetime) -> Iterator[tuple[str, Money]]:
    """Yield the cost of each twelve months from the first."""
    names, months = life.calendar, life.months
    for first in range(0, len(names), YEAR):
        last = min(first + YEAR, len(names)) - 1
        span = names[first] if first == last else f"{names[first]} to {names[last]}"
        yield span, sum(months[first : last + 1], NOTHING)


def _table(head: str, rows: list[tuple[str, Money]], total: Money) -> Table:
    cells = tuple(_row(name, money) for name, money in (*rows, ("Total", total)))
    return Table((head, "Low", "Likely", "High"), cells, NUMBERS, total=True)


def _row(name: str, money: Money) -> tuple[Words, ...]:
    return name, usd(money.low), usd(money.likely), usd(money.high)


def _ways(outlook: Outlook) -> Iterator[Section]:
    if not outlook.ways:
        return
    head = ("Way", "Likely", "Paid by year of use", "Pays", "Leaving half-way", "Risk")
    tables: list[Block] = []
    for use in sorted({way.use for way in outlook.ways}):
        rows = tuple(_way(way) for way in outlook.ways if way.use == use)
        tables += [
            Paragraph(f"{use.capitalize()}, people included:"),
            Table(head, rows, frozenset({1, 4})),
        ]
    told = tuple(map(sentence, (*mix_words(outlook), *api_words(outlook))))
    yield Section("lifetime-ways", "Ways to pay", (*tables, Bullets(told)))


def _way(way: Way) -> tuple[Words, ...]:
    name = way.name if way.open else f"{way.name} (ruled out by the answers)"
    paid = cash_words(way)
    return name, usd(way.total.likely), paid, way.break_even, usd(way.exit_cost), way.risk


def _parts(outlook: Outlook) -> Iterator[Section]:
    """Yield the frontier with its chart, and energy; growth, trainings and leaving have chapters
    of their own."""
    if outlook.frontier:
        charts = tuple(frontier_charts(outlook.frontier))
        drawn = {use for use in USES if any(chart.id.endswith(use) for chart in charts)}
        lone = frontier_lines(point for point in outlook.frontier if point.use not in drawn)
        rest = tuple(map(sentence, lone))
        blocks: tuple[Block, ...] = (*charts, Bullets(rest)) if rest else charts
        yield Section("lifetime-frontier", "Cost against speed", blocks)
    if outlook.energy:
        lines = Bullets(tuple(map(sentence, energy_lines(outlook.energy))))
        yield Section("lifetime-energy", "Energy", (lines,))
