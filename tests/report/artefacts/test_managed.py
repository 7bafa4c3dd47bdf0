"""A job for a managed platform: the script runs, and hands over what the plan sized."""

from __future__ import annotations

import os
import subprocess
from math import ceil
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.domain.answers import Source
from advisor.domain.plan import Plan
from advisor.report.artefacts.targets import BY_ID, why_not
from tests.report.artefacts.cases import plans, with_choices, with_hardware, with_practice
from tests.report.plan_example import with_answers

MANAGED = BY_ID["managed"]
SET = {
    "JOB_NAME": "first",
    "REGION": "here",
    "ROLE_ARN": "arn:role",
    "RESOURCE_GROUP": "group",
    "WORKSPACE": "space",
    "IMAGE": "image@sha256:0",
    "TRAINING_SCRIPT": "train.py",
    "DATA_URI": "s3://data",
    "OUTPUT_URI": "s3://out",
}


def on(provider: str, instance: str, accelerator: str = "h100-sxm5-80gb", count: int = 1) -> Plan:
    hosted = with_choices(plans()["lora-startup"], {"training_host": "managed_ml"})
    machine = {"provider": provider, "instance": instance, "accelerator": accelerator}
    sized = {"count": count, "nodes": 1, "per_node": count}
    return with_hardware(hosted, "training", **machine, **sized)


def handed(plan: Plan, folder: Path) -> tuple[list[str], dict[str, Any]]:
    """Return the command that the script gives to the platform, and the job in it."""
    tool = folder / "tool"
    tool.write_text(
        '#!/bin/bash\nprintf "%s\\n" "$0" "$@"\nfor a; do case "$a" in\n'
        '*/tmp*) printf "JOB\\n"; cat "${a##*=}" 2>/dev/null || cat "${a#file://}"\n'
        "esac; done\n"
    )
    tool.chmod(0o755)
    for name in ("aws", "gcloud", "az"):
        (folder / name).symlink_to(tool)
    script = MANAGED.make(plan).files[0].text
    env = {**os.environ, **SET, "PATH": f"{folder}:{os.environ['PATH']}", "TMPDIR": "/tmp"}
    ran = subprocess.run(
        ["bash", "-s"], input=script, env=env, capture_output=True, text=True, check=True
    )
    command, _, job = ran.stdout.partition("JOB\n")
    return command.split("\n"), yaml.safe_load(job)


def test_sagemaker_is_given_the_machine_and_the_time_allowed(tmp_path: Path) -> None:
    plan = on("aws", "p5.4xlarge")
    training = next(use for use in plan.hardware if use.use == "training")
    worst = next(figure.value.high for figure in training.figures if figure.id == "hours")
    command, job = handed(plan, tmp_path)
    assert command[1:3] == ["sagemaker", "create-training-job"]
    assert job["ResourceConfig"]["InstanceType"] == "ml.p5.4xlarge"
    allowed = 12  # hours in the answers; the far end of the range where that is longer
    assert job["StoppingCondition"]["MaxRuntimeInSeconds"] == 3600 * ceil(max(worst, allowed))
    assert job["AlgorithmSpecification"]["ContainerEntrypoint"] == ["python", "train.py"]
    assert job["Environment"]["LORA_RANK"] == "16"
    assert job["CheckpointConfig"]["S3Uri"] == "s3://out/checkpoints"


def test_interruptible_machines_wait_longer_than_they_run(tmp_path: Path) -> None:
    _, job = handed(with_practice(on("aws", "p5.4xlarge"), "spot"), tmp_path)
    limits = job["StoppingCondition"]
    assert job["EnableManagedSpotTraining"] is True
    assert limits["MaxWaitTimeInSeconds"] > limits["MaxRuntimeInSeconds"]


def test_vertex_is_given_all_accelerators_of_the_machine(tmp_path: Path) -> None:
    command, job = handed(on("gcp", "a3-highgpu-8g", count=8), tmp_path)
    assert command[1:4] == ["ai", "custom-jobs", "create"]
    pool = job["workerPoolSpecs"][0]
    assert pool["machineSpec"] == {
        "machineType": "a3-highgpu-8g",
        "acceleratorType": "NVIDIA_H100_80GB",
        "acceleratorCount": 8,
    }
    assert pool["containerSpec"]["command"][:4] == [
        *("torchrun", "--standalone", "--nproc-per-node", "8")
    ]
    assert {"name": "DATA_URI", "value": "s3://data"} in pool["containerSpec"]["env"]


def test_azure_reads_and_writes_where_a_person_said(tmp_path: Path) -> None:
    command, job = handed(on("azure", "Standard_NC40ads_H100_v5"), tmp_path)
    assert command[1:4] == ["ml", "job", "create"]
    assert job["$schema"].endswith("commandJob.schema.json")
    assert job["command"].startswith("DATA_URI=${{inputs.data}} OUTPUT_URI=${{outputs.model}} ")
    assert job["command"].endswith("train.py")
    assert job["inputs"]["data"]["path"] == "s3://data"
    assert job["resources"]["instance_type"] == "Standard_NC40ads_H100_v5"


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (with_choices(on("aws", "x"), {"training_host": "kubernetes"}), "not on a managed"),
        (on("lambda", "x"), "no managed platform is known at lambda"),
        (with_hardware(on("aws", "x"), "training", count=16, nodes=2), "several machines"),
        (on("gcp", "x", "mi300x"), "no type for"),
        (
            with_answers(on("azure", "x"), {"existing_tools": (("databricks",), Source.GIVEN)}),
            "Databricks is in use",
        ),
    ],
    ids=["kubernetes", "gpu cloud", "several machines", "unknown device", "databricks"],
)
def test_what_no_managed_platform_runs_is_refused(plan: Plan, why: str) -> None:
    assert why in why_not(plan, MANAGED)
