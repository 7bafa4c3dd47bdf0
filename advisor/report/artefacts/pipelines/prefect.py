"""Prefect 3: one flow a pipeline, served with its schedule."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.report.artefacts.model import Artefact
from advisor.report.artefacts.pins import PREFECT
from advisor.report.artefacts.pipelines.common import Tool, function_of, skeleton
from advisor.report.artefacts.schedule import Pipeline, pipelines_of

TOOL = Tool(
    "prefect",
    "Prefect",
    ("prefect3",),
    PREFECT,
    "prefect/ml_pipelines.py",
    ("python prefect/ml_pipelines.py  # serves the schedules until it is stopped",),
)
IMPORTS = "import os\nimport shlex\nimport subprocess\n\nfrom prefect import flow, serve, task\n"


def prefect(plan: Plan) -> Artefact:
    """Return the flows and the program that serves them."""
    found = pipelines_of(plan)
    body = "".join(map(_flow, found))
    served = "".join(f"        {_deployment(p)},\n" for p in found)
    body += f'\nif __name__ == "__main__":\n    serve(\n{served}    )\n'
    return skeleton(plan, TOOL, IMPORTS, body)


def _flow(pipeline: Pipeline) -> str:
    tasks = "".join(
        f"\n@task(name={step.id!r}, description={step.what!r}, "
        "retries=2, retry_delay_seconds=300)\n"
        f"def {function_of(pipeline, step)}() -> None:\n"
        f"    run({step.variable!r})\n\n"
        for step in pipeline.steps
    )
    calls = "".join(f"    {function_of(pipeline, step)}()\n" for step in pipeline.steps)
    return (
        f"{tasks}\n@flow(name={'ml_' + pipeline.id!r})\ndef ml_{pipeline.id}() -> None:\n{calls}\n"
    )


def _deployment(pipeline: Pipeline) -> str:
    cron = f", cron={pipeline.cron!r}" if pipeline.cron else ""
    return f"ml_{pipeline.id}.to_deployment(name={pipeline.id!r}{cron})"
