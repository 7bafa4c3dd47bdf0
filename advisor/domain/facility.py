"""Storage tiers, values of own hardware and its site, and the sources that records cite."""

from __future__ import annotations

from decimal import Decimal

from advisor.domain.provenance import Provenance
from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class StorageTier:
    """One storage tier, transfer price or fabric; None where the source does not say.

    USD per GB and month, per GB read back and per GB sent out; MB/s per provisioned TiB, GB/s
    in all, ms to the first byte. `storage_class` is object, block, file, parallel-file,
    local-nvme, egress, cluster-network and the object variants low-latency and archive.
    """

    id: str
    provider: str
    service: str
    tier: str
    storage_class: str
    region: str
    usd_per_gb_month: Decimal | None
    usd_per_gb_egress: Decimal | None
    usd_per_gb_retrieval: Decimal | None
    other_charges: str
    throughput_mb_s_per_tib: float | None
    max_throughput_gb_s: float | None
    max_iops: int | None
    latency: str
    first_byte_ms_low: float | None
    first_byte_ms_high: float | None
    durability_nines: int | None
    replication: str
    min_retention_days: int
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class DatacentreValue:
    """One cost, energy, reliability or carbon value in `unit`; `low <= value <= high`."""

    id: str
    metric: str
    scope: str
    unit: str
    value: Decimal
    low: Decimal
    high: Decimal
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Source:
    """One source of facts; `snapshot` is the date of the stored copy."""

    id: str
    title: str
    kind: str
    where: str
    snapshot: str
    licence: str
    used_for: str
