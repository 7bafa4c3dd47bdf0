"""The skeleton for Azure."""

from __future__ import annotations

from advisor.report.artefacts.terraform.hcl import Attributes, Block, Ref
from advisor.report.artefacts.terraform.needs import Ground, Pool, variable

PROVIDER = ("azurerm", "hashicorp/azurerm", "~> 4.0")
DAYS = 365


def provider() -> Block:
    """Return the provider."""
    subscription: Attributes = {"subscription_id": Ref("var.subscription_id")}
    return Block("provider", ("azurerm",), subscription, (Block("features"),))


def variables(ground: Ground) -> tuple[Block, ...]:
    """Return what a person gives."""
    found = [
        variable("subscription_id", "Azure subscription"),
        variable("location", f"Azure region, {ground.where}"),
        variable("name_prefix", "begins every name, lower case letters and digits", default="ml"),
        variable("storage_name", "name of the storage account: 3 to 24 letters and digits, unique"),
    ]
    if ground.private or ground.machines:
        found.append(variable("subnet_id", "private subnet of endpoints and machines"))
    if ground.own_keys:
        found.append(variable("key_id", "key of Key Vault or Managed HSM, without its version"))
        found.append(variable("key_identity_id", "user-assigned identity that may use the key"))
    if ground.clusters:
        found.append(variable("cluster_id", "id of the AKS cluster"))
    if ground.machines:
        found.append(variable("ssh_public_key", "public key of the administrators"))
        found.append(variable("image_id", "machine image with the drivers of the accelerators"))
    return tuple(found)


def resources(ground: Ground) -> tuple[Block, ...]:
    """Return storage, keys, records and machines."""
    named: Attributes = {"name": Ref('"${var.name_prefix}-ml"'), "location": Ref("var.location")}
    found = [Block("resource", ("azurerm_resource_group", "ml"), named), _account(ground)]
    found.append(_container("data"))
    if ground.private:
        found.append(_endpoint())
    if ground.audit_years:
        found += [_container("audit"), _policy(ground.audit_years)]
    found += [_nodes(pool) for pool in ground.clusters]
    for pool in ground.machines:
        found += _machines(pool)
    return tuple(found)


def _account(ground: Ground) -> Block:
    attributes: Attributes = {
        "name": Ref("var.storage_name"),
        "resource_group_name": Ref("azurerm_resource_group.ml.name"),
        "location": Ref("azurerm_resource_group.ml.location"),
        "account_tier": "Standard",
        "account_replication_type": "ZRS",
        "is_hns_enabled": True,
        "min_tls_version": "TLS1_2",
        "allow_nested_items_to_be_public": False,
        "public_network_access_enabled": not ground.private,
    }
    blocks: tuple[Block, ...] = ()
    if ground.own_keys:
        key: Attributes = {
            "key_vault_key_id": Ref("var.key_id"),
            "user_assigned_identity_id": Ref("var.key_identity_id"),
        }
        identity: Attributes = {
            "type": "UserAssigned",
            "identity_ids": Ref("[var.key_identity_id]"),
        }
        blocks = (Block("identity", (), identity), Block("customer_managed_key", (), key))
    return Block("resource", ("azurerm_storage_account", "ml"), attributes, blocks)


def _container(name: str) -> Block:
    attributes: Attributes = {
        "name": name,
        "storage_account_id": Ref("azurerm_storage_account.ml.id"),
    }
    return Block("resource", ("azurerm_storage_container", name), attributes)


def _policy(years: int) -> Block:
    attributes: Attributes = {
        "storage_container_resource_manager_id": Ref("azurerm_storage_container.audit.id"),
        "immutability_period_in_days": years * DAYS,
        "locked": False,
    }
    said = "`locked = true` cannot be undone: decide before the first record."
    name = ("azurerm_storage_container_immutability_policy", "audit")
    return Block("resource", name, attributes, (), said)


def _endpoint() -> Block:
    attributes: Attributes = {
        "name": Ref('"${var.name_prefix}-storage"'),
        "resource_group_name": Ref("azurerm_resource_group.ml.name"),
        "location": Ref("azurerm_resource_group.ml.location"),
        "subnet_id": Ref("var.subnet_id"),
    }
    connection: Attributes = {
        "name": "storage",
        "private_connection_resource_id": Ref("azurerm_storage_account.ml.id"),
        "subresource_names": ("dfs",),
        "is_manual_connection": False,
    }
    joined = Block("private_service_connection", (), connection)
    return Block("resource", ("azurerm_private_endpoint", "storage"), attributes, (joined,))


def _nodes(pool: Pool) -> Block:
    attributes: Attributes = {
        "name": pool.id,
        "kubernetes_cluster_id": Ref("var.cluster_id"),
        "vm_size": pool.use.instance,
        "auto_scaling_enabled": True,
        "min_count": pool.least,
        "max_count": pool.most,
    }
    name = ("azurerm_kubernetes_cluster_node_pool", pool.id)
    return Block("resource", name, attributes)


def _machines(pool: Pool) -> list[Block]:
    """Return the machines with an interface each."""
    group: Attributes = {
        "resource_group_name": Ref("azurerm_resource_group.ml.name"),
        "location": Ref("azurerm_resource_group.ml.location"),
    }
    name: Attributes = {"name": Ref(f'"${{var.name_prefix}}-{pool.id}-${{count.index}}"')}
    address: Attributes = {
        "name": "private",
        "subnet_id": Ref("var.subnet_id"),
        "private_ip_address_allocation": "Dynamic",
    }
    machine: Attributes = {
        "count": pool.most,
        **name,
        **group,
        "size": pool.use.instance,
        "admin_username": "operator",
        "source_image_id": Ref("var.image_id"),
        "network_interface_ids": Ref(f"[azurerm_network_interface.{pool.id}[count.index].id]"),
    }
    key: Attributes = {"username": "operator", "public_key": Ref("var.ssh_public_key")}
    disk: Attributes = {"caching": "ReadWrite", "storage_account_type": "Premium_LRS"}
    return [
        Block(
            "resource",
            ("azurerm_network_interface", pool.id),
            {"count": pool.most, **name, **group},
            (Block("ip_configuration", (), address),),
        ),
        Block(
            "resource",
            ("azurerm_linux_virtual_machine", pool.id),
            machine,
            (Block("admin_ssh_key", (), key), Block("os_disk", (), disk)),
        ),
    ]
