"""SkyPilot tasks: a training run, and a service with its replicas."""

from __future__ import annotations

from math import ceil
from typing import Any

from advisor.domain.plan import HardwareUse, Plan
from advisor.library.yaml_text import yaml_text
from advisor.report.artefacts import engine
from advisor.report.artefacts.argv import shell
from advisor.report.artefacts.engine import HEALTH, LOAD_SECONDS, PORTS
from advisor.report.artefacts.launch import environment, launcher
from advisor.report.artefacts.launch import sized as sized_training
from advisor.report.artefacts.launch import variables as training_variables
from advisor.report.artefacts.model import Artefact, File, Variable
from advisor.report.artefacts.needs import (
    Serving,
    Training,
    chosen,
    named,
    pinned,
    practised,
    serving_of,
    training_of,
)
from advisor.report.artefacts.words import comment, heading

HOSTS = ("gpu_cloud", "vms")
"""Hosts that are rented machines, which SkyPilot finds and sets up."""
CLOUDS = {
    **{c: c for c in ("aws", "gcp", "azure", "oci", "lambda", "nebius", "runpod", "vast", "verda")},
    "digitalocean": "do",
}
"""Provider -> its name in SkyPilot 0.14.1 (sky/clouds)."""
DEVICES = {
    "h100-sxm5-80gb": "H100",
    "h100-pcie-80gb": "H100",
    "h100-nvl-94gb": "H100NVL",
    "h200-sxm-141gb": "H200",
    "b200-sxm-180gb": "B200",
    "b300-sxm-288gb": "B300",
    "gb200-186gb": "GB200",
    "gh200-96gb": "GH200",
    "a100-sxm4-80gb": "A100-80GB",
    "a100-pcie-80gb": "A100-80GB",
    "a100-sxm4-40gb": "A100",
    "a100-pcie-40gb": "A100",
    "l40s": "L40S",
    "l4": "L4",
    "a10": "A10",
    "a10g": "A10G",
    "a40": "A40",
    "t4": "T4",
    "v100-sxm2-16gb": "V100",
    "v100-sxm2-32gb": "V100-32GB",
    "v100-pcie-16gb": "V100",
    "rtx-a6000": "RTXA6000",
    "rtx4090": "RTX4090",
    "rtx5090": "RTX5090",
    "rtx3090": "RTX3090",
    "mi300x": "MI300X",
    "trainium1": "Trainium",
    "inferentia2": "Inferentia2",
}
"""Accelerator -> its name in the SkyPilot catalogue, as `sky show-gpus` lists them."""
REGION = "SET-REGION"
"""Stands where a region must be chosen; SkyPilot refuses it until one is."""
SERVED = ("vllm", "sglang")
"""Engines that the task itself installs and starts."""
PACKAGES = {"vllm": "vllm==0.33.0", "sglang": "sglang==0.5.23"}


def refusal(plan: Plan) -> str:
    """Return why SkyPilot has nothing to start, "" where it has."""
    uses = [u for u in (training_of(plan), serving_of(plan)) if u]
    if not uses:
        return "the plan runs nothing on machines of its own"
    here = [u for u in uses if u.host in HOSTS or chosen(plan, "orchestrator") == "skypilot"]
    if not here:
        hosts = [named(plan, f"{use}_host") for use in ("training", "serving")]
        return (
            "nothing of the plan runs on rented machines without a cluster "
            f"(training: {hosts[0]}; serving: {hosts[1]})"
        )
    return "" if any(not _unknown(u.use) for u in here) else _unknown(here[0].use)


def _unknown(use: HardwareUse) -> str:
    """Return what SkyPilot does not offer of a use, "" where it offers all."""
    if use.provider not in CLOUDS:
        return f"SkyPilot does not rent at {use.provider or 'no provider'}"
    if use.count and use.accelerator not in DEVICES:
        return f"the SkyPilot catalogue has no {use.accelerator_name}"
    return ""


def _rented(plan: Plan) -> tuple[Training | None, Serving | None]:
    training, serving = training_of(plan), serving_of(plan)
    any_host = chosen(plan, "orchestrator") == "skypilot"
    return (
        training
        if training and (any_host or training.host in HOSTS) and not _unknown(training.use)
        else None,
        serving
        if serving and (any_host or serving.host in HOSTS) and not _unknown(serving.use)
        else None,
    )


def skypilot(plan: Plan) -> Artefact:
    """Return one task for each use that runs on rented machines."""
    training, serving = _rented(plan)
    files: list[File] = []
    commands: list[str] = []
    variables: list[Variable] = []
    notes: list[str] = []
    if training:
        files.append(_file(plan, "train", sized_training(training), _train(plan, training)))
        variables += [*training_variables(plan, ""), *_requirements()]
        given = "".join(f" --env {v.name}" for v in training_variables(plan, ""))
        commands.append(f"sky jobs launch skypilot/train.yaml{given} --secret HF_TOKEN")
    if serving:
        files.append(_file(plan, "serve", engine.sized(serving), _serve(plan, serving)))
        own = _serving_variables(plan, serving)
        variables += own
        given = "".join(f" --env {v.name}" for v in own if v.name.isupper() and "KEY" not in v.name)
        secrets = " --secret HF_TOKEN" + (" --secret VLLM_API_KEY" if engine.keyed(serving) else "")
        start = "serve up" if serving.standing else "jobs launch"
        commands.append(f"sky {start} skypilot/serve.yaml{given}{secrets}")
        notes += [*engine.pins(serving), *engine.notes(serving), *_regions(serving)]
    if pinned(plan):
        notes.append(
            f"Data must not leave their region: write the region in place of {REGION}, which "
            "SkyPilot refuses, before the first start."
        )
    return Artefact(tuple(files), tuple(commands), tuple(variables), tuple(notes))


