"""Throughput, step time, utilisation, GPU-hours and memory of one training job."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from advisor.domain.hardware import GIB
from advisor.domain.interval import Interval
from advisor.frozen import dataclass
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_defaults import complete_each
from advisor.sizing.training_flops import model_flops_per_token, pass_flops
from advisor.sizing.training_job import TrainingJob
from advisor.sizing.training_kind import kind_of_training
from advisor.sizing.training_memory import MemoryParts, peak_memory, reserved_memory
from advisor.sizing.training_spread import banded, based, regimes, spread
from advisor.sizing.training_time import StepTime, step_time
from advisor.sizing.training_work import Array, Work, work_of


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
    return estimate_each([job], constants)[0]


def estimate_each(
    jobs: Sequence[TrainingJob], constants: TrainingConstants
) -> list[TrainingEstimate]:
    """Return the estimates of several jobs; one pass of the formulas serves all."""
    full = complete_each(jobs, constants)
    work = work_of(full)
    columns = _Columns(
        work,
        step_time(work, constants),
        peak_memory(work, constants),
        reserved_memory(work, constants) <= constants["usable_memory"] * work.memory,
        model_flops_per_token(work),
        pass_flops(work).total() * work.accum / work.peak,
    )
    return [_estimate(job, columns, place, constants) for place, job in enumerate(full)]


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the formulas say of several jobs; `ideal` is the step time at the device's peak: no
    estimate may be faster."""

    work: Work
    times: StepTime
    memory: MemoryParts
    fits: NDArray[np.bool_]
    per_token: Array
    ideal: Array


def _estimate(
    full: TrainingJob, columns: _Columns, at: int, constants: TrainingConstants
) -> TrainingEstimate:
    work = columns.work
    step = max(float(columns.times.total()[at]), float(columns.ideal[at]))
    tokens = float((work.micro_batch * work.accum * work.dp * work.seq)[at])
    count = float(work.n_gpus[at])
    rate = tokens / step / count
    speed = spread(constants, "throughput", regimes(full), full.notes)
    likely = banded(rate, speed)
    held = float(columns.memory.total()[at])
    used = 100.0 * rate * float(columns.per_token[at]) / float(work.peak[at])
    return TrainingEstimate(
        job=full,
        tokens_per_s_per_gpu=likely,
        samples_per_s=likely.scaled(count / full.seq_len),
        step_time_s=likely.inverted(tokens / count),
        mfu_pct=banded(min(100.0, used), speed),
        memory_gib=banded(held / GIB, spread(constants, "memory", regimes(full), full.notes)),
        gpu_hours=run_hours(full, rate, constants),
        fits=bool(columns.fits[at]),
        memory_parts=memory_parts(columns.memory, at),
        time_parts=time_parts(columns.times, at),
        basis=based(constants.measured.support, kind_of_training(full), full.notes),
    )


def run_hours(job: TrainingJob, rate: float, constants: TrainingConstants) -> Interval | None:
    """Return GPU-hours of the whole run: ideal hours times restarts, evaluation and ramp-up."""
    if not job.tokens_total:
        return None
    factor = constants["rlhf_passes" if job.task == "rlhf" else "whole_run_factor"]
    hours = job.tokens_total / rate / 3600.0 * factor
    return banded(hours, spread(constants, "gpu_hours", regimes(job), job.notes))


def memory_parts(memory: MemoryParts, at: int) -> tuple[tuple[str, float], ...]:
    """Return the memory parts as (name, GiB)."""
    names = ("weights", "gradients", "optimizer", "activations", "logits", "overhead")
    return tuple((name, float(getattr(memory, name)[at]) / GIB) for name in names)


def time_parts(times: StepTime, at: int) -> tuple[tuple[str, float], ...]:
    """Return the step-time parts as (name, seconds)."""
    names = ("matrix", "attention", "vector", "launch", "communication", "bubble", "optimizer")
    return tuple((name, float(getattr(times, name)[at])) for name in names)
