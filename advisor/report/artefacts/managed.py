"""A training job of a managed platform: SageMaker AI, Vertex AI or Azure Machine Learning."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from math import ceil
from typing import Any

from advisor.domain.plan import Plan
from advisor.library.yaml_text import yaml_text
from advisor.report.artefacts.argv import Argv, Env
from advisor.report.artefacts.launch import environment, launcher, sized, variables
from advisor.report.artefacts.model import Artefact, File, Variable
from advisor.report.artefacts.needs import Training, named, practised, training_of
from advisor.report.artefacts.words import comment, heading

PLATFORMS = {
    "aws": "Amazon SageMaker AI",
    "gcp": "Vertex AI",
    "azure": "Azure Machine Learning",
}
VERTEX_DEVICES = {
    "t4": "NVIDIA_TESLA_T4",
    "l4": "NVIDIA_L4",
    "v100-sxm2-16gb": "NVIDIA_TESLA_V100",
    "a100-sxm4-40gb": "NVIDIA_TESLA_A100",
    "a100-sxm4-80gb": "NVIDIA_A100_80GB",
    "h100-sxm5-80gb": "NVIDIA_H100_80GB",
    "h200-sxm-141gb": "NVIDIA_H200_141GB",
    "b200-sxm-180gb": "NVIDIA_B200",
}
"""Accelerator -> `acceleratorType` of the Vertex AI API (MachineSpec)."""
ELSEWHERE = ("databricks", "snowflake")
"""Platforms that run jobs in forms of their own."""
VOLUME_GB = 100
"""Disk beside the container on SageMaker; the data are streamed, so it holds the program's own."""
SCHEMA = "https://azuremlschemas.azureedge.net/latest/commandJob.schema.json"
PATH = "managed/train.sh"
DOLLAR = "${DOLLAR}"
"""A dollar sign that the script hands on instead of expanding it."""


def refusal(plan: Plan) -> str:
    """Return why no managed platform trains, "" where one does."""
    training = training_of(plan)
    if training is None:
        return "the plan trains nothing on machines of its own"
    if training.host != "managed_ml":
        return f"the plan trains on {named(plan, 'training_host')}, not on a managed platform"
    asked = {str(v) for q in ("existing_tools", "data_location") for v in _many(plan, q)}
    other = next((name for name in ELSEWHERE if name in asked), "")
    if other:
        return f"{other.capitalize()} is in use and runs its jobs in a form of its own"
    return _no_job(training)


def _no_job(training: Training) -> str:
    """Return why the platform of the provider is given no job, "" where it is."""
    if training.use.provider not in PLATFORMS:
        return f"no managed platform is known at {training.use.provider or 'no provider'}"
    if training.nodes > 1:
        return "several machines find each other through the platform's own library"
    if training.use.provider == "gcp" and not training.on_cpu:
        known = training.use.accelerator in VERTEX_DEVICES
        return "" if known else f"Vertex AI has no type for {training.use.accelerator_name}"
    return ""


def _many(plan: Plan, question: str) -> tuple[object, ...]:
    value = plan.answers[question][0] if question in plan.answers else ()
    return value if isinstance(value, tuple) else (value,)


def managed(plan: Plan) -> Artefact:
    """Return a script that describes the job and hands it to the platform's command line."""
    training = training_of(plan)
    if training is None:
        raise ValueError("the plan trains nothing")
    cloud = training.use.provider
    own = [*_places(cloud), *variables(plan, "IMAGE")]
    spot = practised(plan, "spot")
    job = {"aws": _sagemaker, "gcp": _vertex, "azure": _azure}[cloud](training, own, spot)
    text = (
        "#!/bin/bash\n"
        + comment(heading(plan, f"Training job of {PLATFORMS[cloud]}", *sized(training)))
        + "\nset -euo pipefail\n\n"
        + "".join(f': "{Env(v.name, v.default).assigned}"\n' for v in own)
        + '\njob="$(mktemp)"\ntrap \'rm -f "$job"\' EXIT\n'
        + ("DOLLAR='$'\n" if cloud == "azure" else "")
        + f'cat >"$job" <<JOB\n{yaml_text([job])}JOB\n\n'
        + COMMANDS[cloud]
    )
    return Artefact((File(PATH, text),), (f"bash {PATH}",), tuple(own), NOTES[cloud])


COMMANDS = {
    "aws": 'aws sagemaker create-training-job --region "$REGION" --cli-input-yaml "file://$job"\n',
    "gcp": (
        'gcloud ai custom-jobs create --region="$REGION" --display-name="$JOB_NAME" '
        '--config="$job"\n'
    ),
    "azure": (
        'az ml job create --file "$job" --name "$JOB_NAME" '
        '--resource-group "$RESOURCE_GROUP" --workspace-name "$WORKSPACE"\n'
    ),
}
NOTES = {
    "aws": (
        (
            "SageMaker AI trains on fewer machine types than EC2 rents (none with Graviton): where "
            "it refuses the type, take the nearest with as many vCPUs or the same accelerator."
        ),
        (
            "The data appear under /opt/ml/input/data/training; what is written to "
            "/opt/ml/checkpoints is copied to OUTPUT_URI while the job runs, and found there again "
            "after an interruption."
        ),
    ),
    "gcp": ("Buckets are also mounted as folders under /gcs.",),
    "azure": ("The job runs on serverless compute; name a cluster in `compute` to use your own.",),
}


