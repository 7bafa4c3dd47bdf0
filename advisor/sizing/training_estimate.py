"""Throughput, step time, utilisation, GPU-hours and memory of one training job."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.domain.hardware import GIB
from advisor.domain.interval import Interval
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_defaults import complete
from advisor.sizing.training_flops import model_flops_per_token, pass_flops
from advisor.sizing.training_job import TrainingJob
from advisor.sizing.training_memory import MemoryParts, peak_memory, reserved_memory
from advisor.sizing.training_spread import banded, describe, regimes, spread
from advisor.sizing.training_time import StepTime, step_time
from advisor.sizing.training_work import Work, work_of


@dataclass(frozen=True, slots=True)
class TrainingEstimate:
    """Figures of one job with 80 % intervals; `job` is the job with its blanks filled.

    `memory_parts` are (name, GiB) and `time_parts` (name, seconds a step): they add up to the
    likely memory and step time. `gpu_hours` is None where no amount of data is stated.
    """

    job: TrainingJob
    tokens_per_s_per_gpu: Interval
    samples_per_s: Interval
    step_time_s: Interval
    mfu_pct: Interval
    memory_gib: Interval
    gpu_hours: Interval | None
    fits: bool
    memory_parts: tuple[tuple[str, float], ...]
    time_parts: tuple[tuple[str, float], ...]
    basis: str


def estimate_training(job: TrainingJob, constants: TrainingConstants) -> TrainingEstimate:
    """Return the estimate of one job on transformer layers; blanks take their usual values."""
    full = complete(job, constants)
    work = work_of([full])
    times, memory = step_time(work, constants), peak_memory(work, constants)
    step = max(float(times.total()[0]), _ideal_step(work))
    tokens = float((work.micro_batch * work.accum * work.dp * work.seq)[0])
    rate = tokens / step / float(work.n_gpus[0])
    speed = spread(constants, "throughput", regimes(full), full.notes)
    likely = banded(rate, speed)
    held, reserved = float(memory.total()[0]), reserved_memory(work, constants)
    per_token = float(model_flops_per_token(work)[0])
    return TrainingEstimate(
        job=full,
        tokens_per_s_per_gpu=likely,
        samples_per_s=likely.scaled(float(work.n_gpus[0]) / full.seq_len),
        step_time_s=likely.inverted(tokens / float(work.n_gpus[0])),
        mfu_pct=banded(min(100.0, 100.0 * rate * per_token / float(work.peak[0])), speed),
        memory_gib=banded(held / GIB, spread(constants, "memory", regimes(full), full.notes)),
        gpu_hours=run_hours(full, rate, constants),
        fits=bool((reserved <= constants["usable_memory"] * work.memory)[0]),
        memory_parts=memory_parts(memory),
        time_parts=time_parts(times),
        basis=describe(full.task, speed, full.notes),
    )


def _ideal_step(work: Work) -> float:
    """Return the step time at the device's peak: no estimate may be faster."""
    return float((pass_flops(work).total() * work.accum / work.peak)[0])


def run_hours(job: TrainingJob, rate: float, constants: TrainingConstants) -> Interval | None:
    """Return GPU-hours of the whole run: ideal hours times restarts, evaluation and ramp-up."""
    if not job.tokens_total:
        return None
    factor = constants["rlhf_passes" if job.task == "rlhf" else "whole_run_factor"]
    hours = job.tokens_total / rate / 3600.0 * factor
    return banded(hours, spread(constants, "gpu_hours", regimes(job), job.notes))


def memory_parts(memory: MemoryParts) -> tuple[tuple[str, float], ...]:
    """Return the memory parts as (name, GiB)."""
    names = ("weights", "gradients", "optimizer", "activations", "logits", "overhead")
    return tuple((name, float(getattr(memory, name)[0]) / GIB) for name in names)


def time_parts(times: StepTime) -> tuple[tuple[str, float], ...]:
    """Return the step-time parts as (name, seconds)."""
    names = ("matrix", "attention", "vector", "launch", "communication", "bubble", "optimizer")
    return tuple((name, float(getattr(times, name)[0])) for name in names)
