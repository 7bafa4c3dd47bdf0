"""Machines of one's own as a way to pay: bought for a room at hand or a colocation hall, or there
already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from advisor.domain.lifetime import Way
from advisor.frozen import replace
from advisor.planning.hardware_estimates import edge_market_of
from advisor.planning.lifetime_case import Bid, Case, place_of, priced_way, staff_of
from advisor.planning.lifetime_demand import ENDS, demand_of
from advisor.planning.lifetime_energy import kw_of
from advisor.planning.lifetime_payment import (
    HOURS,
    Cash,
    Demand,
    Purchase,
    machines_at_most,
    owned,
)
from advisor.planning.lifetime_purchase import purchase_of
from advisor.planning.lifetime_renewal import renewal_due, renewal_month
from advisor.planning.lifetime_span import build_months
from advisor.planning.market import OWN, Rate
from advisor.planning.places import area_of
from advisor.planning.words import counted

MUCH_LARGER = 4
"""Times as many vCPUs from which on a server is no replacement for a machine, one by one."""


def owning(case: Case, rates: list[Rate]) -> Iterator[Way]:
    """Yield machines of one's own in a room that is there, and in a colocation hall; those that
    stand there already pay no purchase."""
    option = case.work.option
    allowed = case.market.only((OWN,)).rate(option.accelerator, option.devices, option.together)
    rate = allowed or edge_market_of(case.line).rate(
        option.accelerator, option.devices, option.together
    )
    if rate is None or rate.month_owned is None or rate.vcpus > MUCH_LARGER * option.vcpus > 0:
        return
    machine = purchase_of(case.line, rate, option.devices)
    count = counted(machines_at_most(demand_of(case.work, rate, ENDS[1])), "machine")
    if machine.price:
        named = {"owned": f"Own, {count}", "colocated": f"Own, {count} in a colocation hall"}
    else:
        named = {"existing": f"Existing hardware, {count}"}
    for id_, name in named.items():
        rent = _rent_month(case, rate) if id_ == "colocated" else Decimal(0)
        stands = replace(machine, upkeep=machine.upkeep + rent)
        bid = Bid(id_, rate, f"{name}: {rate.instance}", "", _cost_of(case, stands))
        way = priced_way(case, bid)
        text = _owning_pays(case, rates, way.total.likely) if rates else "nothing to rent instead"
        yield replace(way, break_even=text, open=allowed is not None)


COLOCATION = {
    "us": "colo-price-us-primary-markets-2026",
    "eu": "colo-price-europe-flapd",
    "ap": "colo-price-japan",
}
"""Rent of a kW in a hall a month by area, power metered on top."""


def _rent_month(case: Case, rate: Rate) -> Decimal:
    """Return the rent of one machine in a colocation hall."""
    values = {v.id: v for v in case.line.kit.library.datacentre.values()}
    kw = kw_of(case.line, case.work.option, values) * rate.per_node
    return kw * values[COLOCATION[area_of(case.line.brief)]].value


def _cost_of(case: Case, machine: Purchase) -> Callable[[Demand], Cash]:
    return lambda demand: _standing(case, demand, machine)


def _standing(case: Case, demand: Demand, machine: Purchase) -> Cash:
    """Return the cost of machines of one's own; those that stand there already are replaced when
    they have served their time, where the use has no end."""
    cash = owned(demand, machine)
    if machine.price or case.line.brief.one("lifetime") not in (None, "indefinite"):
        return cash
    due, _ = renewal_due(case.line, build_months(case.line))
    more, _ = renewal_month(case.line, case.work.option)
    return [usd + more.likely * (n >= due) for n, usd in enumerate(cash)]


def _owning_pays(case: Case, rates: list[Rate], spent: Decimal) -> str:
    """Return the use from which owning costs less than the cheapest hour that can be rented."""

    def always(rate: Rate) -> Decimal:
        count = machines_at_most(demand_of(case.work, rate, ENDS[1]))
        return HOURS * case.months * count * case.hour(rate)

    rate = min(rates, key=always)
    staff = staff_of(case, "owned", rate) * case.months
    share = (spent - staff) / always(rate)
    place = place_of(case, rate)
    if share > 1:
        return f"never pays in {counted(case.months, 'month')} against {place}"
    return f"pays where machines are in use more than {share:.0%} of the hours ({place})"
