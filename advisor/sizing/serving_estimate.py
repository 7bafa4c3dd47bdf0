"""The entry of the serving estimator: one job in, every figure with its interval out."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.domain.hardware import GIB
from advisor.domain.interval import Interval
from advisor.sizing.serving_constants import InferenceConstants, device_class, interval_around
from advisor.sizing.serving_decode import decode_time
from advisor.sizing.serving_engine import EAGER, ENGINES
from advisor.sizing.serving_job import OFFLINE, ONLINE, SINGLE, ServingJob
from advisor.sizing.serving_memory import MemoryParts, fits, largest_batch, memory_parts
from advisor.sizing.serving_prefill import prefill_time
from advisor.sizing.serving_step import StepTime
from advisor.sizing.serving_throughput import Rate, mixed_rate, static_rate


@dataclass(frozen=True, slots=True)
class ServingEstimate:
    """Figures of one deployment.

    Rates are over all replicas; `tokens_per_s` counts output tokens. `mem_gib` is what the
    devices report together: the need, or the pool where the engine reserves one. `memory` holds
    the need by part. `running` is the number of requests in flight on one replica. `basis` says
    what the figures rest on.
    """

    ttft_ms: Interval
    tpot_ms: Interval
    tokens_per_s: Interval
    requests_per_s: Interval
    mem_gib: Interval
    memory: MemoryParts
    decode: StepTime
    prefill: StepTime
    running: float
    fits: bool
    basis: str


def estimate_serving(job: ServingJob, constants: InferenceConstants) -> ServingEstimate:
    """Return the serving estimate of `job`.

    Raises:
        KeyError: an unknown engine, weight format or cache format.
        ValueError: the model has no size.
    """
    if job.shape.params <= 0:
        raise ValueError(f"model {job.shape.id!r} has no parameter count")
    rate = _rate(job, constants)
    prefill = prefill_time(job, 1.0 if job.mode == ONLINE else rate.running, constants)
    decode = decode_time(job, rate.running, constants)
    requests = rate.requests_per_s * job.replicas
    need = memory_parts(job, rate.running)
    regimes = _Regimes(job, constants)
    return ServingEstimate(
        ttft_ms=regimes.around("ttft", _first_token_ms(job, prefill, rate)),
        tpot_ms=regimes.around("tpot", rate.step_s * 1e3),
        tokens_per_s=regimes.around("tokens", requests * job.output_len),
        requests_per_s=regimes.around("tokens", requests),
        mem_gib=regimes.around("mem", _reported_gib(job, need)),
        memory=need,
        decode=decode,
        prefill=prefill,
        running=rate.running,
        fits=fits(job, 1.0 if job.batch is None else job.batch / job.replicas),
        basis=regimes.basis(),
    )


def _rate(job: ServingJob, constants: InferenceConstants) -> Rate:
    if job.mode == SINGLE:
        return static_rate(job, float(job.batch or 1), constants)
    if job.mode == OFFLINE and job.batch is not None:
        return static_rate(job, job.batch / job.replicas, constants)
    offered = float(max(largest_batch(job), 1)) if job.mode == OFFLINE else float(job.batch or 1)
    if job.batch is not None:
        offered = job.batch / job.replicas
    return mixed_rate(job, offered, constants)


def _first_token_ms(job: ServingJob, prefill: StepTime, rate: Rate) -> float:
    """Return the mean time to the first token; online it waits for the running step."""
    wait = rate.step_s / 2.0 if job.mode == ONLINE else 0.0
    return (float(prefill.total_s) + wait) * 1e3


def _reported_gib(job: ServingJob, need: MemoryParts) -> float:
    """Return what tools report: a framework's own peak, the pool, or the need."""
    if ENGINES[job.engine].kind == EAGER:
        return need.total_gib - need.context_gib * job.tp * job.pp * job.replicas
    pool = ENGINES[job.engine].pool_share * job.device.memory_bytes / GIB
    devices = job.tp * job.pp * job.replicas
    return max(need.total_gib, pool * devices)


@dataclass(frozen=True, slots=True)
class _Regimes:
    """Picks interval and wording for one job."""

    job: ServingJob
    constants: InferenceConstants

    def around(self, metric: str, likely: float) -> Interval:
        kind, device = ENGINES[self.job.engine].kind, device_class(self.job.device)
        stem = f"{metric}.{self.job.mode}"
        names = (f"{stem}.{kind}.{device}", f"{stem}.{kind}", stem, metric)
        if metric == "mem":
            names = ("mem.serving", "mem")
        spread = self.constants.spread(*names)
        return interval_around(likely, spread)

    def basis(self) -> str:
        kind, device = ENGINES[self.job.engine].kind, device_class(self.job.device)
        found = self.constants.spreads.get(f"tpot.{self.job.mode}.{kind}.{device}")
        if found is None:
            return f"extrapolated: no measurement of {kind} engines on {device} memory"
        return f"calibrated on {found.rows} rows of {found.sources} sources ({kind}, {device})"
