"""Kubernetes manifests of serving: Deployment and Service, or a scoring Job; scaling; network."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.report.artefacts.argv import kubernetes
from advisor.report.artefacts.engine import HEALTH, LOAD_SECONDS, PORTS, command, keyed
from advisor.report.artefacts.kube_parts import (
    NAMESPACE,
    Manifest,
    cache_variables,
    kube_object,
    labels,
    metadata,
    pod,
    resources,
    settings,
)
from advisor.report.artefacts.needs import Serving, answer, practised
from advisor.report.artefacts.pins import KEDA, KSERVE
from advisor.report.artefacts.schedule import CRON

IMAGE = "serving-image"
NAME = "serve"
OTHER_PORT = 8080
"""Port of a service whose engine the advisor writes no command for."""
PROBED_S = 10
PROMETHEUS = "http://prometheus-operated.monitoring.svc:9090"
"""Where the Prometheus operator puts its server; the first thing to check when scaling stands."""
LOADS = {
    "vllm": ("vllm:num_requests_running", "vllm:num_requests_waiting"),
    "sglang": ("sglang:num_running_reqs", "sglang:num_queue_reqs"),
}
"""Metrics of requests at work and waiting, by engine."""
RATES = {"triton": "nv_inference_request_success"}
"""Metric of requests answered, by engine."""
CPU_BUSY_PCT = 60
"""Share of the vCPUs that the plan fills: the load that sizing allows a machine."""


def serving_manifests(plan: Plan, serving: Serving) -> list[Manifest]:
    """Return a Deployment with its Service, or the job that scores what has arrived."""
    if not serving.standing:
        return [_scoring(plan, serving)]
    if serving.engine == "kserve":
        return [_inference_service(plan, serving)]
    found = [_deployment(plan, serving), _service(serving)]
    if serving.setting.replicas_a_region > 1:
        spec = {"maxUnavailable": 1, "selector": {"matchLabels": _selected()}}
        found.append(kube_object("policy/v1", "PodDisruptionBudget", metadata(NAME), spec))
    return found


def scaled(plan: Plan, serving: Serving) -> str:
    """Return what scales the replicas: `keda`, `hpa`, or "" where their number stands."""
    setting = serving.setting
    if serving.engine == "kserve":
        return ""
    follows = practised(plan, "autoscaling") and setting.replicas_a_region > setting.standing > 0
    if not serving.standing or not follows:
        return ""
    if serving.engine in LOADS or serving.engine in RATES:
        return "keda"
    return "hpa" if serving.on_cpu else ""


def scaling_manifests(plan: Plan, serving: Serving) -> list[Manifest]:
    """Return the scaler: between the replicas that always stand and those of the peak."""
    match scaled(plan, serving):
        case "keda":
            return [_scraped(serving), _keda(serving)]
        case "hpa":
            return [_hpa(serving)]
    return []


def network_manifests(plan: Plan, *, serves: bool) -> list[Manifest]:
    """Return policies: nothing may call in, but the namespace itself may call the service."""
    closed: Manifest = {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": []}
    if answer(plan, "residency") == "air_gapped":
        names = [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]
        inside = [
            {"to": [{"podSelector": {}}]},
            {"to": [{"namespaceSelector": {}}], "ports": names},
        ]
        closed |= {"policyTypes": ["Ingress", "Egress"], "egress": inside}
    found = [_policy("deny-ingress", closed)]
    within = {"podSelector": {}, "policyTypes": ["Ingress"]}
    found.append(_policy("allow-inside", within | {"ingress": [{"from": [{"podSelector": {}}]}]}))
    if serves:
        monitoring = {"kubernetes.io/metadata.name": "monitoring"}
        source = [{"namespaceSelector": {"matchLabels": monitoring}}]
        spec = {"podSelector": {"matchLabels": _selected()}, "policyTypes": ["Ingress"]}
        found.append(_policy("allow-metrics", spec | {"ingress": [{"from": source}]}))
    return found


def _policy(name: str, spec: Manifest) -> Manifest:
    return kube_object("networking.k8s.io/v1", "NetworkPolicy", metadata(name), spec)


def _selected() -> dict[str, str]:
    return {"app.kubernetes.io/name": NAME}


def port_of(serving: Serving) -> int:
    """Return the port that requests come to."""
    return PORTS.get(serving.engine, OTHER_PORT)


def _container(plan: Plan, serving: Serving) -> Manifest:
    container: Manifest = {"name": NAME, "image": IMAGE}
    if argv := command(plan, serving, 1):
        container["command"] = kubernetes(argv)
    env = cache_variables(plan, serving.use)
    if not argv and serving.standing:
        env.append({"name": "PORT", "value": str(OTHER_PORT)})
    if keyed(serving):
        key = {"secretKeyRef": {"name": "serving-api-key", "key": "key"}}
        env.append({"name": "VLLM_API_KEY", "valueFrom": key})
    container |= {"envFrom": settings(NAME), "env": env}
    if serving.standing:
        container |= _probes(serving)
    return container | {"resources": resources(serving.use, serving.setting.devices)}


def _probes(serving: Serving) -> Manifest:
    """Return the port and probes; a service of one's own is asked only whether it listens."""
    ports = [{"name": "http", "containerPort": port_of(serving)}]
    if serving.engine == "triton":
        ports.append({"name": "metrics", "containerPort": 8002})
    path = HEALTH.get(serving.engine)
    asked: Manifest = {"httpGet": {"path": path, "port": "http"}} if path else {}
    asked = asked or {"tcpSocket": {"port": "http"}}
    return {
        "ports": ports,
        "startupProbe": asked
        | {"periodSeconds": PROBED_S, "failureThreshold": LOAD_SECONDS // PROBED_S},
        "readinessProbe": asked | {"periodSeconds": PROBED_S},
        "livenessProbe": asked | {"periodSeconds": PROBED_S, "failureThreshold": 6},
    }


def _deployment(plan: Plan, serving: Serving) -> Manifest:
    spec = pod(serving.use, _container(plan, serving), "Always")
    if serving.setting.replicas_a_region > 1:
        spec["topologySpreadConstraints"] = [
            {
                "maxSkew": 1,
                "topologyKey": "kubernetes.io/hostname",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": _selected()},
            }
        ]
    fixed = {} if scaled(plan, serving) else {"replicas": serving.setting.replicas_a_region}
    template = {"metadata": {"labels": labels(NAME)}, "spec": spec}
    deployed = {**fixed, "selector": {"matchLabels": _selected()}, "template": template}
    return kube_object("apps/v1", "Deployment", metadata(NAME), deployed)


def _inference_service(plan: Plan, serving: Serving) -> Manifest:
    """Return the service of KServe in its standard mode, which knows node types; it brings probes
    and address of its own, and scales CPU services by their use."""
    container = _container(plan, serving) | {"name": "kserve-container"}
    spec = pod(serving.use, container, "Always")
    spec.pop("restartPolicy")
    least, most = _bounds(serving)
    by_use = {"scaleMetric": "cpu", "scaleTarget": CPU_BUSY_PCT}
    scaling: Manifest = {"minReplicas": least if serving.on_cpu else most, "maxReplicas": most}
    meta = metadata(NAME) | {"annotations": {"serving.kserve.io/deploymentMode": "Standard"}}
    predictor = {**scaling, **(by_use if serving.on_cpu else {}), **spec}
    return kube_object(KSERVE.value, "InferenceService", meta, {"predictor": predictor})


def _service(serving: Serving) -> Manifest:
    ports: list[Manifest] = [{"name": "http", "port": 80, "targetPort": "http"}]
    if serving.engine == "triton":
        ports.append({"name": "metrics", "port": 8002, "targetPort": "metrics"})
    spec = {"type": "ClusterIP", "selector": _selected(), "ports": ports}
    return kube_object("v1", "Service", metadata(NAME), spec)


def _scoring(plan: Plan, serving: Serving) -> Manifest:
    """Return the job that scores, on the schedule of the data where it recurs."""
    job: Manifest = {"backoffLimit": 6}
    machines = max(1, serving.use.nodes)
    if machines > 1:
        job |= {"completionMode": "Indexed", "completions": machines, "parallelism": machines}
    template = pod(serving.use, _container(plan, serving), "Never")
    job["template"] = {"metadata": {"labels": labels(NAME)}, "spec": template}
    cron = CRON.get(answer(plan, "data_arrival"), "")
    if not cron:
        return kube_object("batch/v1", "Job", metadata(NAME), job)
    repeated = {
        "schedule": cron,
        "timeZone": "Etc/UTC",
        "concurrencyPolicy": "Forbid",
        "jobTemplate": {"metadata": {"labels": labels(NAME)}, "spec": job},
    }
    return kube_object("batch/v1", "CronJob", metadata(NAME), repeated)


def _bounds(serving: Serving) -> tuple[int, int]:
    setting = serving.setting
    return max(1, setting.standing), max(1, setting.replicas_a_region)


def _scraped(serving: Serving) -> Manifest:
    """Return what makes the Prometheus operator read the metrics that scaling asks for."""
    port = "metrics" if serving.engine == "triton" else "http"
    spec = {
        "selector": {"matchLabels": _selected()},
        "podMetricsEndpoints": [{"port": port, "path": "/metrics"}],
    }
    return kube_object("monitoring.coreos.com/v1", "PodMonitor", metadata(NAME), spec)


def _load(serving: Serving) -> tuple[str, float]:
    """Return the query of the whole load, and how much of it one replica carries."""
    mine = f'{{namespace="{NAMESPACE}"}}'
    if serving.engine in RATES:
        query = f"sum(rate({RATES[serving.engine]}{mine}[1m]))"
        return query, serving.setting.replica_rps
    query = " + ".join(f"sum({metric}{mine})" for metric in LOADS[serving.engine])
    return query, serving.setting.in_flight


def _keda(serving: Serving) -> Manifest:
    least, most = _bounds(serving)
    query, each = _load(serving)
    trigger = {
        "type": "prometheus",
        "metricType": "AverageValue",
        "metadata": {"serverAddress": PROMETHEUS, "query": query, "threshold": f"{each:g}"},
    }
    spec = {
        "scaleTargetRef": {"name": NAME},
        "minReplicaCount": least,
        "maxReplicaCount": most,
        "triggers": [trigger],
        "fallback": {"failureThreshold": 3, "replicas": most},
    }
    return kube_object(KEDA.value, "ScaledObject", metadata(NAME), spec)


def _hpa(serving: Serving) -> Manifest:
    least, most = _bounds(serving)
    target = {"type": "Utilization", "averageUtilization": CPU_BUSY_PCT}
    spec = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": NAME},
        "minReplicas": least,
        "maxReplicas": most,
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
    }
    return kube_object("autoscaling/v2", "HorizontalPodAutoscaler", metadata(NAME), spec)
