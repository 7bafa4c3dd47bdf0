"""What can be rented or called, from whom, and for how much."""

from __future__ import annotations

from decimal import Decimal

from advisor.domain.provenance import Provenance, earliest_day
from advisor.frozen import dataclass

TERMS = ("on_demand", "spot", "reserved_1y", "reserved_3y")
AREAS = ("us", "eu", "ap")


@dataclass(frozen=True, slots=True)
class Price:
    """A dated price in USD an hour for the whole instance.

    `area` is us, eu, ap or any; `effective` is the date of the price, `checked` the day its
    source was last read. `low_usd_per_hour` is the lowest observation of a spot price.
    """

    terms: str
    region: str
    area: str
    usd_per_hour: Decimal
    effective: str
    checked: str
    source: str
    evidence: str
    low_usd_per_hour: Decimal | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One instance type or node of a provider.

    `count` accelerators of type `accelerator_id` ("" and 0 for CPU instances); GB of host
    memory and local NVMe, Gbit/s of network; 0 where the source does not say. `confidential`: a
    CPU machine whose memory its operator cannot read, at the price of that form.
    """

    id: str
    provider: str
    instance_type: str
    kind: str
    accelerator_id: str
    count: int
    vcpus: int
    mem_gb: float
    local_nvme_gb: float
    network_gbit_s: float
    rdma: str
    bare_metal: bool
    on_demand_available: bool
    regions_priced: int
    prices: tuple[Price, ...]
    provenance: Provenance
    confidential: bool = False

    def price(self, terms: str, area: str = "us", on: str = "") -> Price | None:
        """Return the newest price on these terms in the area, or None where there is none.

        `on` is an ISO day: prices of later days are left out, unless nothing older is known.
        """
        fits = [p for p in self.prices if p.terms == terms and p.area in {area, "any"}]
        if not on:
            return max(fits, key=_newest_then_cheapest, default=None)
        known = [p for p in fits if earliest_day(p.effective).isoformat() <= on]
        first = min((p.effective for p in fits), key=earliest_day, default="")
        then = known or [p for p in fits if p.effective == first]
        return max(then, key=_newest_then_cheapest, default=None)

    @property
    def areas(self) -> tuple[str, ...]:
        """Return the areas with an on-demand price, sorted."""
        found = {p.area for p in self.prices if p.terms == "on_demand"}
        return tuple(sorted(set(AREAS) if "any" in found else found))


def _newest_then_cheapest(price: Price) -> tuple[int, Decimal, str]:
    return earliest_day(price.effective).toordinal(), -price.usd_per_hour, price.region


@dataclass(frozen=True, slots=True)
class Provider:
    """Who runs machines or models; HIPAA and FedRAMP positions are cautious and to be confirmed.

    `kind` is hyperscaler, gpu_cloud, marketplace, model_api, storage or own_hardware; `cloud`
    is the id that answers use (aws, gcp, azure) or ""; `sold_on` names the clouds that sell the
    provider's models under their own contract, at the price listed for the provider.
    """

    id: str
    name: str
    kind: str
    areas: tuple[str, ...]
    headquarters: str
    cloud: str
    hipaa: str
    hipaa_note: str
    fedramp: str
    fedramp_note: str
    eu_data_boundary: str
    data_protection_note: str
    provenance: Provenance
    sold_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegionRatios:
    """Price of an instance type in each region over its price in `base_region`."""

    id: str
    provider: str
    instance_type: str
    base_region: str
    ratios: tuple[tuple[str, float], ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Commitment:
    """Price under a commitment (or as spot) over the on-demand price; 0.45 means 55 % off."""

    id: str
    provider: str
    product: str
    term: str
    payment: str
    ratio: float
    low: float
    high: float
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class ApiPrice:
    """A hosted model in USD per million tokens; `model_id` is "" for closed weights."""

    id: str
    provider: str
    model_ref: str
    model_id: str
    open_weights: bool
    input_usd_per_m: Decimal
    output_usd_per_m: Decimal
    cached_input_usd_per_m: Decimal | None
    effective: str
    checked: str
    provenance: Provenance


def offers_for(accelerator_id: str, offers: dict[str, Offer]) -> tuple[Offer, ...]:
    """Return the offers with this accelerator, by provider, count and id."""
    found = (offer for offer in offers.values() if offer.accelerator_id == accelerator_id)
    return tuple(sorted(found, key=lambda offer: (offer.provider, offer.count, offer.id)))


def cpu_offers(offers: dict[str, Offer]) -> tuple[Offer, ...]:
    """Return the offers without accelerator, by provider, vCPUs and id."""
    found = (offer for offer in offers.values() if offer.kind == "cpu")
    return tuple(sorted(found, key=lambda offer: (offer.provider, offer.vcpus, offer.id)))
