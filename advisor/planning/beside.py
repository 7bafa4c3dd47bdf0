"""Where a use runs beside the other and the data: with the providers that the plan deals with
anyway, unless another one saves more than it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from advisor.domain.facility import StorageTier
from advisor.planning.hardware_estimates import market_for
from advisor.planning.hardware_stage import OWN_PLACE
from advisor.planning.host_estimates import (
    CPUS,
    USES,
    People,
    hosts_of,
    kind_of,
    manned_months,
    salary,
)
from advisor.planning.line import Line
from advisor.planning.market import CLOUD, RENTED, Market
from advisor.planning.options import Option, priced
from advisor.planning.places import CLOUDS, home_of
from advisor.planning.shared_machines import beside_training, shared


def egress_usd_gb(line: Line, provider: str) -> Decimal:
    """Return the price of a GB sent out of a provider to the internet, 0 where none is listed."""
    tier = egress_tier(line, provider)
    return tier.usd_per_gb_egress if tier and tier.usd_per_gb_egress else Decimal(0)


def egress_tier(line: Line, provider: str) -> StorageTier | None:
    """Return the entry that lists the price of sending data out of a provider, the dearest."""
    listed = (
        tier
        for tier in line.kit.library.storage.values()
        if tier.provider == provider and tier.usd_per_gb_egress
    )
    return max(listed, key=lambda tier: tier.usd_per_gb_egress or 0, default=None)


def is_rented(line: Line, provider: str) -> bool:
    """Return whether machines are rented from a provider."""
    found = line.kit.library.providers.get(provider)
    return found is not None and found.kind in (CLOUD, RENTED)


def places_of(line: Line, *others: Option | None) -> frozenset[str]:
    """Return the providers that hold the data or carry what is settled already."""
    home = home_of(line.brief)
    places = {o.provider for o in others if o is not None and is_rented(line, o.provider)}
    return frozenset(places | ({home} & set(CLOUDS)))


def second_provider_month(line: Line) -> Decimal:
    """Return what one provider more takes of people a month."""
    return salary(line.kit.number("host_effort_fte.second_provider"), line)


@dataclass(frozen=True)
class Beside:
    """What a use is held against: the people that hosts take, the providers that the plan deals
    with, and the use that is settled already, whose machines it may share."""

    line: Line
    people: People
    places: frozenset[str]
    settled: Option | None = None
    _least: dict[tuple[str, str, str, bool], Decimal] = field(default_factory=dict)

    def people_month(self, option: Option) -> Decimal:
        """Return what the people of the least demanding host of an option cost in an average
        month of the life."""
        kind = kind_of(self.line, option)
        alike = option.use, option.pattern, kind, option.accelerator in CPUS
        if alike not in self._least:
            costs = (self.people[host, kind] for host in hosts_of(self.line, option))
            self._least[alike] = min(costs, default=Decimal(0))
        return self._least[alike] * manned_months(self.line, option) / self.line.months

    def apart_usd(self, option: Option) -> Decimal:
        """Return what a provider beside those of the plan, or beside machines of one's own, takes
        over the life: people, and for training the data that move there."""
        owns = self.settled is not None and self.settled.provider == OWN_PLACE
        if option.provider in self.places or not (self.places or owns):
            return Decimal(0)
        if not is_rented(self.line, option.provider):
            return Decimal(0)
        people = second_provider_month(self.line) * manned_months(self.line, option)
        return people + (self._moved_usd if option.use == "training" else 0)

    @cached_property
    def _moved_usd(self) -> Decimal:
        stored = Decimal(str(self.line.brief.number("data_volume_gb")))
        return stored * egress_usd_gb(self.line, home_of(self.line.brief))

    def total(self, option: Option) -> Decimal:
        """Return the likely cost of an option over the life at its place, people included."""
        people = self.people_month(option) * self.line.months
        return option.lifetime(self.line.months) + people + self.apart_usd(option)

    def placed(self, option: Option) -> Option:
        """Return the option where it costs least: on machines that stand for the other use, at a
        provider of the plan, at a cloud whose services take fewer people, or as it is."""
        if self.settled is not None and option.use == "training":
            both = {"training": option, "serving": self.settled}
            option = shared(self.line, both)["training"]
        elif self.settled is not None and self.settled.use == "training":
            option = beside_training(self.line, option, self.settled)
        near = tuple(filter(None, (self._at(option, there) for there in self._others(option))))
        return min((option, *near), key=lambda o: (self.total(o), o.provider)) if near else option

    @cached_property
    def _markets(self) -> dict[str, Market]:
        return {use: market_for(self.line, use) for use in USES}

    def _others(self, option: Option) -> Iterator[Market]:
        """Yield the markets that may cost less than the place with the cheapest machines."""
        market = self._markets[option.use]
        if self.apart_usd(option):
            yield from (market.of((place,)) for place in sorted(self.places))
        if kind_of(self.line, option) == RENTED:
            yield market.only((CLOUD,))

    def _at(self, option: Option, market: Market) -> Option | None:
        hours = option.device_hours(self.line.months)
        there = market.of_size(option.vcpus, option.machine_gb)
        rate = there.rate(option.accelerator, option.devices, option.together, hours)
        return priced(option, rate) if rate else None
