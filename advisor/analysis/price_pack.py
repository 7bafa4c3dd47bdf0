"""A pack of imported prices: offers of the catalogue restated with one more dated price each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from advisor.analysis.price_import import NewPrice
from advisor.domain.offers import Offer, Price
from advisor.frozen import dataclass

HEADER = "# yaml-language-server: $schema=../schema/{}.schema.json\n"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the prices come from: list, provider, file and ISO day."""

    kind: str
    provider: str
    file: str
    day: str

    @property
    def source(self) -> str:
        """Return the id of the source."""
        return f"{self.provider}-prices-{self.day}"


def pack_files(
    prices: Iterable[NewPrice], offers: Mapping[str, Offer], origin: Origin
) -> dict[str, str]:
    """Return the texts of the pack by path; earlier prices of an offer are kept."""
    mine: dict[str, list[NewPrice]] = defaultdict(list)
    for price in prices:
        mine[price.offer].append(price)
    rows = [_offer(offers[id_], found, origin) for id_, found in sorted(mine.items())]
    pack = f"prices{origin.provider}{origin.day}".replace("-", "")
    return {
        "pack.yaml": f'id: {pack}\nversion: "{origin.day}"\n'
        f"name: {json.dumps(f'{origin.kind} of {origin.provider}')}\n",
        f"knowledge/{origin.provider}.yaml": _text("instances", rows),
        f"knowledge/{origin.provider}-source.yaml": _text("sources", [_source(origin)]),
    }


def _text(kind: str, rows: list[dict[str, Any]]) -> str:
    """Return a file of the library, an entry a line; JSON is YAML."""
    lines = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows)
    return f'{HEADER.format(kind)}{{"{kind}": [\n{lines}\n]}}\n'


def _source(origin: Origin) -> dict[str, str]:
    return {
        "id": origin.source,
        "title": f"{origin.kind} of {origin.provider}",
        "kind": "price list",
        "where": origin.file,
        "snapshot": origin.day,
        "used_for": "imported prices",
    }


def _offer(offer: Offer, found: list[NewPrice], origin: Origin) -> dict[str, Any]:
    stated = {
        "accelerator_id": offer.accelerator_id,
        "count": offer.count,
        "vcpus": offer.vcpus,
        "mem_gb": offer.mem_gb,
        "local_nvme_gb": offer.local_nvme_gb,
        "network_gbit_s": offer.network_gbit_s,
        "regions_priced": offer.regions_priced,
        "locator": offer.provenance.locator,
        "notes": offer.provenance.notes,
        "doubt": offer.provenance.doubt,
    }
    sold = offer.on_demand_available or any(p.terms == "on_demand" for p in found)
    return {
        "id": offer.id,
        "provider": offer.provider,
        "instance_type": offer.instance_type,
        "kind": offer.kind,
        **{name: value for name, value in stated.items() if value},
        "rdma": offer.rdma,
        "bare_metal": _truth(offer.bare_metal),
        "on_demand_available": _truth(sold),
        "prices": [*map(_kept, offer.prices), *(_new(price, origin) for price in found)],
        "source": [*offer.provenance.source, origin.source],
        "as_of": origin.day,
        "evidence": "price_list",
    }


def _kept(price: Price) -> dict[str, str]:
    low = price.low_usd_per_hour
    return {
        "terms": price.terms,
        "region": price.region,
        "area": price.area,
        "usd_per_hour": f"{price.usd_per_hour:f}",
        **({} if low is None else {"low_usd_per_hour": f"{low:f}"}),
        "effective": price.effective,
        "checked": price.checked,
        "source": price.source,
        "evidence": price.evidence,
        **({"doubt": price.doubt} if price.doubt else {}),
    }


def _new(price: NewPrice, origin: Origin) -> dict[str, str]:
    low: Decimal | None = price.low_usd
    return {
        "terms": price.terms,
        "region": price.region,
        "area": price.area,
        "usd_per_hour": f"{price.usd_per_hour:f}",
        **({} if low is None else {"low_usd_per_hour": f"{low:f}"}),
        "effective": origin.day,
        "checked": origin.day,
        "source": origin.source,
    }


def _truth(value: bool) -> str:
    return "yes" if value else "no"
