"""Manifests fit together: selectors, settings, images, queues and the counts of the plan."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from advisor.domain.deployment import ServingSetting
from tests.report.artefacts.cases import files_of, plans

SCHEMAS = json.loads(
    (Path(__file__).parent / "pinned" / "custom_resources.json").read_text(encoding="utf-8")
)["kinds"]
KUBERNETES = (
    *("chat-kubernetes", "chat-tensor", "ranking-kubernetes", "ranking-growing", "pretrain-slurm"),
    *("pretrain-kueue", "pretrain-volcano", "pretrain-kai", "pretrain-yunikorn", "pretrain-none"),
    *("imaging-kubernetes", "forecasts-kubernetes", "ranking-kserve"),
)


def manifests(name: str) -> list[dict[str, Any]]:
    return [
        document
        for path, text in files_of(name).items()
        if path.startswith("kubernetes/") and path.endswith(".yaml")
        for document in yaml.load_all(text, Loader=yaml.CSafeLoader)
    ]


def of_kind(name: str, kind: str) -> list[dict[str, Any]]:
    return [m for m in manifests(name) if m["kind"] == kind]


def pods(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every pod specification inside an object."""
    if isinstance(value, dict):
        if "containers" in value:
            yield value
        for inner in value.values():
            yield from pods(inner)
    if isinstance(value, list):
        for inner in value:
            yield from pods(inner)


@pytest.mark.parametrize("name", KUBERNETES)
def test_custom_resources_meet_their_schemas(name: str) -> None:
    for manifest in manifests(name):
        schema = SCHEMAS.get(f"{manifest['apiVersion']}/{manifest['kind']}")
        if schema:
            Draft202012Validator(schema).validate(manifest)
        else:
            assert manifest["apiVersion"] in CORE, manifest["apiVersion"]


CORE = {
    "v1",
    "apps/v1",
    "batch/v1",
    "policy/v1",
    "autoscaling/v2",
    "networking.k8s.io/v1",
}


@pytest.mark.parametrize("name", KUBERNETES)
def test_every_pod_finds_its_settings_image_and_variables(name: str) -> None:
    files = files_of(name)
    tied = of_kind(name, "Kustomization")
    maps = {g["name"] for k in tied for g in k.get("configMapGenerator", [])}
    images = {i["name"] for k in tied for i in k.get("images", [])}
    for path in (p for p in files if p.endswith("kustomization.yaml")):
        folder = path.removesuffix("kustomization.yaml")
        listed = yaml.load(files[path], Loader=yaml.CSafeLoader)
        assert all(folder + r in files for r in listed["resources"])
        assert ("configMapGenerator" in listed) is (folder + "settings.env" in files)
    for spec in (p for m in manifests(name) for p in pods(m)):
        container = spec["containers"][0]
        assert container["image"] in images
        wanted = {source["configMapRef"]["name"] for source in container["envFrom"]}
        assert wanted <= maps
        settings = {f"{n.split('-')[0]}" for n in wanted}
        folder = "kubernetes/" + ("train/" if settings == {"train"} else "")
        known = set(re.findall(r"^([A-Z_]+)=", files[folder + "settings.env"], re.MULTILINE))
        known |= {e["name"] for e in container["env"]} | {"JOB_COMPLETION_INDEX"}
        asked = set(re.findall(r"\$\(([A-Z_]+)\)", " ".join(container.get("command", []))))
        assert asked <= known


@pytest.mark.parametrize("name", KUBERNETES)
def test_services_and_scalers_point_at_the_deployment(name: str) -> None:
    for deployment in of_kind(name, "Deployment"):
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        for service in of_kind(name, "Service"):
            assert service["spec"]["selector"].items() <= labels.items()
        ports = {p["name"] for p in pods_of(deployment)["containers"][0]["ports"]}
        assert {
            p["targetPort"] for s in of_kind(name, "Service") for p in s["spec"]["ports"]
        } <= ports
        scalers = [*of_kind(name, "ScaledObject"), *of_kind(name, "HorizontalPodAutoscaler")]
        for scaler in scalers:
            assert scaler["spec"]["scaleTargetRef"]["name"] == deployment["metadata"]["name"]
        assert ("replicas" in deployment["spec"]) is not bool(scalers)


def pods_of(manifest: dict[str, Any]) -> dict[str, Any]:
    return next(pods(manifest))


