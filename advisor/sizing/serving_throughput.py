"""Throughput of a replica: static batches, and a queue that mixes prompts into decode steps."""

from __future__ import annotations

from advisor.frozen import dataclass
from advisor.sizing.serving_constants import InferenceConstants
from advisor.sizing.serving_decode import decode_time
from advisor.sizing.serving_engine import ENGINES
from advisor.sizing.serving_job import ServingJob
from advisor.sizing.serving_memory import largest_batch
from advisor.sizing.serving_prefill import prefill_time
from advisor.sizing.serving_step import StepRates, step_rates, step_seconds
from advisor.sizing.serving_work import StepLoad, step_work


@dataclass(frozen=True, slots=True)
class Rate:
    """Steady rate of one replica."""

    requests_per_s: float
    running: float
    step_s: float


def static_rate(job: ServingJob, batch: float, constants: InferenceConstants) -> Rate:
    """Return the rate of batches that start and end together: prefill, then every token."""
    first = float(prefill_time(job, batch, constants).total_s)
    step = float(decode_time(job, batch, constants).total_s)
    total = first + max(job.output_len - 1.0, 0.0) * step
    return Rate(batch / total, batch, step)


def mixed_load(job: ServingJob, running: float) -> StepLoad:
    """Return the mean step of continuous batching.

    In steady state a request needs `output_len` steps, so each step takes in
    `running / output_len` new prompts and adds one token to every running request.
    """
    prompts = running / max(job.output_len, 1.0)
    fresh = prompts * job.input_len
    cache = running * (job.input_len + job.output_len / 2.0)
    return StepLoad(running + fresh, running, cache, fresh * job.input_len / 2.0)


def running_requests(job: ServingJob, offered: float) -> float:
    """Return how many requests run at once: offered, by memory, by cap and by token budget."""
    engine = ENGINES[job.engine]
    budget = engine.token_budget / (1.0 + job.input_len / max(job.output_len, 1.0))
    return max(1.0, min(offered, largest_batch(job), engine.max_batch, budget))


def split_rate(job: ServingJob, offered: float, constants: InferenceConstants) -> Rate:
    """Return the mean rate of a replica where half of them read prompts and half generate.

    `offered` is per replica; a generating one holds twice as many. The slower half sets the pace.
    """
    running = running_requests(job, 2.0 * offered)
    step = float(decode_time(job, running, constants).total_s)
    prompts = 1.0 / float(prefill_time(job, 1.0, constants).total_s)
    answers = running / (step * max(job.output_len, 1.0))
    return Rate(min(prompts, answers) / 2.0, running, step)


def mixed_rate(job: ServingJob, offered: float, constants: InferenceConstants) -> Rate:
    """Return the steady rate of continuous batching with `offered` requests at hand."""
    if job.disaggregated and job.replicas > 1:
        return split_rate(job, offered, constants)
    return steady_rate(job, running_requests(job, offered), step_rates(job, constants))


def steady_rate(job: ServingJob, running: float, rates: StepRates) -> Rate:
    """Return the steady rate of continuous batching with `running` requests in flight.

    Pipeline stages work on different requests, so a replica finishes one step every
    `1 / pp` of the time that a step takes, once there are requests for every stage.
    """
    overlap = min(job.pp, running)
    load = mixed_load(job, running / overlap)
    step = float(step_seconds(step_work(job, load), rates).total_s)
    return Rate(running / (step * max(job.output_len, 1.0)), running, step)
