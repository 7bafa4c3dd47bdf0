"""Machine-hours that a settled use takes in every month, on the machines of one rate."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from math import ceil

from advisor.domain.interval import Interval
from advisor.frozen import dataclass, replace
from advisor.planning.lifetime_capacity import BY_VOLUME, Capacity
from advisor.planning.lifetime_growth import Curve
from advisor.planning.lifetime_payment import HOURS, Demand, Need
from advisor.planning.market import Rate
from advisor.planning.options import NONE, Option
from advisor.planning.serving_options import share_paid

End = Callable[[Interval], float]
ENDS: tuple[End, End, End] = (lambda i: i.low, lambda i: i.likely, lambda i: i.high)
"""Low, likely and high of an interval."""


@dataclass(frozen=True, slots=True)
class Work:
    """A settled use over its life: the option, how its work grows, and for serving what it
    carries. `first_months` is how long the first training takes."""

    option: Option
    growth: Curve
    capacity: Capacity | None = None
    first_months: int = 1


def demand_of(work: Work, rate: Rate, end: End) -> Demand:
    """Return the machines of every month at one end of the intervals."""
    if work.capacity is not None:
        return tuple(_serving(work, work.capacity, rate, end, end(f)) for f in work.growth)
    return tuple(_training(work, rate, end, n) for n in range(len(work.growth)))


def _serving(work: Work, capacity: Capacity, rate: Rate, end: End, factor: float) -> Need:
    option = work.option
    by_volume = option.pattern in BY_VOLUME
    grown = factor if by_volume else capacity.devices(factor) / max(1, option.devices)
    devices = max(1, capacity.devices(factor))
    hours = _machine_hours(end(option.hours_month) * grown, devices, rate)
    peak = max(rate.instances(devices), ceil(hours / HOURS))
    if by_volume:
        return Need(0, peak, hours)
    each = max(1, option.devices // max(1, option.replicas))
    floor = rate.instances(capacity.load.regions * (1 + capacity.spares) * each)
    return Need(min(floor, int(hours / HOURS)), peak, hours)


def _training(work: Work, rate: Rate, end: End, month: int) -> Need:
    option = work.option
    first = end(option.hours_once) / work.first_months if month < work.first_months else 0.0
    device_hours = first + end(option.hours_month) * end(work.growth[month])
    hours = _machine_hours(device_hours, option.devices, rate)
    return Need(0, max(rate.instances(option.devices), ceil(hours / HOURS)), hours)


def _machine_hours(device_hours: float, devices: int, rate: Rate) -> Decimal:
    """Return hours of whole machines; those of one's own work for several at a time."""
    own = rate.month_owned is not None
    each = rate.per_node if own else max(1, devices) / rate.instances(devices)
    return Decimal(str(round(device_hours / each, 6)))


def active(work: Work) -> Work:
    """Return the same use paid only while requests are worked on, spares and floor apart."""
    capacity, option = work.capacity, work.option
    if capacity is None or option.pattern in BY_VOLUME:
        return work
    standing = capacity.busy * capacity.load.regions * max(1, option.devices // option.replicas)
    share = share_paid(capacity.load, "serverless", option.replicas)
    hours = share.scaled(standing * float(HOURS))
    paid = replace(option, pattern="serverless", hours_month=hours, hours_once=NONE)
    return Work(paid, work.growth, replace(capacity, option=paid))
