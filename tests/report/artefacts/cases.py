"""Plans to export: every scenario, and variants that chose other hosts, queues and engines."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace

from advisor.advise import advise
from advisor.domain.plan import HardwareUse, Plan, Practice
from advisor.library.answers import read_answers
from advisor.library.load import load_library
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.report.artefacts.folder import folder
from advisor.report.artefacts.targets import BY_ID, TARGETS, why_not
from tests.scenarios.approve import AS_OF, FOLDER, scenarios

USUAL = (
    *("chat-70b-eu", "churn", "demand-forecasting", "edge-defects", "hospital-imaging"),
    *("impossible-budget", "lora-startup", "pretrain-30b", "rag-bank", "recommender-20k"),
    *("research-workstations", "rules-are-enough"),
)
"""Scenarios of every run; the validators look at all there are."""


@functools.cache
def scenario_plans(names: tuple[str, ...] = USUAL) -> dict[str, Plan]:
    """Return the plans of scenarios, without their life."""
    kit = Kit(load_library())
    shapes = kit.shapes.keys()
    found = {}
    for name in names:
        answers = read_answers(FOLDER / f"{name}.yaml", kit.questions, shapes)
        found[name] = advise(answers, Line(kit), AS_OF)
    return found


def other_scenarios() -> tuple[str, ...]:
    """Return the scenarios that are not looked at in every run."""
    return tuple(path.stem for path in scenarios() if path.stem not in USUAL)


def with_choices(plan: Plan, choices: Mapping[str, str]) -> Plan:
    """Return the plan with other decisions."""
    made = {
        id_: replace(plan.decisions[id_], chosen=chosen, chosen_name=chosen)
        for id_, chosen in choices.items()
    }
    return replace(plan, decisions={**plan.decisions, **made})


def with_hardware(plan: Plan, use: str, **changes: object) -> Plan:
    """Return the plan with another machine under a use."""

    def changed(one: HardwareUse) -> HardwareUse:
        return replace(one, **changes) if one.use == use else one  # type: ignore[arg-type]

    return replace(plan, hardware=tuple(map(changed, plan.hardware)))


def with_practice(plan: Plan, id_: str) -> Plan:
    """Return the plan with one practice more."""
    return replace(plan, practices=(*plan.practices, Practice(id_, id_, "stated here", "X")))


@functools.cache
def plans() -> dict[str, Plan]:
    """Return every plan to export, by name."""
    found = dict(scenario_plans())
    chat, pretrain = found["chat-70b-eu"], found["pretrain-30b"]
    imaging, forecasts = found["hospital-imaging"], found["demand-forecasting"]
    ranking = found["recommender-20k"]
    found["chat-kubernetes"] = with_choices(chat, {"serving_host": "kubernetes"})
    found["pretrain-slurm"] = with_choices(
        pretrain, {"training_host": "slurm", "job_scheduler": "slurm", "serving_host": "kubernetes"}
    )
    found["bank-machine"] = with_choices(found["rag-bank"], {"serving_host": "own_hardware"})
    found["imaging-machine"] = with_choices(
        imaging, {"training_host": "own_hardware", "serving_host": "own_hardware"}
    )
    found["ranking-kubernetes"] = with_choices(
        ranking,
        {"training_host": "kubernetes", "serving_host": "kubernetes", "job_scheduler": "kueue"},
    )
    found["chat-azure"] = with_choices(
        with_hardware(chat, "serving", provider="azure", instance="Standard_ND96isr_H200_v5"),
        {"serving_host": "vms"},
    )
    found["ranking-aws"] = with_hardware(
        with_hardware(found["ranking-kubernetes"], "serving", provider="aws", instance="g6.xlarge"),
        "training",
        provider="aws",
        instance="p4d.24xlarge",
    )
    found["ranking-kserve"] = with_choices(
        found["ranking-kubernetes"], {"serving_engine": "kserve"}
    )
    found["ranking-machines"] = with_choices(
        ranking, {"training_host": "vms", "serving_host": "vms", "job_scheduler": "none"}
    )
    rented = with_choices(chat, {"serving_host": "gpu_cloud", "orchestrator": "dagster"})
    found["chat-rented"] = rented
    found["chat-sglang"] = with_choices(
        rented, {"serving_engine": "sglang", "orchestrator": "flyte2"}
    )
    found["chat-cron"] = with_choices(rented, {"orchestrator": "cron"})
    found["chat-tensor"] = _in_pairs(found["chat-kubernetes"])
    found["pretrain-rented"] = with_choices(
        pretrain, {"training_host": "gpu_cloud", "job_scheduler": "none"}
    )
    for scheduler in ("kueue", "volcano", "kai", "yunikorn", "none"):
        hosted = {"training_host": "kubernetes", "job_scheduler": scheduler}
        found[f"pretrain-{scheduler}"] = with_choices(pretrain, hosted)
    found["imaging-kubernetes"] = with_choices(
        imaging,
        {"training_host": "kubernetes", "serving_host": "kubernetes", "orchestrator": "cron"},
    )
    found["forecasts-vms"] = with_choices(
        forecasts, {"training_host": "vms", "serving_host": "vms", "orchestrator": "none"}
    )
    found["forecasts-kubernetes"] = with_choices(
        forecasts,
        {
            "training_host": "kubernetes",
            "serving_host": "kubernetes",
            "job_scheduler": "kueue",
            "orchestrator": "cron",
        },
    )
    for framework, split in (
        ("deepspeed", "zero2"),
        ("transformers", "zero3"),
        ("trl", "zero1"),
        ("pytorch", "zero3"),
        ("transformers", "ddp"),
    ):
        found[f"split-{framework}-{split}"] = _split(found["pretrain-slurm"], framework, split)
    found["ranking-growing"] = with_practice(_busier(found["ranking-kubernetes"]), "autoscaling")
    return found


def _split(plan: Plan, framework: str, sharding: str) -> Plan:
    """Return the plan with its 32 devices in data parallel alone."""
    use = next(u for u in plan.hardware if u.use == "training")
    setting = replace(
        use.setting,  # type: ignore[type-var]
        tensor=1,
        pipeline=1,
        data=use.count,
        sharding=sharding,
        precision="bf16",
        recompute="full",
    )
    split = with_hardware(plan, "training", setting=setting)
    return with_choices(split, {"training_framework": framework})


def _in_pairs(plan: Plan) -> Plan:
    """Return the plan with two devices a replica."""
    use = next(u for u in plan.hardware if u.use == "serving")
    setting = replace(use.setting, tensor=2)  # type: ignore[type-var]
    return with_hardware(plan, "serving", count=2 * use.count, setting=setting)


def _busier(plan: Plan) -> Plan:
    """Return the plan with more replicas at the peak than always stand."""
    use = next(u for u in plan.hardware if u.use == "serving")
    setting = replace(use.setting, replicas=30)  # type: ignore[type-var]
    return with_hardware(plan, "serving", count=30, nodes=30, setting=setting)


def plan_of(name: str) -> Plan:
    """Return a plan by name, also of a scenario that not every run looks at."""
    return (plans() if name in plans() else scenario_plans(other_scenarios()))[name]


@functools.cache
def files_of(name: str) -> dict[str, str]:
    """Return everything that can be made of a plan, also what is made on demand only."""
    plan = plan_of(name)
    made = {t.id: t.make(plan) for t in TARGETS if not why_not(plan, t)}
    return {path: data.decode() for path, data in folder(plan, made).items()}


def all_files() -> list[tuple[str, str, str]]:
    """Return plan, path and text of every file of every plan."""
    return [(name, path, text) for name in plans() for path, text in files_of(name).items()]


def text_of(name: str, target: str, path: str) -> str:
    """Return one file of one artefact."""
    files = BY_ID[target].make(plans()[name]).files
    return next(file.text for file in files if file.path == path)
