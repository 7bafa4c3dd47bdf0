"""The skeleton for AWS."""

from __future__ import annotations

from advisor.report.artefacts.terraform.hcl import Attributes, Block, Ref
from advisor.report.artefacts.terraform.needs import Ground, Pool, variable

PROVIDER = ("aws", "hashicorp/aws", "~> 6.0")


def provider() -> Block:
    """Return the provider."""
    tags = Block("default_tags", (), {"tags": {"managed-by": "terraform", "part-of": "ml"}})
    return Block("provider", ("aws",), {"region": Ref("var.region")}, (tags,))


def variables(ground: Ground) -> tuple[Block, ...]:
    """Return what a person gives."""
    found = [
        variable("region", f"AWS region, {ground.where}"),
        variable("name_prefix", "begins every name, lower case", default="ml"),
    ]
    if ground.private:
        found.append(variable("vpc_id", "network that holds the machines"))
        tables = "route tables of its private subnets"
        found.append(variable("route_table_ids", tables, "list(string)"))
    if ground.clusters:
        found.append(variable("cluster_name", "name of the EKS cluster"))
        found.append(variable("node_role_arn", "role that the nodes take"))
    if ground.machines:
        found.append(variable("ami_id", "machine image with the drivers of the accelerators"))
    if ground.pools:
        found.append(variable("subnet_ids", "private subnets for the machines", "list(string)"))
    return tuple(found)


def resources(ground: Ground) -> tuple[Block, ...]:
    """Return storage, keys, records and machines."""
    found: list[Block] = []
    if ground.own_keys:
        keys: Attributes = {"description": "ML data and models", "enable_key_rotation": True}
        found.append(Block("resource", ("aws_kms_key", "ml"), keys))
    found += _bucket("data", ground)
    if ground.private:
        found.append(_endpoint())
    if ground.audit_years:
        found += _bucket("audit", ground)
        found.append(_lock(ground.audit_years))
    found += [_nodes(pool) for pool in ground.clusters]
    found += [_machines(pool) for pool in ground.machines]
    return tuple(found)


def _bucket(name: str, ground: Ground) -> list[Block]:
    prefix: Attributes = {"bucket_prefix": Ref(f'"${{var.name_prefix}}-{name}-"')}
    lock: Attributes = {"object_lock_enabled": True} if name == "audit" else {}
    mine: Attributes = {"bucket": Ref(f"aws_s3_bucket.{name}.id")}
    closed = ("block_public_acls", "block_public_policy", "ignore_public_acls")
    shut: Attributes = {**mine, **dict.fromkeys((*closed, "restrict_public_buckets"), True)}
    encryption: Attributes = {"sse_algorithm": "AES256"}
    if ground.own_keys:
        arn = Ref("aws_kms_key.ml.arn")
        encryption = {"sse_algorithm": "aws:kms", "kms_master_key_id": arn}
    by_default = Block("apply_server_side_encryption_by_default", (), encryption)
    versions = Block("versioning_configuration", (), {"status": "Enabled"})
    return [
        Block("resource", ("aws_s3_bucket", name), {**prefix, **lock}),
        Block("resource", ("aws_s3_bucket_public_access_block", name), shut),
        Block("resource", ("aws_s3_bucket_versioning", name), mine, (versions,)),
        Block(
            "resource",
            ("aws_s3_bucket_server_side_encryption_configuration", name),
            mine,
            (Block("rule", (), {}, (by_default,)),),
        ),
    ]


def _endpoint() -> Block:
    attributes: Attributes = {
        "vpc_id": Ref("var.vpc_id"),
        "service_name": Ref('"com.amazonaws.${var.region}.s3"'),
        "vpc_endpoint_type": "Gateway",
        "route_table_ids": Ref("var.route_table_ids"),
    }
    return Block("resource", ("aws_vpc_endpoint", "s3"), attributes)


def _lock(years: int) -> Block:
    kept = Block("default_retention", (), {"mode": "GOVERNANCE", "years": years})
    return Block(
        "resource",
        ("aws_s3_bucket_object_lock_configuration", "audit"),
        {"bucket": Ref("aws_s3_bucket.audit.id")},
        (Block("rule", (), {}, (kept,)),),
        "COMPLIANCE instead of GOVERNANCE cannot be undone: decide before the first record.",
    )


def _nodes(pool: Pool) -> Block:
    attributes: Attributes = {
        "cluster_name": Ref("var.cluster_name"),
        "node_group_name": Ref(f'"${{var.name_prefix}}-{pool.id}"'),
        "node_role_arn": Ref("var.node_role_arn"),
        "subnet_ids": Ref("var.subnet_ids"),
        "instance_types": (pool.use.instance,),
    }
    if pool.use.count:
        attributes["ami_type"] = "AL2023_x86_64_NVIDIA"
    sizes: Attributes = {"min_size": pool.least, "max_size": pool.most, "desired_size": pool.least}
    scaling = Block("scaling_config", (), sizes)
    return Block("resource", ("aws_eks_node_group", pool.id), attributes, (scaling,))


def _machines(pool: Pool) -> Block:
    attributes: Attributes = {
        "count": pool.most,
        "ami": Ref("var.ami_id"),
        "instance_type": pool.use.instance,
        "subnet_id": Ref("var.subnet_ids[count.index % length(var.subnet_ids)]"),
    }
    disk = Block("root_block_device", (), {"encrypted": True})
    options = Block("metadata_options", (), {"http_tokens": "required"})
    return Block("resource", ("aws_instance", pool.id), attributes, (disk, options))
