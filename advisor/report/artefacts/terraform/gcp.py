"""The skeleton for Google Cloud."""

from __future__ import annotations

from advisor.report.artefacts.terraform.hcl import Attributes, Block, Ref
from advisor.report.artefacts.terraform.needs import Ground, Pool, variable

PROVIDER = ("google", "hashicorp/google", "~> 7.0")
QUARTER_S = 7_776_000
"""Seconds between rotations of a key: 90 days, what the console of Cloud KMS suggests."""
YEAR_S = 31_557_600
ACCELERATORS = {
    "l4": "nvidia-l4",
    "t4": "nvidia-tesla-t4",
    "v100-sxm2-16gb": "nvidia-tesla-v100",
    "a100-sxm4-40gb": "nvidia-tesla-a100",
    "a100-sxm4-80gb": "nvidia-a100-80gb",
    "h100-sxm5-80gb": "nvidia-h100-80gb",
    "h200-sxm-141gb": "nvidia-h200-141gb",
    "b200-sxm-180gb": "nvidia-b200",
}
"""Accelerator -> its type in Compute Engine; other machines bring what they have."""


def provider() -> Block:
    """Return the provider."""
    return Block(
        "provider", ("google",), {"project": Ref("var.project"), "region": Ref("var.region")}
    )


def variables(ground: Ground) -> tuple[Block, ...]:
    """Return what a person gives."""
    found = [
        variable("project", "Google Cloud project"),
        variable("region", f"region, {ground.where}"),
        variable("name_prefix", "begins every name, lower case and unique", default="ml"),
    ]
    if ground.clusters:
        found.append(variable("cluster_name", "name of the GKE cluster"))
    if ground.pools:
        found.append(variable("zones", "zones that offer the machines", "list(string)"))
    if ground.machines:
        found.append(variable("image", "machine image with the drivers of the accelerators"))
        found.append(variable("subnetwork", "private subnetwork of the machines"))
    return tuple(found)


def resources(ground: Ground) -> tuple[Block, ...]:
    """Return storage, keys, records and machines."""
    found: list[Block] = _keys() if ground.own_keys else []
    found.append(_bucket("data", ground))
    if ground.audit_years:
        found.append(_bucket("audit", ground))
    found += [_nodes(pool) for pool in ground.clusters]
    found += [_machines(pool) for pool in ground.machines]
    return tuple(found)


def _keys() -> list[Block]:
    ring: Attributes = {"name": Ref('"${var.name_prefix}-ring"'), "location": Ref("var.region")}
    key: Attributes = {
        "name": Ref('"${var.name_prefix}-key"'),
        "key_ring": Ref("google_kms_key_ring.ml.id"),
        "rotation_period": f"{QUARTER_S}s",
    }
    service: Attributes = {"project": Ref("var.project")}
    account = "data.google_storage_project_service_account.gcs.email_address"
    grant: Attributes = {
        "crypto_key_id": Ref("google_kms_crypto_key.ml.id"),
        "role": "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        "member": Ref(f'"serviceAccount:${{{account}}}"'),
    }
    return [
        Block("resource", ("google_kms_key_ring", "ml"), ring),
        Block("resource", ("google_kms_crypto_key", "ml"), key),
        Block("data", ("google_storage_project_service_account", "gcs"), service),
        Block("resource", ("google_kms_crypto_key_iam_member", "gcs"), grant),
    ]


def _bucket(name: str, ground: Ground) -> Block:
    attributes: Attributes = {
        "name": Ref(f'"${{var.name_prefix}}-{name}"'),
        "location": Ref("var.region"),
        "uniform_bucket_level_access": True,
        "public_access_prevention": "enforced",
    }
    blocks = []
    if ground.own_keys:
        attributes["depends_on"] = Ref("[google_kms_crypto_key_iam_member.gcs]")
        key: Attributes = {"default_kms_key_name": Ref("google_kms_crypto_key.ml.id")}
        blocks.append(Block("encryption", (), key))
    if name == "audit":
        kept: Attributes = {"retention_period": YEAR_S * ground.audit_years}
        blocks.append(Block("retention_policy", (), kept))
    else:
        blocks.append(Block("versioning", (), {"enabled": True}))
    return Block("resource", ("google_storage_bucket", name), attributes, tuple(blocks))


def _devices(pool: Pool) -> tuple[Block, ...]:
    kind = ACCELERATORS.get(pool.use.accelerator)
    if not pool.use.count or kind is None:
        return ()
    driver = Block("gpu_driver_installation_config", (), {"gpu_driver_version": "DEFAULT"})
    asked: Attributes = {"type": kind, "count": max(1, pool.use.per_node)}
    return (Block("guest_accelerator", (), asked, (driver,)),)


def _nodes(pool: Pool) -> Block:
    attributes: Attributes = {
        "name": Ref(f'"${{var.name_prefix}}-{pool.id}"'),
        "cluster": Ref("var.cluster_name"),
        "location": Ref("var.region"),
        "node_locations": Ref("var.zones"),
    }
    sizes: Attributes = {"total_min_node_count": pool.least, "total_max_node_count": pool.most}
    config: Attributes = {"machine_type": pool.use.instance}
    blocks = (
        Block("autoscaling", (), sizes),
        Block("node_config", (), config, _devices(pool)),
    )
    return Block("resource", ("google_container_node_pool", pool.id), attributes, blocks)


def _machines(pool: Pool) -> Block:
    attributes: Attributes = {
        "count": pool.most,
        "name": Ref(f'"${{var.name_prefix}}-{pool.id}-${{count.index}}"'),
        "machine_type": pool.use.instance,
        "zone": Ref("var.zones[count.index % length(var.zones)]"),
    }
    blocks = [
        Block("boot_disk", (), {}, (Block("initialize_params", (), {"image": Ref("var.image")}),)),
        Block("network_interface", (), {"subnetwork": Ref("var.subnetwork")}),
    ]
    if pool.use.count:
        blocks.append(Block("scheduling", (), {"on_host_maintenance": "TERMINATE"}))
    return Block("resource", ("google_compute_instance", pool.id), attributes, tuple(blocks))
