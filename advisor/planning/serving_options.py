"""Ways to serve a language model on one's own devices: layouts and replicas for the load."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from advisor.domain.deployment import ServingSetting
from advisor.domain.evidence import SERVING, Setup
from advisor.domain.hardware import Accelerator
from advisor.domain.interval import Interval
from advisor.domain.plan import Reason
from advisor.frozen import dataclass, replace
from advisor.planning.market import Market, Rate
from advisor.planning.options import NONE, Option, placed
from advisor.planning.serving_figures import serving_figures
from advisor.planning.serving_layouts import Sought, reasons, replicas_to_try
from advisor.planning.words import figure
from advisor.planning.workload import Number, ServingLoad, Workload
from advisor.sizing.serving_constants import InferenceConstants
from advisor.sizing.serving_engine import ENGINES
from advisor.sizing.serving_estimate import ServingEstimate, estimate_serving
from advisor.sizing.serving_job import ServingJob
from advisor.sizing.serving_memory import fits, largest_batch
from advisor.sizing.serving_queue import LatencyTarget, LoadPlan, replicas_for_load

FORMATS_TRIED = ("bf16", "fp8")
"""Formats that keep the quality of the published model; int4 is left to edge devices."""
HOURS = 730
BATCH_BUSY = 0.6
"""Share of a month's hours that scoring rounds may fill: they run when data are there."""


@dataclass(frozen=True, slots=True)
class ServingMarket:
    """What serving options are made from."""

    devices: tuple[Accelerator, ...]
    market: Market
    constants: InferenceConstants
    number: Number


def llm_options(
    workload: Workload, supply: ServingMarket, patterns: tuple[str, ...]
) -> tuple[Option, ...]:
    """Return for each accelerator its cheapest layout, once for each pattern asked."""
    load = workload.serving
    if load is None:
        return ()
    found = []
    sought = Sought(load.input_len, load.output_len, FORMATS_TRIED)
    for device in supply.devices:
        jobs = replicas_to_try(workload.shape, device, sought, supply.constants)
        tried = [x for job in jobs if (x := _layout(load, job, supply))]
        alike: dict[bool, Option] = {}
        for pattern in patterns if tried else ():
            standing = pattern == "online"  # the others differ in name alone
            if standing not in alike:
                each = [(_priced(load, layout, pattern, supply), layout) for layout in tried]
                alike[standing] = _described(load, *min(each, key=lambda o: o[0].key(1)), supply)
            found.append(replace(alike[standing], pattern=pattern))
    return tuple(found)


WAITED_FOR = frozenset({"online", "async_minutes"})
"""Modes in which somebody waits for the whole answer."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One replica layout with the replicas that the peak needs."""

    job: ServingJob
    rate: Rate
    plan: LoadPlan

    def estimate(self, constants: InferenceConstants) -> ServingEstimate:
        """Return the figures of a replica with as many requests in flight as the plan gives it."""
        return _estimate(replace(self.job, batch=self.plan.concurrency), constants)


def by_items(load: ServingLoad) -> bool:
    """Return whether the load is a count of items to score in a month, for which nobody waits."""
    return not load.peak_rps and load.batch_items > 0


def target_of(load: ServingLoad, number: Number) -> LatencyTarget:
    """Return the latency target: first token where tokens are streamed, else the whole answer,
    also where a queue is asked to answer within a time; batches have none."""
    limit = load.latency_ms or float("inf")
    if "streaming_tokens" in load.modes:
        return LatencyTarget(
            ttft_ms=limit, tpot_ms=number("request.reading_tpot_ms"), quantile=0.99
        )
    if WAITED_FOR & set(load.modes):
        return LatencyTarget(total_ms=limit, quantile=0.99)
    return LatencyTarget()


def _layout(load: ServingLoad, job: ServingJob, supply: ServingMarket) -> Layout | None:
    rate = supply.market.rate(job.device.id, group(job), group(job))
    if rate is None:
        return None
    share = load.peak_rps / load.regions
    return Layout(job, rate, _sized(job, share, target_of(load, supply.number), supply.constants))


_sized = lru_cache(maxsize=128)(replicas_for_load)
_estimate = lru_cache(maxsize=128)(estimate_serving)
"""Remembered: no price changes what a region's share of the load needs, nor what a replica does."""


def group(job: ServingJob) -> int:
    """Return the devices of one replica, which share a host."""
    return job.tp * job.pp


