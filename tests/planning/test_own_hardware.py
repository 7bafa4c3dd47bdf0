"""Machines of one's own: bought whole, and not bought again where they stand already."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from advisor.planning.kit import Kit
from advisor.planning.market import Market, Rate
from advisor.planning.own_hardware import Ground, Owned, own_market

ELECTRICITY = "electricity-price-us-average-commercial"
NOTHING = Owned()


def market(kit: Kit, *, servers: int = 0, buys: bool = True, owned: Owned = NOTHING) -> Market:
    values = {value.id: value for value in kit.library.datacentre.values()}
    ground = Ground(values, ELECTRICITY, replace(owned, servers=servers), 2026, buys)
    return own_market(kit.library.accelerators.values(), ground)


def rate(found: Market, accelerator: str, devices: int = 1) -> Rate:
    offer = found.rate(accelerator, devices)
    assert offer is not None
    return offer


def standing(found: Market, accelerator: str, devices: int) -> Decimal:
    month = rate(found, accelerator, devices).standing(devices)
    assert month is not None
    return month.likely


@pytest.mark.parametrize(
    ("accelerator", "devices", "machines", "size"),
    [
        ("h100-sxm5-80gb", 9, 2, 8),
        ("l40s", 5, 1, 8),
        ("l40s", 3, 1, 4),
        ("rtx4090", 1, 1, 1),
        ("jetson-agx-orin-64gb", 3, 3, 1),
        ("gb200-186gb", 1, 1, 72),
    ],
)
def test_whole_machines_are_bought(
    kit: Kit, accelerator: str, devices: int, machines: int, size: int
) -> None:
    offer = rate(market(kit), accelerator, devices)
    assert (offer.instances(devices), offer.per_instance) == (machines, size)


def test_the_ninth_accelerator_of_a_baseboard_costs_a_second_server(kit: Kit) -> None:
    found = market(kit)
    assert standing(found, "h100-sxm5-80gb", 9) == standing(found, "h100-sxm5-80gb", 16)
    assert standing(found, "h100-sxm5-80gb", 9) == 2 * standing(found, "h100-sxm5-80gb", 8)


def test_an_edge_device_is_no_server(kit: Kit) -> None:
    assert rate(market(kit), "jetson-agx-orin-64gb").instance == "own Jetson AGX Orin 64GB"


def test_the_month_of_a_jetson_by_hand(kit: Kit) -> None:
    """1,850 USD with 3 % spares; 70 % written off over 4 years, half the capital cost of it,
    support and insurance; 60 W at 55 % draw."""
    values = {value.id: value.value for value in kit.library.datacentre.values()}
    price = kit.library.accelerators["jetson-agx-orin-64gb"].purchase_price
    assert price is not None
    usd = (price.low_usd + price.high_usd) / 2 * Decimal("1.03")
    yearly = (
        Decimal("0.7") / 4
        + values["cost-of-capital-typical"] / 2
        + Decimal("0.06")
        + values["insurance-tax-typical"]
    )
    kwh = Decimal("0.06") * Decimal("0.55") * values["pue-enterprise-server-room"] * 730
    by_hand = usd * yearly / 12 + kwh * values[ELECTRICITY]
    assert abs(standing(market(kit), "jetson-agx-orin-64gb", 1) - by_hand) < Decimal("0.02")


def test_machines_that_stand_there_cost_power_and_upkeep_alone(kit: Kit) -> None:
    owned, bought = market(kit, servers=16), market(kit)
    kept = standing(owned, "h100-sxm5-80gb", 16)
    assert kept < standing(bought, "h100-sxm5-80gb", 16) / 2
    third = standing(owned, "h100-sxm5-80gb", 24) - kept
    assert third == standing(bought, "h100-sxm5-80gb", 8)
    assert "already" in rate(owned, "h100-sxm5-80gb", 24).basis(24)
    assert "purchase of 1 more" in rate(owned, "h100-sxm5-80gb", 24).basis(24)


def test_without_a_purchase_only_what_stands_there_can_be_used(kit: Kit) -> None:
    found = market(kit, servers=16, buys=False)
    assert found.rate("h100-sxm5-80gb", 16) is not None
    assert found.rate("h100-sxm5-80gb", 17) is None
    assert found.rate("jetson-agx-orin-64gb", 1) is None


def test_a_short_job_is_rented_where_owning_is_paid_all_month(kit: Kit) -> None:
    own = rate(market(kit), "h100-sxm5-80gb", 8)
    assert own.month(8, 10.0) == own.month(8, 5_840.0)


def test_accelerators_that_are_named_are_the_only_ones_there(kit: Kit) -> None:
    owned = Owned(accelerator="a100-sxm4-80gb", per_machine=4)
    found = market(kit, servers=8, buys=False, owned=owned)
    assert set(found.by_accelerator) - {"cpu"} == {"a100-sxm4-80gb"}
    offer = rate(found, "a100-sxm4-80gb", 8)
    assert (offer.instances(8), offer.per_instance, offer.held) == (2, 4, 2)
    assert offer.basis(8).endswith("owned already, no purchase")
    assert found.rate("a100-sxm4-80gb", 8, together=8) is None


def test_what_is_named_may_be_of_any_age_and_more_of_it_is_bought(kit: Kit) -> None:
    found = market(kit, servers=8, owned=Owned(accelerator="b300-sxm-288gb"))
    kept = standing(found, "b300-sxm-288gb", 8)
    assert standing(found, "b300-sxm-288gb", 16) > 3 * kept
    assert found.rate("h100-sxm5-80gb", 8) is None  # no second kind is bought beside it
    assert rate(found, "jetson-orin-nano-8gb").held == 0  # devices for sites are
