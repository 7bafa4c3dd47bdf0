"""Kubernetes manifests of training: a Job, or a JobSet over several machines, and its queue."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.report.artefacts.argv import Argv, kubernetes
from advisor.report.artefacts.kube_parts import (
    Manifest,
    cache_variables,
    cluster_metadata,
    kube_object,
    labels,
    metadata,
    node_selector,
    pod,
    resource_of,
    resources,
    settings,
)
from advisor.report.artefacts.launch import environment, launcher
from advisor.report.artefacts.needs import Training, chosen
from advisor.report.artefacts.pins import JOBSET, KUEUE
from advisor.report.artefacts.schedule import trains_repeatedly

IMAGE = "training-image"
NAME = "train"
QUEUE = "training"
RETRIES = 6
"""Restarts before a run counts as failed: what a Kubernetes Job takes by default."""
KEPT_S = 86_400
"""Seconds that a finished job stays for its logs to be read."""
VOLCANO_GROUP = "scheduling.volcano.sh/v1beta1"


def training_manifests(plan: Plan, training: Training) -> list[Manifest]:
    """Return the run, as a CronJob where nothing else starts it again."""
    if _gang(training):
        found = [_job_set(plan, training)]
    else:
        job = _job_spec(plan, training)
        cron = trains_repeatedly(plan) if chosen(plan, "orchestrator") in ("none", "cron") else ""
        found = [_cron_job(training, job, cron) if cron else _job(training, job)]
    if training.scheduler == "volcano":
        found.insert(0, _pod_group(training))
    return found


def queue_manifests(training: Training) -> list[Manifest]:
    """Return the queue of the scheduler that the plan chose; nothing without one."""
    if training.scheduler == "kueue":
        return [_flavor(training), _cluster_queue(training), _local_queue()]
    if training.scheduler == "volcano":
        capability = _quantities(training)
        spec = {"weight": 1, "capability": capability}
        return [kube_object(VOLCANO_GROUP, "Queue", cluster_metadata(QUEUE), spec)]
    return []


def _gang(training: Training) -> bool:
    return training.nodes > 1 and training.pattern != "many_models"


def _command(training: Training) -> list[str]:
    argv: Argv = launcher(training, "JOB_COMPLETION_INDEX", "MASTER_ADDR")
    return kubernetes(argv)


def _container(plan: Plan, training: Training) -> Manifest:
    """Return the container; the index of a pod is a variable already set by its Job."""
    env: list[Manifest] = [{"name": k, "value": v} for k, v in environment(training).items()]
    if _gang(training):
        env.append({"name": "MASTER_ADDR", "value": f"{NAME}-node-0-0.{NAME}"})
    return {
        "name": NAME,
        "image": IMAGE,
        "command": _command(training),
        "envFrom": settings(NAME),
        "env": env + cache_variables(plan, training.use),
        "resources": resources(training.use, training.processes),
    }


def _template(plan: Plan, training: Training) -> Manifest:
    spec = pod(training.use, _container(plan, training), "Never")
    marks: Manifest = {"labels": {"app.kubernetes.io/name": NAME}}
    match training.scheduler:
        case "volcano":
            spec["schedulerName"] = "volcano"
            marks["annotations"] = {"scheduling.k8s.io/group-name": NAME}
        case "yunikorn":
            spec["schedulerName"] = "yunikorn"
            marks["labels"] |= {"applicationId": NAME, "queue": f"root.{QUEUE}"}
        case "kai":
            spec["schedulerName"] = "kai-scheduler"
            marks["labels"] |= {"kai.scheduler/queue": QUEUE}
    return {"metadata": marks, "spec": spec}


def _job_spec(plan: Plan, training: Training) -> Manifest:
    spec: Manifest = {"backoffLimit": RETRIES}
    if training.nodes > 1:
        spec |= {
            "completionMode": "Indexed",
            "completions": training.nodes,
            "parallelism": training.nodes,
        }
    return spec | {"template": _template(plan, training)}


def _queued(training: Training) -> dict[str, str]:
    """Return the label by which a queue takes the job itself."""
    marks = {"kueue": "kueue.x-k8s.io/queue-name", "kai": "kai.scheduler/queue"}
    return {marks[training.scheduler]: QUEUE} if training.scheduler in marks else {}


def _job(training: Training, spec: Manifest) -> Manifest:
    kept = {"ttlSecondsAfterFinished": KEPT_S, **spec}
    return kube_object("batch/v1", "Job", metadata(NAME, _queued(training)), kept)


def _cron_job(training: Training, spec: Manifest, cron: str) -> Manifest:
    template = {"metadata": {"labels": labels(NAME) | _queued(training)}, "spec": spec}
    repeated = {
        "schedule": cron,
        "timeZone": "Etc/UTC",
        "concurrencyPolicy": "Forbid",
        "jobTemplate": template,
    }
    return kube_object("batch/v1", "CronJob", metadata(NAME), repeated)


def _job_set(plan: Plan, training: Training) -> Manifest:
    job = {
        "backoffLimit": 0,
        "completionMode": "Indexed",
        "completions": training.nodes,
        "parallelism": training.nodes,
        "template": _template(plan, training),
    }
    spec = {
        "network": {"enableDNSHostnames": True, "subdomain": NAME},
        "failurePolicy": {"maxRestarts": RETRIES},
        "replicatedJobs": [{"name": "node", "replicas": 1, "template": {"spec": job}}],
    }
    return kube_object(JOBSET.value, "JobSet", metadata(NAME, _queued(training)), spec)


def _pod_group(training: Training) -> Manifest:
    spec = {"minMember": training.nodes, "queue": QUEUE}
    return kube_object(VOLCANO_GROUP, "PodGroup", metadata(NAME), spec)


def _quantities(training: Training) -> dict[str, int]:
    """Return what one run takes in all: the devices, or the vCPUs where there are none."""
    resource = resource_of(training.use)
    if resource:
        return {resource: training.use.count}
    asked = resources(training.use, 0).get("requests", {}).get("cpu", 1)
    return {"cpu": int(asked) * training.nodes}


def _flavor(training: Training) -> Manifest:
    selector = node_selector(training.use)
    spec = {"nodeLabels": selector} if selector else {}
    return kube_object(KUEUE.value, "ResourceFlavor", cluster_metadata(QUEUE), spec)


def _cluster_queue(training: Training) -> Manifest:
    quantities = _quantities(training)
    quotas = [{"name": name, "nominalQuota": amount} for name, amount in quantities.items()]
    group = {
        "coveredResources": list(quantities),
        "flavors": [{"name": QUEUE, "resources": quotas}],
    }
    spec = {
        "namespaceSelector": {},
        "queueingStrategy": "BestEffortFIFO",
        "preemption": {"withinClusterQueue": "LowerPriority"},
        "resourceGroups": [group],
    }
    return kube_object(KUEUE.value, "ClusterQueue", cluster_metadata(QUEUE), spec)


def _local_queue() -> Manifest:
    return kube_object(KUEUE.value, "LocalQueue", metadata(QUEUE), {"clusterQueue": QUEUE})
