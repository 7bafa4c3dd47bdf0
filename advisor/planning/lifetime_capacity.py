"""What a serving option carries, and what it costs when the load is a multiple of today's."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import ceil

from advisor.planning.hardware_estimates import edge_market_of, market_for
from advisor.planning.line import Line
from advisor.planning.market import Rate
from advisor.planning.options import AT_SITES, Option
from advisor.planning.serving_options import replicas_of
from advisor.planning.workload import ServingLoad

FULL = 0.6
"""Use at which replicas of small models are planned to be full (`service_options`)."""
BY_VOLUME = ("serverless", "async", "batch", "model_api")
"""Patterns that are paid by what they do."""


@dataclass(frozen=True)
class Capacity:
    """A serving option under its load; `rate` is what its machines cost, None without any."""

    option: Option
    load: ServingLoad
    rate: Rate | None

    @cached_property
    def spares(self) -> int:
        """Return the replicas a region that stand by for the availability asked."""
        if self.option.pattern != "online":
            return 0
        return replicas_of(self.load, 1) // self.load.regions - 1

    @cached_property
    def busy(self) -> int:
        """Return the replicas a region that carry today's load."""
        return max(1, self.option.replicas // self.load.regions - self.spares)

    @cached_property
    def demand(self) -> float:
        """Return today's peak in full replicas a region: all of those that carry it, unless the
        use that is known says that the last one has room."""
        stated = float(self.option.facts.get("utilisation_pct", 0.0)) / 100
        full = stated * self.option.replicas / self.load.regions / FULL
        return full if self.busy - 1 < full <= self.busy else float(self.busy)

    def replicas(self, factor: float) -> int:
        """Return the replicas for `factor` times today's load; never fewer for more load."""
        now = self.option.replicas
        if self.option.pattern in AT_SITES:
            return now
        needed = max(1, ceil(round(self.demand * factor, 9)))
        then = self.load.regions * (needed + self.spares)
        return max(now, then) if factor >= 1 else min(now, then)

    def devices(self, factor: float) -> int:
        """Return the devices of these replicas."""
        return self.replicas(factor) * max(1, self.option.devices // max(1, self.option.replicas))

    def ceiling(self, replicas: int) -> float:
        """Return the largest factor on today's load that so many replicas carry."""
        carrying = max(1, replicas // self.load.regions - self.spares)
        return carrying / self.demand

    @cached_property
    def owned(self) -> bool:
        """Return whether its machines are one's own."""
        return self.rate is not None and self.rate.month_owned is not None

    @cached_property
    def by_volume(self) -> bool:
        """Return whether it is paid by what it does, not by machines that stand."""
        return self.rate is None or (self.option.pattern in BY_VOLUME and not self.owned)

    def bill_factor(self, factor: float) -> Decimal:
        """Return the month at `factor` times the load over the month of today."""
        if self.option.pattern in AT_SITES:
            return Decimal(1)
        if self.rate is None or self.by_volume:
            return Decimal(str(round(factor, 9)))
        now, then = self.option.devices, self.devices(factor)
        if self.owned:
            today = _standing(self.rate, now)
            return _standing(self.rate, then) / today if today else Decimal(1)
        return Decimal(self.rate.instances(then)) / self.rate.instances(now)


def _standing(rate: Rate, devices: int) -> Decimal:
    standing = rate.standing(devices)
    return standing.likely if standing else Decimal(1)


def rate_of(line: Line, option: Option) -> Rate | None:
    """Return what the machines of a settled option cost, None where it rents none."""
    at_sites = option.pattern in AT_SITES
    market = edge_market_of(line) if at_sites else market_for(line, option.use)
    offers = market.by_accelerator.get(option.accelerator, ())
    named = (r for r in offers if (r.provider, r.instance) == (option.provider, option.instance))
    return next(named, None)


def capacity_of(line: Line) -> Capacity | None:
    """Return the capacity of the settled way to serve, None where nothing of one's own serves."""
    option, load = line.uses.get("serving"), line.workload.serving
    if option is None or load is None:
        return None
    return Capacity(option, load, rate_of(line, option))
