"""One use with its market, and a way to pay for it priced over the life."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from advisor.domain.lifetime import Way, cents, whole_cents
from advisor.domain.plan import Money
from advisor.frozen import dataclass
from advisor.planning.hardware_estimates import market_for, market_of
from advisor.planning.hardware_stage import OWN_PLACE
from advisor.planning.host_estimates import KINDS, manned_months, people_month, premium_of
from advisor.planning.lifetime_demand import ENDS, Work, demand_of
from advisor.planning.lifetime_options import work_of
from advisor.planning.lifetime_payment import Cash, Demand, Term, total
from advisor.planning.lifetime_terms import terms_of
from advisor.planning.line import Line
from advisor.planning.market import CLOUD, OWN, RENTED, Market, Rate
from advisor.planning.options import AT_SITES

RISKS = {
    "on_demand": "the newest accelerators may be sold out on the day they are wanted",
    "spot": "machines are taken back at any time; work must resume from checkpoints",
    "blocks": "days must be booked weeks ahead, and are lost if the run starts late",
    "commit_12": "paid to the end of the term, also where prices fall or the model is dropped",
    "commit_36": "paid for three years, in which prices of accelerators have halved before",
    "gpu_cloud": "fewer services and regions, and a younger company to depend on",
    "serverless": "a request after a pause waits for a machine to start",
    "existing": "what else they could do is not counted; they are due for replacement first",
    "colocated": "a contract on space for years, and what owning risks besides",
    "owned": "failures, spares and a falling resale value are your own",
    "model_api": "vendors retire models and change prices; requests leave your machines",
}
ON_CPUS = {
    "on_demand": "the dearest hour, and the first to rise where the provider changes its list",
    "commit_36": "paid for three years, also where prices fall or the model is dropped",
}
"""Risks of machines without accelerators, where those differ."""
BOUND = ("commit_12", "commit_36", "owned", "colocated")
"""Ways that are paid on after the work has ended."""
OWNED = ("owned", "colocated", "existing")
"""Ways on machines of one's own, which may be sold."""


@dataclass(frozen=True, slots=True)
class Case:
    """One use with its market and its host, which may add to the price of a bare machine."""

    line: Line
    work: Work
    market: Market
    months: int
    host: str

    def rate(self, kind: str) -> Rate | None:
        """Return the cheapest rate of a kind of provider for the work of today."""
        option = self.work.option
        hours = option.device_hours(self.months)
        market = self.market.only((kind,)).of_size(option.vcpus, option.machine_gb)
        return market.rate(option.accelerator, option.devices, option.together, hours)

    def hour(self, rate: Rate) -> Decimal:
        """Return the likely price of an hour of a machine that stands."""
        managed = rate.provider_kind == CLOUD and self.host != "serverless_gpu"
        factor = premium_of(self.line, self.host, rate.provider) if managed else Decimal(1)
        return rate.hour.likely * factor

    def terms(self, rate: Rate) -> tuple[Term, ...]:
        """Return the commitments sold on a rate."""
        library = self.line.kit.library
        offers = library.offers.values()
        return terms_of(rate, self.work.option.accelerator, offers, library.commitments)


def cases_of(line: Line, months: int) -> Iterator[Case]:
    """Yield every use that takes machines which can be paid for in several ways."""
    for use in sorted(line.uses):
        work = work_of(line, use, months)
        free = work and work.option.provider == OWN_PLACE and not line.uses[use].month.high
        if work and work.option.devices and work.option.pattern not in AT_SITES and not free:
            market = market_of(line) if use == "training" else market_for(line, use)
            yield Case(line, work, market, months, line.chosen(f"{use}_host"))


@dataclass(frozen=True, slots=True)
class Bid:
    """A way before it is priced: where, when it pays, and what a demand costs there."""

    id: str
    rate: Rate
    name: str
    break_even: str
    cost: Callable[[Demand], Cash]


def priced_way(case: Case, bid: Bid) -> Way:
    """Return the bid priced at the low, likely and high end of the demand, people included."""
    ends = [demand_of(case.work, bid.rate, end) for end in ENDS]
    staff, manned = staff_of(case, bid.id, bid.rate), staffed_months(case, bid.id)
    low, likely, high = sorted(total(bid.cost(d)) + staff * manned for d in ends)
    return Way(
        bid.id,
        case.work.option.use,
        bid.name,
        cents(Money(low, likely, high)),
        bid.break_even,
        _sunk(bid, ends[1]),
        _risk(case, bid.id),
        bid.rate.effective,
        cash=closing(
            [usd + staff * (n < manned) for n, usd in enumerate(bid.cost(ends[1]))], likely
        ),
    )


def _risk(case: Case, id_: str) -> str:
    """Return what may go wrong with a way to pay, by what it pays for."""
    plain = case.work.option.accelerator == "cpu"
    return ON_CPUS.get(id_, RISKS[id_]) if plain else RISKS[id_]


def place_of(case: Case, rate: Rate) -> str:
    """Return where a machine is rented, in words."""
    return f"{rate.instance} at {case.line.kit.provider(rate.provider)}"


def closing(cash: Cash, likely: Decimal) -> tuple[Decimal, ...]:
    """Return the months in whole cents, the last that is paid so that they come to the total."""
    months = [whole_cents(usd) for usd in cash]
    last = max((n for n, usd in enumerate(months) if usd), default=len(months) - 1)
    months[last] += whole_cents(likely) - sum(months, Decimal(0))
    return tuple(months)


def _sunk(bid: Bid, demand: Demand) -> Decimal:
    """Return what is paid for nothing where the work ends half-way: what a commitment still asks
    for, or what machines have lost in value above their share of the time."""
    half = demand[: len(demand) // 2]
    if bid.id not in BOUND or not half:
        return Decimal(0)
    ended, whole = total(bid.cost(half)), bid.cost(demand)
    used = total(whole[: len(half)])
    if bid.id in OWNED:
        used = total(whole) * len(half) / len(demand)
    return whole_cents(max(Decimal(0), ended - used))


def staffed_months(case: Case, id_: str) -> int:
    """Return the months in which a way takes people: all where machines of one's own stand."""
    manned = manned_months(case.line, case.work.option)
    return case.months if id_ in OWNED or manned == case.line.months else min(case.months, manned)


def staff_of(case: Case, id_: str, rate: Rate) -> Decimal:
    """Return the people of a month: those of the chosen host where it stands there as well."""
    chosen = case.line.chosen(f"{case.work.option.use}_host")
    usual = {CLOUD: "vms", RENTED: "gpu_cloud", OWN: "own_hardware"}[rate.provider_kind]
    host = chosen if rate.provider_kind in KINDS.get(chosen, ()) else usual
    if id_ == "serverless":
        return people_month(case.line, "serverless_gpu")
    return people_month(case.line, host, rate.provider_kind)
