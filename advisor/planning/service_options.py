"""Ways to serve models other than language models on accelerators: requests a device carries."""

from __future__ import annotations

from math import ceil

from advisor.domain.hardware import Accelerator
from advisor.domain.interval import Interval
from advisor.domain.plan import Figure, Reason
from advisor.planning.market import Rate
from advisor.planning.options import Option, priced
from advisor.planning.requests import Request, request_of
from advisor.planning.serving_options import HOURS, ServingMarket, replicas_of, share_paid
from advisor.planning.workload import ServingLoad, Workload
from advisor.sizing.serving_queue import tail_wait_s

REACHED = 0.25
"""Share of the dense 16-bit peak that small models reach at moderate batches (published vision
and encoder rows lie between 0.1 and 0.5)."""
LAUNCH_S = 0.003
"""Floor of one batch: kernel launches and copies of a small network."""
BATCH = 8
BUSY = 0.6
SPREAD = (0.4, 1.0, 2.5)
BASIS = "roofline with a launch floor; wide range"


def service_options(
    workload: Workload, supply: ServingMarket, patterns: tuple[str, ...]
) -> tuple[Option, ...]:
    """Return serving on each accelerator on offer, once for each pattern asked."""
    request, load = request_of(workload, supply.number), workload.serving
    if request is None or load is None or not request.flop:
        return ()
    found = []
    for device in supply.devices:
        rate = supply.market.rate(device.id, 1)
        if rate is not None:
            found += [_option(load, request, device, rate, pattern) for pattern in patterns]
    return tuple(found)


def _option(
    load: ServingLoad, request: Request, device: Accelerator, rate: Rate, pattern: str
) -> Option:
    peak = device.peak("bf16") or device.peak("fp16") or device.peak("fp32") or 1e12
    batch_s = LAUNCH_S + BATCH * request.flop / (REACHED * peak)
    per_device = BATCH / batch_s
    asked = load.mean_rps if pattern in ("batch", "async") else load.peak_rps
    busy = max(1, ceil(asked / load.regions / (per_device * BUSY)))
    count = replicas_of(load, busy) if pattern == "online" else busy * load.regions
    latency_ms = 1e3 * _tail(load, batch_s + request.overhead_s, count, pattern)
    option = Option(
        use="serving",
        pattern=pattern,
        accelerator=device.id,
        devices=count,
        nodes=rate.instances(count),
        provider=rate.provider,
        instance=rate.instance,
        layout=f"{count} replica{'s' if count > 1 else ''} of one device, batches up to {BATCH}",
        why=f"{per_device:,.0f} requests/s a device at {BUSY:.0%} use; {request.arithmetic}",
        hours_month=_hours(load, request, pattern, count, per_device),
        latency_ms=latency_ms,
        replicas=count,
        figures=_figures(batch_s, per_device, request),
        failures=_slow(load, latency_ms, device),
        overshoot=latency_ms / load.latency_ms if load.latency_ms else 1.0,
        facts={
            "fits": "yes",
            "devices": count,
            "replicas": count,
            "latency_ms": round(latency_ms, 2),
            "device_gib": device.memory_gb,
            "utilisation_pct": round(100 * asked / (per_device * count), 1),
            "meets_latency": "no" if _slow(load, latency_ms, device) else "yes",
            "tensor_parallel": 1,
        },
    )
    return priced(option, rate)


def _tail(load: ServingLoad, batch_s: float, count: int, pattern: str) -> float:
    """Return the 99th percentile: a batch to wait for, a batch to run, and the queue."""
    if pattern in ("batch", "async"):
        return 0.0
    each = load.peak_rps / load.regions / BATCH * batch_s
    slots = max(1, count // load.regions)
    return 2 * batch_s + tail_wait_s(slots, min(each, 0.95 * slots), batch_s, 0.99)


def _hours(
    load: ServingLoad, request: Request, pattern: str, count: int, per_device: float
) -> Interval:
    """Return device-hours a month."""
    if pattern == "batch":
        items = request.batch_hours * 3600 / request.cpu_seconds
        hours = max(1.0, items / per_device / 3600)
        return Interval(*(hours * f for f in SPREAD))
    if pattern in ("edge", "edge_and_cloud"):
        return Interval(HOURS * count, HOURS * count, HOURS * count)
    return share_paid(load, pattern, count).scaled(count * HOURS)


def _slow(load: ServingLoad, latency_ms: float, device: Accelerator) -> tuple[Reason, ...]:
    if not load.latency_ms or latency_ms <= load.latency_ms:
        return ()
    text = (
        f"about {latency_ms:,.0f} ms at the 99th percentile on {device.name}, "
        f"{load.latency_ms:,.0f} ms are allowed"
    )
    return (Reason(text, estimate="serving_latency"),)


def _figures(batch_s: float, per_device: float, request: Request) -> tuple[Figure, ...]:
    ms = Interval(*(1e3 * batch_s * f for f in SPREAD))
    rate = Interval(*(per_device * f for f in SPREAD))
    return (
        Figure("batch", f"time of a batch of {BATCH}", ms, "ms", request.arithmetic, BASIS),
        Figure("rate", "requests of one device", rate, "1/s", "batch / time of a batch", BASIS),
    )
