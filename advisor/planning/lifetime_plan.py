"""The life of a plan month by month: building, the bill as load and data grow, and what stands
beside the bill, from labels to switching off.

Where nothing grows the lines of the bill come to what the bill says, to the cent, but for the
storage that fills before the first use. Retraining is spread evenly over the months, as the bill
counts it; the runs themselves stand in the calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from math import ceil

from advisor.domain.interval import Interval
from advisor.domain.lifetime import INFRASTRUCTURE, Component, Lifetime, cents
from advisor.domain.plan import NOTHING, Cost, CostItem, Money
from advisor.planning.bill import COPIES_AT_MOST, EXCLUDED
from advisor.planning.index_machines import INDEX
from advisor.planning.lifetime_capacity import capacity_of
from advisor.planning.lifetime_growth import Curve, data_growth, load_growth, training_growth
from advisor.planning.lifetime_parts import (
    PEOPLE,
    Curves,
    Life,
    added,
    before_use,
    in_use,
    spread,
)
from advisor.planning.lifetime_purchase import purchase_words
from advisor.planning.lifetime_services import services_of
from advisor.planning.lifetime_span import span_of
from advisor.planning.lifetime_work import work_of_people
from advisor.planning.line import Line
from advisor.planning.words import counted, figure

HOURS = 730
LEFT_OUT = (
    "taxes and negotiated discounts",
    "licences and subscriptions of other software components",
    "purchase and collection of data",
    "data transfer between regions",
    "fees of auditors and notified bodies",
    "change of prices over the life",
)
"""What no part of a life holds."""


def lifetime_of(line: Line, cost: Cost, months: int = 0) -> Lifetime:
    """Return the life month by month, with the stated months of use or `months`."""
    count = months or cost.months
    life = Life(line, cost, span_of(line, count), curves_of(line, count), line.workload)
    bill = tuple(c for item in cost.items for c in _components(life, item))
    beside = (*services_of(life, bill), *work_of_people(life))
    return Lifetime(
        calendar=life.span.names,
        components=tuple(sorted((*bill, *beside), key=lambda c: _order(c.id))),
        price_date=cost.price_date,
        excluded=tuple(_left_out(life)),
        assumptions=tuple(_assumptions(life)),
        ends=life.span.ends,
        lead=life.span.lead,
    )


ORDER = (
    "build",
    "labelling",
    "first_training",
    "tuning",
    "training",
    "retraining",
    "serving",
    "storage",
    "index",
    "services",
    "transfer",
    "moved_data",
    "monitoring",
    "support",
    "operations",
    "upkeep",
    "compliance",
    "renewal",
    "migration",
    "leaving",
)
"""Components in the order of a life."""


def _order(id_: str) -> int:
    return ORDER.index(id_)


def _left_out(life: Life) -> Iterator[str]:
    yield from (text for text in life.cost.excluded if text not in EXCLUDED)
    yield from LEFT_OUT
    if not life.span.ends:
        yield "switching off, as no end is stated"


def curves_of(line: Line, months: int) -> Curves:
    """Return how the stated answers let load, data and training grow."""
    factor, percent = line.brief.number("growth_12m", 1.0), line.brief.number("data_growth")
    read = line.brief.number("train_volume"), line.chosen("adaptation"), line.workload.key

    def work() -> Curves:
        data = data_growth(percent, months)
        return Curves(load_growth(factor, months), data, training_growth(line, data))

    return line.once("curves", (months, factor, percent, read), work)


def _components(life: Life, item: CostItem) -> Iterator[Component]:
    if item.id == "serving":
        yield _component(item, in_use(life, _serving(life.line, item, life.curves.load)))
    elif item.id == "training":
        yield from _training(life, item)
    elif item.id == "storage":
        yield _component(item, _storage(life, item))
    elif item.id == INDEX:
        grown = (scaled(item.month, month, _exactly) for month in life.curves.data)
        yield _component(item, in_use(life, grown))
    else:
        months = in_use(life, (item.month for _ in life.span.use))
        yield _component(item, added(before_use(life, item.one_off), months))


def _component(item: CostItem, months: Iterable[Money], id_: str = "", name: str = "") -> Component:
    return Component(
        id_ or item.id,
        name or item.name,
        tuple(map(cents, months)),
        item.basis,
        item.price_date,
        item.source,
        PEOPLE if item.id == "operations" else INFRASTRUCTURE,
    )


def _serving(line: Line, item: CostItem, load: Curve) -> Iterator[Money]:
    """Yield the machines or calls of each month's load."""
    capacity = capacity_of(line)
    factor: Callable[[float], Decimal] = capacity.bill_factor if capacity else lambda _: Decimal(1)
    known = {month: scaled(item.month, month, factor) for month in set(load)}
    yield from (known[month] for month in load)


