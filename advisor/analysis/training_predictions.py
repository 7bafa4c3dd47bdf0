"""Predictions for rows of training configurations, as columns of text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from advisor.analysis.sample_rows import counts_items, sample_job_of, tree_job_of
from advisor.analysis.training_labels import whole
from advisor.analysis.training_rows import Catalogue, Refusal, job_of
from advisor.analysis.training_shapes import ENCODERS
from advisor.domain.hardware import GIB
from advisor.domain.interval import Interval
from advisor.frozen import dataclass, replace
from advisor.sizing.sample_estimate import estimate_samples
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_estimate import TrainingEstimate, estimate_training
from advisor.sizing.training_samples import TOKEN_TASKS, SampleJob
from advisor.sizing.training_spread import ITEMS, banded, describe, regimes, spread
from advisor.sizing.training_trees import TreeJob, tree_hours, tree_memory

QUANTITY = {
    "tokens_per_s_per_gpu": "throughput",
    "samples_per_s_total": "throughput",
    "step_time_s": "throughput",
    "mfu_pct": "throughput",
    "peak_mem_gib_per_gpu": "memory",
    "total_gpu_hours": "gpu_hours",
}
"""Predicted columns, each with the quantity whose residuals make its interval."""
COLUMNS = (
    "case_id",
    *(f"pred_{metric}{end}" for metric in QUANTITY for end in ("", "_low", "_high")),
    "pred_fits",
    "basis",
    "refused",
)


@dataclass(frozen=True, slots=True)
class Prediction:
    """Figures of one row by column, whether it fits, what it rests on and its regimes."""

    figures: Mapping[str, Interval]
    fits: bool
    basis: str
    regimes: tuple[str, ...]


def predict_training_row(
    row: Mapping[str, str], catalogue: Catalogue, constants: TrainingConstants
) -> dict[str, str]:
    """Return `COLUMNS` for one row; metrics that do not apply are blank.

    `case_id` is copied; every other input is a configuration column, so that blanking measured
    columns, source, kind, flags and notes changes nothing.
    """
    found = predict(row, catalogue, constants)
    cells = dict.fromkeys(COLUMNS, "") | {"case_id": row.get("case_id", "")}
    if isinstance(found, Refusal):
        return cells | {"refused": found.reason}
    for metric, value in found.figures.items():
        cells[f"pred_{metric}"] = f"{value.likely:.6g}"
        cells[f"pred_{metric}_low"] = f"{value.low:.6g}"
        cells[f"pred_{metric}_high"] = f"{value.high:.6g}"
    return cells | {"pred_fits": "yes" if found.fits else "no", "basis": found.basis}


def predict(
    row: Mapping[str, str], catalogue: Catalogue, constants: TrainingConstants
) -> Prediction | Refusal:
    """Return the prediction for one row of configuration columns, or why there is none.

    Some publishers print the batch of all devices where the column asks for one: where a stated
    batch of images or short encoder sequences cannot fit but its share can, it is read so.
    """
    found = _predicted(row, catalogue, constants)
    shared = _shared_batch(row)
    if isinstance(found, Refusal) or found.fits or shared is None:
        return found
    again = _predicted(shared, catalogue, constants)
    if isinstance(again, Refusal) or not again.fits:
        return found
    return replace(again, basis=f"{again.basis}; micro-batch read as that of all devices")


def _shared_batch(row: Mapping[str, str]) -> Mapping[str, str] | None:
    devices, batch = whole(row, "n_gpus") or 1, whole(row, "micro_batch") or 1
    short = counts_items(row) or re.search(ENCODERS, row.get("model", "").lower())
    if devices == 1 or batch % devices or not short:
        return None
    return {**row, "micro_batch": str(batch // devices)}


def _predicted(
    row: Mapping[str, str], catalogue: Catalogue, constants: TrainingConstants
) -> Prediction | Refusal:
    if row.get("task", "") == "gbdt_train":
        tree = tree_job_of(row, catalogue)
        return tree if isinstance(tree, Refusal) else _trees(tree, constants)
    if counts_items(row):
        sample = sample_job_of(row, catalogue)
        return sample if isinstance(sample, Refusal) else _items(sample, constants)
    job = job_of(row, catalogue)
    return job if isinstance(job, Refusal) else _tokens(estimate_training(job, constants))


def _tokens(estimate: TrainingEstimate) -> Prediction:
    figures = {
        "tokens_per_s_per_gpu": estimate.tokens_per_s_per_gpu,
        "samples_per_s_total": estimate.samples_per_s,
        "step_time_s": estimate.step_time_s,
        "mfu_pct": estimate.mfu_pct,
        "peak_mem_gib_per_gpu": estimate.memory_gib,
    }
    if estimate.gpu_hours:
        figures["total_gpu_hours"] = estimate.gpu_hours
    return Prediction(figures, estimate.fits, estimate.basis, regimes(estimate.job))


def _items(job: SampleJob, constants: TrainingConstants) -> Prediction:
    found = estimate_samples(job, constants)
    figures = {
        "step_time_s": found.step_time_s,
        "samples_per_s_total": found.samples_per_s,
        "mfu_pct": found.mfu_pct,
        "peak_mem_gib_per_gpu": found.memory_gib,
    }
    if job.task in TOKEN_TASKS:
        figures["tokens_per_s_per_gpu"] = found.samples_per_s.scaled(1 / job.n_gpus)
    if found.gpu_hours:
        figures["total_gpu_hours"] = found.gpu_hours
    return Prediction(figures, found.fits, found.basis, (job.task, ITEMS))


def _trees(job: TreeJob, constants: TrainingConstants) -> Prediction:
    held = tree_memory(job, constants)
    names = ("gbdt_train", "trees")
    speed = spread(constants, "gpu_hours", names, job.notes)
    figures = {
        "total_gpu_hours": banded(tree_hours(job, constants), speed),
        "peak_mem_gib_per_gpu": banded(held / GIB, spread(constants, "memory", names, job.notes)),
    }
    fits = held <= constants["usable_memory"] * job.device.memory_bytes
    return Prediction(figures, fits, describe("gbdt_train", speed, job.notes), names)
