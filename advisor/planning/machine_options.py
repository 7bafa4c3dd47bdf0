"""Ways to train and serve on CPU machines: trees, statistics, and networks small enough."""

from __future__ import annotations

from advisor.domain.deployment import ServingSetting, TrainingSetting
from advisor.domain.interval import Interval
from advisor.domain.plan import NOTHING, Figure, Reason
from advisor.planning.market import OWN, Market, Rate
from advisor.planning.options import NONE, Option, priced
from advisor.planning.requests import Request, request_of
from advisor.planning.words import figure
from advisor.planning.workload import Number, ServingLoad, TrainingWork, Workload
from advisor.sizing.classical import (
    BUSY,
    TAIL,
    VCPU_FLOPS,
    network_training_hours,
    series_fit_hours,
    tree_training_hours,
    vcpus_for,
)
from advisor.sizing.serving_queue import tail_wait_s

SPREAD = Interval(0.4, 1.0, 2.5)
"""Range of figures that rest on one measured point: a factor of two and a half either way."""
STEPS = (2, 4, 8, 16, 32, 64, 96)
"""Sizes of training machines tried, vCPUs."""
MOST_VCPUS = 4096
AT_THE_EDGE = ("edge", "edge_and_cloud")
DEVICE = Rate(
    provider="own",
    provider_kind=OWN,
    instance="processor of the device",
    per_instance=1,
    hour=NOTHING,
    effective="",
    source="the device is bought for its own work",
    month_owned=NOTHING,
    vcpus=2,
)
"""What a model at the edge runs on without an accelerator: what is in the device anyway."""
BASIS = "extrapolated from one published point; wide range"


def machine_training(workload: Workload, market: Market, number: Number) -> tuple[Option, ...]:
    """Return training on CPUs: the smallest size that is in time, else the largest."""
    work = workload.training
    if work is None:
        return ()
    sizes = (*STEPS, *(96 * n for n in (2, 4, 8, 16, 32))) if workload.classical else STEPS
    option = None
    for vcpus in sizes:
        option = _training(workload, work, market, number, vcpus) or option
        if option is not None and option.feasible:
            break
    return () if option is None else (option,)


def _training(
    workload: Workload, work: TrainingWork, market: Market, number: Number, vcpus: int
) -> Option | None:
    offer = market.machines(vcpus)
    if offer is None:
        return None
    rate, count = offer
    likely, arithmetic = training_hours(workload, work, number, rate.vcpus * count)
    hours = Interval(likely * SPREAD.low, likely, likely * SPREAD.high)
    once = hours.scaled(work.runs * count)
    option = Option(
        use="training",
        pattern="many_models" if work.entities > 1 else "one_machine",
        accelerator="cpu",
        devices=count,
        nodes=count,
        provider=rate.provider,
        instance=rate.instance,
        layout=f"{count} machine{'s' if count > 1 else ''} of {rate.vcpus} vCPUs",
        vcpus=rate.vcpus,
        why=f"a run takes about {figure(likely)} h of the {figure(work.target_hours)} h allowed",
        hours_once=once,
        hours_month=once.scaled(work.firsts_a_month) if work.firsts_a_month else NONE,
        hours_per_run=likely,
        figures=(Figure("hours", "time of one run", hours, "h", arithmetic, BASIS),),
        failures=_late(work, likely),
        overshoot=likely / work.target_hours,
        facts={
            "fits": "yes",
            "devices": count,
            "nodes": count,
            "hours": round(likely, 4),
            "meets_time": "yes" if likely <= work.target_hours else "no",
        },
        setting=TrainingSetting(
            unit=work.unit, units=work.units, hours=likely, hours_allowed=work.target_hours
        ),
    )
    return priced(option, rate)


def training_hours(
    workload: Workload, work: TrainingWork, number: Number, vcpus: float
) -> tuple[float, str]:
    """Return hours of a run and how they were worked out."""
    if workload.family == "series":
        series = work.entities if work.entities > 1 else work.series
        return series_fit_hours(series, vcpus), f"{series:,} series x 1 s / {vcpus:,.0f} vCPUs"
    if workload.family == "trees":
        columns, trees = number("tables.columns"), number("tables.trees")
        hours = tree_training_hours(work.units, columns, trees, vcpus)
        return hours, (
            f"{figure(work.units)} rows x {columns:.0f} columns x {trees:.0f} trees / "
            f"{vcpus:,.0f} vCPUs"
        )
    params = workload.shape.params
    hours = network_training_hours(params, work.tokens, vcpus)
    flops = f"6 x {figure(params)} parameters x {figure(work.tokens)} tokens"
    return hours, f"{flops} / ({vcpus:,.0f} vCPUs x {VCPU_FLOPS / 1e9:.0f} GFLOP/s)"


def _late(work: TrainingWork, hours: float) -> tuple[Reason, ...]:
    if hours <= work.target_hours:
        return ()
    text = f"a run takes about {hours:,.0f} h on CPUs, {work.target_hours:,.0f} h are allowed"
    return (Reason(text, estimate="training_time"),)


def machine_serving(
    workload: Workload, market: Market, number: Number, patterns: tuple[str, ...]
) -> tuple[Option, ...]:
    """Return serving on CPUs, once for each pattern asked."""
    load = workload.serving
    request = request_of(workload, number)
    if load is None or request is None:
        return ()
    options = (_serving(load, request, market, pattern) for pattern in patterns)
    return tuple(option for option in options if option is not None)


