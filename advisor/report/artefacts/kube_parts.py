"""Pieces that Kubernetes manifests share: names, pods, resources, settings."""

from __future__ import annotations

from typing import Any

from advisor.domain.plan import HardwareUse, Plan
from advisor.report.artefacts.needs import CPUS

Manifest = dict[str, Any]
NAMESPACE = "ml"
HUGGING_FACE = "hugging-face"
"""Secret with the token of the model hub; pods start without it."""
RESOURCES = {
    "nvidia": "nvidia.com/gpu",
    "amd": "amd.com/gpu",
    "google": "google.com/tpu",
    "aws": "aws.amazon.com/neuron",
    "intel": "gpu.intel.com/i915",
}
"""Vendor of the accelerator -> the resource that its device plugin offers."""
SPARE_CPUS = 1
"""vCPUs of a machine that are left to Kubernetes itself."""
LABELLED = ("aws", "gcp", "azure")
"""Providers whose nodes carry the name of the machine type."""


def labels(component: str) -> dict[str, str]:
    """Return the recommended labels of a component."""
    return {"app.kubernetes.io/name": component, "app.kubernetes.io/managed-by": "kustomize"}


def metadata(name: str, extra: dict[str, str] | None = None) -> Manifest:
    """Return name, namespace and labels."""
    return {"name": name, "namespace": NAMESPACE, "labels": labels(name) | (extra or {})}


def cluster_metadata(name: str) -> Manifest:
    """Return name and labels of what stands outside any namespace."""
    return {"name": name, "labels": labels(name)}


def kube_object(api: str, kind: str, meta: Manifest, spec: Manifest) -> Manifest:
    """Return an object of the cluster."""
    return {"apiVersion": api, "kind": kind, "metadata": meta} | ({"spec": spec} if spec else {})


def resource_of(use: HardwareUse) -> str:
    """Return what a pod asks for to get a device, "" on CPUs."""
    return "" if use.accelerator in CPUS else RESOURCES.get(use.vendor, f"{use.vendor}.com/gpu")


def resources(use: HardwareUse, devices: int) -> Manifest:
    """Return requests and limits: devices, or most of a machine's vCPUs where there are none."""
    name = resource_of(use)
    if name:
        return {"requests": {name: devices}, "limits": {name: devices}}
    return {"requests": {"cpu": max(1, use.vcpus - SPARE_CPUS)}} if use.vcpus else {}


def node_selector(use: HardwareUse) -> dict[str, str]:
    """Return the machine type where the provider labels its nodes with it."""
    if use.provider in LABELLED and use.instance:
        return {"node.kubernetes.io/instance-type": use.instance}
    return {}


def pod(use: HardwareUse, container: Manifest, restart: str) -> Manifest:
    """Return a pod specification with one container, closed as far as any image bears it."""
    found: Manifest = {
        "restartPolicy": restart,
        "automountServiceAccountToken": False,
        "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
    }
    if selector := node_selector(use):
        found["nodeSelector"] = selector
    if resource := resource_of(use):
        found["tolerations"] = [{"key": resource, "operator": "Exists", "effect": "NoSchedule"}]
    found["containers"] = [
        container
        | {
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
            },
            "volumeMounts": [
                {"name": "shared-memory", "mountPath": "/dev/shm"},  # noqa: S108
                {"name": "cache", "mountPath": "/cache"},
            ],
        }
    ]
    found["volumes"] = [
        {"name": "shared-memory", "emptyDir": {"medium": "Memory"}},
        {"name": "cache", "emptyDir": {}},
    ]
    return found


def settings(component: str) -> list[Manifest]:
    """Return where a container's variables come from: the settings.env of its folder."""
    return [{"configMapRef": {"name": f"{component}-settings"}}]


def cache_variables(plan: Plan, use: HardwareUse) -> list[Manifest]:
    """Return where models are kept, the token that fetches them, and no hub behind an air gap;
    nothing on CPUs, where models come from training."""
    if not resource_of(use):
        return []
    token = {"name": HUGGING_FACE, "key": "token", "optional": True}
    found: list[Manifest] = [
        {"name": "HF_HOME", "value": "/cache"},
        {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": token}},
    ]
    residency = plan.answers.get("residency")
    if residency and residency[0] == "air_gapped":
        found.append({"name": "HF_HUB_OFFLINE", "value": "1"})
    return found


def kustomization(
    files: list[str], images: tuple[tuple[str, str], ...], component: str
) -> Manifest:
    """Return what ties the manifests of a folder together; an image without a value is to set.

    `component` is whose settings.env stands in the folder, "" where there is none.
    """
    found: Manifest = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": files,
        "generatorOptions": {"disableNameSuffixHash": True},
    }
    if component:
        name = f"{component}-settings"
        generated = {"name": name, "namespace": NAMESPACE, "envs": ["settings.env"]}
        found["configMapGenerator"] = [generated]
    if images:
        found["images"] = [_image(name, value) for name, value in images]
    return found


def _image(name: str, value: str) -> Manifest:
    new, _, tag = (value or f"set-me/{name}:set-me").rpartition(":")
    return {"name": name, "newName": new, "newTag": tag}
