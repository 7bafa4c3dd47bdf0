"""Calling a hosted service against running a model: totals, and from which volume running wins."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from advisor.domain.lifetime import Way, cents
from advisor.domain.plan import Money
from advisor.frozen import dataclass, replace
from advisor.planning.host_estimates import least_people_month, people_month
from advisor.planning.hosted_services import UNITS
from advisor.planning.hosted_task import tariff
from advisor.planning.lifetime_capacity import Capacity
from advisor.planning.lifetime_case import closing
from advisor.planning.lifetime_options import open_options, work_of
from advisor.planning.line import Line
from advisor.planning.options import Option
from advisor.planning.words import figure

TOKENS = "million tokens"
"""What hosted language models are billed by."""
MOST_REPLICAS = 4096
"""Where so many full replicas cost more than their tokens, no number of them costs less."""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Units a month from which running the model costs less than calling it (millions of tokens
    for language models), the price of a unit, and what one month of running costs there;
    `millions` is 0 where calling stays cheaper at every volume. `unit` says what is counted."""

    millions: Decimal
    usd_per_million: Decimal
    month_usd: Decimal
    today_millions: Decimal
    unit: str = TOKENS


def api_option(line: Line) -> Option | None:
    """Return the hosted service that could be called, None where none can."""
    called = (o for o in open_options(line, "serving") if o.pattern == "model_api")
    return next(called, None)


def tokens_of(option: Option) -> Decimal:
    """Return the units of a month that a call option is priced for: millions of tokens of a
    language model, else what the service bills."""
    figures = {f.id: f.value.likely for f in option.figures}
    return Decimal(str(round(figures[_counted(option)], 6)))


def _counted(option: Option) -> str:
    return next(f.id for f in option.figures if f.id in ("tokens", UNITS))


def unit_of(option: Option) -> str:
    """Return what a call option is billed by."""
    figures = {f.id: f.unit for f in option.figures}
    return TOKENS if "tokens" in figures else figures[UNITS]


def break_even(
    capacity: Capacity, month: Decimal, staff: Decimal, price: Decimal, today: Decimal
) -> BreakEven:
    """Return where machines of `month` dollars, grown replica by replica, and `staff` cost less
    than tokens at `price` dollars a million; `today` millions are what the machines carry now."""
    never = BreakEven(Decimal(0), price, Decimal(0), today)
    if capacity.by_volume:
        saved = (price * today - month) / today
        return BreakEven(staff / saved, price, staff / saved * price, today) if saved > 0 else never
    least = capacity.load.regions * (1 + capacity.spares)
    at_most = _cost(capacity, month, staff, MOST_REPLICAS)
    if at_most > _most(capacity, today, MOST_REPLICAS) * price:
        return never
    for replicas in range(least, MOST_REPLICAS, capacity.load.regions):
        cost = _cost(capacity, month, staff, replicas)
        if cost <= _most(capacity, today, replicas) * price:
            return BreakEven(cost / price, price, cost, today)
    return never


def _cost(capacity: Capacity, month: Decimal, staff: Decimal, replicas: int) -> Decimal:
    """Return what a month of so many full replicas costs, people included."""
    return month * capacity.bill_factor(capacity.ceiling(replicas)) + staff


def _most(capacity: Capacity, today: Decimal, replicas: int) -> Decimal:
    """Return the millions of tokens a month that so many replicas carry."""
    return today * Decimal(str(capacity.ceiling(replicas)))


def break_even_of(line: Line) -> BreakEven | None:
    """Return the break-even of the workload, None where no model can be called or run."""
    called, work = api_option(line), work_of(line, "serving", line.months)
    if called is None or work is None or work.capacity is None:
        return None
    today = tokens_of(called)
    if not today:
        return None
    price, staff = called.month.likely / today, staff_beside(line, work.option)
    month, capacity = work.option.month.likely, work.capacity
    found = break_even(capacity, month, staff, price, today)
    listed = line.kit.library.hosted_prices.get(str(called.facts.get("price", "")))
    for _ in range(TIERS if listed else 0):
        if listed and found.millions:  # a smaller volume is billed in dearer tiers
            price = listed.month(found.millions) / found.millions
            found = break_even(capacity, month, staff, price, today)
    return replace(found, unit=unit_of(called))


TIERS = 6
"""Times that a volume is priced anew: once more than price lists have tiers."""


def staff_beside(line: Line, option: Option) -> Decimal:
    """Return what the people of a month who run a model cost above those who call one."""
    people = least_people_month(line, option) - people_month(line, "vendor_api")
    return max(Decimal(0), people)


def words(found: BreakEven) -> str:
    """Return the break-even in words, with what the load is today."""
    tokens = found.unit == TOKENS
    usd = float(found.usd_per_million)
    price = f"${figure(usd)} a million" if tokens else tariff(usd, found.unit)
    if not found.millions:
        each = f"{price} tokens" if tokens else price
        return f"calling stays cheaper at every volume, at {each}"
    today = f"today {figure(float(found.today_millions))}"
    return (
        f"running the model pays from about {figure(float(found.millions))} {found.unit} a "
        f"month ({today}{' million' if tokens else ''}), at {price}"
    )


def api_way(line: Line, months: int, risk: str) -> Iterator[Way]:
    """Yield calling a hosted service over the life, people included."""
    called, work = api_option(line), work_of(line, "serving", months)
    if called is None or work is None:
        return
    people = people_month(line, "vendor_api")
    staff = people * months
    grown = [
        sum(Decimal(str(round(end, 9))) for end in ends)
        for ends in zip(*((f.low, f.likely, f.high) for f in work.growth), strict=True)
    ]
    month = called.month
    total = Money(
        month.low * grown[0] + staff, month.likely * grown[1] + staff, month.high * grown[2] + staff
    )
    even = break_even_of(line)
    what = "model" if unit_of(called) == TOKENS else "service"
    name = f"Hosted {what}, {called.layout}"
    text = words(even) if even else "paid by use"
    paid = [month.likely * Decimal(str(round(f.likely, 9))) + people for f in work.growth]
    yield Way(
        "model_api",
        "serving",
        name,
        cents(total),
        text,
        Decimal(0),
        risk,
        called.price_date,
        cash=closing(paid, total.likely),
    )
