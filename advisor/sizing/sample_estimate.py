"""Throughput, memory and device-hours of one training job that is counted in items."""

from __future__ import annotations

from advisor.domain.hardware import GIB
from advisor.domain.interval import Interval
from advisor.frozen import dataclass
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_kind import kind_of_samples
from advisor.sizing.training_samples import (
    PASSES,
    SampleJob,
    item_rate,
    sample_columns,
    sample_memory,
)
from advisor.sizing.training_spread import (
    ITEMS,
    banded,
    based,
    reciprocal,
    spread,
    unmeasured,
)


@dataclass(frozen=True, slots=True)
class SampleEstimate:
    """Figures of one job with 80 % intervals; rates are of all devices together.

    `gpu_hours` is None where no number of items is stated.
    """

    micro_batch: int
    step_time_s: Interval
    samples_per_s: Interval
    mfu_pct: Interval
    memory_gib: Interval
    gpu_hours: Interval | None
    fits: bool
    basis: str


def estimate_samples(job: SampleJob, constants: TrainingConstants) -> SampleEstimate:
    """Return the estimate of one job; a micro-batch that is not stated fills the memory."""
    columns = sample_columns([job])
    batch = float(columns.micro_batch[0])
    rate = float(item_rate(columns, constants)[0])
    held = float(sample_memory(columns, constants)[0])
    names, notes = (job.task, ITEMS), (*job.notes, *unmeasured(job.device, constants, ITEMS))
    speed = spread(constants, "throughput", names, notes)
    used = 100.0 * rate * PASSES * job.work.flops / float(columns.peak[0])
    hours = None
    if job.samples_total:
        likely = job.samples_total / rate / 3600.0 * constants["sample_run_factor"]
        hours = banded(likely, spread(constants, "gpu_hours", names, notes))
    return SampleEstimate(
        micro_batch=int(batch),
        step_time_s=banded(batch / rate, reciprocal(speed)),
        samples_per_s=banded(rate * job.n_gpus, speed),
        mfu_pct=banded(used, speed),
        memory_gib=banded(held / GIB, spread(constants, "memory", names, notes)),
        gpu_hours=hours,
        fits=held <= constants["usable_memory"] * job.device.memory_bytes,
        basis=based(constants.measured.support, kind_of_samples(job), notes),
    )
