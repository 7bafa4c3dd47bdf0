"""What a device of one's own costs a month: purchase, power, support, capital and spares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from advisor.domain.catalogue import AcceleratorRecord, PurchasePrice
from advisor.domain.facility import DatacentreValue
from advisor.domain.plan import Money
from advisor.planning.market import CENT, Market, Rate

Values = Mapping[str, DatacentreValue]
HOURS = Decimal(730)
PCIE = ("pcie", "workstation", "geforce", "card")


def own_market(records: Iterable[AcceleratorRecord], values: Values, electricity: str) -> Market:
    """Return a market of devices that can be bought, each paid for the whole month.

    `electricity` is the id of the electricity price. CPU servers are bought too.
    """
    rates = {
        r.id: (_rate(r, r.purchase_price, values, electricity),)
        for r in records
        if r.sold and r.purchase_price is not None
    }
    rates["cpu"] = (_cpu_rate(values, electricity),)
    return Market(dict(sorted(rates.items())))


def _rate(
    record: AcceleratorRecord, price: PurchasePrice, values: Values, electricity: str
) -> Rate:
    device = record.accelerator
    fast = device.has_fast_link and device.scaleup_domain >= 8
    middle = (price.low_usd + price.high_usd) / 2
    capex = Money(
        *(
            _capex(usd, end, values, fast)
            for usd, end in ((price.low_usd, "low"), (middle, "value"), (price.high_usd, "high"))
        )
    )
    overhead = values[f"server-power-overhead-{'hgx-8gpu-air' if fast else 'pcie-gpu-server'}"]
    kw = Decimal(str(device.tdp_w or 300)) / 1000 * overhead.value
    return Rate(
        provider="own",
        provider_kind="own_hardware",
        instance=f"own server with {8 if fast else 4} x {device.name}",
        per_instance=8 if fast else 1,
        hour=_per_hour(_month(capex, kw, values, electricity)),
        effective=price.effective,
        source="market prices of accelerators, chassis, power and support",
        bare_metal="yes",
        network_gb_s=50.0 if fast else 12.5,
        month_owned=_month(capex, kw, values, electricity),
    )


def _cpu_rate(values: Values, electricity: str) -> Rate:
    server = values["server-price-dual-epyc-no-gpu"]
    kw = values["server-power-max-dual-socket-cpu-node"].value
    month = _month(Money(server.low, server.value, server.high), kw, values, electricity)
    return Rate(
        provider="own",
        provider_kind="own_hardware",
        instance="own dual-socket server",
        per_instance=1,
        hour=_per_hour(month),
        effective=server.provenance.as_of,
        source="market price of a dual-socket server, power and support",
        bare_metal="yes",
        month_owned=month,
        vcpus=128,
    )


def _capex(usd: Decimal, end: str, values: Values, fast: bool) -> Decimal:
    """Return the purchase of one device with its share of chassis, network, spares, racks."""
    chassis = getattr(values["chassis-overhead-hgx-8gpu"], end)
    network = values["network-capex-ib-ndr-2tier-1to1" if fast else "network-capex-100gbe-only"]
    extra = 1 + values["install-capex-rack-pdu-cabling"].value + values["spares-gpu-nodes"].value
    return Decimal(usd * chassis * extra + getattr(network, end))


def _month(capex: Money, kw: Decimal, values: Values, electricity: str) -> Money:
    years = values["depreciation-conservative"].value
    kept = values["residual-value-gpu-after-3y"].value
    yearly = (
        (1 - kept) / years
        + values["support-contract-oem-hardware"].value
        + values["insurance-tax-typical"].value
        + values["cost-of-capital-typical"].value / 2
    )
    draw = values["average-power-draw-inference"].value
    pue = values["pue-enterprise-server-room"].value
    power = kw * draw * pue * values[electricity].value * HOURS
    return Money(
        *(
            (usd * yearly / 12 + power).quantize(CENT)
            for usd in (capex.low, capex.likely, capex.high)
        )
    )


def _per_hour(month: Money) -> Money:
    return Money(*(m / HOURS for m in (month.low, month.likely, month.high)))
