"""The AWS price list of a region (`offers/v1.0/aws/AmazonEC2/current/<region>/index.{json,csv}`).

Kept: Linux on shared tenancy without software, in use; on demand, and standard reservations
without upfront payment.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from advisor.analysis.price_lists.listed import Left, Listed, Row, amount, rows_of

KEPT = {"operatingSystem": "Linux", "tenancy": "Shared", "preInstalledSw": "NA"}
COLUMNS = {"operatingSystem": "Operating System", "preInstalledSw": "Pre Installed S/W"}
COLUMNS |= {"tenancy": "Tenancy", "capacitystatus": "CapacityStatus"}
COLUMNS |= {"instanceType": "Instance Type", "regionCode": "Region Code"}
COLUMNS |= {"LeaseContractLength": "LeaseContractLength", "PurchaseOption": "PurchaseOption"}
COLUMNS |= {"OfferingClass": "OfferingClass"}
"""Attribute of the JSON -> column of the CSV."""
YEARS = {"1yr": "reserved_1y", "3yr": "reserved_3y"}
METADATA_LINES = 5


def read_json(data: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the prices of `index.json`."""
    terms = data["terms"]
    for sku, product in data["products"].items():
        attributes = product.get("attributes", {})
        if not _kept(attributes):
            yield Left("other systems, tenancies and software")
            continue
        for term in terms.get("OnDemand", {}).get(sku, {}).values():
            yield from _hourly(attributes, "on_demand", term)
        for term in terms.get("Reserved", {}).get(sku, {}).values():
            kind = _reserved(term.get("termAttributes", {}))
            yield from _hourly(attributes, kind, term) if kind else ()


def _hourly(attributes: Mapping[str, str], terms: str, term: Mapping[str, Any]) -> Iterator[Row]:
    for dimension in term["priceDimensions"].values():
        usd = amount(dimension["pricePerUnit"].get("USD"))
        if dimension["unit"] == "Hrs" and usd is not None:
            yield Listed(attributes["instanceType"], attributes["regionCode"], terms, usd)


def read_csv(text: str) -> Iterator[Row]:
    """Yield the prices of `index.csv`, which begins with five lines of metadata."""
    for row in rows_of("\n".join(text.splitlines()[METADATA_LINES:])):
        attributes = {name: row.get(column, "") for name, column in COLUMNS.items()}
        usd, unit = amount(row["PricePerUnit"]), row.get("Unit", "Hrs")
        terms = "on_demand" if row["TermType"] == "OnDemand" else _reserved(attributes)
        if not _kept(attributes):
            yield Left("other systems, tenancies and software")
        elif terms and usd is not None and unit == "Hrs":
            yield Listed(attributes["instanceType"], attributes["regionCode"], terms, usd)


def day_of_csv(text: str) -> str:
    """Return the publication date among the metadata, "" where it is missing."""
    for line in csv.reader(io.StringIO("\n".join(text.splitlines()[:METADATA_LINES]))):
        if line[:1] == ["Publication Date"]:
            return line[1][:10]
    return ""


def _kept(attributes: Mapping[str, str]) -> bool:
    used = attributes.get("capacitystatus", "Used") == "Used"
    named = bool(attributes.get("instanceType"))
    return named and used and all(attributes.get(k) == v for k, v in KEPT.items())


def _reserved(attributes: Mapping[str, str]) -> str:
    """Return the terms of a standard reservation without upfront payment, "" for any other."""
    standard = attributes.get("OfferingClass") == "standard"
    plain = standard and attributes.get("PurchaseOption") == "No Upfront"
    return YEARS.get(attributes.get("LeaseContractLength", ""), "") if plain else ""
