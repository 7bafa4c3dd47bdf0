"""A docker compose file: the engine, or the training run, on machines without a cluster."""

from __future__ import annotations

from typing import Any

from advisor.domain.plan import HardwareUse, Plan
from advisor.library.yaml_text import yaml_text
from advisor.report.artefacts import engine
from advisor.report.artefacts.argv import Env
from advisor.report.artefacts.argv import compose as words
from advisor.report.artefacts.engine import HEALTH, LOAD_SECONDS, PORTS
from advisor.report.artefacts.kube import ENGINE_IMAGES
from advisor.report.artefacts.kube_serving import OTHER_PORT
from advisor.report.artefacts.launch import environment, launcher
from advisor.report.artefacts.launch import sized as sized_training
from advisor.report.artefacts.launch import variables as training_variables
from advisor.report.artefacts.model import Artefact, File, Variable
from advisor.report.artefacts.needs import (
    CPUS,
    Serving,
    Training,
    answer,
    named,
    serving_of,
    training_of,
)
from advisor.report.artefacts.words import comment, env_lines, heading
from advisor.report.text import counted

HOSTS = ("own_hardware", "vms")
"""Hosts whose machines run containers without a cluster."""
SERVING_IMAGE = "SERVING_IMAGE"
TRAINING_IMAGE = "TRAINING_IMAGE"


def refusal(plan: Plan) -> str:
    """Return why nothing of the plan runs on single machines, "" where something does."""
    training, serving = _here(plan)
    if training or serving:
        return ""
    own = training_of(plan)
    if own and own.host in HOSTS and own.nodes > 1:
        return "training spans several machines, which compose does not join"
    hosts = [named(plan, f"{use}_host") for use in ("training", "serving")]
    return (
        "nothing of the plan runs on machines of its own without a cluster "
        f"(training: {hosts[0]}; serving: {hosts[1]})"
    )


def _here(plan: Plan) -> tuple[Training | None, Serving | None]:
    training, serving = training_of(plan), serving_of(plan)
    return (
        training if training and _alone(training) else None,
        serving if serving and serving.host in HOSTS else None,
    )


def _alone(training: Training) -> bool:
    """Return whether a run takes one machine, which no queue hands out."""
    free = training.scheduler in ("none", "unresolved")
    return training.host in HOSTS and training.nodes == 1 and free


def compose(plan: Plan) -> Artefact:
    """Return the compose file and the list of its variables."""
    training, serving = _here(plan)
    services: dict[str, Any] = {}
    said: tuple[str, ...] = ()
    variables: list[Variable] = []
    commands: list[str] = ["cp compose/env.example compose/.env  # then fill it in"]
    notes: list[str] = []
    if serving:
        services["serve"] = _serving(plan, serving)
        said += engine.sized(serving)
        variables += _serving_variables(plan, serving)
        notes += [*engine.pins(serving), *engine.notes(serving), *_machines(serving)]
        commands.append(_start("serve" if serving.standing else "run"))
    if training:
        services["train"] = _training(plan, training)
        said += sized_training(training)
        variables += training_variables(plan, TRAINING_IMAGE)
        commands.append("docker compose -f compose/compose.yaml run --rm train")
    if any("DATA_FOLDER" in text for s in services.values() for text in s["volumes"]):
        variables.append(Variable("DATA_FOLDER", "folder of this machine that is seen as /data"))
    top = comment(heading(plan, "Docker compose", *said))
    document = {"services": services, "volumes": {"cache": {}}}
    lines = env_lines(variables, unset="")
    files = (
        File("compose/compose.yaml", top + yaml_text([document])),
        File("compose/env.example", top + lines),
    )
    return Artefact(files, tuple(commands), tuple(variables), tuple(notes))


def _start(how: str) -> str:
    ending = "up -d serve" if how == "serve" else "run --rm serve"
    return f"docker compose -f compose/compose.yaml {ending}"


