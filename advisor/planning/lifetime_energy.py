"""Electricity and emissions of the life, from the device-hours that are paid for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from advisor.domain.facility import DatacentreValue
from advisor.domain.lifetime import Energy, whole_cents
from advisor.planning.lifetime_options import work_of
from advisor.planning.lifetime_plan import HOURS
from advisor.planning.line import Line
from advisor.planning.options import AT_SITES, Option
from advisor.planning.own_hardware import CPU_SERVER_VCPUS, machine_of
from advisor.planning.places import area_of

PLACES = {"us": "USA", "eu": "DEU", "ap": "JPN"}
"""Grid of each price area: the country whose electricity price stands for it."""
NAMES = {"USA": "the United States", "DEU": "Germany", "JPN": "Japan"}
GRIDS = {
    "us": {
        "gcp": {"us-west1": "gcp:us-west1", "us-west2": "gcp:us-west2"},
        "aws": {"us-west-2": "gcp:us-west1", "us-west-1": "gcp:us-west2"},
        "azure": {"westus2": "gcp:us-west1"},
    },
    "eu": {
        "gcp": {"europe-north1": "gcp:europe-north1", "europe-west9": "gcp:europe-west9"},
        "aws": {"eu-north-1": "SWE", "eu-west-3": "FRA", "eu-south-2": "ESP"},
        "azure": {"swedencentral": "SWE", "francecentral": "FRA"},
    },
    "ap": {
        "gcp": {"asia-southeast1": "gcp:asia-southeast1", "asia-northeast3": "gcp:asia-northeast3"},
        "aws": {"ap-southeast-1": "SGP", "ap-northeast-2": "KOR"},
        "azure": {"koreacentral": "KOR"},
    },
}
"""Regions of clouds in an area with the grid that feeds each; those of one place share a grid."""
PUES = {
    "aws": "pue-aws-fleet",
    "gcp": "pue-google-fleet",
    "azure": "pue-microsoft-fleet",
    "oci": "pue-oci-estimate",
    "own": "pue-enterprise-server-room",
}
USUAL_PUE = "pue-ai-dc-typical-assumption"
DRAW = {"training": "average-power-draw-training", "serving": "average-power-draw-inference"}
Values = Mapping[str, DatacentreValue]


def energy_of(line: Line, months: int) -> Energy | None:
    """Return the energy of the likely hours of every settled use, None where none runs here."""
    values = {value.id: value for value in line.kit.library.datacentre.values()}
    used = ((use, _kwh(line, use, months, values)) for use in sorted(line.uses))
    kwh = tuple((use, amount) for use, amount in used if amount)
    if not kwh:
        return None
    carbon = {v.scope: float(v.value) for v in values.values() if v.metric == "carbon-intensity"}
    area = area_of(line.brief)
    place = PLACES[area]
    total = sum(amount for _, amount in kwh)
    basis = "device-hours x board power x server overhead x average draw x PUE; location-based grid"
    here = total * carbon[place] / 1e3
    if any(_runs_anyway(option) for option in line.uses.values()):
        basis += "; devices at the edge run anyway and are left out"
    most = max(kwh, key=lambda row: row[1])[0]
    moved = _greener(line, line.uses[most], months, carbon)
    if moved is None:
        return Energy(kwh, NAMES[place], here, "", here, basis)
    region, grid, extra = moved
    return Energy(kwh, NAMES[place], here, region, total * grid / 1e3, basis, extra)


Moved = tuple[str, float, Decimal | None]
"""A region, grams of its grid a kWh, and what it costs more over the life, None if unknown."""


def _greener(line: Line, option: Option, months: int, carbon: Mapping[str, float]) -> Moved | None:
    """Return the cheapest region of the provider on a greener grid in the same area, by what a
    gram spared costs; elsewhere the greenest grid; None where the machines are one's own."""
    if option.provider == "own":
        return None
    area = area_of(line.brief)
    here, usd = carbon[PLACES[area]], option.lifetime(months)
    found = [
        (
            extra / Decimal(str(here - carbon[grid])),
            f"{region} of {line.kit.provider(option.provider)}",
            grid,
            extra,
        )
        for region, grid in GRIDS[area].get(option.provider, {}).items()
        if carbon[grid] < here and (extra := _extra_usd(line, option, region, usd)) is not None
    ]
    if found:
        _, name, grid, extra = min(found)
        return name, carbon[grid], max(Decimal(0), whole_cents(extra))
    grids = sorted({g for regions in GRIDS[area].values() for g in regions.values()})
    grid = min(grids, key=lambda g: (carbon[g], g))
    return "the place of the area with the cleanest grid", carbon[grid], None


def _extra_usd(line: Line, option: Option, region: str, usd: Decimal) -> Decimal | None:
    """Return what the machines of an option cost more in a region over the life."""
    rows = line.kit.library.region_ratios.values()
    named = (
        r for r in rows if r.instance_type == option.instance and r.provider == option.provider
    )
    ratios = dict(row.ratios) if (row := next(named, None)) else {}
    if region not in ratios:
        return None
    base = next((ratios[r] for r in USUAL[area_of(line.brief)] if r in ratios), 1.0)
    return usd * Decimal(str(round(ratios[region] / base - 1, 6)))


USUAL = {
    "us": ("us-east-1", "us-central1", "eastus"),
    "eu": ("eu-central-1", "europe-west4", "germanywestcentral", "westeurope"),
    "ap": ("ap-northeast-1", "asia-northeast1", "japaneast"),
}
"""Regions whose price stands for an area, as the price lists are read."""


def _kwh(line: Line, use: str, months: int, values: Values) -> float:
    work, settled = work_of(line, use, months), line.uses[use]
    if work is None or not settled.devices or _runs_anyway(settled):
        return 0.0
    option, capacity = work.option, work.capacity
    each = option.hours_month.likely
    if option.provider == "own" and not each:
        each = float(HOURS * option.devices)
    if capacity is None:
        grown = option.hours_once.likely + each * sum(f.likely for f in work.growth)
    else:
        grown = each * sum(float(capacity.bill_factor(f.likely)) for f in work.growth)
    pue = values[PUES.get(option.provider, USUAL_PUE)].value
    return grown * float(kw_of(line, option, values) * values[DRAW[use]].value * pue)


def _runs_anyway(option: Option) -> bool:
    """Return whether an option takes the processor of a device that is there for other work."""
    return option.pattern in AT_SITES and option.accelerator == "cpu"


def kw_of(line: Line, option: Option, values: Values) -> Decimal:
    """Return what a device draws at most with its share of the server, in kW."""
    device = line.kit.devices.get(option.accelerator)
    if device is None:
        server = values["server-power-max-dual-socket-cpu-node"].value
        return server * _vcpus(line, option) / CPU_SERVER_VCPUS
    overhead = machine_of(device.form_factor).overhead
    factor = values[overhead].value if overhead else Decimal(1)
    return Decimal(str(device.tdp_w or 300)) / 1000 * factor


def _vcpus(line: Line, option: Option) -> int:
    offers = line.kit.library.offers.values()
    named = (o.vcpus for o in offers if o.instance_type == option.instance)
    return next(named, CPU_SERVER_VCPUS)