def _places(cloud: str) -> tuple[Variable, ...]:
    name = Variable("JOB_NAME", "name of the job, new for each run")
    if cloud == "azure":
        return (
            name,
            Variable("RESOURCE_GROUP", "resource group of the workspace"),
            Variable("WORKSPACE", "Azure Machine Learning workspace"),
        )
    region = Variable("REGION", "region of the data and of the job")
    if cloud == "gcp":
        return name, region
    return name, region, Variable("ROLE_ARN", "role that reads the data and writes the output")


def _seconds(training: Training) -> int:
    """Return the longest the job may take: the allowed hours, or the high end of the estimate."""
    high = max((f.value.high for f in training.use.figures if f.id == "hours"), default=0.0)
    return 3600 * ceil(max(high, training.setting.hours_allowed, 1.0))


def _words(argv: Argv) -> list[str]:
    return [f"${{{w.name}}}" if isinstance(w, Env) else w for w in argv]


def _start(training: Training) -> list[str]:
    return _words(launcher(training, "", ""))


def _given(training: Training, own: list[Variable], **places: str) -> dict[str, str]:
    """Return the environment of the program: numbers of the plan and what a person set."""
    base = {v.name: f"${{{v.name}}}" for v in own if v.name == "BASE_MODEL"}
    return {**environment(training), **base, **places}


def _sagemaker(training: Training, own: list[Variable], spot: bool) -> Mapping[str, Any]:
    source = {
        "S3DataType": "S3Prefix",
        "S3Uri": "${DATA_URI}",
        "S3DataDistributionType": "FullyReplicated",
    }
    places = {"DATA_URI": "/opt/ml/input/data/training", "OUTPUT_URI": "/opt/ml/checkpoints"}
    limit = _seconds(training)
    wait = {"MaxWaitTimeInSeconds": 2 * limit} if spot else {}
    return {
        "TrainingJobName": "${JOB_NAME}",
        "RoleArn": "${ROLE_ARN}",
        "AlgorithmSpecification": {
            "TrainingImage": "${IMAGE}",
            "TrainingInputMode": "FastFile",
            "ContainerEntrypoint": _start(training),
        },
        "InputDataConfig": [{"ChannelName": "training", "DataSource": {"S3DataSource": source}}],
        "OutputDataConfig": {"S3OutputPath": "${OUTPUT_URI}"},
        "CheckpointConfig": {"S3Uri": "${OUTPUT_URI}/checkpoints"},
        "ResourceConfig": {
            "InstanceType": f"ml.{training.use.instance}",
            "InstanceCount": 1,
            "VolumeSizeInGB": VOLUME_GB,
        },
        "EnableManagedSpotTraining": spot,
        "StoppingCondition": {"MaxRuntimeInSeconds": limit, **wait},
        "Environment": _given(training, own, **places),
    }


def _vertex(training: Training, own: list[Variable], spot: bool) -> Mapping[str, Any]:
    use = training.use
    machine: dict[str, Any] = {"machineType": use.instance}
    if not training.on_cpu:
        machine["acceleratorType"] = VERTEX_DEVICES[use.accelerator]
        machine["acceleratorCount"] = max(use.per_node, use.count)
    given = _given(training, own, DATA_URI="${DATA_URI}", OUTPUT_URI="${OUTPUT_URI}")
    container = {
        "imageUri": "${IMAGE}",
        "command": _start(training),
        "env": [{"name": name, "value": value} for name, value in given.items()],
    }
    strategy = {"strategy": "SPOT"} if spot else {}
    return {
        "workerPoolSpecs": [
            {"machineSpec": machine, "replicaCount": 1, "containerSpec": container}
        ],
        "scheduling": {"timeout": f"{_seconds(training)}s", **strategy},
    }


def _azure(training: Training, own: list[Variable], spot: bool) -> Mapping[str, Any]:
    words = _start(training)
    start = " ".join(w if w.startswith("${") else shlex.quote(w) for w in words)
    places = f"DATA_URI={DOLLAR}{{{{inputs.data}}}} OUTPUT_URI={DOLLAR}{{{{outputs.model}}}}"
    tier = {"queue_settings": {"job_tier": "spot"}} if spot else {}
    return {
        f"{DOLLAR}schema": SCHEMA,
        "type": "command",
        "command": f"{places} {start}",
        "environment": {"image": "${IMAGE}"},
        "environment_variables": _given(training, own),
        "inputs": {"data": {"type": "uri_folder", "path": "${DATA_URI}", "mode": "ro_mount"}},
        "outputs": {"model": {"type": "uri_folder", "path": "${OUTPUT_URI}", "mode": "rw_mount"}},
        "resources": {"instance_type": training.use.instance, "instance_count": 1},
        "limits": {"timeout": _seconds(training)},
        **tier,
    }