def test_a_region_holds_its_share_of_the_replicas() -> None:
    plan = plans()["chat-kubernetes"]
    setting = next(u.setting for u in plan.hardware if u.use == "serving")
    assert isinstance(setting, ServingSetting)
    scaler = of_kind("chat-kubernetes", "ScaledObject")[0]["spec"]
    assert scaler["maxReplicaCount"] * setting.regions == setting.replicas
    assert scaler["minReplicaCount"] == setting.standing
    trigger = scaler["triggers"][0]["metadata"]
    assert trigger["threshold"] == str(setting.in_flight)
    spread = of_kind("ranking-kubernetes", "Deployment")[0]["spec"]["replicas"]
    ranking = plans()["ranking-kubernetes"].hardware
    assert spread == next(u.setting for u in ranking if u.use == "serving").replicas_a_region  # type: ignore[union-attr]


def test_a_replica_asks_for_the_devices_of_its_tensor_group() -> None:
    container = pods_of(of_kind("chat-tensor", "Deployment")[0])["containers"][0]
    assert container["resources"]["limits"] == {"nvidia.com/gpu": 2}
    assert container["command"][container["command"].index("--tensor-parallel-size") + 1] == "2"


@pytest.mark.parametrize("scheduler", ["kueue", "volcano", "kai", "yunikorn", "none"])
def test_machines_of_one_run_start_together(scheduler: str) -> None:
    name = f"pretrain-{scheduler}"
    use = next(u for u in plans()[name].hardware if u.use == "training")
    job_set = of_kind(name, "JobSet")[0]
    job = job_set["spec"]["replicatedJobs"][0]["template"]["spec"]
    assert job["completions"] == job["parallelism"] == use.nodes
    spec = pods_of(job)
    devices = spec["containers"][0]["resources"]["limits"]["nvidia.com/gpu"]
    assert devices * use.nodes == use.count
    expected = {"volcano": "volcano", "kai": "kai-scheduler", "yunikorn": "yunikorn"}
    assert spec.get("schedulerName") == expected.get(scheduler)


def test_the_queue_admits_one_run_of_the_plan() -> None:
    use = next(u for u in plans()["pretrain-kueue"].hardware if u.use == "training")
    queue = of_kind("pretrain-kueue", "ClusterQueue")[0]["spec"]["resourceGroups"][0]
    quota = queue["flavors"][0]["resources"][0]
    assert (quota["name"], quota["nominalQuota"]) == ("nvidia.com/gpu", use.count)
    labels = of_kind("pretrain-kueue", "JobSet")[0]["metadata"]["labels"]
    local = of_kind("pretrain-kueue", "LocalQueue")[0]
    assert labels["kueue.x-k8s.io/queue-name"] == local["metadata"]["name"]
    group = of_kind("pretrain-volcano", "PodGroup")[0]["spec"]
    assert group["minMember"] == use.nodes


def is_training(manifest: dict[str, Any]) -> bool:
    return bool(manifest["metadata"]["name"] == "train")


def test_the_queue_covers_all_that_pods_ask_for() -> None:
    for name in ("forecasts-kubernetes", "ranking-kubernetes", "pretrain-kueue"):
        covered = set(
            of_kind(name, "ClusterQueue")[0]["spec"]["resourceGroups"][0]["coveredResources"]
        )
        for manifest in manifests(name):
            if manifest["kind"] in ("Job", "CronJob", "JobSet") and is_training(manifest):
                asked = pods_of(manifest)["containers"][0]["resources"]["requests"]
                assert set(asked) == covered


def test_retraining_recurs_by_itself_only_where_nothing_else_starts_it() -> None:
    cron = of_kind("imaging-kubernetes", "CronJob")[0]
    assert cron["spec"]["schedule"] == "0 3 1 1,4,7,10 *"
    assert of_kind("ranking-kubernetes", "Job")


def test_kserve_is_given_its_own_resource() -> None:
    service = of_kind("ranking-kserve", "InferenceService")[0]["spec"]["predictor"]
    setting = next(u.setting for u in plans()["ranking-kserve"].hardware if u.use == "serving")
    assert isinstance(setting, ServingSetting)
    assert service["maxReplicas"] == setting.replicas_a_region
    assert service["minReplicas"] == setting.replicas_a_region  # no measure of GPUs scales it
    assert not of_kind("ranking-kserve", "Deployment")


def test_nothing_leaves_an_air_gap() -> None:
    closed = of_kind("imaging-kubernetes", "NetworkPolicy")[0]["spec"]
    assert closed["policyTypes"] == ["Ingress", "Egress"]
    assert not [rule for rule in closed["egress"] if "ipBlock" in json.dumps(rule)]
