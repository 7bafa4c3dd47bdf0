"""What of a plan has to stand before anything runs: storage, keys, records, machines."""

from __future__ import annotations

from advisor.domain.plan import HardwareUse, Plan
from advisor.frozen import dataclass
from advisor.report.artefacts.needs import (
    Serving,
    Training,
    answer,
    chosen,
    practised,
    serving_of,
    training_of,
)
from advisor.report.artefacts.terraform.hcl import Attributes, Block, Ref
from advisor.report.naming import CLOUDS

STORES = {
    **dict.fromkeys(("s3", "fsx-lustre", "redshift"), "aws"),
    **dict.fromkeys(("gcs", "bigquery", "gcp-managed-lustre"), "gcp"),
    **dict.fromkeys(("adls", "azure-managed-lustre"), "azure"),
}
"""Stores that belong to a cloud."""
AREAS = {
    "EU_EEA": "the EU or EEA",
    "UK": "the United Kingdom",
    "US": "the United States",
    "California": "the United States",
}


@dataclass(frozen=True, slots=True)
class Pool:
    """Machines of one use: at least `least`, at most `most` of a type."""

    id: str
    use: HardwareUse
    host: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What the skeleton builds in one cloud."""

    cloud: str
    own_keys: bool
    private: bool
    audit_years: int
    pools: tuple[Pool, ...]
    where: str

    @property
    def clusters(self) -> tuple[Pool, ...]:
        """Return the pools of a Kubernetes cluster."""
        return tuple(p for p in self.pools if p.host == "kubernetes")

    @property
    def machines(self) -> tuple[Pool, ...]:
        """Return the pools of plain virtual machines."""
        return tuple(p for p in self.pools if p.host == "vms")


def cloud_of(plan: Plan) -> str:
    """Return the cloud where most of the plan stands, "" where it stands in none of the three."""
    providers = [u.use.provider for u in (serving_of(plan), training_of(plan)) if u]
    stored = STORES.get(chosen(plan, "data_storage"), "")
    return next((c for c in (*providers, stored) if c in CLOUDS), "")


def ground_of(plan: Plan) -> Ground:
    """Return what has to stand in the plan's cloud."""
    cloud = cloud_of(plan)
    uses = [u for u in (training_of(plan), serving_of(plan)) if u and u.use.provider == cloud]
    years = answer(plan, "audit_years")
    keeps = practised(plan, "audit_log") and years.replace(".", "").isdigit()
    isolated = answer(plan, "isolation") not in ("shared_cloud_ok", "")
    return Ground(
        cloud,
        answer(plan, "key_custody") in ("customer_managed", "own_hsm_or_external"),
        practised(plan, "private_network") or isolated,
        int(float(years)) if keeps else 0,
        tuple(_pool(u) for u in uses if u.host in ("kubernetes", "vms")),
        _where(plan),
    )


def _pool(use: Training | Serving) -> Pool:
    if isinstance(use, Training):
        return Pool("train", use.use, use.host, 0, use.nodes)
    regions = max(1, use.setting.regions)
    most = -(-max(1, use.use.nodes) // regions)
    if not use.standing:
        return Pool("serve", use.use, use.host, 0, most)
    together = max(1, use.use.per_node // max(1, use.setting.tensor)) if use.use.count else 1
    least = min(most, max(1, -(-use.setting.standing // together)))
    return Pool("serve", use.use, use.host, least, most)


def _where(plan: Plan) -> str:
    """Return in words where the region may lie."""
    if answer(plan, "residency") != "country_or_bloc":
        return "near the data and the users"
    found = plan.answers["people_regions"][0] if "people_regions" in plan.answers else ()
    regions = found if isinstance(found, tuple) else (found,)
    places = sorted({AREAS.get(str(r), str(r).replace("_", " ")) for r in regions if r})
    return f"inside {' and '.join(places)}: data must not leave" if places else "inside the country"


def variable(name: str, meaning: str, kind: str = "string", default: str | None = None) -> Block:
    """Return a variable; without a default it must be given."""
    attributes: Attributes = {"description": meaning, "type": Ref(kind)}
    if default is not None:
        attributes["default"] = default
    return Block("variable", (name,), attributes)
