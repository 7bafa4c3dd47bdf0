"""Offers, prices and providers: consistent with each other and with the accelerators."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from advisor.domain.offers import AREAS, Offer, cpu_offers, offers_for
from advisor.domain.provenance import earliest_day
from advisor.errors import LibraryError
from advisor.library import facility, hardware, models, offers
from advisor.library.records import read_files, read_folder

ROOT = Path(__file__).parents[2] / "knowledge"
PROVIDERS_FILE = ROOT / "instances" / "providers.yaml"
OFFERS = offers.parse_offers(
    read_files(sorted(set((ROOT / "instances").glob("*.yaml")) - {PROVIDERS_FILE}), "instances")
)
PROVIDERS = offers.parse_providers(read_files([PROVIDERS_FILE], "providers"))
ACCELERATORS = hardware.load_accelerators(ROOT / "accelerators")
MODELS = models.load_models(ROOT / "models")
PRICES = ROOT / "prices"
RATIOS = offers.parse_region_ratios(read_files([PRICES / "region-ratios.yaml"], "region-ratios"))
COMMITMENTS = offers.parse_commitments(read_files([PRICES / "commitments.yaml"], "commitments"))
API = offers.parse_api_prices(read_files([PRICES / "api-prices.yaml"], "api-prices"))
SOURCES = facility.parse_sources(read_files([ROOT / "sources.yaml"], "sources"))


def test_an_offer_names_a_known_accelerator_and_provider() -> None:
    for offer in OFFERS.values():
        assert offer.provider in PROVIDERS, offer.id
        if offer.kind == "cpu":
            assert (offer.accelerator_id, offer.count) == ("", 0), offer.id
        else:
            assert offer.accelerator_id in ACCELERATORS, offer.id
            assert offer.count >= 1, offer.id


def test_the_price_of_a_well_known_node_is_the_published_one() -> None:
    """Amazon EC2 price list of 2026-07-20: p5.48xlarge USD 55.04 in us-east-1."""
    price = OFFERS["aws-p5.48xlarge"].price("on_demand")
    assert price is not None
    assert (price.usd_per_hour, price.region, price.effective) == (
        Decimal("55.04"),
        "us-east-1",
        "2026-07-20",
    )


@pytest.mark.parametrize("terms", ["spot", "reserved_1y", "reserved_3y"])
def test_a_concession_is_never_dearer_than_on_demand(terms: str) -> None:
    seen = 0
    for offer in OFFERS.values():
        for area in AREAS:
            full, cheap = offer.price("on_demand", area), offer.price(terms, area)
            if full and cheap:
                seen += 1
                assert cheap.usd_per_hour < full.usd_per_hour, offer.id
                assert (cheap.low_usd_per_hour or 0) <= cheap.usd_per_hour, offer.id
    assert seen


def test_a_spot_price_below_an_eighth_of_on_demand_is_doubted() -> None:
    for offer in OFFERS.values():
        full, spot = offer.price("on_demand"), offer.price("spot")
        if full and spot and spot.usd_per_hour < full.usd_per_hour / 8:
            assert spot.doubt, offer.id


def test_hourly_prices_per_device_stay_within_a_factor_of_eight_between_providers() -> None:
    """Hyperscaler list prices are up to seven times those of a marketplace (H100, 2026)."""
    for accelerator in ACCELERATORS:
        per_device = [
            price.usd_per_hour / offer.count
            for offer in offers_for(accelerator, OFFERS)
            if (price := offer.price("on_demand"))
        ]
        if per_device:
            assert max(per_device) <= 8 * min(per_device), accelerator


def test_an_offer_without_on_demand_price_says_so() -> None:
    for offer in OFFERS.values():
        priced = any(p.terms == "on_demand" for p in offer.prices)
        assert priced == offer.on_demand_available, offer.id


def test_offers_are_found_by_accelerator() -> None:
    found = offers_for("h100-sxm5-80gb", OFFERS)
    assert {"aws-p5.48xlarge", "gcp-a3-highgpu-8g", "oci-bm.gpu.h100.8"} <= {o.id for o in found}
    assert list(found) == sorted(found, key=lambda o: (o.provider, o.count, o.id))
    assert {o.provider for o in cpu_offers(OFFERS)} >= {"aws", "azure", "gcp", "oci"}


def test_a_european_price_is_not_an_american_one() -> None:
    offer = OFFERS["aws-p5.48xlarge"]
    us, eu = offer.price("on_demand", "us"), offer.price("on_demand", "eu")
    assert us is not None
    assert eu is not None
    assert eu.usd_per_hour == Decimal("71.552")
    assert offer.areas == ("ap", "eu", "us")


def test_the_newest_price_counts() -> None:
    old = OFFERS["aws-p5.48xlarge"].price("on_demand")
    assert old is not None
    offer = OFFERS["aws-p5.48xlarge"]
    newer = _changed(offer, "60.00", "2026-10-01")
    found = newer.price("on_demand")
    assert found is not None
    assert found.usd_per_hour == Decimal("60.00")


def _changed(offer: Offer, usd: str, effective: str) -> Offer:
    first = offer.prices[0]
    later = replace(first, usd_per_hour=Decimal(usd), effective=effective)
    return replace(offer, prices=(*offer.prices, later))


def test_every_price_is_dated_and_from_a_listed_source() -> None:
    for offer in OFFERS.values():
        for price in offer.prices:
            assert price.source in SOURCES, offer.id
            assert earliest_day(price.effective).year >= 2024, offer.id


def test_regional_ratios_are_one_in_the_base_region() -> None:
    for record in RATIOS.values():
        ratios = dict(record.ratios)
        assert ratios[record.base_region] == pytest.approx(1.0), record.id
        assert all(0.5 <= ratio <= 2.5 for ratio in ratios.values()), record.id


def test_a_longer_commitment_costs_less() -> None:
    for record in COMMITMENTS.values():
        assert record.low <= record.ratio <= record.high, record.id
        twin = COMMITMENTS.get(record.id.replace("-1y", "-3y"))
        if record.term == "1y" and twin is not None:
            assert twin.ratio < record.ratio, record.id


def test_hosted_models_with_open_weights_name_their_architecture() -> None:
    for price in API.values():
        assert price.provider in PROVIDERS, price.id
        assert bool(price.model_id) == price.open_weights, price.id
        assert not price.model_id or price.model_id in MODELS, price.id
        assert price.input_usd_per_m > 0, price.id
        cached = price.cached_input_usd_per_m
        assert cached is None or cached <= price.input_usd_per_m, price.id


def test_a_price_written_as_a_number_is_refused(tmp_path: Path) -> None:
    text = (ROOT / "instances" / "verda.yaml").read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(text.replace('"3.95"', "3.95"), encoding="utf-8")
    with pytest.raises(LibraryError, match=r"prices\.0\.usd_per_hour: 3.95 is a number"):
        read_folder(tmp_path, "instances")
