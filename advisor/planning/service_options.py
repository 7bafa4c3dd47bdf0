"""Ways to serve models other than language models on accelerators: requests a device carries."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache
from math import ceil

from advisor.domain.deployment import ServingSetting
from advisor.domain.evidence import SERVING, Setup
from advisor.domain.hardware import GIB, Accelerator
from advisor.domain.interval import Interval
from advisor.domain.model import ModelShape
from advisor.domain.plan import Figure, Reason
from advisor.frozen import dataclass, replace
from advisor.planning.edge_sites import one_a_site
from advisor.planning.item_work import SPEECH
from advisor.planning.market import Rate
from advisor.planning.options import AT_SITES, Option, placed
from advisor.planning.requests import Request, request_of
from advisor.planning.serving_options import (
    BATCH_BUSY,
    HOURS,
    ServingMarket,
    replicas_of,
    share_paid,
)
from advisor.planning.words import figure
from advisor.planning.workload import ServingLoad, Workload
from advisor.sizing.classical import TAIL
from advisor.sizing.item import ItemWork
from advisor.sizing.network_inference import (
    DIFFUSION,
    ENCODER,
    NetworkJob,
    estimate_network,
)
from advisor.sizing.serving_constants import InferenceConstants
from advisor.sizing.serving_job import ServingJob
from advisor.sizing.serving_memory import CONTEXT_GIB, USABLE_SHARE
from advisor.sizing.serving_queue import tail_wait_s
from advisor.sizing.speech_inference import estimate_speech

BATCHES = (64, 32, 16, 8, 4, 2, 1)
"""Largest batches that a server may gather, tried in this order."""
BUSY = 0.6
"""Share of a device's rate that is planned for: above it, waiting grows without bound."""
QUEUE_FREE = 8
"""Times the devices that carry the load with which hardly any request still waits for another."""
WAITED_FOR = ("online", "serverless")
"""Patterns in which a caller waits and more devices shorten the queue."""
WINDOW_S = 30.0
STARTED = 1.3
"""Hours that a queue pays for each hour of work: its machines start, and wait for the next item."""
TASKS = {ENCODER: "embedding", DIFFUSION: "diffusion", SPEECH: "asr"}
"""Tasks of the evidence tables by kind of network; the others are vision."""
HALF_BYTES = 2.0
"""Bytes of a value at half precision, in which these networks run."""


@dataclass(frozen=True, slots=True)
class Sized:
    """One device at one batch: time of a batch, items a second, memory, what it rests on."""

    batch: int
    batch_s: Interval
    rate: Interval
    memory_gib: Interval
    fits: bool
    basis: str


def service_options(
    workload: Workload, supply: ServingMarket, patterns: tuple[str, ...]
) -> tuple[Option, ...]:
    """Return serving on each accelerator on offer, once for each pattern asked."""
    request, load, item = (request_of(workload, supply.number), workload.serving, workload.item)
    if request is None or load is None or item is None:
        return ()
    service = _Service(load, request, item, workload)
    found = []
    for device in supply.devices:
        rate = supply.market.rate(device.id, 1)
        if rate is None:
            continue
        for pattern in patterns:
            carried = _carried(service, device, pattern, supply.constants)
            if pattern in WAITED_FOR:
                carried = _at_the_peak(service, device, carried, supply.constants)
            elif pattern in AT_SITES:
                carried = _one_by_one(service, device, carried, pattern, supply.constants)
            option = _option(service, device, rate, pattern, carried)
            found.append(placed(option, supply.market, rate))
    return one_a_site(found, load.regions)


@dataclass(frozen=True, slots=True)
class _Service:
    """What is asked of one model that is served."""

    load: ServingLoad
    request: Request
    item: ItemWork
    workload: Workload

    def too_slow(self, latency_ms: float) -> bool:
        """Return whether a latency misses the stated one."""
        return bool(self.load.latency_ms) and latency_ms > self.load.latency_ms


