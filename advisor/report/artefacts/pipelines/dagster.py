"""Dagster: one job a pipeline with its schedule, all in one set of definitions."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.report.artefacts.model import Artefact
from advisor.report.artefacts.pins import DAGSTER
from advisor.report.artefacts.pipelines.common import Tool, function_of, skeleton
from advisor.report.artefacts.schedule import Pipeline, pipelines_of

TOOL = Tool(
    "dagster",
    "Dagster",
    ("dagster",),
    DAGSTER,
    "dagster/ml_pipelines.py",
    ("dagster dev -f dagster/ml_pipelines.py",),
)
IMPORTS = "import os\nimport shlex\nimport subprocess\n\nimport dagster as dg\n"


def dagster(plan: Plan) -> Artefact:
    """Return the definitions."""
    found = pipelines_of(plan)
    body = "".join(map(_job, found))
    jobs = ", ".join(f"ml_{p.id}" for p in found)
    schedules = ", ".join(f"ml_{p.id}_schedule" for p in found if p.cron)
    body += f"\ndefs = dg.Definitions(jobs=[{jobs}], schedules=[{schedules}])\n"
    return skeleton(plan, TOOL, IMPORTS, body)


def _job(pipeline: Pipeline) -> str:
    text = ""
    retry = "retry_policy=dg.RetryPolicy(max_retries=2, delay=300)"
    for n, step in enumerate(pipeline.steps):
        name = function_of(pipeline, step)
        after = ', ins={"after": dg.In(dg.Nothing)}' if n else ""
        text += (
            f"\n@dg.op(name={name!r}, description={step.what!r}, {retry}{after}, "
            "out=dg.Out(dg.Nothing))\n"
            f"def {name}() -> None:\n"
            f"    run({step.variable!r})\n\n"
        )
    lines = ""
    for n, step in enumerate(pipeline.steps):
        given = "after=done" if n else ""
        lines += f"    done = {function_of(pipeline, step)}({given})\n"
    text += (
        f"\n@dg.job(name={'ml_' + pipeline.id!r})\ndef ml_{pipeline.id}() -> None:\n"
        f"{lines.removesuffix(chr(10))}\n\n"
    )
    if pipeline.cron:
        text += (
            f"\nml_{pipeline.id}_schedule = dg.ScheduleDefinition(\n"
            f"    job=ml_{pipeline.id}, cron_schedule={pipeline.cron!r}, "
            "execution_timezone='UTC'\n)\n"
        )
    return text
