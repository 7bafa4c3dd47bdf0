"""Price lists held against the catalogue: one new price an offer, terms and area.

A price on demand is that of the region in which the catalogue prices the provider, where the list
has it, else of the cheapest region of the area; a spot price is the median of the area's zones,
with the lowest beside it, as in the catalogue.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from statistics import median

from advisor.analysis.price_lists.detect import PriceList
from advisor.analysis.price_lists.listed import Left, Listed
from advisor.analysis.price_lists.places import area_of
from advisor.domain.offers import Offer, Price
from advisor.frozen import dataclass

PLAUSIBLE = (Decimal("0.6"), Decimal("1.8"))
"""A region's price over the median of all regions: below, Google lists commitments as full prices;
above, Azure lists Windows in some regions, about twice the price of Linux."""
REGIONS_FOR_A_MEDIAN = 3
MILLS = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class NewPrice:
    """What a list says of an offer on some terms in an area; `low_usd` for spot alone."""

    offer: str
    terms: str
    region: str
    area: str
    usd_per_hour: Decimal
    low_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """New prices, how many rows were left out for which reason, and types not in the catalogue."""

    prices: tuple[NewPrice, ...]
    left: Mapping[str, int]
    unknown: tuple[str, ...]


def imported(found: PriceList, offers: Mapping[str, Offer]) -> Imported:
    """Return what the list says of the offers of its provider, sorted by offer, terms and area."""
    mine = {_plain(o.instance_type): o for o in offers.values() if o.provider == found.provider}
    left = Counter(row.reason for row in found.rows if isinstance(row, Left))
    unknown: set[str] = set()
    seen: dict[tuple[str, str], list[Listed]] = defaultdict(list)
    for row in found.rows:
        if isinstance(row, Listed):
            if _plain(row.instance_type) not in mine:
                unknown.add(row.instance_type)
            elif not area_of(row.region):
                left["regions outside us, eu and ap"] += 1
            else:
                seen[mine[_plain(row.instance_type)].id, row.terms].append(row)
    homes = _homes(mine.values())
    prices: list[NewPrice] = []
    for (offer, terms), rows in sorted(seen.items()):
        kept = list(_plausible(rows)) if terms == "on_demand" else rows
        left["prices far from the median of their regions"] += len(rows) - len(kept)
        prices += _by_area(offer, terms, kept, homes)
    kept_out = {reason: count for reason, count in sorted(left.items()) if count}
    return Imported(tuple(_consistent(prices)), kept_out, tuple(sorted(unknown)))


def _plain(instance_type: str) -> str:
    return instance_type.casefold().replace("_", "-")


def _homes(offers: Iterable[Offer]) -> dict[str, str]:
    """Return the region of each area in which most offers of a provider are priced."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for price in (p for offer in offers for p in offer.prices if p.terms == "on_demand"):
        found[price.area][price.region] += 1
    return {area: min(c, key=lambda r: (-c[r], r)) for area, c in found.items()}


def _plausible(rows: list[Listed]) -> Iterator[Listed]:
    regions = {row.region: row.usd_per_hour for row in rows}
    middle = median(sorted(regions.values()))
    low, high = (middle * factor for factor in PLAUSIBLE)
    for row in rows:
        if len(regions) < REGIONS_FOR_A_MEDIAN or low <= row.usd_per_hour <= high:
            yield row


def _by_area(
    offer: str, terms: str, rows: list[Listed], homes: Mapping[str, str]
) -> Iterator[NewPrice]:
    areas: dict[str, list[Listed]] = defaultdict(list)
    for row in rows:
        areas[area_of(row.region)].append(row)
    for area, mine in sorted(areas.items()):
        if terms == "spot":
            every = sorted(row.usd_per_hour for row in mine)
            yield NewPrice(offer, terms, area, area, _rounded(median(every)), _rounded(every[0]))
            continue
        home = [row for row in mine if row.region == homes.get(area)]
        best = min(home or mine, key=lambda row: (row.usd_per_hour, row.region))
        yield NewPrice(offer, terms, best.region, area, _rounded(best.usd_per_hour))


def _consistent(prices: list[NewPrice]) -> Iterator[NewPrice]:
    """Yield the prices without concessions that cost more than on demand in their area."""
    full = {(p.offer, p.area): p.usd_per_hour for p in prices if p.terms == "on_demand"}
    for price in prices:
        if price.usd_per_hour <= full.get((price.offer, price.area), price.usd_per_hour):
            yield price


def _rounded(usd: Decimal) -> Decimal:
    return usd.quantize(MILLS).normalize()


@dataclass(frozen=True, slots=True)
class Change:
    """A price beside the one in the catalogue; `before` is None where it had none."""

    offer: str
    terms: str
    area: str
    before: Price | None
    usd_per_hour: Decimal

    @property
    def percent(self) -> float | None:
        """Return the change over the price before, None without one."""
        if self.before is None:
            return None
        return float((self.usd_per_hour / self.before.usd_per_hour - 1) * 100)


def changes(prices: Iterable[NewPrice], offers: Mapping[str, Offer]) -> tuple[Change, ...]:
    """Return the prices that differ from the newest of the catalogue, the largest change first."""
    found = [
        Change(p.offer, p.terms, p.area, before, p.usd_per_hour)
        for p in prices
        for before in [offers[p.offer].price(p.terms, p.area) if p.offer in offers else None]
        if before is None or before.usd_per_hour != p.usd_per_hour
    ]
    return tuple(sorted(found, key=_largest_first))


def _largest_first(change: Change) -> tuple[float, str, str, str]:
    size = float("inf") if change.percent is None else abs(change.percent)
    return -size, change.offer, change.terms, change.area


def newest(offers: Mapping[str, Offer]) -> Iterator[NewPrice]:
    """Yield the price in force of each offer, terms and area."""
    for id_, offer in sorted(offers.items()):
        for terms, area in sorted({(p.terms, p.area) for p in offer.prices}):
            price = offer.price(terms, area)
            if price is not None:
                yield NewPrice(id_, terms, price.region, area, price.usd_per_hour)