@lru_cache(maxsize=384)
def _sized(
    item: ItemWork,
    shape: ModelShape,
    device: Accelerator,
    batch: int,
    constants: InferenceConstants,
) -> Sized:
    """Return one device at one batch, which no load or price changes."""
    if item.kind == SPEECH:
        return _speech(shape, device, batch, constants)
    engine = "mobile" if device.vendor == "apple" else "compiled"
    job = NetworkJob(
        item.kind,
        item.work,
        item.params,
        device,
        engine=engine,
        batch=batch,
        passes=item.passes,
        kernels=item.kernels,
        abreast=item.abreast,
    )
    found = estimate_network(job, constants)
    ms, basis = found.batch_ms, found.basis
    return Sized(batch, ms.scaled(1e-3), found.items_per_s, found.mem_gib, found.fits, basis)


def _speech(
    shape: ModelShape, device: Accelerator, batch: int, constants: InferenceConstants
) -> Sized:
    """Return windows of 30 seconds; the estimator gives seconds of audio a second."""
    job = ServingJob(shape, device, batch=batch)
    found = estimate_speech(job, constants)
    rate = found.audio_s_per_s.scaled(1 / WINDOW_S)
    fits = found.mem_gib.likely * GIB <= device.memory_bytes * USABLE_SHARE
    return Sized(batch, rate.inverted(batch), rate, found.mem_gib, fits, found.basis)


@dataclass(frozen=True, slots=True)
class _Carried:
    """The load on so many devices at one batch, under one pattern; `least` carry the load,
    whatever the latency."""

    sized: Sized
    asked: float
    count: int
    least: int
    latency_ms: float
    failures: tuple[Reason, ...]
    overshoot: float


def _carried(
    service: _Service, device: Accelerator, pattern: str, constants: InferenceConstants
) -> _Carried:
    """Return the batch that takes the fewest devices in time, the largest of equals; else the one
    that misses by least."""
    item, shape = service.item, service.workload.shape
    tried: list[_Carried] = []
    for batch in BATCHES:
        sized = _sized(item, shape, device, batch, constants)
        tried.append(_at_batch(service, device, sized, pattern))
        if not tried[-1].failures and tried[-1].count <= tried[-1].least:
            return tried[-1]
    met = [c for c in tried if not c.failures]
    if met:
        return min(met, key=lambda c: c.count)
    return min(tried, key=lambda c: (len(c.failures), c.overshoot))


def _at_the_peak(
    service: _Service, device: Accelerator, full: _Carried, constants: InferenceConstants
) -> _Carried:
    """Return what is carried with the latency at the stated peak: a server takes what waits and
    fills its batches only as its devices fill up, up to which the target is held."""
    each = full.asked / full.count
    for batch in reversed(BATCHES):
        if batch >= full.sized.batch:
            return full
        sized = _sized(service.item, service.workload.shape, device, batch, constants)
        if each <= sized.rate.likely * BUSY:
            latency_ms = 1e3 * _tail(service, sized, full.count, "online")
            return replace(full, latency_ms=min(latency_ms, full.latency_ms))
    return full


def _one_by_one(
    service: _Service,
    device: Accelerator,
    full: _Carried,
    pattern: str,
    constants: InferenceConstants,
) -> _Carried:
    """Return the smallest batch that is enough at a site: a camera or a machine sends one item
    after the other, and nobody waits there until many have come."""
    for batch in reversed(BATCHES):
        sized = _sized(service.item, service.workload.shape, device, batch, constants)
        carried = _at_batch(service, device, sized, pattern)
        if not carried.failures and carried.count <= full.count:
            return carried
    return full


