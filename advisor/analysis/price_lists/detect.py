"""Which price list a file is, told by what is in it; the provider, by its name where need be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from advisor.analysis.price_lists import aws, azure, gpuhunt, skypilot
from advisor.analysis.price_lists.listed import Row
from advisor.domain.offers import Offer
from advisor.errors import InputError, Place, Problem
from advisor.frozen import dataclass
from advisor.library.words import remedy

ALIASES = {"lambdalabs": "lambda", "vastai": "vast", "datacrunch": "verda", "amazon": "aws"}
"""Names that price lists use -> providers of the catalogue."""
KNOWN = (
    "a SkyPilot vms.csv, a gpuhunt CSV, an AWS price list (index.json or index.csv) "
    "or pages of the Azure Retail Prices API"
)


@dataclass(frozen=True, slots=True)
class PriceList:
    """One file as read: `day` is the date that it states itself, "" where it states none."""

    kind: str
    provider: str
    day: str
    rows: tuple[Row, ...]


def read_price_list(name: str, raw: bytes, provider: str, offers: Mapping[str, Offer]) -> PriceList:
    """Return the prices in a file; `provider` may be "" where file or path tell.

    Raises InputError where the file is none of the known lists or its provider stays open.
    """
    try:
        text = raw.decode("utf-8-sig")
        if text.lstrip()[:1] in ("{", "["):
            return _json(name, json.loads(text))
        return _csv(name, text, provider, offers)
    except InputError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        said = f"'{error.args[0]}' is missing" if isinstance(error, KeyError) else str(error)
        raise _refused(
            name, f"this is not a price list as published ({said}); give {KNOWN}"
        ) from None


def _json(name: str, data: Any) -> PriceList:
    if isinstance(data, dict) and {"products", "terms"} <= data.keys():
        day = str(data.get("publicationDate", ""))[:10]
        return PriceList("AWS price list", "aws", day, tuple(aws.read_json(data)))
    pages = data if isinstance(data, list) else [data]
    items = [i for page in pages for i in page.get("Items", [page])]
    if not items or "armSkuName" not in items[0]:
        raise _refused(name, f"no price list is recognised in it; give {KNOWN}")
    return PriceList("Azure retail prices", "azure", azure.day_of(items), tuple(azure.read(items)))


def _csv(name: str, text: str, provider: str, offers: Mapping[str, Offer]) -> PriceList:
    header = text.split("\n", 1)[0]
    if "FormatVersion" in header:
        return PriceList("AWS price list", "aws", aws.day_of_csv(text), tuple(aws.read_csv(text)))
    known = {offer.provider for offer in offers.values()}
    if "AcceleratorName" in header:
        cloud = _provider(name, provider or PurePath(name).parent.name, known)
        counts = {o.instance_type: o.count for o in offers.values() if o.provider == cloud}
        return PriceList("SkyPilot catalogue", cloud, "", tuple(skypilot.read(text, counts)))
    if "instance_name" in header:
        cloud = _provider(name, provider or PurePath(name).stem, known)
        return PriceList("gpuhunt catalogue", cloud, "", tuple(gpuhunt.read(text)))
    raise _refused(name, f"no price list is recognised in its first line; give {KNOWN}")


def _provider(name: str, said: str, known: set[str]) -> str:
    found = ALIASES.get(said.lower(), said.lower())
    if found not in known:
        message = f"whose prices these are is not known ('{said}'); say --provider: "
        raise _refused(name, message + remedy(said, known))
    return found


def _refused(name: str, message: str) -> InputError:
    return InputError([Problem(Place(name), "E350", "", message)])