def replicas_of(load: ServingLoad, busy: int) -> int:
    """Return replicas over all regions: the load's, plus spares that the availability asks for."""
    return load.regions * (max(1, busy) + load.spares)


def standing_share(load: ServingLoad, replicas: int) -> Interval:
    """Return the share of the month that replicas are paid for, between following the load
    exactly and standing at the peak; likely half-way, as autoscalers lag and keep headroom."""
    mean = load.mean_rps / load.peak_rps if load.peak_rps else 1.0
    floor = replicas_of(load, 1) / replicas
    low = max(floor, min(1.0, mean * 1.2))
    return Interval(low, (low + 1.0) / 2, 1.0)


def _priced(load: ServingLoad, layout: Layout, pattern: str, supply: ServingMarket) -> Option:
    """Return a layout with what layouts are compared by: cost, devices and what it misses."""
    job, plan, rate = layout.job, layout.plan, layout.rate
    busy = max(1, plan.replicas)
    hours = NONE
    if by_items(load):
        hours = layout.estimate(supply.constants).requests_per_s.inverted(load.batch_items / 3600)
        busy = max(1, ceil(hours.likely / (BATCH_BUSY * HOURS)))
    replicas = replicas_of(load, busy) if pattern == "online" else busy * load.regions
    devices = replicas * group(job)
    option = Option(
        use="serving",
        pattern=pattern,
        accelerator=job.device.id,
        devices=devices,
        nodes=rate.instances(devices),
        provider=rate.provider,
        instance=rate.instance,
        layout=_layout_words(job, replicas),
        why="",
        hours_month=hours.scaled(group(job))
        if by_items(load)
        else share_paid(load, pattern, replicas).scaled(devices * HOURS),
        latency_ms=0.0 if by_items(load) else _latency(load, plan),
        replicas=replicas,
        together=group(job),
        failures=_failures(load, layout, supply.number),
        overshoot=_latency(load, plan) / load.latency_ms if load.latency_ms else 1.0,
    )
    return placed(option, supply.market, rate)


def _described(load: ServingLoad, option: Option, layout: Layout, supply: ServingMarket) -> Option:
    """Return the option with what is said of its layout: estimated for the one taken alone."""
    estimate = layout.estimate(supply.constants)
    return replace(
        option,
        why=_why(load, layout, estimate),
        figures=serving_figures(layout.job, estimate),
        facts=_facts(load, layout, estimate, option.replicas),
        run=_setup(load, layout),
        setting=_setting(load, layout, estimate, option),
    )


def _setup(load: ServingLoad, layout: Layout) -> Setup:
    job = layout.job
    return Setup(
        SERVING,
        "llm_serving_online",
        job.shape.params,
        job.device.id,
        job.device.architecture,
        group(job),
        job.weight_precision,
        load.input_len,
        job.shape.id,
        layout.plan.concurrency,
    )


def _setting(
    load: ServingLoad, layout: Layout, estimate: ServingEstimate, option: Option
) -> ServingSetting:
    job, plan = layout.job, layout.plan
    return ServingSetting(
        replicas=option.replicas,
        standing=replicas_of(load, 1) // load.regions if option.pattern == "online" else 0,
        regions=load.regions,
        in_flight=plan.concurrency,
        peak_rps=load.peak_rps,
        replica_rps=estimate.requests_per_s.likely,
        tensor=job.tp,
        pipeline=job.pp,
        weights=job.weight_precision,
        cache=job.kv_precision,
        tokens_in=load.input_len,
        tokens_out=load.output_len,
        longest=_longest(job, plan.concurrency),
        memory_share=ENGINES[job.engine].pool_share,
    )


BLOCK = 16
"""Tokens of a cache block: engines hand the cache out in such pieces."""


def _longest(job: ServingJob, in_flight: int) -> int:
    """Return the longest request that leaves room for the others in flight, within the model's
    own context and never below the stated length."""
    spare = max(0, largest_batch(job) - in_flight) + 1
    room = spare * (job.input_len + job.output_len / 2.0)
    most = min(room, job.shape.max_context or room)
    return ceil(job.context / BLOCK) * BLOCK if most < job.context else int(most) // BLOCK * BLOCK