def _at_batch(service: _Service, device: Accelerator, sized: Sized, pattern: str) -> _Carried:
    load, per_device = service.load, sized.rate.likely
    asked = load.mean_rps if pattern in ("batch", "async") else load.peak_rps
    busy = max(1, ceil(asked / load.regions / (per_device * BUSY)))
    if pattern == "batch" and not load.peak_rps:
        hours = service.request.scored / per_device / 3600
        busy = max(1, ceil(hours / (BATCH_BUSY * HOURS) / load.regions))

    def count_of(replicas: int) -> int:
        return replicas_of(load, replicas) if pattern == "online" else replicas * load.regions

    def latency_ms(replicas: int) -> float:
        return 1e3 * _tail(service, sized, count_of(replicas), pattern)

    enough = _in_time(service, busy, latency_ms) if pattern in WAITED_FOR else busy
    count, likely_ms = count_of(enough), latency_ms(enough)
    failures = _failures(service, sized, likely_ms, device)
    overshoot = likely_ms / load.latency_ms if load.latency_ms else 1.0
    return _Carried(sized, asked, count, count_of(busy), likely_ms, failures, overshoot)


def _in_time(service: _Service, busy: int, latency_ms: Callable[[int], float]) -> int:
    """Return the fewest replicas that answer in time: with each more, fewer requests wait. Those
    that carry the load, where a request that never waits is too slow already."""
    idle = busy * QUEUE_FREE
    if not service.too_slow(latency_ms(busy)) or service.too_slow(latency_ms(idle)):
        return busy
    tried = range(busy, idle + 1)
    return tried[bisect_left(tried, True, key=lambda n: not service.too_slow(latency_ms(n)))]


def _option(
    service: _Service, device: Accelerator, rate: Rate, pattern: str, carried: _Carried
) -> Option:
    sized, count, latency_ms = carried.sized, carried.count, carried.latency_ms
    load, per_device = service.load, sized.rate.likely
    return Option(
        use="serving",
        pattern=pattern,
        accelerator=device.id,
        devices=count,
        nodes=rate.instances(count),
        provider=rate.provider,
        instance=rate.instance,
        layout=f"{count} replica{'s' if count > 1 else ''} of one device, {_batches(sized.batch)}",
        why=_why(service, pattern, per_device),
        hours_month=_hours(service, pattern, count, sized),
        latency_ms=latency_ms,
        replicas=count,
        figures=_figures(service, sized),
        failures=carried.failures,
        overshoot=carried.overshoot,
        facts={
            "fits": "yes" if sized.fits else "no",
            "devices": count,
            "replicas": count,
            "latency_ms": round(latency_ms, 2),
            "device_gib": device.memory_gb,
            "utilisation_pct": round(100 * carried.asked / (per_device * count), 1),
            "meets_latency": "no" if service.too_slow(latency_ms) else "yes",
            "tensor_parallel": 1,
            "batch": sized.batch,
        },
        run=_run(service, device, sized.batch),
        setting=ServingSetting(
            replicas=count,
            standing=replicas_of(load, 1) // load.regions if pattern == "online" else 0,
            regions=load.regions,
            in_flight=sized.batch,
            peak_rps=load.peak_rps,
            replica_rps=per_device * BUSY,
        ),
    )


def _batches(most: int) -> str:
    return f"batches up to {most}" if most > 1 else "one item at a time"


def _why(service: _Service, pattern: str, per_device: float) -> str:
    """Return what a device carries, and for scoring rounds what those of a month take."""
    request, rate = service.request, figure(per_device)
    if pattern != "batch":
        planned = f"{rate} requests/s a device, of which {BUSY:.0%} are planned for"
        return f"{planned}; {request.arithmetic}"
    hours = figure(request.scored / per_device / 3600, 2)
    return (
        f"{request.scored_words} take {hours} device-hours a month at {rate} a second; "
        f"{request.arithmetic}"
    )


def _run(service: _Service, device: Accelerator, batch: int) -> Setup:
    """Return what was estimated, in the terms of the evidence tables."""
    task = TASKS.get(service.item.kind, "vision")
    length = service.load.input_len if task == "embedding" else 0.0
    return Setup(
        SERVING,
        task,
        service.item.params,
        device.id,
        device.architecture,
        1,
        "fp16",
        length,
        service.workload.shape.id,
        batch,
    )