def _serving(load: ServingLoad, request: Request, market: Market, pattern: str) -> Option | None:
    """Return the machines that carry the load, and more of them where requests would only wait
    too long for each other."""
    if pattern == "batch":
        request = request.together
    vcpus = _vcpus(load, request, pattern)
    option = _on_machines(load, request, market, pattern, vcpus)
    alone = 1e3 * (request.cpu_seconds / request.threads + request.overhead_s) * TAIL
    waits = alone < load.latency_ms and pattern not in AT_THE_EDGE
    while option and not option.feasible and waits and vcpus <= MOST_VCPUS / 2:
        vcpus = max(2, 2 * vcpus)
        option = _on_machines(load, request, market, pattern, vcpus)
    return option


def _on_machines(
    load: ServingLoad, request: Request, market: Market, pattern: str, vcpus: int
) -> Option | None:
    regions, spares = (load.regions, load.spares) if pattern == "online" else (1, 0)
    edge = pattern in AT_THE_EDGE
    use = BUSY * _vcpus(load, request, pattern) / vcpus
    offer = (DEVICE, load.regions) if edge else market.machines(max(2, vcpus), regions, spares)
    if offer is None:
        return None
    rate, count = offer
    threads = min(request.threads, rate.vcpus)
    service_s = request.cpu_seconds / threads + request.overhead_s
    latency_ms = 1e3 * _tail(load, service_s, rate.vcpus * count // threads, pattern)
    hours = _hours(load, request, pattern, count, rate.vcpus)
    option = Option(
        use="serving",
        pattern=pattern,
        accelerator="cpu",
        devices=count,
        nodes=count,
        provider=rate.provider,
        instance=rate.instance,
        layout=_machines(rate, count),
        vcpus=rate.vcpus,
        why=f"{_carrying(vcpus)} the load at {use:.0%} use; {request.arithmetic}",
        hours_month=hours,
        latency_ms=latency_ms if pattern not in ("batch", "async") else 0.0,
        replicas=count,
        figures=(_service_figure(service_s, request),),
        failures=_slow(load, latency_ms, pattern) + _too_many(vcpus),
        overshoot=latency_ms / load.latency_ms if load.latency_ms else 1.0,
        facts={
            "fits": "yes",
            "devices": count,
            "replicas": count,
            "utilisation_pct": round(100 * use * vcpus / (rate.vcpus * count), 1),
            "latency_ms": round(latency_ms, 2),
            "meets_latency": "no" if _slow(load, latency_ms, pattern) else "yes",
        },
        setting=ServingSetting(
            replicas=count,
            standing=count // load.regions if pattern == "online" else 0,
            regions=load.regions,
            in_flight=max(1, rate.vcpus // threads),
            peak_rps=load.peak_rps,
            replica_rps=rate.vcpus * BUSY / request.cpu_seconds,
        ),
    )
    return priced(option, rate)


def _carrying(vcpus: int) -> str:
    return "1 vCPU carries" if vcpus == 1 else f"{vcpus:,} vCPUs carry"


def _machines(rate: Rate, count: int) -> str:
    if rate is DEVICE:
        return "one processor a device"
    return f"{count} machine{'s' if count > 1 else ''} of {rate.vcpus} vCPUs"


def _service_figure(service_s: float, request: Request) -> Figure:
    ms = Interval(*(1e3 * service_s * f for f in (SPREAD.low, 1.0, SPREAD.high)))
    return Figure("service", "time of one request, no queue", ms, "ms", request.arithmetic, BASIS)


def _vcpus(load: ServingLoad, request: Request, pattern: str) -> int:
    per_second = load.mean_rps if pattern in ("async", "batch") else load.peak_rps
    return vcpus_for(max(per_second, 1e-9), 1.0 / request.cpu_seconds)


def _tail(load: ServingLoad, service_s: float, slots: int, pattern: str) -> float:
    """Return the 99th percentile of a request's time: half as long again, and the queue."""
    if pattern in ("batch", "async"):
        return 0.0
    erlangs = min(load.peak_rps / load.regions * service_s, 0.95 * slots)
    return service_s * TAIL + tail_wait_s(max(1, slots), erlangs, service_s, 0.99)


def _hours(load: ServingLoad, request: Request, pattern: str, count: int, vcpus: int) -> Interval:
    """Return machine-hours a month."""
    if pattern == "batch":
        busy = max(request.batch_hours / vcpus, 1.0)
        return Interval(busy * SPREAD.low, busy, busy * SPREAD.high)
    if pattern == "online":
        return Interval(count * 730 * 0.5, count * 730.0, count * 730.0)
    share = max(0.02, load.mean_rps / load.peak_rps if load.peak_rps else 0.1)
    return Interval(share * 500 * count, share * 730 * count, share * 1100 * count)


def _slow(load: ServingLoad, latency_ms: float, pattern: str) -> tuple[Reason, ...]:
    if pattern in ("batch", "async") or not load.latency_ms or latency_ms <= load.latency_ms:
        return ()
    text = (
        f"about {latency_ms:,.0f} ms at the 99th percentile on CPUs, {load.latency_ms:,.0f} ms "
        "are allowed"
    )
    return (Reason(text, estimate="serving_latency"),)


def _too_many(vcpus: int) -> tuple[Reason, ...]:
    if vcpus <= MOST_VCPUS:
        return ()
    text = f"takes {vcpus:,} vCPUs; accelerators do this with far fewer machines"
    return (Reason(text, estimate="serving_size"),)