def _facts(
    load: ServingLoad, layout: Layout, estimate: ServingEstimate, replicas: int
) -> dict[str, str | int | float]:
    job, plan = layout.job, layout.plan
    return {
        "fits": "yes" if estimate.fits else "no",
        "devices": replicas * group(job),
        "replicas": replicas,
        "latency_ms": 0.0 if by_items(load) else round(_latency(load, plan), 1),
        "weights_gib": round(estimate.memory.weights_gib * group(job), 1),
        "device_gib": job.device.memory_gb,
        "utilisation_pct": _rounds_pct(load, estimate, replicas)
        if by_items(load)
        else _busy_pct(load, plan, replicas),
        "meets_latency": "yes" if plan.met else "no",
        "tensor_parallel": job.tp,
    }


def _busy_pct(load: ServingLoad, plan: LoadPlan, replicas: int) -> float:
    """Return how busy the replicas of all regions are at the peak, spares included."""
    carrying = max(1, plan.replicas) * load.regions
    return round(100 * plan.utilisation * carrying / replicas, 1)


def _rounds_pct(load: ServingLoad, estimate: ServingEstimate, replicas: int) -> float:
    """Return how much of a month the replicas of scoring rounds are at work."""
    hours = load.batch_items / (3600 * estimate.requests_per_s.likely)
    return round(100 * hours / (HOURS * replicas), 1)


def share_paid(load: ServingLoad, pattern: str, replicas: int) -> Interval:
    """Return the share of the month that replicas are paid for under a pattern.

    Online follows the load above a floor (see `standing_share`); what scales to zero pays for
    the hours in use, with start-up and headroom of about a third.
    """
    if pattern == "online":
        return standing_share(load, replicas)
    mean = min(1.0, 1.3 * load.mean_rps / load.peak_rps) if load.peak_rps else 1.0
    return Interval(mean * 0.8, mean, min(1.0, mean * 1.5))


def _layout_words(job: ServingJob, replicas: int) -> str:
    width = f"{job.tp}-way tensor parallel" if job.tp > 1 else ""
    stages = f"{job.pp} pipeline stages" if job.pp > 1 else ""
    width = ", ".join(filter(None, (width, stages))) or "one device a replica"
    return (
        f"{replicas} replica{'s' if replicas > 1 else ''}, {width}, {job.weight_precision} weights"
    )


def _latency(load: ServingLoad, plan: LoadPlan) -> float:
    return plan.ttft_ms if "streaming_tokens" in load.modes else plan.total_ms


def _why(load: ServingLoad, layout: Layout, estimate: ServingEstimate) -> str:
    job, plan = layout.job, layout.plan
    each = estimate.requests_per_s.likely
    if not load.peak_rps:
        reason = (
            f"one replica answers about {figure(3600 * each)} requests an hour with "
            f"{plan.concurrency} in flight"
        )
        if load.batch_items:
            took = figure(load.batch_items / (3600 * each), 2)
            reason += f"; {figure(load.batch_items, 6)} of them take {took} h a month"
        else:
            reason += "; how many there are was not said, so it is priced for whole months"
        return "; ".join((reason, *reasons(job)))
    several, where = plan.replicas > 1, " a region" if load.regions > 1 else ""
    good = f"good for about {figure(each)} requests/s with {plan.concurrency} in flight"
    reason = f"1 replica{where}, {good}, carries the peak"
    if several:
        reason = f"{plan.replicas} replicas{where}, each {good}, carry the peak"
    return "; ".join((reason, *reasons(job)))


def _failures(load: ServingLoad, layout: Layout, number: Number) -> tuple[Reason, ...]:
    job, plan = layout.job, layout.plan
    if plan.met:
        return ()
    if not fits(job, plan.concurrency):
        text = f"weights and cache do not fit {group(job)} x {job.device.name}"
        return (Reason(text, estimate="serving_memory"),)
    target = target_of(load, number)
    text = (
        f"first token {plan.ttft_ms:,.0f} ms, then {plan.tpot_ms:.0f} ms a token on {group(job)} x "
        f"{job.device.name}; the target is {_target_words(target)}"
    )
    return (Reason(text, estimate="serving_latency"),)


def _target_words(target: LatencyTarget) -> str:
    parts = (
        (target.ttft_ms, "ms to the first token"),
        (target.tpot_ms, "ms a token"),
        (target.total_ms, "ms in all"),
    )
    return " and ".join(f"{ms:,.0f} {name}" for ms, name in parts if ms != float("inf"))
