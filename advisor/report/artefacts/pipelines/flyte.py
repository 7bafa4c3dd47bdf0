"""Flyte 2: one task a step, and one that calls them in order, with its trigger."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.report.artefacts.model import Artefact
from advisor.report.artefacts.pins import FLYTE
from advisor.report.artefacts.pipelines.common import Tool, function_of, skeleton
from advisor.report.artefacts.schedule import Pipeline, pipelines_of

TOOL = Tool(
    "flyte",
    "Flyte",
    ("flyte2",),
    FLYTE,
    "flyte/ml_pipelines.py",
    ("flyte deploy flyte/ml_pipelines.py env",),
)
IMPORTS = "import os\nimport shlex\nimport subprocess\n\nimport flyte\n"


def flyte(plan: Plan) -> Artefact:
    """Return the task environment and its tasks."""
    found = pipelines_of(plan)
    names = sorted({step.variable for p in found for step in p.steps})
    listed = "".join(f"    {name!r},\n" for name in names)
    body = (
        f"\nCOMMANDS = (\n{listed})\n"
        "\n# Commands are read where the pipeline is deployed and go with it.\n"
        "env = flyte.TaskEnvironment(\n"
        "    name='ml', env_vars={name: os.environ.get(name, '') for name in COMMANDS}\n"
        ")\n\n"
    )
    return skeleton(plan, TOOL, IMPORTS, body + "".join(map(_tasks, found)))


def _tasks(pipeline: Pipeline) -> str:
    steps = "".join(
        f"\n# {step.what}\n"
        "@env.task(retries=2)\n"
        f"async def {function_of(pipeline, step)}() -> None:\n"
        f"    run({step.variable!r})\n\n"
        for step in pipeline.steps
    )
    calls = "".join(f"    await {function_of(pipeline, step)}()\n" for step in pipeline.steps)
    trigger = ""
    if pipeline.cron:
        name = f"ml-{pipeline.id}"
        trigger = f"triggers=flyte.Trigger({name!r}, flyte.Cron({pipeline.cron!r}))"
    return f"{steps}\n@env.task({trigger})\nasync def ml_{pipeline.id}() -> None:\n{calls}\n"
