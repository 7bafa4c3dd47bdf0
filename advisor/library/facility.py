"""Storage tiers, data-centre values and sources: knowledge files -> records."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from advisor.domain.facility import DatacentreValue, Source, StorageTier
from advisor.library.records import Row, by_id, money, provenance
from advisor.library.yamlfile import Document


def parse_storage(documents: Iterable[Document]) -> dict[str, StorageTier]:
    """Return the tiers, transfer prices and fabrics of `storage/*.yaml` by id."""
    return by_id(documents, "storage", _tier)


def parse_datacentre(documents: Iterable[Document]) -> dict[tuple[str, str], DatacentreValue]:
    """Return the values of `datacentre/*.yaml` by metric and scope."""
    values = by_id(documents, "datacentre", _value)
    return {(value.metric, value.scope): value for value in values.values()}


def parse_sources(documents: Iterable[Document]) -> dict[str, Source]:
    """Return the sources of `sources.yaml` by id."""
    return by_id(documents, "sources", _source)


def _tier(row: Row) -> StorageTier:
    return StorageTier(
        id=row["id"],
        provider=row["provider"],
        service=row["service"],
        tier=row.get("tier", ""),
        storage_class=row["class"],
        region=row.get("region", ""),
        usd_per_gb_month=money(row, "usd_per_gb_month"),
        usd_per_gb_egress=money(row, "usd_per_gb_egress"),
        usd_per_gb_retrieval=money(row, "usd_per_gb_retrieval"),
        other_charges=row.get("other_charges", ""),
        throughput_mb_s_per_tib=row.get("throughput_mb_s_per_tib"),
        max_throughput_gb_s=row.get("max_throughput_gb_s"),
        max_iops=row.get("max_iops"),
        latency=row.get("latency", ""),
        first_byte_ms_low=row.get("first_byte_ms_low"),
        first_byte_ms_high=row.get("first_byte_ms_high"),
        durability_nines=row.get("durability_nines"),
        replication=row.get("replication", ""),
        min_retention_days=row.get("min_retention_days", 0),
        provenance=provenance(row),
    )


def _value(row: Row) -> DatacentreValue:
    value = Decimal(row["value"])
    return DatacentreValue(
        id=row["id"],
        metric=row["metric"],
        scope=row["scope"],
        unit=row["unit"],
        value=value,
        low=Decimal(row.get("low", value)),
        high=Decimal(row.get("high", value)),
        provenance=provenance(row),
    )


def _source(row: Row) -> Source:
    return Source(
        id=row["id"],
        title=row["title"],
        kind=row["kind"],
        where=row.get("where", ""),
        snapshot=row["snapshot"],
        licence=row.get("licence", ""),
        used_for=row["used_for"],
    )
