"""Pages of the Azure Retail Prices API: `Items`, one an instance type, region and kind of price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from advisor.analysis.price_lists.listed import Left, Listed, Row, amount

HOURS = {"1 Year": Decimal(8760), "3 Years": Decimal(26280)}
TERMS = {"1 Year": "reserved_1y", "3 Years": "reserved_3y"}


def read(items: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """Yield the prices; a reservation is listed for its whole term and divided by its hours."""
    for item in items:
        yield _price(item)


def _price(item: Mapping[str, Any]) -> Row:
    usd, name = amount(item.get("retailPrice")), item.get("armSkuName", "")
    if unfit := _unfit(item):
        return Left(unfit)
    if usd is None or not name:
        return Left("rows without a price")
    term, region = item.get("reservationTerm", ""), item["armRegionName"]
    if item.get("type") == "Reservation" and term in HOURS:
        return Listed(name, region, TERMS[term], usd / HOURS[term])
    if item.get("type") != "Consumption" or item.get("unitOfMeasure") != "1 Hour":
        return Left("other meters than hours")
    spot = "Spot" in item.get("skuName", "")
    return Listed(name, region, "spot" if spot else "on_demand", usd)


def _unfit(item: Mapping[str, Any]) -> str:
    """Return why a row is not about the price of a Linux machine in dollars, "" if it is."""
    if "Windows" in item.get("productName", ""):
        return "rows of Windows"
    if "Low Priority" in item.get("skuName", ""):
        return "rows of low priority"
    return "" if item.get("currencyCode", "USD") == "USD" else "rows in other currencies"


def day_of(items: Iterable[Mapping[str, Any]]) -> str:
    """Return the latest day on which a price began to hold, "" where none says."""
    return max((str(i.get("effectiveStartDate", ""))[:10] for i in items), default="")
