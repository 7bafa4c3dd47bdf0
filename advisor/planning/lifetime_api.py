"""Calling a hosted model against running one: totals, and the tokens at which running one wins."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from advisor.domain.lifetime import Way, cents
from advisor.domain.plan import Money
from advisor.frozen import dataclass
from advisor.planning.host_estimates import least_people_month, people_month
from advisor.planning.lifetime_capacity import Capacity
from advisor.planning.lifetime_case import closing
from advisor.planning.lifetime_options import open_options, work_of
from advisor.planning.line import Line
from advisor.planning.options import Option
from advisor.planning.words import dollars, figure

MOST_REPLICAS = 4096
"""Where so many full replicas cost more than their tokens, no number of them costs less."""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Millions of tokens a month from which running the model costs less than calling it, the
    price of a million tokens, and what one month of running costs there; `millions` is 0 where
    calling stays cheaper at every volume."""

    millions: Decimal
    usd_per_million: Decimal
    month_usd: Decimal
    today_millions: Decimal


def api_option(line: Line) -> Option | None:
    """Return the hosted model that could be called, None where none can."""
    called = (o for o in open_options(line, "serving") if o.pattern == "model_api")
    return next(called, None)


def tokens_of(option: Option) -> Decimal:
    """Return the millions of tokens of a month that a call option is priced for."""
    figures = {f.id: f.value.likely for f in option.figures}
    return Decimal(str(round(figures["tokens"], 6)))


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
    return break_even(work.capacity, work.option.month.likely, staff, price, today)


def staff_beside(line: Line, option: Option) -> Decimal:
    """Return what the people of a month who run a model cost above those who call one."""
    people = least_people_month(line, option) - people_month(line, "vendor_api")
    return max(Decimal(0), people)


def words(found: BreakEven) -> str:
    """Return the break-even in words, with what the load is today."""
    price = f"${figure(float(found.usd_per_million))} a million"
    if not found.millions:
        return f"calling stays cheaper at every volume, at {price} tokens"
    return (
        f"running the model pays from about {figure(float(found.millions))} million tokens a "
        f"month (today {figure(float(found.today_millions))} million), at {price}"
    )


SPEECH = "hosted.speech_usd_minute"
WINDOWS_A_MINUTE = 2
"""Half minutes of sound, by which speech is counted, in a minute."""


def speech_words(line: Line) -> str:
    """Return what a hosted service would take for the same sound, "" where none is heard: a
    choice that the plan leaves open, as services are sold by the minute and compared by ear."""
    option, load = line.uses.get("serving"), line.workload.serving
    if option is None or load is None or line.workload.family != "speech" or not option.devices:
        return ""
    rate = next((f.value.likely for f in option.figures if f.id == "rate"), 0.0)
    windows = load.requests_a_month or 3600 * rate * option.hours_month.likely
    if not windows:
        return ""
    price = line.kit.library.policy.parameters[SPEECH]
    minutes = windows / WINDOWS_A_MINUTE
    low, high = price.low or float(price.value), price.high or float(price.value)
    staff = least_people_month(line, option)
    return (
        f"a hosted service at ${price.value} a minute (${low} to ${high}) would take "
        f"{dollars(minutes * float(price.value))} a month for {figure(minutes)} minutes of sound; "
        f"running the model takes {dollars(option.month.likely)} and {dollars(staff)} of people"
    )


def api_way(line: Line, months: int, risk: str) -> Iterator[Way]:
    """Yield calling a hosted model over the life, people included."""
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
    name = f"Hosted model, {called.layout}"
    text = words(even) if even else "paid by the token"
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