def _machines(serving: Serving) -> tuple[str, ...]:
    if serving.use.nodes < 2:
        return ()
    each = counted(serving.copies_a_machine, "replica")
    start = f"Start it on each of {serving.use.nodes} machines ({each} each)"
    return (f"{start} and put a load balancer in front of them.",)


def _devices(use: HardwareUse, count: int) -> dict[str, Any]:
    """Return the reservation of devices; nothing on CPUs."""
    if use.accelerator in CPUS:
        return {}
    device = {"driver": use.vendor, "count": count, "capabilities": ["gpu"]}
    return {"deploy": {"resources": {"reservations": {"devices": [device]}}}}


def _common(plan: Plan) -> dict[str, Any]:
    variables = {"HF_HOME": "/cache", "HF_TOKEN": "${HF_TOKEN:-}"}
    if answer(plan, "residency") == "air_gapped":
        variables["HF_HUB_OFFLINE"] = "1"
    return variables


def _serving(plan: Plan, serving: Serving) -> dict[str, Any]:
    copies = serving.copies_a_machine
    image = ENGINE_IMAGES.get(serving.engine, "")
    found: dict[str, Any] = {
        "image": Env(SERVING_IMAGE, image).shell,
        "restart": "unless-stopped" if serving.standing else "no",
        "ipc": "host",
        "volumes": ["cache:/cache"],
    }
    if argv := engine.command(plan, serving, copies):
        found |= {"entrypoint": words(argv), "command": []}
    variables = _common(plan)
    if engine.keyed(serving):
        variables["VLLM_API_KEY"] = Env("VLLM_API_KEY").shell
    if serving.engine not in engine.WRITTEN:
        variables |= {v.name: Env(v.name).shell for v in engine.variables(plan, serving)}
    found["environment"] = variables
    if serving.standing:
        found |= _reached(serving)
    if serving.engine == "triton" or not serving.standing:
        found["volumes"].append("${DATA_FOLDER:?set DATA_FOLDER}:/data")
    return found | _devices(serving.use, copies * serving.setting.devices)


def _reached(serving: Serving) -> dict[str, Any]:
    """Return port and health check; only this machine can call unless SERVING_ADDRESS says more."""
    port = PORTS.get(serving.engine, OTHER_PORT)
    found: dict[str, Any] = {"ports": [f"${{SERVING_ADDRESS:-127.0.0.1}}:{port}:{port}"]}
    if path := HEALTH.get(serving.engine):
        probe = f"import urllib.request as r; r.urlopen('http://127.0.0.1:{port}{path}', timeout=5)"
        test = ["CMD", "python3", "-c", probe]
        if serving.engine == "triton":
            test = ["CMD", "curl", "-fsS", f"http://127.0.0.1:{port}{path}"]
        start = f"{LOAD_SECONDS}s"
        found["healthcheck"] = {"test": test, "interval": "30s", "start_period": start}
    return found


def _training(plan: Plan, training: Training) -> dict[str, Any]:
    own = {v.name: Env(v.name, v.default).shell for v in training_variables(plan, "")}
    return {
        "image": Env(TRAINING_IMAGE).shell,
        "profiles": ["train"],
        "restart": "no",
        "ipc": "host",
        "entrypoint": words(launcher(training, "", "")),
        "command": [],
        "environment": {**own, **environment(training), **_common(plan)},
        "volumes": ["cache:/cache", "${DATA_FOLDER:?set DATA_FOLDER}:/data"],
    } | _devices(training.use, training.processes)


def _serving_variables(plan: Plan, serving: Serving) -> list[Variable]:
    found = engine.variables(plan, serving)
    meaning = engine.image_meaning(plan, serving)
    found.insert(0, Variable(SERVING_IMAGE, meaning, ENGINE_IMAGES.get(serving.engine, "")))
    if serving.standing:
        meaning = "address that the service listens on; another one only behind TLS"
        found.append(Variable("SERVING_ADDRESS", meaning, "127.0.0.1"))
    return found
