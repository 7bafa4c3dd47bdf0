"""The SkyPilot catalogue (`<cloud>/vms.csv`): one row an instance type, region and zone.

`Price` and `SpotPrice` are for the whole instance; empty means not offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from advisor.analysis.price_lists.listed import Left, Listed, Row, amount, rows_of

HOST_ONLY = {
    "a2-highgpu": "A100",
    "a2-megagpu": "A100",
    "a2-ultragpu": "A100-80GB",
    "a3-highgpu": "H100",
    "a3-megagpu": "H100-MEGA",
    "a3-ultragpu": "H200",
    "a4-highgpu": "B200",
    "g2-standard": "L4",
}
"""Google machine families whose rows price the host alone -> the accelerator priced beside it."""

Beside = Mapping[tuple[str, float, str], tuple[Decimal | None, Decimal | None]]
"""Accelerator, count and zone -> price on demand and as spot."""


def read(text: str, counts: Mapping[str, int]) -> Iterator[Row]:
    """Yield the prices; `counts` are the accelerators of Google's instance types in the catalogue.

    Google prices accelerators in rows of their own without an instance type: host and accelerators
    of the same zone are added. Its TPU rows are left out: some count chips and some cores.
    """
    rows = list(rows_of(text))
    beside = _accelerators(row for row in rows if not row["InstanceType"])
    for row in rows:
        if row["InstanceType"]:
            yield from _prices(row, counts, beside)
        elif row["AcceleratorName"].startswith("tpu"):
            yield Left("rows of TPUs, which count chips or cores")


def _accelerators(rows: Iterable[dict[str, str]]) -> Beside:
    return {
        (row["AcceleratorName"], _count(row), _zone(row)): (
            amount(row["Price"]),
            amount(row["SpotPrice"]),
        )
        for row in rows
    }


def _prices(row: dict[str, str], counts: Mapping[str, int], beside: Beside) -> Iterator[Row]:
    name, region = row["InstanceType"], row["Region"]
    full, spot = amount(row["Price"]), amount(row["SpotPrice"])
    device = HOST_ONLY.get(name.rpartition("-")[0])
    if device and not row["AcceleratorName"]:
        more = beside.get((device, float(counts.get(name, 0)), _zone(row)))
        if more is None:
            yield Left("hosts without a row for their accelerators in the same zone")
            return
        full, spot = _sum(full, more[0]), _sum(spot, more[1])
    if full is None and spot is None:
        yield Left("rows without a price")
    if full is not None:
        yield Listed(name, region, "on_demand", full)
    if spot is None or spot == full:
        return  # equal prices mean that there is no spot market
    if full is not None and spot > full:
        yield Left("spot prices above the price on demand")
    else:
        yield Listed(name, region, "spot", spot)


def _count(row: dict[str, str]) -> float:
    return float(row["AcceleratorCount"] or 0)


def _zone(row: dict[str, str]) -> str:
    return row.get("AvailabilityZone") or row["Region"]


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other
