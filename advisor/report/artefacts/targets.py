"""Every kind of artefact by name, in the order in which an engineer meets them."""

from __future__ import annotations

from functools import partial

from advisor.domain.plan import Plan
from advisor.report.artefacts import compose, engine, kube, managed, sharding, skypilot, slurm
from advisor.report.artefacts.model import Artefact, Target
from advisor.report.artefacts.pipelines import airflow, cron, dagster, flyte, prefect
from advisor.report.artefacts.pipelines.common import refusal as pipeline_refusal
from advisor.report.artefacts.pipelines.common import reservation
from advisor.report.artefacts.terraform import skeleton
from advisor.report.text import clean

PIPELINES = (
    (airflow.TOOL, airflow.airflow),
    (dagster.TOOL, dagster.dagster),
    (prefect.TOOL, prefect.prefect),
    (flyte.TOOL, flyte.flyte),
    (cron.TOOL, cron.cron),
)
TARGETS: tuple[Target, ...] = (
    Target("engine", "serving engine command", engine.refusal, engine.engine),
    Target("kubernetes", "Kubernetes manifests", kube.refusal, kube.kubernetes),
    Target("skypilot", "SkyPilot tasks", skypilot.refusal, skypilot.skypilot),
    Target("slurm", "Slurm batch script", slurm.refusal, slurm.slurm),
    Target("managed", "managed training job", managed.refusal, managed.managed),
    Target("compose", "docker compose file", compose.refusal, compose.compose),
    Target(
        "deepspeed",
        "DeepSpeed configuration",
        sharding.unsharded,
        sharding.deepspeed,
        sharding.deepspeed_reservation,
    ),
    Target(
        "accelerate",
        "accelerate configuration",
        sharding.refusal,
        sharding.accelerate,
        sharding.accelerate_reservation,
    ),
    Target(
        "fsdp",
        "sharding with PyTorch FSDP",
        sharding.unsharded,
        sharding.fsdp,
        sharding.fsdp_reservation,
    ),
    Target("terraform", "Terraform skeleton", skeleton.refusal, skeleton.terraform),
    *(
        Target(t.id, f"{t.name} pipelines", pipeline_refusal, make, partial(reservation, tool=t))
        for t, make in PIPELINES
    ),
)
BY_ID = {target.id: target for target in TARGETS}
NOT_FEASIBLE = "the plan is not feasible; relax a constraint first, nothing of it should be built"


def why_not(plan: Plan, target: Target) -> str:
    """Return why the plan has no place for a target as one harmless line, "" where it has one."""
    return clean(target.refusal(plan)) if plan.feasible else NOT_FEASIBLE


def exported(plan: Plan) -> dict[str, Artefact]:
    """Return every artefact that the plan calls for, by target."""
    return {
        target.id: target.make(plan)
        for target in TARGETS
        if not why_not(plan, target) and not target.reservation(plan)
    }
