"""The entry of the serving estimator: one job in, every figure with its interval out."""

from __future__ import annotations

from advisor.domain.hardware import GIB
from advisor.domain.interval import Interval
from advisor.frozen import dataclass, replace
from advisor.sizing.near_measurements import Kind
from advisor.sizing.serving_constants import (
    LANGUAGE,
    InferenceConstants,
    device_class,
    device_family,
    interval_around,
    spread_on,
)
from advisor.sizing.serving_decode import decode_time
from advisor.sizing.serving_engine import EAGER, ENGINES
from advisor.sizing.serving_format import stored
from advisor.sizing.serving_job import OFFLINE, ONLINE, SINGLE, ServingJob
from advisor.sizing.serving_memory import MemoryParts, fits, largest_batch, memory_parts
from advisor.sizing.serving_prefill import prefill_time
from advisor.sizing.serving_step import StepTime
from advisor.sizing.serving_throughput import Rate, mixed_rate, static_rate

USUAL_CONCURRENCY = 16
"""Requests in flight where an online job states none."""
TASKS = {SINGLE: "one request", OFFLINE: "offline batches", ONLINE: "online serving"}
"""What is served, as measurements near it are counted."""


@dataclass(frozen=True, slots=True)
class ServingEstimate:
    """Figures of one deployment.

    `prompt_ms` is the first token of a request that waits for no other but the running step.
    Rates are over all replicas; `tokens_per_s` counts output tokens. `mem_gib` is what the
    devices report together: the need, or the pool where the engine reserves one. `memory` holds
    the need by part. `running` is the number of requests in flight on one replica. `regime` names
    the kind of deployment whose errors make the intervals, `basis` says what these rest on.
    """

    ttft_ms: Interval
    prompt_ms: Interval
    tpot_ms: Interval
    tokens_per_s: Interval
    requests_per_s: Interval
    mem_gib: Interval
    memory: MemoryParts
    decode: StepTime
    prefill: StepTime
    running: float
    fits: bool
    regime: str
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
    regimes = Regimes(job, constants)
    return ServingEstimate(
        ttft_ms=regimes.around(
            "ttft", _first_token_ms(job, float(prefill.total_s), rate, constants)
        ),
        prompt_ms=regimes.alone().around("ttft", float(prefill.total_s + rate.step_s / 2.0) * 1e3),
        tpot_ms=regimes.around("tpot", rate.step_s * 1e3),
        tokens_per_s=regimes.around("tokens", requests * job.output_len),
        requests_per_s=regimes.around("tokens", requests),
        mem_gib=_held(job, regimes.around("mem", _reported_gib(job, need))),
        memory=need,
        decode=decode,
        prefill=prefill,
        running=rate.running,
        fits=fits(job, 1.0 if job.batch is None else job.batch / job.replicas),
        regime=regimes.name,
        basis=regimes.basis(),
    )


def _rate(job: ServingJob, constants: InferenceConstants) -> Rate:
    if job.mode == SINGLE:
        return static_rate(job, float(job.batch or 1), constants)
    if job.mode == OFFLINE and job.batch is not None:
        return static_rate(job, job.batch / job.replicas, constants)
    usual = largest_batch(job) if job.mode == OFFLINE else USUAL_CONCURRENCY
    offered = float(max(usual, 1))
    if job.batch is not None:
        offered = job.batch / job.replicas
    return mixed_rate(job, offered, constants)


def _first_token_ms(
    job: ServingJob, prefill_s: float, rate: Rate, constants: InferenceConstants
) -> float:
    """Return the mean time to the first token; a stated number of requests in flight begins at
    once, so that each waits for half of the others' prompts."""
    if job.mode != ONLINE:
        return prefill_s * 1e3
    offered = (job.batch or USUAL_CONCURRENCY) / job.replicas
    least = online_first_token_ms(job, offered, prefill_s, rate)
    if not job.batch:
        return least
    readers = 0.5 if job.disaggregated and job.replicas > 1 else 1.0
    ahead = (offered / readers + 1.0) / 2.0
    return max(least, float(prefill_time(job, ahead, constants).total_s) * 1e3)


def online_first_token_ms(job: ServingJob, offered: float, prefill_s: float, rate: Rate) -> float:
    """Return the mean time to the first token with `offered` requests in flight on a replica.

    It waits for the running step at least, and by Little's law for what is left of requests in
    flight / rate once the answer has had its time.
    """
    left = offered / rate.requests_per_s - job.output_len * rate.step_s
    return max(prefill_s + rate.step_s / 2.0, left) * 1e3


def _held(job: ServingJob, memory: Interval) -> Interval:
    """Return the interval of memory, which what fits cannot pass beyond the devices' own."""
    most = job.device.memory_bytes / GIB * job.tp * job.pp * job.replicas
    return replace(memory, high=max(memory.likely, min(memory.high, most)))


def _reported_gib(job: ServingJob, need: MemoryParts) -> float:
    """Return what tools report: a framework's own peak, the pool, or the need."""
    if ENGINES[job.engine].kind == EAGER:
        return need.total_gib - need.context_gib * job.tp * job.pp * job.replicas
    pool = ENGINES[job.engine].pool_share * job.device.memory_bytes / GIB
    devices = job.tp * job.pp * job.replicas
    return max(need.total_gib, pool * devices)


def kind_of_job(job: ServingJob) -> Kind:
    """Return what a job is, as measurements near it are counted."""
    return Kind(
        TASKS[job.mode],
        device_family(job.device),
        ENGINES[job.engine].kind,
        stored(job.format),
        job.shape.params,
        job.shape.active_params,
    )


@dataclass(frozen=True, slots=True)
class Regimes:
    """Picks interval and wording for one job."""

    job: ServingJob
    constants: InferenceConstants

    @property
    def name(self) -> str:
        """Return mode, engine kind and device class; an online job without a limit is `open`."""
        job = self.job
        mode = "open" if job.mode == ONLINE and job.batch is None else job.mode
        return f"{mode}.{ENGINES[job.engine].kind}.{device_class(job.device)}"

    def alone(self) -> Regimes:
        """Return the regimes of one request at a time: waiting is what a queue adds."""
        return Regimes(replace(self.job, mode=SINGLE), self.constants)

    def around(self, metric: str, likely: float) -> Interval:
        """Return the interval of the most telling regime that has been measured."""
        name = f"{metric}.{self.name}"
        return interval_around(likely, spread_on(self.job.device, self.constants, LANGUAGE, name))

    def basis(self) -> str:
        """Return what the estimate rests on."""
        return self.constants.measured.support.basis(kind_of_job(self.job))
