"""Electricity and emissions of the life, from the device-hours that are paid for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from advisor.domain.facility import DatacentreValue
from advisor.domain.lifetime import Energy
from advisor.planning.lifetime_options import work_of
from advisor.planning.lifetime_plan import HOURS
from advisor.planning.line import Line
from advisor.planning.market import area_of
from advisor.planning.options import Option
from advisor.planning.own_hardware import CPU_SERVER_VCPUS, machine_of

PLACES = {"us": "USA", "eu": "DEU", "ap": "JPN"}
"""Grid of each price area: the country whose electricity price stands for it."""
GREENER = {
    "us": ("gcp:us-west1", "gcp:us-west2"),
    "eu": ("SWE", "FIN", "FRA", "ESP"),
    "ap": ("gcp:asia-southeast1", "gcp:asia-northeast2", "gcp:asia-northeast3"),
}
"""Grids in the same area where clouds have regions; the one with least carbon is named."""
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
    greener = min(GREENER[area], key=lambda place: (carbon[place], place))
    total = sum(amount for _, amount in kwh)
    basis = "device-hours x board power x server overhead x average draw x PUE; location-based grid"
    place = PLACES[area]
    return Energy(
        kwh, place, total * carbon[place] / 1e3, greener, total * carbon[greener] / 1e3, basis
    )


def _kwh(line: Line, use: str, months: int, values: Values) -> float:
    work, settled = work_of(line, use, months), line.uses[use]
    if work is None or not settled.devices:
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
    return grown * float(_kw(line, option, values) * values[DRAW[use]].value * pue)


def _kw(line: Line, option: Option, values: Values) -> Decimal:
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
