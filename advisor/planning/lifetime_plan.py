"""The bill month by month: what is paid once, every month, and more as load and data grow.

Where nothing grows the total is that of the bill, to the cent. Retraining is spread evenly over
the months, as the bill counts it; the runs themselves stand in the calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from advisor.domain.interval import Interval
from advisor.domain.lifetime import Component, Lifetime, cents, whole_cents
from advisor.domain.plan import NOTHING, Cost, CostItem, Money
from advisor.planning.bill import COPIES_AT_MOST
from advisor.planning.lifetime_capacity import capacity_of
from advisor.planning.lifetime_growth import Curve, data_growth, load_growth, training_growth
from advisor.planning.line import Line
from advisor.planning.words import figure

HOURS = 730
EXCLUDED = (
    "work of building before the first training and of switching off after the last month",
    "change of prices over the life",
)
"""What the months leave out besides what the bill leaves out."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Factors on today's load, stored data and training work for every month."""

    load: Curve
    data: Curve
    training: Curve


def lifetime_of(line: Line, cost: Cost, months: int = 0) -> Lifetime:
    """Return the bill month by month over the life, or over `months`, growth included."""
    count = months or cost.months
    curves = curves_of(line, count)
    found = [c for item in cost.items for c in _components(line, item, curves)]
    return Lifetime(
        calendar=calendar(line.as_of, count),
        components=tuple(found),
        price_date=cost.price_date,
        excluded=(*cost.excluded, *EXCLUDED),
        assumptions=tuple(_assumptions(line, count)),
        ends=line.brief.one("lifetime") not in (None, "indefinite"),
    )


def curves_of(line: Line, months: int) -> Curves:
    """Return how the stated answers let load, data and training grow."""
    factor, percent = line.brief.number("growth_12m", 1.0), line.brief.number("data_growth")
    read = line.brief.number("train_volume"), line.chosen("adaptation"), line.workload.key

    def work() -> Curves:
        data = data_growth(percent, months)
        return Curves(load_growth(factor, months), data, training_growth(line, data))

    return line.once("curves", (months, factor, percent, read), work)


def calendar(as_of: str, months: int) -> tuple[str, ...]:
    """Return the months from the day of the plan on, as 2026-11."""
    year, month = int(as_of[:4]), int(as_of[5:7]) - 1
    return tuple(
        f"{year + (month + n) // 12:04d}-{(month + n) % 12 + 1:02d}" for n in range(months)
    )


def _components(line: Line, item: CostItem, curves: Curves) -> Iterator[Component]:
    if item.id == "serving":
        yield _component(item, _serving(line, item, curves.load))
    elif item.id == "training":
        yield from _training(line, item, curves)
    elif item.id == "storage":
        yield _component(item, _storage(item, curves.data))
    else:
        yield _component(item, (item.month for _ in curves.load))


def _component(item: CostItem, months: Iterable[Money], id_: str = "", name: str = "") -> Component:
    amounts = tuple(map(cents, months))
    return Component(
        id_ or item.id, name or item.name, amounts, item.basis, item.price_date, item.source
    )


def _serving(line: Line, item: CostItem, load: Curve) -> Iterator[Money]:
    """Yield the machines or calls of each month's load."""
    capacity = capacity_of(line)
    factor: Callable[[float], Decimal] = capacity.bill_factor if capacity else lambda _: Decimal(1)
    for month in load:
        yield scaled(item.month, month, factor)


def scaled(money: Money, by: Interval, factor: Callable[[float], Decimal]) -> Money:
    """Return each end of an amount times what `factor` makes of the same end of `by`."""
    return Money(
        money.low * factor(by.low), money.likely * factor(by.likely), money.high * factor(by.high)
    )


def _exactly(factor: float) -> Decimal:
    return Decimal(str(round(factor, 9)))


def _storage(item: CostItem, data: Curve) -> Iterator[Money]:
    """Yield what is stored each month; the bill's low end is today's data, once."""
    now = item.month.low
    copies = Money(now, now, now * COPIES_AT_MOST)
    for month in data:
        yield scaled(copies, month, _exactly)


def _training(line: Line, item: CostItem, curves: Curves) -> Iterator[Component]:
    """Yield first training, tuning and retraining apart; machines of one's own stay one line."""
    option, work = line.uses["training"], line.workload.training
    if work is None or item.one_off == NOTHING:
        yield _component(item, (item.month for _ in curves.training))
        return
    once = tuple(spread(item.one_off, _run_months(option.hours_per_run), len(curves.training)))
    month = tuple(cents(scaled(item.month, f, _exactly)) for f in curves.training)
    runs = Decimal(str(work.runs))
    yield _component(item, (_share(m, runs) for m in once), "first_training", "First training")
    yield _component(item, (_share(m, runs) for m in month), "retraining", "Retraining")
    if work.runs > 1:
        rest = (_less(m, _share(m, runs)) for m in month)
        first = (_less(o, _share(o, runs)) for o in once)
        trials = (o + m for o, m in zip(first, rest, strict=True))
        yield _component(item, trials, "tuning", "Tuning trials")


def _share(money: Money, runs: Decimal) -> Money:
    """Return the part of one run in what `runs` cost."""
    return cents(Money(money.low / runs, money.likely / runs, money.high / runs))


def _less(money: Money, other: Money) -> Money:
    return Money(money.low - other.low, money.likely - other.likely, money.high - other.high)


def _run_months(hours: float) -> int:
    return max(1, ceil(hours / HOURS))


def spread(once: Money, over: int, months: int) -> Iterator[Money]:
    """Yield an amount paid in even parts over the first months, whole cents, nothing after."""
    over = min(over, months)
    parts = [_parts(amount, over) for amount in (once.low, once.likely, once.high)]
    yield from (Money(*(part[n] for part in parts)) for n in range(over))
    yield from (NOTHING for _ in range(months - over))


def _parts(amount: Decimal, count: int) -> list[Decimal]:
    """Return `count` even parts in whole cents; the first ones hold the cents left over."""
    each, left = divmod(int(whole_cents(amount) * 100), count)
    return [Decimal(each + (n < left)) / 100 for n in range(count)]


def _assumptions(line: Line, months: int) -> Iterator[str]:
    """Yield what the months assume of growth, in words."""
    factor, percent = line.brief.number("growth_12m", 1.0), line.brief.number("data_growth")
    if factor != 1:
        yield (
            f"the load grows {figure(factor)}x in the first twelve months and then stays; at the "
            "high end it goes on at that pace"
        )
    if percent:
        yield f"stored data grow {figure(percent)} % a year to the end; at the low end not at all"
    if line.brief.one("lifetime") in (None, "indefinite"):
        yield f"no end is stated: {months} months are a planning horizon, not the life"
