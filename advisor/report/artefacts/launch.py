"""How one training process group is started, on any host: launcher, variables, environment."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.report.artefacts.argv import Argv, Env, option
from advisor.report.artefacts.megatron import fully_sharded, megatron_options
from advisor.report.artefacts.model import Variable
from advisor.report.artefacts.needs import Training, finetunes
from advisor.report.text import counted

TORCH = (
    *("pytorch", "transformers", "trl", "deepspeed", "megatron", "torchtitan", "torchtune"),
    *("axolotl", "unsloth", "llamafactory", "sentence-transformers", "opacus"),
)
"""Frameworks whose processes torchrun starts."""
PORT = 29500
"""Port of the first process, the usual one of torch.distributed."""


def launcher(training: Training, rank: str, address: str) -> Argv:
    """Return the command of one machine; `rank` and `address` are shell expressions' variables."""
    script: Argv = (Env("TRAINING_SCRIPT"), *megatron_options(training))
    if training.framework not in TORCH or (training.nodes == 1 and training.processes == 1):
        return ("python", *script)
    if training.nodes == 1:
        return (
            "torchrun",
            "--standalone",
            *option("--nproc-per-node", training.processes),
            *script,
        )
    return (
        "torchrun",
        *option("--nnodes", training.nodes),
        *option("--nproc-per-node", training.processes),
        *("--node-rank", Env(rank), "--master-addr", Env(address)),
        *option("--master-port", PORT),
        *script,
    )


def environment(training: Training) -> dict[str, str]:
    """Return the numbers of the plan that a training script reads from its environment."""
    setting = training.setting
    found = {
        "MICRO_BATCH": setting.micro_batch,
        "GRADIENT_ACCUMULATION": setting.grad_accum if setting.micro_batch else 0,
        "SEQUENCE_LENGTH": setting.sequence if setting.sequence > 1 else 0,
        "LORA_RANK": setting.lora_rank,
        "CHECKPOINT_MINUTES": training.minutes_between_checkpoints if not training.on_cpu else 0,
    }
    numbers = {name: str(value) for name, value in found.items() if value}
    if not training.on_cpu:
        numbers["PRECISION"] = setting.precision
    if training.framework == "megatron" and setting.tensor > 1 and not fully_sharded(training):
        numbers["CUDA_DEVICE_MAX_CONNECTIONS"] = "1"
    if setting.sharded:
        numbers["SHARDING"] = setting.sharding
    return numbers


def variables(plan: Plan, image: str) -> list[Variable]:
    """Return what a person sets for a run; `image` names the place of the container image."""
    found = [
        Variable("TRAINING_SCRIPT", "your training program, as the machine sees its path"),
        Variable("DATA_URI", "where the training data are"),
        Variable("OUTPUT_URI", "where checkpoints and the model are written"),
    ]
    if finetunes(plan):
        meaning = "the weights that training begins with: a repository of the hub, or a folder"
        found.append(Variable("BASE_MODEL", meaning, Env("BASE_MODEL", plan.model_repo).inert))
    if image:
        found.insert(0, Variable(image, "your container image with the program, pinned by digest"))
    return found


def sized(training: Training) -> tuple[str, ...]:
    """Return in words what the numbers of the run mean."""
    use, setting = training.use, training.setting
    devices = f"{use.count} x {use.accelerator_name}" if use.count else "CPUs"
    machines = counted(training.nodes, "machine")
    hours = f"{setting.hours:,.1f} h of {setting.hours_allowed:,.0f} h allowed"
    lines = [f"Plan: {devices} in {machines}, {use.layout}; a run takes about {hours}."]
    if setting.micro_batch and not training.on_cpu:
        unit = "sequences" if setting.sequence > 1 else "samples"
        lines.append(
            f"One optimizer step: {setting.micro_batch} x {setting.grad_accum} x {setting.data} = "
            f"{setting.global_batch:,} {unit}; {_checkpoints(training)}."
        )
    return tuple(lines)


def _checkpoints(training: Training) -> str:
    if every := training.minutes_between_checkpoints:
        return f"a checkpoint every {every:,} minutes loses least"
    return "machines fail too seldom for a checkpoint within the run to pay; save at epochs' ends"