def scaled(money: Money, by: Interval, factor: Callable[[float], Decimal]) -> Money:
    """Return each end of an amount times what `factor` makes of the same end of `by`."""
    return Money(
        money.low * factor(by.low), money.likely * factor(by.likely), money.high * factor(by.high)
    )


def _exactly(factor: float) -> Decimal:
    return Decimal(str(round(factor, 9)))


def _storage(life: Life, item: CostItem) -> Iterator[Money]:
    """Yield what is stored each month, from today on; the bill's low end is today's data, once."""
    now = item.month.low
    copies = Money(now, now, now * COPIES_AT_MOST)
    yield from (copies for _ in range(life.span.lead))
    for month in life.curves.data:
        yield scaled(copies, month, _exactly)


def _training(life: Life, item: CostItem) -> Iterator[Component]:
    """Yield first training, tuning and retraining apart; machines of one's own stay one line."""
    option, work = life.line.uses["training"], life.workload.training
    if work is None or item.one_off == NOTHING:
        yield _component(item, in_use(life, (item.month for _ in life.span.use)))
        return
    once = _first(life, item.one_off, _run_months(option.hours_per_run))
    month = in_use(life, (cents(scaled(item.month, f, _exactly)) for f in life.curves.training))
    runs, later = Decimal(str(work.runs)), Decimal(str(work.later_runs))
    yield _component(item, (_share(m, runs) for m in once), "first_training", "First training")
    if item.month.high:
        yield _component(item, (_share(m, later) for m in month), "retraining", "Retraining")
    if work.runs > 1:
        rest = (_less(m, _share(m, later)) for m in month)
        first = (_less(o, _share(o, runs)) for o in once)
        trials = (o + m for o, m in zip(first, rest, strict=True))
        yield _component(item, trials, "tuning", "Tuning trials")


def _first(life: Life, once: Money, over: int) -> tuple[Money, ...]:
    """Return the first training in the last months before the use, in its first where there are
    none before."""
    lead, count = life.span.lead, len(life.span.names)
    start = max(0, lead - over)
    return (*(NOTHING for _ in range(start)), *spread(once, over, count - start))


def _share(money: Money, runs: Decimal) -> Money:
    """Return the part of one run in what `runs` cost."""
    return cents(Money(money.low / runs, money.likely / runs, money.high / runs))


def _less(money: Money, other: Money) -> Money:
    return Money(money.low - other.low, money.likely - other.likely, money.high - other.high)


def _run_months(hours: float) -> int:
    return max(1, ceil(hours / HOURS))


def _assumptions(life: Life) -> Iterator[str]:
    """Yield what the months assume of building, growth and the end, in words."""
    line, months = life.line, life.months
    factor, percent = line.brief.number("growth_12m", 1.0), line.brief.number("data_growth")
    if life.span.lead:
        yield (
            f"the first version runs after {counted(life.span.lead, 'month')} of building; use, "
            f"and what it costs, begins in {life.span.use[0]}"
        )
    yield from purchase_words(line)
    if factor != 1:
        yield (
            f"the load grows {figure(factor)}x in the first twelve months of use and then stays; "
            "at the far end it goes on at that pace for a second year"
        )
    if percent:
        yield f"stored data grow {figure(percent)} % a year to the end; at the low end not at all"
    if not life.span.ends:
        yield f"no end is stated: {months} months of use are a planning horizon, not the life"
