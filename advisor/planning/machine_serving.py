"""Ways to serve on CPU machines: trees, statistics, and networks small enough."""

from __future__ import annotations

from math import ceil

from advisor.domain.deployment import ServingSetting
from advisor.domain.interval import Interval
from advisor.domain.plan import DEVICE_PROCESSOR, NOTHING, Figure, Reason
from advisor.planning.market import MONTH_HOURS, OWN, Market, Rate
from advisor.planning.options import Option, priced
from advisor.planning.requests import Request, request_of
from advisor.planning.words import figure
from advisor.planning.workload import Number, ServingLoad, Workload
from advisor.sizing.classical import (
    BUSY,
    TAIL,
    vcpus_for,
)
from advisor.sizing.serving_queue import tail_wait_s

SPREAD = Interval(0.4, 1.0, 2.5)
"""Range of figures that rest on one measured point: a factor of two and a half either way."""
MOST_VCPUS = 4096
AT_THE_EDGE = ("edge", "edge_and_cloud")
DEVICE = Rate(
    provider="own",
    provider_kind=OWN,
    instance=DEVICE_PROCESSOR,
    per_instance=1,
    hour=NOTHING,
    effective="",
    source="the device is bought for its own work",
    month_owned=NOTHING,
    vcpus=2,
)
"""What a model at the edge runs on without an accelerator: what is in the device anyway."""
BASIS = "extrapolated from few published points; wide range"


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
    waits = _alone_ms(request) < load.latency_ms and pattern not in AT_THE_EDGE
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
    there = market.machines(max(2, vcpus), regions, spares, each_gb=request.memory_gb)
    offer = (DEVICE, load.regions) if edge else there
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
        machine_gb=request.memory_gb,
        why=_why(request, pattern, vcpus, use),
        hours_month=hours,
        latency_ms=latency_ms if pattern not in ("batch", "async") else 0.0,
        replicas=count,
        figures=(_service_figure(service_s, request),),
        failures=_slow(load, latency_ms, pattern, request) + _too_many(vcpus),
        overshoot=latency_ms / load.latency_ms if load.latency_ms else 1.0,
        facts={
            "fits": "yes",
            "devices": count,
            "replicas": count,
            "utilisation_pct": round(100 * use * vcpus / (rate.vcpus * count), 1),
            "latency_ms": round(latency_ms, 2),
            "meets_latency": "no" if _slow(load, latency_ms, pattern, request) else "yes",
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


def _why(request: Request, pattern: str, vcpus: int, use: float) -> str:
    """Return what carries the load, or what the scoring rounds of a month take."""
    if pattern == "batch" and request.scored_words:
        hours = figure(request.batch_hours, 2)
        return f"{request.scored_words} take {hours} vCPU-hours a month; {request.arithmetic}"
    return f"{_carrying(vcpus)} the load at {use:.0%} use; {request.arithmetic}"


def _alone_ms(request: Request) -> float:
    """Return the time of a request that never waits, on as many vCPUs as it spreads over."""
    return 1e3 * (request.cpu_seconds / request.threads + request.overhead_s) * TAIL


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
    if pattern == "batch" and not load.peak_rps:
        return max(1, ceil(request.batch_hours / (BUSY * MONTH_HOURS)))
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


def _slow(
    load: ServingLoad, latency_ms: float, pattern: str, request: Request
) -> tuple[Reason, ...]:
    """Return what is against CPUs where requests take too long, be it that none waits."""
    if pattern in ("batch", "async") or not load.latency_ms or latency_ms <= load.latency_ms:
        return ()
    text = (
        f"about {latency_ms:,.0f} ms at the 99th percentile on CPUs, {load.latency_ms:,.0f} ms "
        "are allowed"
    )
    if _alone_ms(request) > load.latency_ms:
        text += f"; a request alone takes {_alone_ms(request):,.0f} ms on {request.threads} vCPUs"
    return (Reason(text, estimate="serving_latency"),)


def _too_many(vcpus: int) -> tuple[Reason, ...]:
    if vcpus <= MOST_VCPUS:
        return ()
    text = f"takes {vcpus:,} vCPUs; accelerators do this with far fewer machines"
    return (Reason(text, estimate="serving_size"),)
