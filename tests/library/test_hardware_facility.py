"""Storage, own hardware and sources: bounded, sourced and internally consistent."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from advisor.domain.provenance import earliest_day
from advisor.library import facility
from advisor.library.records import Row, read_files, read_folder, rows

ROOT = Path(__file__).parents[2] / "knowledge"
STORAGE = facility.parse_storage(read_folder(ROOT / "storage", "storage"))
VALUES = facility.parse_datacentre(read_folder(ROOT / "datacentre", "datacentre"))
SOURCES = facility.parse_sources(read_files([ROOT / "sources.yaml"], "sources"))
KINDS = {
    "accelerators": "accelerators",
    "models": "models",
    "storage": "storage",
    "datacentre": "datacentre",
}


def test_every_cited_source_is_listed() -> None:
    cited = {
        source
        for kind in KINDS
        for _, _, row in rows(read_folder(ROOT / kind, kind), kind)
        for source in _cited(row)
    }
    assert cited <= SOURCES.keys()


def _cited(row: Row) -> list[str]:
    return list(row["source"])


def test_low_and_high_bound_the_value() -> None:
    for value in VALUES.values():
        assert value.low <= value.value <= value.high, value.id


def test_well_known_storage_prices() -> None:
    """Amazon S3 Standard USD 0.023 and Google Cloud Storage Standard USD 0.020 a GB-month."""
    assert STORAGE["aws-s3-standard-us-east-1"].usd_per_gb_month == Decimal("0.023")
    assert STORAGE["gcp-cloud-storage-standard-us-central1"].usd_per_gb_month == Decimal("0.02")


def test_colder_object_storage_costs_less() -> None:
    cold = [
        STORAGE[f"aws-s3-{tier}-us-east-1"].usd_per_gb_month
        for tier in ("standard", "standard-ia", "glacier-instant-retrieval", "glacier-deep-archive")
    ]
    assert cold == sorted(cold, key=lambda price: price or Decimal(0), reverse=True)


def test_the_interruption_rate_is_the_published_count_over_device_hours() -> None:
    """Llama 3 405B: 419 unexpected interruptions in 54 days on 16,384 GPUs (arXiv 2407.21783)."""
    rate = VALUES["interruption-rate", "llama3-405b"].value
    assert float(rate) == pytest.approx(419 / (54 * 24 * 16384), rel=0.001)


def test_ratios_and_fractions_are_plausible() -> None:
    for (metric, _), value in VALUES.items():
        if metric == "pue":
            assert value.low >= 1
        if value.unit.startswith("fraction"):
            assert 0 <= value.low <= value.high <= 1, value.id


def test_every_value_is_dated() -> None:
    for tier in STORAGE.values():
        earliest_day(tier.provenance.as_of)
    for value in VALUES.values():
        earliest_day(value.provenance.as_of)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-07-20", "2026-07-20"),
        ("2026-07", "2026-07-01"),
        ("2026-H2", "2026-07-01"),
        ("2025", "2025-01-01"),
        ("2024/2025", "2024-01-01"),
    ],
)
def test_a_vague_date_counts_from_its_first_day(text: str, day: str) -> None:
    assert earliest_day(text).isoformat() == day


def test_a_word_is_no_date() -> None:
    with pytest.raises(ValueError, match="no date"):
        earliest_day("recently")
