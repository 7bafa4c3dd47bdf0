"""What machines of one's own cost a month: purchase, power, support, capital and spares.

Machines are bought whole: eight accelerators of a baseboard, four or eight cards of a server, a
workstation with its cards, a device for the edge, a rack of 72.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from decimal import Decimal

from advisor.domain.catalogue import AcceleratorRecord, PurchasePrice
from advisor.domain.facility import DatacentreValue
from advisor.domain.plan import NOTHING, Money
from advisor.frozen import dataclass, replace
from advisor.planning.market import CENT, OWN, Market, Rate

Values = Mapping[str, DatacentreValue]
HOURS = Decimal(730)
CPU_SERVER_VCPUS = 128
"""Two sockets of 32 cores, two threads each."""
DESK_COMPUTER = Rate(
    provider="own",
    provider_kind=OWN,
    instance="the computer on the desk",
    per_instance=1,
    hour=NOTHING,
    effective="",
    source="it is there whatever is planned",
    bare_metal="yes",
    month_owned=NOTHING,
    month_held=NOTHING,
    most=1,
    vcpus=8,
)
"""A laptop or workstation without an accelerator: four cores, two threads each."""
SETTLED_YEARS = 2
"""Machines of unknown kind that are owned already are of a generation at least this old."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A kind of machine: devices it may hold, what it costs beside them, what it draws.

    `chassis` and `network` and `overhead` are ids of values, "" where there is none: a factor on
    the devices or the price of the empty machine; a price for each device; watts of the whole
    over those of the devices.
    """

    words: str
    sizes: tuple[int, ...]
    chassis: str = ""
    network: str = ""
    overhead: str = ""
    network_gb_s: float = 1.25


BASEBOARD = Machine(
    "server",
    (8,),
    "chassis-overhead-hgx-8gpu",
    "network-capex-ib-ndr-2tier-1to1",
    "server-power-overhead-hgx-8gpu-air",
    50.0,
)
RACK = Machine(
    "rack",
    (72,),
    "chassis-overhead-hgx-8gpu",
    "network-capex-ib-ndr-2tier-1to1",
    "server-power-overhead-nvl72-liquid",
    50.0,
)
CARDS = Machine(
    "server",
    (4, 8),
    "server-price-dual-epyc-no-gpu",
    "network-capex-100gbe-only",
    "server-power-overhead-pcie-gpu-server",
    6.25,
)
SUPERCHIP = Machine(
    "server", (1, 2), "", "network-capex-roce-400g", "server-power-overhead-pcie-gpu-server", 50.0
)
DESK = Machine(
    "workstation",
    (1, 2, 4),
    "server-price-workstation-no-gpu",
    "",
    "server-power-overhead-pcie-gpu-server",
)
DEVICE = Machine("device", (1,))
BY_FORM = {
    "oam": BASEBOARD,
    "superchip-nvl72": RACK,
    "superchip": SUPERCHIP,
    "pcie": CARDS,
    "pcie-lp": CARDS,
    "pcie-workstation": DESK,
    "pcie-consumer": DESK,
    "module": DEVICE,
    "soc": DEVICE,
    "desktop-soc": DEVICE,
}
"""Machine of each form factor; `sxm` of any generation sits on a baseboard."""


@dataclass(frozen=True, slots=True)
class Owned:
    """Accelerators that are owned already: how many under `desks` and in `servers`.

    `accelerator` names their kind and `per_machine` how many share a host; "" and 0 where the
    answers do not say, and then any usual kind and machine is taken.
    """

    desks: int = 0
    servers: int = 0
    accelerator: str = ""
    per_machine: int = 0


@dataclass(frozen=True, slots=True)
class Ground:
    """Where machines stand: values of the site, the electricity price, and what is there already.

    `year` is today's; `buys` says whether more may be bought. `known` keeps the rates of bought
    machines by electricity, accelerator and size: what else the ground says does not change them.
    """

    values: Values
    electricity: str
    owned: Owned = Owned()
    year: int = 0
    buys: bool = True
    known: dict[tuple[str, str, int], Rate] = field(default_factory=dict)


def own_market(records: Iterable[AcceleratorRecord], ground: Ground) -> Market:
    """Return a market of machines that can be bought or stand there, paid for the whole month.

    Who names what stands there uses it, and buys more of the same where it does not suffice.
    """
    rates = {
        r.id: tuple(_rates(r, r.purchase_price, ground))
        for r in records
        if r.sold and r.purchase_price is not None and _considered(r, ground.owned)
    }
    rates["cpu"] = tuple(_limited(_cpu_rate(ground), ground))
    return Market({id_: found for id_, found in sorted(rates.items()) if found})


def desk_market() -> Market:
    """Return the computer on the desk, which is there whatever is planned."""
    return Market({"cpu": (DESK_COMPUTER,)})


def _considered(record: AcceleratorRecord, owned: Owned) -> bool:
    """Return whether machines with it come into question: devices for sites always do."""
    at_sites = machine_of(record.accelerator.form_factor) is DEVICE
    return at_sites or owned.accelerator in ("", record.id)


def machine_of(form_factor: str) -> Machine:
    """Return the machine that accelerators of a form factor are bought in."""
    return BASEBOARD if form_factor.startswith("sxm") else BY_FORM.get(form_factor, CARDS)


def _rates(record: AcceleratorRecord, price: PurchasePrice, ground: Ground) -> Iterator[Rate]:
    """Yield one rate for each usual size of machine, that of the machines owned alone where it is
    known: others beside them would be bought while these stand idle."""
    machine = machine_of(record.accelerator.form_factor)
    own = ground.owned.per_machine if ground.owned.accelerator == record.id else 0
    for size in (own,) if own else machine.sizes:
        yield from _limited(_rate(record, price, (machine, size), ground), ground)


def _limited(rate: Rate, ground: Ground) -> Iterator[Rate]:
    """Yield the rate if any such machine stands there or may be bought."""
    if ground.buys:
        yield rate
    elif rate.held:
        yield replace(rate, most=rate.held)


def _rate(
    record: AcceleratorRecord, price: PurchasePrice, bought: tuple[Machine, int], ground: Ground
) -> Rate:
    """Return the rate of a machine, with how many of it stand there."""
    machine, size = bought
    key = ground.electricity, record.id, size
    if key not in ground.known:
        ground.known[key] = _bought(record, price, bought, ground)
    own = ground.owned.per_machine
    held = _held(record, machine, ground) // size if size == (own or size) else 0
    named = bool(ground.owned.accelerator)
    rate = ground.known[key]
    return replace(rate, held=held, held_named=named) if held or named else rate


def _bought(
    record: AcceleratorRecord, price: PurchasePrice, bought: tuple[Machine, int], ground: Ground
) -> Rate:
    machine, size = bought
    device = record.accelerator
    middle = (price.low_usd + price.high_usd) / 2
    ends = ((price.low_usd, "low"), (middle, "value"), (price.high_usd, "high"))
    capex = Money(*(_capex(usd * size, end, machine, size, ground) for usd, end in ends))
    factor = ground.values[machine.overhead].value if machine.overhead else Decimal(1)
    kw = Decimal(str(device.tdp_w or 300)) / 1000 * size * factor
    month = _month(capex, kw, ground)
    name = f"{size} x {device.name}" if size > 1 or machine is not DEVICE else device.name
    return Rate(
        provider="own",
        provider_kind=OWN,
        instance=f"own {machine.words} with {name}" if machine is not DEVICE else f"own {name}",
        per_instance=size,
        hour=_per_hour(month),
        effective=price.effective,
        source="market prices of accelerators, machines, power and support",
        bare_metal="yes",
        network_gb_s=machine.network_gb_s,
        month_owned=month,
        month_held=_upkeep(capex, kw, ground),
    )


def _held(record: AcceleratorRecord, machine: Machine, ground: Ground) -> int:
    """Return how many such accelerators are owned already: those named, else usual ones."""
    owned = ground.owned
    if owned.accelerator:
        return owned.desks + owned.servers if record.id == owned.accelerator else 0
    if record.availability != "ga" or record.accelerator.launch_year > ground.year - SETTLED_YEARS:
        return 0
    return {DESK: owned.desks, BASEBOARD: owned.servers, CARDS: owned.servers}.get(machine, 0)


def _cpu_rate(ground: Ground) -> Rate:
    server = ground.values["server-price-dual-epyc-no-gpu"]
    kw = ground.values["server-power-max-dual-socket-cpu-node"].value
    capex = Money(server.low, server.value, server.high)
    month = _month(capex, kw, ground)
    return Rate(
        provider="own",
        provider_kind=OWN,
        instance="own dual-socket server",
        per_instance=1,
        hour=_per_hour(month),
        effective=server.provenance.as_of,
        source="market price of a dual-socket server, power and support",
        bare_metal="yes",
        month_owned=month,
        month_held=_upkeep(capex, kw, ground),
        held=ground.owned.servers // BASEBOARD.sizes[0],
        vcpus=CPU_SERVER_VCPUS,
    )


def _capex(usd: Decimal, end: str, machine: Machine, size: int, ground: Ground) -> Decimal:
    """Return the purchase of one machine: devices, chassis, network, spares and racks."""
    values = ground.values
    extra = 1 + values["spares-gpu-nodes"].value
    if machine.network:
        extra += values["install-capex-rack-pdu-cabling"].value
    if machine.chassis.startswith("chassis"):
        usd *= getattr(values[machine.chassis], end)
    elif machine.chassis:
        usd += getattr(values[machine.chassis], end)
    network = getattr(values[machine.network], end) * size if machine.network else Decimal(0)
    return Decimal(usd * extra + network)


def _month(capex: Money, kw: Decimal, ground: Ground) -> Money:
    """Return what a machine costs a month when it is bought for the purpose."""
    values = ground.values
    kept = values["residual-value-gpu-after-3y"].value
    yearly = (1 - kept) / values["depreciation-conservative"].value
    yearly += values["cost-of-capital-typical"].value / 2
    bought = Money(*(usd * yearly / 12 for usd in (capex.low, capex.likely, capex.high)))
    return _to_cent(bought + _upkeep(capex, kw, ground))


def _upkeep(capex: Money, kw: Decimal, ground: Ground) -> Money:
    """Return power, support and insurance of a machine a month, which no purchase ends."""
    values = ground.values
    yearly = values["support-contract-oem-hardware"].value + values["insurance-tax-typical"].value
    draw = values["average-power-draw-inference"].value
    pue = values["pue-enterprise-server-room"].value
    power = kw * draw * pue * values[ground.electricity].value * HOURS
    parts = (usd * yearly / 12 + power for usd in (capex.low, capex.likely, capex.high))
    return _to_cent(Money(*parts))


def _to_cent(money: Money) -> Money:
    return Money(*(part.quantize(CENT) for part in (money.low, money.likely, money.high)))


def _per_hour(month: Money) -> Money:
    return Money(*(m / HOURS for m in (month.low, month.likely, month.high)))
