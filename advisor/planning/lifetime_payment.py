"""What the same machine-hours cost under each way to pay; formulas alone, no catalogue.

A machine that is needed part of the time is paid by the hour on demand, all the time under a
commitment, and once when it is bought. So each way has a use above which it pays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from math import ceil

from advisor.frozen import dataclass
from advisor.sizing.goodput import Goodput, Reliability, goodput

HOURS = Decimal(730)
SPOT_STOPS_PER_HOUR = (6.8e-5, 0.01, 0.1)
"""Reclaims of one spot machine an hour, low, likely and high. Low: under 5 % of machines a month,
AWS Spot Instance Advisor, best class. High: 10 % an hour, the mildest trace of accelerators on EC2
in Bamboo (Thorpe et al., NSDI 2023). Likely: about one in four days, between the two; no
provider publishes it for accelerators."""


@dataclass(frozen=True, slots=True)
class Need:
    """Machines of one month: `always` run the whole month, up to `peak` share the other hours."""

    always: int
    peak: int
    hours: Decimal

    def machine_hours(self, n: int) -> Decimal:
        """Return the hours of the n-th machine, counted from 1; the first ones are used most."""
        if n <= self.always:
            return min(HOURS, self.hours / self.always)
        if n > self.peak:
            return Decimal(0)
        return max(Decimal(0), self.hours - HOURS * self.always) / (self.peak - self.always)


Demand = tuple[Need, ...]
"""The machines of every month of the life."""


@dataclass(frozen=True, slots=True)
class Term:
    """A commitment: `months` paid whole, at `ratio` of the price on demand."""

    months: int
    ratio: Decimal
    name: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """A machine of one's own: price, upkeep a month, yearly cost of capital, and the share of
    the price that it still brings after three years."""

    price: Decimal
    upkeep: Decimal
    capital: Decimal
    kept_after_3_years: Decimal

    def resale(self, months: int) -> Decimal:
        """Return what it brings after `months`; value falls by the same share every month."""
        share = float(self.kept_after_3_years) ** (months / 36)
        return self.price * Decimal(str(round(share, 9)))


def machines_at_most(demand: Demand) -> int:
    """Return the most machines that any month needs."""
    return max((need.peak for need in demand), default=0)


def hours_of(demand: Demand, n: int) -> list[Decimal]:
    """Return the hours of the n-th machine in every month."""
    return [need.machine_hours(n) for need in demand]


def _alike(demand: Demand, cut: int = 0) -> Iterator[tuple[int, int, list[Decimal]]]:
    """Yield runs of machines with the same hours: the last of the run, how many, their hours;
    a run ends at machine `cut` as well."""
    ends = {end for need in demand for end in (need.always, need.peak)}
    cuts = sorted({0, min(cut, machines_at_most(demand)), *ends})
    for before, last in pairwise(cuts):
        yield last, last - before, hours_of(demand, last)


Cash = list[Decimal]
"""What is paid in every month; its sum is the total."""


def total(cash: Cash) -> Decimal:
    """Return the sum of what is paid."""
    return sum(cash, Decimal(0))


def on_demand(demand: Demand, hour: Decimal) -> Cash:
    """Return the cost of paying each hour as it is used."""
    return [need.hours * hour for need in demand]


def on_spot(demand: Demand, hour: Decimal, stops_per_hour: float) -> Cash:
    """Return the cost at the spot price, with the hours that stops, checkpoints and restarts
    lose; all machines of a month work on the same run."""
    return [n.hours / _share(n.peak, stops_per_hour) * hour if n.peak else n.hours for n in demand]


def _share(machines: int, stops_per_hour: float) -> Decimal:
    return Decimal(str(round(spot_goodput(machines, stops_per_hour).share, 9)))


def spot_goodput(machines: int, stops_per_hour: float) -> Goodput:
    """Return what is left of the time of a run on so many spot machines."""
    return goodput(Reliability(machines, failures_per_device_day=24 * stops_per_hour))


def in_blocks(demand: Demand, hour: Decimal, ratio: Decimal) -> Cash:
    """Return the cost of blocks reserved ahead: whole days of all machines that a month needs,
    at `ratio` of the price."""
    return [_days(need) * 24 * need.peak * hour * ratio for need in demand]


def _days(need: Need) -> int:
    return ceil(need.hours / need.peak / 24) if need.peak and need.hours else 0


def committed_machine(hours: Sequence[Decimal], hour: Decimal, term: Term) -> Cash:
    """Return the cheapest cost of one machine under one or more whole terms, the months after
    them on demand; what is owed beyond the life is paid in its last month."""
    counts = range(1, ceil(len(hours) / term.months) + 1)
    return min((_terms(hours, hour, term, count) for count in counts), key=total)


def _terms(hours: Sequence[Decimal], hour: Decimal, term: Term, count: int) -> Cash:
    bound = term.months * count
    month = HOURS * term.ratio * hour
    cash = [month if n < bound else used * hour for n, used in enumerate(hours)]
    cash[-1] += month * max(0, bound - len(hours))
    return cash


def committed(demand: Demand, hour: Decimal, term: Term, machines: int) -> Cash:
    """Return the cost with the first `machines` committed and every further one on demand."""
    rows = []
    for last, count, hours in _alike(demand, machines):
        each = committed_machine(hours, hour, term) if last <= machines else None
        rows.append([count * usd for usd in each or [used * hour for used in hours]])
    idle = max(0, machines - machines_at_most(demand))
    nothing = [Decimal(0)] * len(demand)
    rows.append([idle * usd for usd in committed_machine(nothing, hour, term)])
    return [sum(month, Decimal(0)) for month in zip(*rows, strict=True)]


def commitment_pays_from(term: Term, months: int) -> Decimal:
    """Return the share of the hours of its months above which a committed machine costs less
    than on demand; a term that runs past the life counts whole, above 1 it never pays."""
    return term.ratio * max(Decimal(1), Decimal(term.months) / months)


def owned(demand: Demand, machine: Purchase, staff_month: Decimal = Decimal(0)) -> Cash:
    """Return the cost of buying the most machines that any month needs: the price at first,
    capital, upkeep and staff every month whether they are used or not, and the resale at last."""
    months, count = len(demand), machines_at_most(demand)
    resale = machine.resale(months)
    bound = (machine.price + resale) / 2 * machine.capital / 12
    cash = [(bound + machine.upkeep) * count + staff_month for _ in demand]
    cash[0] += machine.price * count
    cash[-1] -= resale * count
    return cash


@dataclass(frozen=True, slots=True)
class Mixed:
    """The cheapest way for each machine: total and machines by way, in the order of the ways."""

    total: Decimal
    machines: tuple[tuple[str, int], ...]


def mixed(demand: Demand, hour: Decimal, terms: Iterable[Term]) -> Mixed:
    """Return the base on commitment and the peak on demand: each machine the way its hours ask."""
    spent, counts = Decimal(0), {"on demand": 0}
    known = tuple(terms)
    for _, count, hours in _alike(demand):
        costs = [(sum(hours, Decimal(0)) * hour, 0, "on demand")]
        costs += [(total(committed_machine(hours, hour, t)), t.months, t.name) for t in known]
        cost, _, name = min(costs)
        spent += cost * count
        counts[name] = counts.get(name, 0) + count
    return Mixed(spent, tuple((name, count) for name, count in sorted(counts.items()) if count))