def _regions(serving: Serving) -> tuple[str, ...]:
    """Return how a service of several regions is started."""
    regions = serving.setting.regions
    if regions < 2 or not serving.standing:
        return ()
    each = "the file holds the machines of one"
    return (f"The plan serves from {regions} regions: start one service in each; {each}.",)


def _file(plan: Plan, name: str, said: tuple[str, ...], task: dict[str, Any]) -> File:
    top = comment(heading(plan, "SkyPilot task", *said))
    return File(f"skypilot/{name}.yaml", top + yaml_text([task]))


def _resources(plan: Plan, use: HardwareUse, devices: int, *, spot: bool) -> dict[str, Any]:
    """Return where and on what: a whole machine's devices, or its vCPUs where there are none."""
    cloud = CLOUDS[use.provider]
    found: dict[str, Any] = {"infra": f"{cloud}/{REGION}" if pinned(plan) else cloud}
    if use.count:
        found["accelerators"] = f"{DEVICES[use.accelerator]}:{devices}"
    elif use.vcpus:
        found["cpus"] = f"{use.vcpus}+"
    if spot:
        found |= {"use_spot": True}
    return found


def _train(plan: Plan, training: Training) -> dict[str, Any]:
    use = training.use
    devices = max(training.processes, use.per_node if training.nodes > 1 else training.processes)
    spot = practised(plan, "spot")
    resources = _resources(plan, use, devices, spot=spot)
    resources["job_recovery"] = {"strategy": "FAILOVER", "max_restarts_on_errors": 3}
    address = ""
    if training.nodes > 1:
        address = 'MASTER_ADDR="$(head -n 1 <<<"$SKYPILOT_NODE_IPS")"\nexport MASTER_ADDR\n'
    envs: dict[str, Any] = {v.name: v.default or None for v in training_variables(plan, "")}
    return {
        "name": "train",
        "resources": resources,
        "num_nodes": training.nodes,
        "workdir": ".",
        "envs": {**envs, "REQUIREMENTS": "requirements.txt", **environment(training)},
        "secrets": {"HF_TOKEN": None},
        "setup": 'pip install -r "$REQUIREMENTS"\n',
        "run": address + shell(launcher(training, "SKYPILOT_NODE_RANK", "MASTER_ADDR")) + "\n",
    }


def _requirements() -> list[Variable]:
    return [Variable("REQUIREMENTS", "file with the packages of your program", "requirements.txt")]


def _serving_variables(plan: Plan, serving: Serving) -> list[Variable]:
    found = engine.variables(plan, serving)
    if serving.engine not in SERVED:
        found.append(Variable("SERVE_COMMAND", "program that serves or scores, as one path"))
    return found


def _serve(plan: Plan, serving: Serving) -> dict[str, Any]:
    use, copies = serving.use, serving.copies_a_machine
    devices = max(copies * serving.setting.devices, min(use.per_node, use.count))
    resources = _resources(plan, use, devices, spot=False)
    envs: dict[str, Any] = {
        v.name: v.default or None for v in _serving_variables(plan, serving) if "KEY" not in v.name
    }
    secrets: dict[str, Any] = {"HF_TOKEN": None}
    if engine.keyed(serving):
        secrets["VLLM_API_KEY"] = None
    own = serving.engine in SERVED
    argv = engine.command(plan, serving, copies) if own else ()
    task: dict[str, Any] = {"name": "serve", "resources": resources}
    if serving.standing:
        port = PORTS.get(serving.engine, 8080)
        resources["ports"] = port
        task["service"] = _service(plan, serving, copies)
    elif use.nodes > 1:
        task["num_nodes"] = use.nodes
    task |= {"envs": envs, "secrets": secrets}
    if own:
        task["setup"] = f"pip install {PACKAGES[serving.engine]}\n"
    return task | {"run": (shell(argv) if argv else '"${SERVE_COMMAND:?set SERVE_COMMAND}"') + "\n"}


def _service(plan: Plan, serving: Serving, copies: int) -> dict[str, Any]:
    """Return probe and replicas of one region; one replica of the service is one machine, and
    where a spare is planned, two machines stand at least."""
    setting = serving.setting
    probe = {"path": HEALTH.get(serving.engine, "/"), "initial_delay_seconds": LOAD_SECONDS}
    most = max(1, ceil(serving.use.nodes / setting.regions))
    least = min(most, max(2 if setting.standing > 1 else 1, ceil(setting.standing / copies)))
    found: dict[str, Any] = {"readiness_probe": probe}
    if practised(plan, "autoscaling") and least < most:
        found["replica_policy"] = {
            "min_replicas": least,
            "max_replicas": most,
            "target_qps_per_replica": round(setting.replica_rps * copies, 2),
        }
        return found
    return found | {"replicas": most}
