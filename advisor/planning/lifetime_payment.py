"""What the same machine-hours cost under each way to pay; formulas alone, no catalogue.

A machine that is needed part of the time is paid by the hour on demand, all the time under a
commitment, and once when it is bought. So each way has a use above which it pays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil

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


def on_demand(demand: Demand, hour: Decimal) -> Decimal:
    """Return the cost of paying each hour as it is used."""
    return sum((need.hours for need in demand), Decimal(0)) * hour


def on_spot(demand: Demand, hour: Decimal, stops_per_hour: float) -> Decimal:
    """Return the cost at the spot price, with the hours that stops, checkpoints and restarts
    lose; all machines of a month work on the same run."""
    paid = (need.hours / _share(need.peak, stops_per_hour) for need in demand if need.peak)
    return sum(paid, Decimal(0)) * hour


def _share(machines: int, stops_per_hour: float) -> Decimal:
    return Decimal(str(round(spot_goodput(machines, stops_per_hour).share, 9)))


def spot_goodput(machines: int, stops_per_hour: float) -> Goodput:
    """Return what is left of the time of a run on so many spot machines."""
    return goodput(Reliability(machines, failures_per_device_day=24 * stops_per_hour))


def committed_machine(hours: Sequence[Decimal], hour: Decimal, term: Term) -> Decimal:
    """Return the cheapest cost of one machine under one or more whole terms, the months after
    them on demand."""
    return min(
        _terms(hours, hour, term, count) for count in range(1, ceil(len(hours) / term.months) + 1)
    )


def _terms(hours: Sequence[Decimal], hour: Decimal, term: Term, count: int) -> Decimal:
    paid = HOURS * term.ratio * term.months * count
    return (paid + sum(hours[term.months * count :], Decimal(0))) * hour


def committed(demand: Demand, hour: Decimal, term: Term, machines: int) -> Decimal:
    """Return the cost with the first `machines` committed and every further one on demand."""
    total = Decimal(0)
    for last, count, hours in _alike(demand, machines):
        each = sum(hours, Decimal(0)) * hour
        total += count * (committed_machine(hours, hour, term) if last <= machines else each)
    idle = max(0, machines - machines_at_most(demand))
    return total + idle * committed_machine([Decimal(0)] * len(demand), hour, term)


def commitment_pays_from(term: Term, months: int) -> Decimal:
    """Return the share of the hours of its months above which a committed machine costs less
    than on demand; a term that runs past the life counts whole, above 1 it never pays."""
    return term.ratio * max(Decimal(1), Decimal(term.months) / months)


def owned(demand: Demand, machine: Purchase, staff_month: Decimal = Decimal(0)) -> Decimal:
    """Return the cost of buying the most machines that any month needs: price less resale,
    capital, upkeep and staff, whether they are used or not."""
    months, count = len(demand), machines_at_most(demand)
    resale = machine.resale(months)
    bound = (machine.price + resale) / 2 * machine.capital * months / 12
    each = machine.price - resale + bound + machine.upkeep * months
    return each * count + staff_month * months


@dataclass(frozen=True, slots=True)
class Mixed:
    """The cheapest way for each machine: total and machines by way, in the order of the ways."""

    total: Decimal
    machines: tuple[tuple[str, int], ...]


def mixed(demand: Demand, hour: Decimal, terms: Iterable[Term]) -> Mixed:
    """Return the base on commitment and the peak on demand: each machine the way its hours ask."""
    total, counts = Decimal(0), {"on demand": 0}
    known = tuple(terms)
    for _, count, hours in _alike(demand):
        costs = [(sum(hours, Decimal(0)) * hour, 0, "on demand")]
        costs += [(committed_machine(hours, hour, t), t.months, t.name) for t in known]
        cost, _, name = min(costs)
        total += cost * count
        counts[name] = counts.get(name, 0) + count
    return Mixed(total, tuple((name, count) for name, count in sorted(counts.items()) if count))
