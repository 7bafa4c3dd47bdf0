"""The market: what an hour of a device costs among the offers that the answers allow."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import field
from decimal import Decimal
from math import ceil

from advisor.domain.interval import Interval
from advisor.domain.offers import Offer, Price, Provider
from advisor.domain.plan import Money
from advisor.frozen import dataclass, replace

CENT = Decimal("0.01")
MONTH_HOURS = 730.0
MOST_RATES = 500
"""Rates that a market remembers by devices and hours."""
MOST_PARTS = 32
"""Parts of itself that a market remembers."""
OWN_SERVER = 8
"""Devices of a usual server."""
CLOUD, RENTED, OWN = "hyperscaler", "gpu_cloud", "own_hardware"
"""Kind of provider of machines of one's own."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Price of one instance hour and what comes with it.

    `hour` is for the whole instance of `per_instance` devices, which share a host. `month_owned`
    is what an instance of one's own costs a month whether used or not, purchase included;
    `month_held` the same for one of the `held` instances that stand there already, which need no
    purchase; `held_named` says that the answers name them. `most` instances can be had; 0 means
    any number. Devices are spread evenly over `apart` places, which share no machine.
    `memory_gb` is the host's memory, 0 where it is not known.
    """

    provider: str
    provider_kind: str
    instance: str
    per_instance: int
    hour: Money
    effective: str
    source: str
    bare_metal: str = "no"
    network_gb_s: float | None = None
    month_owned: Money | None = None
    month_held: Money | None = None
    held: int = 0
    held_named: bool = False
    most: int = 0
    vcpus: int = 0
    memory_gb: float = 0.0
    spot_usd: Decimal | None = None
    apart: int = 1

    @property
    def per_node(self) -> int:
        """Return devices that share one host."""
        return max(1, self.per_instance)

    def interruptible(self) -> Rate:
        """Return the rate for work that may be interrupted: its low end is the spot price."""
        if self.spot_usd is None or self.spot_usd > self.hour.low:
            return self
        return replace(self, hour=Money(self.spot_usd, self.hour.likely, self.hour.high))

    def instances(self, devices: int) -> int:
        """Return how many instances hold `devices`."""
        return self.apart * ceil(devices / self.apart / self.per_node)

    def cost(self, device_hours: Interval, devices: int) -> Money:
        """Return what `device_hours` on `devices` cost; whole instances are paid."""
        paid = self.instances(devices) * self.per_node / max(1, devices)
        low, likely, high = (
            Decimal(str(hours * paid / self.per_node))
            for hours in (device_hours.low, device_hours.likely, device_hours.high)
        )
        return Money(
            (self.hour.low * low).quantize(CENT),
            (self.hour.likely * likely).quantize(CENT),
            (self.hour.high * high).quantize(CENT),
        )

    def standing(self, devices: int) -> Money | None:
        """Return the monthly cost of whole machines of one's own, None for rented ones."""
        if self.month_owned is None:
            return None
        needed = self.instances(devices)
        there = min(needed, self.held)
        bought = self.month_owned.times(needed - there)
        return bought + self.month_held.times(there) if self.month_held else bought

    def month(self, devices: int, device_hours: float) -> Decimal:
        """Return the likely cost of a month in which the devices work `device_hours`."""
        standing = self.standing(devices)
        if standing is not None:
            return standing.likely
        paid = self.instances(devices) * self.per_node / max(1, devices)
        hours = Decimal(str(device_hours * paid / self.per_node))
        return (self.hour.likely * hours).quantize(CENT)

    def holds(self, devices: int, together: int) -> bool:
        """Return whether so many devices can be had, `together` of them in one host."""
        enough = not self.most or self.instances(devices) <= self.most
        return enough and self.per_instance >= together

    def remembers(self, memory_gb: float) -> bool:
        """Return whether the host has so much memory, as far as it is known."""
        return not self.memory_gb or self.memory_gb >= memory_gb

    def basis(self, devices: int) -> str:
        """Return what the price rests on."""
        there = min(self.instances(devices), self.held)
        if not there:
            return self.source
        more = self.instances(devices) - there
        bought = f", purchase of {more} more" if more else ", no purchase"
        if self.held_named:
            return f"power and upkeep of {there} x {self.instance}, owned already{bought}"
        return (
            f"power and upkeep of {there} x {self.instance} taken as owned already{bought}; "
            "the answers do not say which devices are owned: check"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """Offers that the answers allow, by accelerator; `outside` names accelerators that stand
    there although nobody who is allowed offers them."""

    by_accelerator: Mapping[str, tuple[Rate, ...]]
    outside: frozenset[str] = frozenset()
    _cheapest: dict[tuple[str, int, int, float], Rate | None] = field(
        default_factory=dict, repr=False
    )
    _parts: dict[Hashable, Market] = field(default_factory=dict, repr=False)

    def rate(
        self, accelerator: str, devices: int, together: int = 1, device_hours: float | None = None
    ) -> Rate | None:
        """Return the rate that is cheapest for this many devices, None where nobody offers it.

        `together` devices must share a host: those of one tensor-parallel group or one node.
        `device_hours` is the work of a month; without it the devices work all month.
        """
        hours = MONTH_HOURS * devices if device_hours is None else device_hours
        key = accelerator, devices, together, hours
        if key not in self._cheapest:
            if len(self._cheapest) >= MOST_RATES:
                self._cheapest.clear()
            self._cheapest[key] = self._rate(*key)
        return self._cheapest[key]

    def _rate(self, accelerator: str, devices: int, together: int, hours: float) -> Rate | None:
        return min(
            (r for r in self.by_accelerator.get(accelerator, ()) if r.holds(devices, together)),
            key=lambda r: (r.month(devices, hours), r.provider, r.per_instance, r.instance),
            default=None,
        )

    def machine(self, vcpus: float, memory_gb: float) -> tuple[Rate, int] | None:
        """Return the CPU machine that alone holds `vcpus` and `memory_gb` and works for the least,
        the smallest of those that cost alike, and the count 1; None where none is offered."""

        def work(rate: Rate) -> Decimal:
            return (rate.month(1, MONTH_HOURS) / rate.vcpus).quantize(Decimal("0.1"))

        machines = (rate for rate in self.by_accelerator.get("cpu", ()) if rate.vcpus >= vcpus)
        offers = (rate for rate in machines if rate.remembers(memory_gb) and rate.holds(1, 1))
        best = min(offers, key=lambda r: (work(r), r.vcpus, r.provider, r.instance), default=None)
        return (best, 1) if best else None

    def machines(
        self,
        vcpus: float,
        regions: int = 1,
        spares: int = 0,
        *,
        memory_gb: float = 0.0,
        each_gb: float = 0.0,
    ) -> tuple[Rate, int] | None:
        """Return the CPU machines that hold `vcpus` and `memory_gb` together, and `each_gb` each,
        for the least, as many in each region and `spares` more of them there, None where none is
        offered."""

        def count(rate: Rate) -> int:
            room = ceil(memory_gb / rate.memory_gb) if rate.memory_gb else 0
            return regions * (max(ceil(vcpus / regions / rate.vcpus), room) + spares)

        known = (rate for rate in self.by_accelerator.get("cpu", ()) if rate.vcpus)
        machines = [rate for rate in known if rate.remembers(each_gb)]
        offers = [(rate, count(rate)) for rate in machines if rate.holds(count(rate), 1)]
        return min(
            offers,
            key=lambda o: (
                o[0].month(o[1], MONTH_HOURS * o[1]),
                o[1],
                o[0].provider,
                o[0].instance,
            ),
            default=None,
        )

    def only(self, kinds: Iterable[str]) -> Market:
        """Return the market with providers of these kinds alone."""
        wanted = frozenset(kinds)
        return self._part(
            ("kinds", wanted), lambda: self._kept(lambda r: r.provider_kind in wanted)
        )

    def _kept(self, wanted: Callable[[Rate], bool]) -> Market:
        kept = {a: tuple(filter(wanted, rates)) for a, rates in self.by_accelerator.items()}
        return Market({a: rates for a, rates in kept.items() if rates})

    def _part(self, key: Hashable, make: Callable[[], Market]) -> Market:
        """Return a part of the market, remembered under what was asked for."""
        if key not in self._parts:
            if len(self._parts) >= MOST_PARTS:
                self._parts.clear()
            self._parts[key] = make()
        return self._parts[key]

    def without(self, kind: str) -> Market:
        """Return the market without providers of a kind; what stands outside stays outside."""
        left = {r.provider_kind for rates in self.by_accelerator.values() for r in rates} - {kind}
        return Market(self.only(left).by_accelerator, self.outside)

    def over(self, places: int) -> Market:
        """Return the market for devices that are spread over so many places."""
        return self if places <= 1 else self._part(("places", places), lambda: self._spread(places))

    def _spread(self, places: int) -> Market:
        rates = self.by_accelerator.items()
        spread = {a: tuple(replace(r, apart=places) for r in rs) for a, rs in rates}
        return Market(spread, self.outside)

    def of(self, providers: Iterable[str]) -> Market:
        """Return the market with these providers alone."""
        wanted = frozenset(providers)
        return self._part(("providers", wanted), lambda: self._kept(lambda r: r.provider in wanted))

    def of_size(self, vcpus: int, memory_gb: float = 0.0) -> Market:
        """Return the market with CPU machines of at least `memory_gb` and `vcpus`, or the largest
        there are."""
        return self._part(("size", vcpus, memory_gb), lambda: self._sized(vcpus, memory_gb))

    def _sized(self, vcpus: int, memory_gb: float) -> Market:
        machines = [r for r in self.by_accelerator.get("cpu", ()) if r.remembers(memory_gb)]
        least = min(vcpus, max((rate.vcpus for rate in machines), default=0))
        large = tuple(rate for rate in machines if rate.vcpus >= least)
        return Market({**self.by_accelerator, "cpu": large})

    def interruptible(self) -> Market:
        """Return the market for work that may be interrupted."""
        return Market(
            {a: tuple(r.interruptible() for r in rs) for a, rs in self.by_accelerator.items()}
        )

    @property
    def parts(self) -> tuple[Market, ...]:
        """Return rented and own offers apart: the first are paid while used, the others always."""
        kinds = {r.provider_kind for rates in self.by_accelerator.values() for r in rates}
        halves = (self.only(kinds - {OWN}), self.only(kinds & {OWN}))
        return tuple(half for half in halves if half.by_accelerator)

    def joined(self, other: Market) -> Market:
        """Return the offers of both."""
        both = {
            a: (*self.by_accelerator.get(a, ()), *other.by_accelerator.get(a, ()))
            for a in {**self.by_accelerator, **other.by_accelerator}
        }
        return Market(both)

    @property
    def accelerators(self) -> tuple[str, ...]:
        """Return what is on offer, sorted."""
        return tuple(sorted(self.by_accelerator))


@dataclass(frozen=True, slots=True)
class Where:
    """The area and the day whose prices count; `pinned` work may not leave the area, and of CPU
    machines those are on offer that are `confidential`, or those that are not."""

    area: str
    on: str
    pinned: bool = False
    confidential: bool = False


def build_market(
    offers: Iterable[Offer],
    providers: Iterable[Provider],
    where: Where,
    spread_pct: float,
) -> Market:
    """Return the market of `providers` at the prices of an area on a day."""
    known = {p.id: p for p in providers}
    found: dict[str, list[Rate]] = {}
    for offer in offers:
        if offer.kind == "cpu" and offer.confidential != where.confidential:
            continue
        provider = known.get(offer.provider)
        rate = provider and _rate(offer, provider, where, spread_pct)
        if rate:
            found.setdefault(offer.accelerator_id or "cpu", []).append(rate)
    return Market({a: tuple(rates) for a, rates in sorted(found.items())})


def _priced_in(offer: Offer, provider: Provider, where: Where) -> Price | None:
    """Return the price that holds there: large clouds sell a machine at home and elsewhere at a
    like price, while a small one has each device in the regions that it lists and in no other."""
    price = offer.price("on_demand", where.area, where.on)
    if provider.kind == "gpu_cloud" and where.pinned and where.area != "us":
        return price if price and price.area == where.area else None
    return price or offer.price("on_demand", "us", where.on)


def _rate(offer: Offer, provider: Provider, where: Where, spread_pct: float) -> Rate | None:
    area, on = where.area, where.on
    price = _priced_in(offer, provider, where)
    if price is None:
        return None
    spread = Decimal(str(spread_pct / 100))
    reserved = offer.price("reserved_1y", area, on)
    low = min(
        reserved.usd_per_hour if reserved else price.usd_per_hour * (1 - spread), price.usd_per_hour
    )
    spot = offer.price("spot", "us", on)
    return Rate(
        provider=offer.provider,
        provider_kind=provider.kind,
        instance=offer.instance_type,
        per_instance=max(1, offer.count),
        hour=Money(low, price.usd_per_hour, price.usd_per_hour * (1 + spread)),
        effective=price.effective,
        source=", ".join(filter(None, (price.region, price.source))),
        bare_metal="yes" if offer.bare_metal else "no",
        network_gb_s=offer.network_gbit_s / 8 / max(1, offer.count) or None,
        vcpus=offer.vcpus,
        memory_gb=offer.mem_gb,
        spot_usd=spot.usd_per_hour if spot else None,
    )