def _tail(service: _Service, sized: Sized, count: int, pattern: str) -> float:
    """Return the 99th percentile: a batch to wait for, a batch to run, and the queue."""
    if pattern in ("batch", "async"):
        return 0.0
    load, batch_s = service.load, sized.batch_s.likely
    work_s = batch_s + service.request.overhead_s
    if pattern in AT_SITES and sized.batch == 1:
        return work_s * TAIL  # frames and readings of one site come at even steps
    each = load.peak_rps / load.regions / sized.batch * batch_s
    slots = max(1, count // load.regions)
    waited = batch_s if sized.batch > 1 else 0.0
    return waited + work_s + tail_wait_s(slots, min(each, 0.95 * slots), batch_s, 0.99)


def _hours(service: _Service, pattern: str, count: int, sized: Sized) -> Interval:
    """Return device-hours a month."""
    if pattern == "batch":
        items = service.request.scored
        hours = sized.rate.inverted(items / 3600)
        return Interval(*(max(1.0, end) for end in (hours.low, hours.likely, hours.high)))
    if pattern in ("edge", "edge_and_cloud"):
        return Interval(HOURS * count, HOURS * count, HOURS * count)
    if pattern == "async" and not service.load.peak_rps and service.load.batch_items:
        return _of_counted(service.load.batch_items, sized, count)
    return share_paid(service.load, pattern, count).scaled(count * HOURS)


def _of_counted(items: float, sized: Sized, count: int) -> Interval:
    """Return the device-hours of a queue whose items of a month were counted: those in use, with
    start-up and headroom of about a third (`share_paid`)."""
    hours = STARTED * items / sized.rate.likely / 3600
    ends = (min(HOURS * count, max(1.0, hours * end)) for end in (0.8, 1.0, 1.5))
    return Interval(*ends)


def _failures(
    service: _Service, sized: Sized, latency_ms: float, device: Accelerator
) -> tuple[Reason, ...]:
    found = []
    if not sized.fits:
        text = (
            f"a batch of {sized.batch} needs {sized.memory_gib.likely:,.1f} GiB, {device.name} has "
            f"{device.memory_gb:,.0f}"
        )
        found.append(Reason(text, estimate="serving_memory"))
    if service.too_slow(latency_ms):
        text = (
            f"about {figure(latency_ms)} ms at the 99th percentile on {device.name}, "
            f"{figure(service.load.latency_ms, 6)} ms are allowed"
        )
        found.append(Reason(text, estimate="serving_latency"))
    return tuple(found)


def _figures(service: _Service, sized: Sized) -> tuple[Figure, ...]:
    ms, text = sized.batch_s.scaled(1e3), service.request.arithmetic
    rate = f"{sized.batch} / {figure(ms.likely)} ms"
    return (
        _memory(service.item, sized),
        Figure("batch", f"time of a batch of {sized.batch}", ms, "ms", text, sized.basis),
        Figure("rate", "requests of one device", sized.rate, "requests/s", rate, sized.basis),
    )


def _memory(item: ItemWork, sized: Sized) -> Figure:
    """Return what a device holds; a speech model's window is not told apart by part."""
    weights = (item.params + item.work.beside) * HALF_BYTES / GIB
    rest = sized.memory_gib.likely - weights - CONTEXT_GIB
    text = "weights + activations of the batch + context"
    held: tuple[tuple[str, float], ...] = ()
    if item.kind != SPEECH and rest > 0:
        held = (("weights", weights), ("activations", rest), ("context", CONTEXT_GIB))
        text = " + ".join(f"{name} {figure(gib, 2)}" for name, gib in held)
        text += f"; activations of a batch of {sized.batch}"
    return Figure("memory", "memory a device", sized.memory_gib, "GiB", text, sized.basis, held)
