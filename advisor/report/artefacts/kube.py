"""The folder of Kubernetes manifests, tied together by kustomize."""

from __future__ import annotations

from collections.abc import Iterable

from advisor.domain.plan import Plan
from advisor.frozen import dataclass
from advisor.library.yaml_text import yaml_text
from advisor.report.artefacts import engine
from advisor.report.artefacts.kube_parts import (
    HUGGING_FACE,
    NAMESPACE,
    Manifest,
    cluster_metadata,
    kube_object,
    kustomization,
    resource_of,
)
from advisor.report.artefacts.kube_serving import (
    IMAGE,
    PROMETHEUS,
    network_manifests,
    scaled,
    scaling_manifests,
    serving_manifests,
)
from advisor.report.artefacts.kube_training import IMAGE as TRAINING_IMAGE
from advisor.report.artefacts.kube_training import queue_manifests, training_manifests
from advisor.report.artefacts.launch import sized as sized_training
from advisor.report.artefacts.launch import variables as training_variables
from advisor.report.artefacts.model import Artefact, File, Variable
from advisor.report.artefacts.needs import Serving, Training, named, serving_of, training_of
from advisor.report.artefacts.pins import JOBSET, KEDA, KSERVE, KUEUE, SGLANG, VLLM
from advisor.report.artefacts.words import comment, env_lines, heading

ENGINE_IMAGES = {"vllm": VLLM.value, "sglang": SGLANG.value}
OWN_RESOURCE = ("ray-serve", "seldon", "llm-d", "dynamo")
"""Engines whose operator starts the pods itself."""
FOLDER = "kubernetes"


def refusal(plan: Plan) -> str:
    """Return why nothing of the plan runs on Kubernetes, "" where something does."""
    training, serving = _on_kubernetes(plan)
    if training or serving:
        return ""
    hosts = [named(plan, f"{use}_host") for use in ("training", "serving")]
    return f"nothing of the plan runs on Kubernetes (training: {hosts[0]}; serving: {hosts[1]})"


def _on_kubernetes(plan: Plan) -> tuple[Training | None, Serving | None]:
    training, serving = training_of(plan), serving_of(plan)
    return (
        training if training and training.host == "kubernetes" else None,
        serving if serving and serving.host == "kubernetes" else None,
    )


def kubernetes(plan: Plan) -> Artefact:
    """Return the manifests: what stands in one folder, what runs and ends in another."""
    training, serving = _on_kubernetes(plan)
    namespace = kube_object("v1", "Namespace", cluster_metadata(NAMESPACE), {})
    parts: dict[str, list[Manifest]] = {"namespace.yaml": [namespace]}
    parts["network.yaml"] = network_manifests(plan, serves=bool(serving))
    notes: list[str] = []
    variables: list[Variable] = []
    if training:
        parts["queue.yaml"] = queue_manifests(training)
        notes += _training_notes(training)
    if serving:
        parts["serving.yaml"] = serving_manifests(plan, serving)
        parts["scaling.yaml"] = scaling_manifests(plan, serving)
        variables += _serving_variables(plan, serving)
        notes += _serving_notes(plan, serving)
    standing = _Room(FOLDER, "serve", _said(serving), tuple(variables), _images(serving))
    files = list(_written(plan, standing, parts))
    commands = [f"kubectl apply -k {FOLDER}"]
    if training:
        own = tuple(training_variables(plan, TRAINING_IMAGE))
        said = sized_training(training)
        room = _Room(f"{FOLDER}/train", "train", said, own[1:], ((TRAINING_IMAGE, ""),))
        files += _written(plan, room, {"train.yaml": training_manifests(plan, training)})
        commands.append(f"kubectl apply -k {FOLDER}/train")
        variables += own
    return Artefact(tuple(files), tuple(commands), tuple(variables), tuple(notes))


@dataclass(frozen=True, slots=True)
class _Room:
    """A folder of its own kustomization, with the settings and images of one component."""

    path: str
    component: str
    said: tuple[str, ...]
    variables: tuple[Variable, ...]
    images: tuple[tuple[str, str], ...]


def _said(serving: Serving | None) -> tuple[str, ...]:
    return engine.sized(serving) if serving else ()


def _written(plan: Plan, room: _Room, parts: dict[str, list[Manifest]]) -> Iterable[File]:
    """Yield the files of a room; those without an object are left out."""
    there = {name: objects for name, objects in parts.items() if objects}
    top = comment(heading(plan, "Kubernetes manifests", *room.said))
    for name, objects in there.items():
        yield File(f"{room.path}/{name}", top + yaml_text(objects))
    lines = env_lines([v for v in room.variables if v.name.isupper()], unset="set-me")
    if lines:
        yield File(f"{room.path}/settings.env", top + lines)
    tied = kustomization(list(there), room.images, room.component if lines else "")
    yield File(f"{room.path}/kustomization.yaml", top + yaml_text([tied]))


def _images(serving: Serving | None) -> tuple[tuple[str, str], ...]:
    return ((IMAGE, ENGINE_IMAGES.get(serving.engine, "")),) if serving else ()


def _serving_variables(plan: Plan, serving: Serving) -> list[Variable]:
    found = [v for v in engine.variables(plan, serving) if v.name != "VLLM_API_KEY"]
    if serving.engine not in ENGINE_IMAGES:
        meaning = engine.image_meaning(plan, serving)
        found.insert(0, Variable(IMAGE, f"{meaning}; in {FOLDER}/kustomization.yaml"))
    return found


def _training_notes(training: Training) -> list[str]:
    found = []
    if training.scheduler == "kueue":
        found.append(f"{KUEUE.said}. The queue holds what one run of the plan takes.")
    if training.scheduler in ("kai", "yunikorn"):
        found.append("The scheduler's queue `training` must be there before the first run.")
    if training.nodes > 1 and training.pattern != "many_models":
        found.append(JOBSET.said)
        found.append(
            "Pods reach a fast fabric through the devices of its plugin: add yours to them."
        )
    return found


def _serving_notes(plan: Plan, serving: Serving) -> list[str]:
    found = [*engine.pins(serving), *engine.notes(serving)]
    setting = serving.setting
    if setting.regions > 1:
        found.append(
            f"The plan serves from {setting.regions} regions: apply the folder once in the "
            f"cluster of each; every one holds {setting.replicas_a_region} replicas at the peak."
        )
    if scaled(plan, serving) == "keda":
        found.append(f"{KEDA.said}. The query asks `{PROMETHEUS}`: change it where yours differs.")
    if serving.engine == "kserve":
        found.append(KSERVE.said)
    if serving.engine in OWN_RESOURCE:
        name = named(plan, "serving_engine")
        found.append(f"{name} has a resource of its own: let it take the place of the Deployment.")
    if serving.pattern in ("async", "serverless"):
        found.append(
            "The plan pays only for use: add the trigger of your queue or gateway that takes the "
            "replicas to zero; no such product is part of the plan."
        )
    if resource_of(serving.use):
        found.append(
            f"Optional: `kubectl -n {NAMESPACE} create secret generic {HUGGING_FACE} "
            "--from-file=token` for models behind a licence."
        )
    if engine.keyed(serving):
        found.append(
            f"Once: `kubectl -n {NAMESPACE} create secret generic serving-api-key "
            "--from-file=key` with the key that callers present."
        )
    return found
