"""Ways to pay for the machines of a use: what each costs over the life, from which use it pays,
what leaving costs, and the mix that fits the load."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from advisor.domain.lifetime import Mix, Way, cents, whole_cents
from advisor.domain.plan import Money
from advisor.frozen import replace
from advisor.planning.lifetime_api import api_way
from advisor.planning.lifetime_autoscaling import warm_up_s
from advisor.planning.lifetime_capacity import Capacity
from advisor.planning.lifetime_case import (
    RISKS,
    Bid,
    Case,
    cases_of,
    place_of,
    priced_way,
    staff_of,
    staffed_months,
)
from advisor.planning.lifetime_demand import ENDS, active, demand_of
from advisor.planning.lifetime_owning import owning
from advisor.planning.lifetime_payment import (
    SPOT_STOPS_PER_HOUR,
    Cash,
    Demand,
    Term,
    commitment_pays_from,
    committed,
    in_blocks,
    mixed,
    on_demand,
    on_spot,
    spot_goodput,
    total,
)
from advisor.planning.lifetime_terms import block_of
from advisor.planning.line import Line
from advisor.planning.market import CLOUD, RENTED, Rate
from advisor.planning.words import counted

SPOT_USES = ("training",)
"""Uses whose work resumes; a service answers people and cannot wait."""


def ways_of(line: Line, months: int) -> tuple[Way, ...]:
    """Return the ways to pay for each use on machines, the cheapest first."""
    found = [way for case in cases_of(line, months) for way in _ways(case)]
    return tuple(sorted(found, key=lambda w: (w.use, not w.open, w.total.likely, w.id)))


def mixes_of(line: Line, months: int) -> tuple[Mix, ...]:
    """Return for each use the cheapest way of each machine: base committed, peak on demand."""
    cases = (case for case in cases_of(line, months) if line.uses[case.work.option.use].devices)
    return tuple(mix for case in cases if (mix := _mix(case)))


def _ways(case: Case) -> Iterator[Way]:
    cloud, rented = case.rate(CLOUD), case.rate(RENTED)
    rates = [rate for rate in (cloud, rented) if rate]
    if cloud:
        yield _on_demand(case, cloud)
    if rented:
        yield _gpu_cloud(case, rented, cloud)
    if case.work.option.use in SPOT_USES or case.line.brief.has("interruption_ok", "yes"):
        yield from _spot(case, rates)
    yield from _blocks(case, cloud)
    yield from _commitments(case, rates)
    if case.work.capacity and rates and _may_sleep(case, case.work.capacity):
        yield _serverless(case, rates[0])
    yield from owning(case, rates)
    if case.work.option.use == "serving":
        yield from api_way(case.line, case.months, RISKS["model_api"])


def _on_demand(case: Case, rate: Rate) -> Way:
    hour = case.hour(rate)
    text = "none: each hour is paid as it is used"
    bid = Bid(
        "on_demand", rate, f"On demand, {place_of(case, rate)}", text, lambda d: on_demand(d, hour)
    )
    return priced_way(case, bid)


def _gpu_cloud(case: Case, rate: Rate, cloud: Rate | None) -> Way:
    hour = case.hour(rate)
    text = "no cloud that is allowed offers this accelerator"
    if cloud:
        share = (hour / rate.per_node) / (case.hour(cloud) / cloud.per_node)
        text = f"an hour of a device costs {share:.0%} of that on demand in the cloud"
    bid = Bid(
        "gpu_cloud", rate, f"GPU cloud, {place_of(case, rate)}", text, lambda d: on_demand(d, hour)
    )
    return priced_way(case, bid)


def _spot(case: Case, rates: list[Rate]) -> Iterator[Way]:
    option = case.work.option
    rows = [
        r
        for rate in rates
        for r in case.market.by_accelerator[option.accelerator]
        if r.provider_kind == rate.provider_kind
        and r.spot_usd
        and r.holds(option.devices, option.together)
    ]
    if not rows:
        return
    rate = min(rows, key=lambda r: (r.spot_usd or 0) * r.instances(option.devices))
    usd, full = rate.spot_usd or Decimal(0), rate.hour.likely
    low, likely, high = SPOT_STOPS_PER_HOUR
    machines = rate.instances(option.devices)
    lost = 1 - spot_goodput(machines, likely).share
    text = (
        f"pays while less than {1 - usd / full:.0%} of the time is lost to interruptions; with "
        f"{counted(machines, 'machine')} about {lost:.0%} is"
    )
    bid = Bid(
        "spot", rate, f"Spot, {place_of(case, rate)}", text, lambda d: on_spot(d, usd, likely)
    )
    way = priced_way(case, bid)
    ends = [demand_of(case.work, rate, end) for end in ENDS]
    best, worst = total(on_spot(ends[0], usd, low)), total(on_spot(ends[2], usd, high))
    staff = staff_of(case, "spot", rate) * staffed_months(case, "spot")
    yield _with_total(way, cents(Money(best + staff, way.total.likely, worst + staff)))


def _blocks(case: Case, cloud: Rate | None) -> Iterator[Way]:
    """Yield blocks of days reserved ahead, where the provider sells them for the machine."""
    if case.work.option.use != "training" or cloud is None:
        return
    sold = block_of(cloud, case.line.kit.library.commitments)
    if sold is None:
        return
    hour, ratio = case.hour(cloud), Decimal(str(sold.ratio))
    text = f"an hour costs {ratio:.0%} of that on demand, but whole days are paid"
    bid = Bid(
        "blocks", cloud, f"Reserved blocks, {place_of(case, cloud)}", text, _block_cost(hour, ratio)
    )
    yield priced_way(case, bid)


def _block_cost(hour: Decimal, ratio: Decimal) -> Callable[[Demand], Cash]:
    return lambda demand: in_blocks(demand, hour, ratio)


def _with_total(way: Way, ends: Money) -> Way:
    """Return the way with another range; the likely total stays between its ends."""
    low, high = min(ends.low, ends.likely), max(ends.high, ends.likely)
    return replace(way, total=Money(low, ends.likely, high))


def _commitments(case: Case, rates: list[Rate]) -> Iterator[Way]:
    """Yield the cheapest commitment of each length."""
    sold: dict[int, list[tuple[Rate, Term]]] = {}
    for rate in rates:
        for term in case.terms(rate):
            sold.setdefault(term.months, []).append((rate, term))
    for _, rows in sorted(sold.items()):
        found = [_commitment(case, rate, term) for rate, term in rows]
        yield min(found, key=lambda w: (w.total.likely, w.name))


def _commitment(case: Case, rate: Rate, term: Term) -> Way:
    machines, hour = rate.instances(case.work.option.devices), case.hour(rate)
    share = commitment_pays_from(term, case.months)
    text = f"pays for a machine in use more than {share:.0%} of the hours"
    if share > 1:
        text = "never pays against the hour of the same machine: the term runs past the life"
    name = f"{term.name}, {place_of(case, rate)}, at {term.ratio:.0%} of the price"
    id_ = f"commit_{term.months}"
    bid = Bid(id_, rate, name, text, lambda d: committed(d, hour, term, machines))
    return priced_way(case, bid)


def _may_sleep(case: Case, capacity: Capacity) -> bool:
    """Return whether a request after a pause may wait until a machine has started."""
    allowed = capacity.load.latency_ms
    return not allowed or warm_up_s(case.line, capacity) * 1e3 <= allowed


def _serverless(case: Case, rate: Rate) -> Way:
    factor = Decimal(str(case.line.kit.number("premium.serverless_gpu")))
    hour = rate.hour.likely * factor
    text = f"pays where a machine would be in use less than {1 / factor:.0%} of the hours"
    busy = replace(case, work=active(case.work))
    name = f"Serverless, on the like of {place_of(case, rate)}"
    return priced_way(busy, Bid("serverless", rate, name, text, lambda d: on_demand(d, hour)))


def _by(name: str) -> str:
    """Return how machines are paid for: on demand, or under a commitment."""
    return name if name.startswith("on ") else f"under a {name}"


def _mix(case: Case) -> Mix | None:
    """Return the mix on the provider where it costs least, with the terms sold there."""
    found = []
    for rate in (case.rate(CLOUD), case.rate(RENTED)):
        if rate:
            demand = demand_of(case.work, rate, ENDS[1])
            best = mixed(demand, case.hour(rate), case.terms(rate))
            staff = staff_of(case, "on_demand", rate) * staffed_months(case, "on_demand")
            hourly = whole_cents(total(on_demand(demand, case.hour(rate))) + staff)
            spent = whole_cents(best.total + staff)
            found.append((spent, place_of(case, rate), best.machines, hourly - spent))
    if not found:
        return None
    spent, place, machines, saved = min(found)
    parts = ", ".join(f"{count} {_by(name)}" for name, count in machines)
    return Mix(case.work.option.use, spent, f"{place}: {parts}", saved)
