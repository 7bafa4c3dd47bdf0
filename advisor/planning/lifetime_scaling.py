"""Capacity against growth: the month in which each ceiling is hit, and the next step up."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.interval import Interval
from advisor.domain.lifetime import Step, whole_cents
from advisor.planning.lifetime_capacity import Capacity, capacity_of
from advisor.planning.lifetime_growth import load_growth
from advisor.planning.lifetime_span import span_of
from advisor.planning.line import Line
from advisor.planning.options import AT_SITES, WITHOUT_LATENCY
from advisor.planning.words import counted, dollars, figure


def steps_of(line: Line, months: int) -> tuple[Step, ...]:
    """Return today's capacity and each month in which the likely load outgrows it."""
    capacity = capacity_of(line)
    if capacity is None or capacity.by_volume or not capacity.option.devices:
        return ()
    loads = [f.likely for f in loads_of(line, months)] or [1.0] * months
    return tuple(_steps(capacity, loads, span_of(line, months).use))


def loads_of(line: Line, months: int) -> tuple[Interval, ...]:
    """Return the load of each month as a multiple of the first month's, where machines follow
    it; nothing where they follow the sites."""
    option = line.uses.get("serving")
    if option is None or option.pattern in AT_SITES:
        return ()
    return load_growth(line.brief.number("growth_12m", 1.0), months)


def _steps(capacity: Capacity, loads: list[float], names: tuple[str, ...]) -> Iterator[Step]:
    before = -1
    for load, name in zip(loads, names, strict=True):
        replicas = capacity.replicas(load)
        if replicas != before:
            usd = capacity.option.month.likely * capacity.bill_factor(load)
            full_at = max(load, capacity.ceiling(replicas))
            yield Step(name, load, replicas, capacity.devices(load), whole_cents(usd), full_at)
        before = replicas


def scaling_words(line: Line) -> Iterator[str]:
    """Yield what the steps do not show: what grows by itself, what is stranded, what sleeps."""
    capacity = capacity_of(line)
    if capacity is None or not (capacity.option.devices or capacity.option.month.likely):
        return
    if capacity.option.pattern in AT_SITES:
        yield "devices follow the number of sites, not the load"
        return
    if capacity.by_volume:
        yield "cost follows the volume: nothing is added by hand and nothing stands idle"
        factor, now = line.brief.number("growth_12m", 1.0), capacity.option.month.likely
        if factor > 1 and now:
            then = now * capacity.bill_factor(factor)
            yield f"at {factor:g}x the load a month takes {dollars(then)}, not {dollars(now)}"
        return
    if capacity.owned and line.brief.number("n_models", 1.0) > 1:
        yield (
            "if half of the models are dropped, the machines stand there all the same: what they "
            f"cost, {dollars(capacity.option.month.likely)} a month, is stranded by half"
        )
    half = capacity.option.month.likely * capacity.bill_factor(0.5)
    now = capacity.option.month.likely
    least = capacity.replicas(0.0)
    saves = (
        f"falls from {dollars(now)} to {dollars(half)}" if half < now else f"stays {dollars(now)}"
    )
    yield (
        f"if half the load goes, the month {saves}; without any load {counted(least, 'replica')} "
        "would still stand"
    )
    used = capacity.demand / capacity.busy
    what = "the work of today" if capacity.option.pattern in WITHOUT_LATENCY else "the stated peak"
    yield f"today's replicas are full at {figure(1 / used)}x {what}"
