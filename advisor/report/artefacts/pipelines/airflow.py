"""Airflow 3: one DAG a pipeline, written with the task SDK."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.report.artefacts.model import Artefact
from advisor.report.artefacts.pins import AIRFLOW
from advisor.report.artefacts.pipelines.common import Tool, function_of, skeleton
from advisor.report.artefacts.schedule import Pipeline, pipelines_of

TOOL = Tool(
    "airflow",
    "Airflow",
    ("airflow3", "mwaa", "composer"),
    AIRFLOW,
    "airflow/dags/ml_pipelines.py",
    ("cp airflow/dags/ml_pipelines.py DAGS_FOLDER/",),
)
IMPORTS = """import os
import shlex
import subprocess
from datetime import datetime, timedelta, timezone

from airflow.sdk import dag, task
"""


def airflow(plan: Plan) -> Artefact:
    """Return the DAG file."""
    body = "".join(_dag(plan, pipeline) for pipeline in pipelines_of(plan))
    return skeleton(plan, TOOL, IMPORTS, body)


def _dag(plan: Plan, pipeline: Pipeline) -> str:
    year, month, day = plan.as_of.split("-")
    start = f"datetime({int(year)}, {int(month)}, {int(day)}, tzinfo=timezone.utc)"
    tasks = "".join(
        f"    @task(task_id={step.id!r}, retries=2, retry_delay=timedelta(minutes=5), "
        f"doc_md={step.what!r})\n"
        f"    def {function_of(pipeline, step)}() -> None:\n"
        f"        run({step.variable!r})\n\n"
        for step in pipeline.steps
    )
    chain = " >> ".join(f"{function_of(pipeline, step)}()" for step in pipeline.steps)
    return (
        "\n@dag(\n"
        f"    dag_id={'ml_' + pipeline.id!r},\n"
        f"    schedule={pipeline.cron or None!r},\n"
        f"    start_date={start},\n"
        "    catchup=False,\n"
        "    max_active_runs=1,\n"
        "    tags=['ml'],\n"
        ")\n"
        f"def ml_{pipeline.id}() -> None:\n"
        f"{tasks}"
        f"    {chain}\n"
        f"\n\nml_{pipeline.id}()\n\n"
    )
