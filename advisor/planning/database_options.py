"""Work inside the warehouse or database that holds the data: no machine of its own, but its time
is billed."""

from __future__ import annotations

from decimal import Decimal

from advisor.domain.interval import Interval
from advisor.domain.plan import Money
from advisor.domain.policy import Parameter, Policy
from advisor.frozen import replace
from advisor.planning.machine_serving import SPREAD
from advisor.planning.machine_training import training_hours
from advisor.planning.market import CENT
from advisor.planning.options import NONE, Option
from advisor.planning.requests import request_of
from advisor.planning.workload import Workload, scored_gb

PRICE = "warehouse.usd_per_hour"


def in_database(option: Option, workload: Workload, policy: Policy) -> Option:
    """Return work inside the database with the time it takes there, priced; unpriced where the
    workload has no arithmetic for CPUs."""
    training = option.use == "training"
    hours = _training(workload, policy) if training else _scoring(workload, policy)
    if hours is None:
        return option
    once, month, run = hours
    price = policy.parameters[PRICE]
    return replace(
        option,
        hours_once=once,
        hours_month=month,
        hours_per_run=run,
        one_off=_cost(once, price),
        month=_cost(month, price),
        price_date=price.provenance.as_of,
        price_source=", ".join(price.provenance.source),
    )


Hours = tuple[Interval, Interval, float]
"""Hours of the smallest warehouse of the first release and of a month; hours that one run takes."""
SIZES = (1, 2, 4, 8, 16, 32, 64, 128)
"""Sizes of a warehouse: each next one does and costs twice as much an hour."""


def _training(workload: Workload, policy: Policy) -> Hours | None:
    work = workload.training
    if work is None or not workload.classical:
        return None
    number = policy.number
    alone, _ = training_hours(workload, work, number, number("warehouse.vcpus"))
    size = next((s for s in SIZES if alone <= work.target_hours * s), SIZES[-1])
    once = _spread((alone + size * number("warehouse.idle_minutes") / 60) * work.runs * work.models)
    rate = work.firsts_a_month
    return once, once.scaled(rate) if rate else NONE, alone / size


def _scoring(workload: Workload, policy: Policy) -> Hours | None:
    """Return the hours of the scoring rounds: reading rows in bulk, and waking up for each."""
    number, load = policy.number, workload.serving
    request = request_of(workload, number)
    if load is None or request is None or not workload.classical:
        return None
    work = request.batch_hours / number("warehouse.vcpus")
    rounds = load.batch_units_a_month / max(scored_gb(workload.data_gb, number, rows=True), 1e-9)
    return NONE, _spread(work + rounds * number("warehouse.idle_minutes") / 60), 0.0


def _spread(hours: float) -> Interval:
    return Interval(hours * SPREAD.low, hours, hours * SPREAD.high)


def _cost(hours: Interval, price: Parameter) -> Money:
    """Return what warehouse-hours cost, the ends of price and time together."""
    low, likely, high = price.low or price.value, price.value, price.high or price.value
    ends = ((hours.low, low), (hours.likely, likely), (hours.high, high))
    return Money(*((Decimal(str(h)) * Decimal(str(p))).quantize(CENT) for h, p in ends))
