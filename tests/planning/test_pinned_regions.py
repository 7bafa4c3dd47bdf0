"""Work that may not leave an area is offered only what a provider has there."""

from __future__ import annotations

import pytest

from advisor.domain.answers import Value
from advisor.planning.brief import Brief
from advisor.planning.kit import Kit
from advisor.planning.market import Market, Where, build_market
from advisor.planning.places import allowed_providers, area_of, unlisted
from advisor.planning.workload import scored_gb
from tests.planning.lifetime_cases import planned

B200 = "b200-sxm-180gb"


def sellers(kit: Kit, area: str, *, pinned: bool) -> set[str]:
    market: Market = build_market(
        kit.library.offers.values(),
        kit.library.providers.values(),
        Where(area, "2026-11-22", pinned),
        10.0,
    )
    return {rate.provider for rate in market.by_accelerator[B200]}


def test_a_small_cloud_sells_only_in_the_regions_that_it_lists(kit: Kit) -> None:
    free = sellers(kit, "eu", pinned=False)
    pinned = sellers(kit, "eu", pinned=True)
    assert "nebius" in free  # its B200 stand in the United States and Israel
    assert "nebius" not in pinned
    assert "lambda" in pinned


def test_large_clouds_stay_whatever_area_is_pinned(kit: Kit) -> None:
    large = {p.id for p in kit.library.providers.values() if p.kind == "hyperscaler"}
    assert sellers(kit, "eu", pinned=True) & large == sellers(kit, "us", pinned=False) & large


def test_people_in_several_european_countries_are_served_at_european_prices() -> None:
    brief = Brief({"people_regions": ("EU_EEA", "UK"), "residency": "own_premises"}, {})
    assert area_of(brief) == "eu"
    assert area_of(Brief({"people_regions": ("EU_EEA", "US")}, {})) == "us"


def test_work_pinned_where_no_small_provider_lists_a_region_stays_with_large_ones(
    kit: Kit,
) -> None:
    pinned: dict[str, Value] = {"people_regions": ("Brazil",), "residency": "country_or_bloc"}
    assert unlisted(Brief(pinned, {}))
    assert not unlisted(Brief({**pinned, "people_regions": ("California", "US")}, {}))
    assert not unlisted(Brief({**pinned, "residency": "no_limit"}, {}))
    open_ = {**pinned, "cloud_policy": ("any",), "data_location": ("azure",)}
    _, plan = planned(kit, "chat-70b-eu", **open_)
    assert {use.provider for use in plan.hardware if use.provider} <= {"azure", "mistral"}


@pytest.mark.parametrize(
    ("data", "rented"),
    [
        ({"data_kinds_regulated": ("defence_technical_data",)}, False),
        ({"data_kinds_regulated": ("patient_records",)}, False),
        ({"assurance_demands": ("fedramp",)}, False),
        ({"data_kinds_regulated": ("trade_secrets",)}, True),
        ({"data_kinds_regulated": ("patient_records",), "cloud_policy": ("gpu_cloud",)}, True),
    ],
)
def test_what_a_provider_does_not_show_is_no_permission(
    kit: Kit, data: dict[str, Value], rented: bool
) -> None:
    """An authorisation or agreement that nobody established is asked for by name, not assumed."""
    found = allowed_providers(Brief(data, {}), kit.library.providers)
    assert ("nebius" in {p.id for p in found}) is rented


def test_archives_are_not_scored_whole_each_hour(kit: Kit) -> None:
    number = kit.number
    assert scored_gb(1e9, number) == scored_gb(number("data.huge_gb"), number)
    assert scored_gb(100, number) < scored_gb(1000, number)
