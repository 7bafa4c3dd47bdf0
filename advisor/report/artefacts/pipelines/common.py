"""What all pipeline skeletons share: which plan they belong to, their steps, their frame."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.frozen import dataclass
from advisor.report.artefacts import compose, kube, skypilot, slurm
from advisor.report.artefacts.model import Artefact, File, Variable
from advisor.report.artefacts.needs import chosen, named
from advisor.report.artefacts.pins import Pin
from advisor.report.artefacts.schedule import Pipeline, Step, pipelines_of
from advisor.report.artefacts.words import comment, heading

RUN = '''
def run(variable: str) -> None:
    """Run the command that the environment variable holds; a failure of it fails the step."""
    command = os.environ.get(variable, "")
    if not command:
        raise RuntimeError(f"set {variable}: the command of this step")
    subprocess.run(shlex.split(command), check=True)
'''
"""Each step is one command of the environment, so that the skeleton holds no code of yours."""


@dataclass(frozen=True, slots=True)
class Tool:
    """An orchestrator whose pipelines are written, and the choices that mean it; `pin` is None
    where no version matters."""

    id: str
    name: str
    choices: tuple[str, ...]
    pin: Pin | None
    path: str
    commands: tuple[str, ...]


def refusal(plan: Plan) -> str:
    """Return why there is nothing to orchestrate, "" where there is."""
    return "" if pipelines_of(plan) else "the plan has no step that recurs"


def reservation(plan: Plan, tool: Tool) -> str:
    """Return why the skeleton is made on demand only: the plan chose another orchestrator."""
    if chosen(plan, "orchestrator") in tool.choices:
        return ""
    return f"the plan runs its steps with {named(plan, 'orchestrator')}"


def skeleton(plan: Plan, tool: Tool, imports: str, body: str) -> Artefact:
    """Return the file of a tool: heading, imports, the runner of commands, and its pipelines."""
    top = comment(heading(plan, f"{tool.name} pipelines", *said(plan, tool)))
    text = f"{top}from __future__ import annotations\n\n{imports}\n{RUN}\n{body}"
    return Artefact(
        (File(tool.path, text),),
        tool.commands,
        tuple(variables(plan)),
        (
            *((tool.pin.said,) if tool.pin else ()),
            "Schedules are in UTC, at night in Europe: move them at will.",
        ),
    )


def said(plan: Plan, tool: Tool) -> tuple[str, ...]:
    """Return each pipeline in a line, and first that the plan chose another tool."""
    other = reservation(plan, tool)
    lines = tuple(f"{p.name}: {_said(p)}" for p in pipelines_of(plan))
    return (f"Made on demand: {other}.", *lines) if other else lines


def _said(pipeline: Pipeline) -> str:
    steps = ", ".join(step.id for step in pipeline.steps)
    when = f"{pipeline.cadence.replace('_', ' ')} ({pipeline.cron})" if pipeline.cron else "by hand"
    return f"{when}: {steps}"


def variables(plan: Plan) -> list[Variable]:
    """Return the command of every step."""
    steps = {step.variable: step for p in pipelines_of(plan) for step in p.steps}
    return [Variable(v, f"command that will {_meaning(plan, s)}") for v, s in steps.items()]


def _meaning(plan: Plan, step: Step) -> str:
    if step.id != "train":
        return step.what
    known = (
        (slurm.refusal, "sbatch --wait slurm/train.sbatch"),
        (kube.refusal, "kubectl replace --force -k kubernetes/train"),
        (skypilot.refusal, "sky jobs launch --yes skypilot/train.yaml"),
        (compose.refusal, "docker compose -f compose/compose.yaml run --rm train"),
    )
    example = next((command for refused, command in known if not refused(plan)), "")
    return f"{step.what}, such as {example}" if example and _trains_there(plan) else step.what


def _trains_there(plan: Plan) -> bool:
    """Return whether the training host is one that an artefact starts runs on."""
    hosts = ("slurm", "kubernetes", "gpu_cloud", "vms", "own_hardware")
    return chosen(plan, "training_host") in hosts


def function_of(pipeline: Pipeline, step: Step) -> str:
    """Return the Python name of a step: steps of two pipelines may share theirs."""
    return f"{pipeline.id}_{step.id}"
