"""A Slurm batch script for the training run of the plan."""

from __future__ import annotations

from math import ceil

from advisor.domain.plan import Plan
from advisor.report.artefacts.argv import Env, shell
from advisor.report.artefacts.launch import environment, launcher, sized, variables
from advisor.report.artefacts.model import Artefact, File
from advisor.report.artefacts.needs import Training, named, training_of
from advisor.report.artefacts.words import comment, heading

MOST_TASKS = 1
"""torchrun starts the processes of a machine, so that Slurm starts one task there."""


REQUEUED = (
    "The job is put back into the queue when a machine fails; the program must then go on from its "
    "last checkpoint under OUTPUT_URI."
)


def refusal(plan: Plan) -> str:
    """Return why there is nothing for Slurm to run, "" where there is."""
    training = training_of(plan)
    if training is None:
        return "the plan trains nothing on machines of its own"
    if "slurm" not in (training.host, training.scheduler):
        return f"the plan trains on {named(plan, 'training_host')}, not on a Slurm cluster"
    return ""


def slurm(plan: Plan) -> Artefact:
    """Return the batch script; partition and account are given to sbatch, where they belong."""
    training = training_of(plan)
    if training is None:
        raise ValueError("the plan trains nothing")
    own = variables(plan, "")
    text = (
        "#!/bin/bash\n"
        + comment(heading(plan, "Slurm batch script", *sized(training)))
        + "".join(f"#SBATCH {line}\n" for line in _directives(training))
        + "\nset -euo pipefail\n"
        + "\n"
        + "".join(f': "{Env(v.name, v.default).assigned}"\n' for v in own)
        + f"export {' '.join(v.name for v in own)}\n"
        + "".join(f"export {k}={v}\n" for k, v in environment(training).items())
        + _start(training)
    )
    return Artefact(
        (File("slurm/train.sbatch", text),),
        ("sbatch --partition=PARTITION --account=ACCOUNT slurm/train.sbatch",),
        tuple(own),
        (REQUEUED,),
    )


def _directives(training: Training) -> tuple[str, ...]:
    array = training.pattern == "many_models" and training.nodes > 1
    found = [
        "--job-name=train",
        *((f"--array=0-{training.nodes - 1}",) if array else ()),
        f"--nodes={1 if array else training.nodes}",
        f"--ntasks-per-node={MOST_TASKS}",
        f"--time={_limit(training)}",
        "--requeue",
        "--open-mode=append",
        "--output=%x-%j.log",
    ]
    if not training.on_cpu:
        found.append(f"--gpus-per-node={training.processes}")
    elif training.use.vcpus:
        found.append(f"--cpus-per-task={training.use.vcpus}")
    if training.nodes > 1 and not training.on_cpu:
        found.append("--exclusive")
    return tuple(found)


def _limit(training: Training) -> str:
    """Return the longest the job may take as days-hours:minutes:seconds: the allowed hours, or
    the high end of the estimate where that is longer."""
    high = max((f.value.high for f in training.use.figures if f.id == "hours"), default=0.0)
    hours = ceil(max(high, training.setting.hours_allowed, 1.0))
    return f"{hours // 24}-{hours % 24:02d}:00:00"


def _start(training: Training) -> str:
    argv = launcher(training, "SLURM_NODEID", "MASTER_ADDR")
    if training.nodes == 1 or training.on_cpu:
        return f"\nsrun {shell(argv)}\n"
    first = '$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)'
    inner = shell(argv, "    ")
    return (
        f"\nMASTER_ADDR={first}\nexport MASTER_ADDR\n"
        "\n# Each machine has a rank of its own, so the command is expanded there.\n"
        "# shellcheck disable=SC2016\n"
        f"srun bash -c '\n  exec {inner}\n'\n"
    )
