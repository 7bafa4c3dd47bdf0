"""What a file of training measurements says: observed rates for a fit, residuals for intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from advisor.analysis.conformal import Residual
from advisor.analysis.fit_training import ItemRates, TokenRates
from advisor.analysis.leave_out import Grouping, source_of
from advisor.analysis.sample_rows import counts_items, sample_job_of
from advisor.analysis.training_labels import number
from advisor.analysis.training_predictions import QUANTITY, Prediction
from advisor.analysis.training_rows import Catalogue, Refusal, job_of
from advisor.sizing.near_measurements import Kind
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_defaults import complete
from advisor.sizing.training_kind import kind_of_samples, kind_of_training
from advisor.sizing.training_samples import SampleJob, sample_columns
from advisor.sizing.training_work import work_of

Row = Mapping[str, str]
SUSPECT = (
    "above_hardware_peak",
    "not_a_measurement",
    "time_inconsistent",
    "inconsistent_single",
    "step_time_suspicious",
    "tokens_per_s_vs_step_time",
    "oom_inferred",
)
"""Flags of rows that a fit leaves out; they are scored all the same."""


def measured(row: Row, metric: str) -> float | None:
    """Return the measured figure that a row offers for comparison, None where it offers none."""
    listed = row.get("score_metrics", "").split(";")
    return number(row, metric) if metric in listed else None


def token_rates(
    rows: Sequence[Row],
    catalogue: Catalogue,
    constants: TrainingConstants,
    group: Grouping = source_of,
) -> TokenRates:
    """Return the measured tokens/s per device of transformer rows that are fit to learn from."""
    found = []
    for row in rows:
        rate = measured(row, "tokens_per_s_per_gpu")
        if rate is None or counts_items(row) or _suspect(row):
            continue
        job = job_of(row, catalogue)
        if not isinstance(job, Refusal):
            found.append((complete(job, constants), rate, row))
    return TokenRates(
        work_of([job for job, _, _ in found]),
        np.array([rate for _, rate, _ in found]),
        tuple(row["source_id"] for _, _, row in found),
        tuple(group(row) for _, _, row in found),
    )


def item_rates(rows: Sequence[Row], catalogue: Catalogue, group: Grouping = source_of) -> ItemRates:
    """Return the measured items/s per device of item-counted rows that are fit to learn from."""
    found = []
    for row in rows:
        if not counts_items(row) or _suspect(row):
            continue
        job = sample_job_of(row, catalogue)
        rate = None if isinstance(job, Refusal) else _item_rate(row, job)
        if rate is not None and not isinstance(job, Refusal):
            found.append((job, rate, row))
    return ItemRates(
        sample_columns([job for job, _, _ in found]),
        np.array([rate for _, rate, _ in found]),
        tuple(row["source_id"] for _, _, row in found),
        tuple(group(row) for _, _, row in found),
    )


def kinds_of(rows: Sequence[Row], catalogue: Catalogue) -> list[tuple[Kind, str]]:
    """Return what each measurement is of, and its source; trees are of one kind and left out."""
    found = []
    for row in rows:
        if not row.get("score_metrics") or row.get("task") == "gbdt_train":
            continue
        if counts_items(row):
            sample = sample_job_of(row, catalogue)
            if not isinstance(sample, Refusal):
                found.append((kind_of_samples(sample), row["source_id"]))
            continue
        job = job_of(row, catalogue)
        if not isinstance(job, Refusal):
            found.append((kind_of_training(job), row["source_id"]))
    return found


def _suspect(row: Row) -> bool:
    return any(flag in row.get("flags", "") for flag in SUSPECT)


def _item_rate(row: Row, job: SampleJob) -> float | None:
    tokens, samples = measured(row, "tokens_per_s_per_gpu"), measured(row, "samples_per_s_total")
    step = measured(row, "step_time_s")
    if tokens or samples:
        return tokens or (samples or 0.0) / job.n_gpus
    return (job.micro_batch or 1) / step if step else None


def residuals(row: Row, found: Prediction) -> list[Residual]:
    """Return the residuals of every figure that the row measures; a time counts as a rate."""
    errors = []
    for metric, quantity in QUANTITY.items():
        value = measured(row, metric)
        if value is None or metric not in found.figures:
            continue
        error = math.log(value / found.figures[metric].likely)
        inverse = metric == "step_time_s"
        rated = measured(row, "tokens_per_s_per_gpu") is not None
        if rated and metric in ("step_time_s", "mfu_pct"):
            continue
        errors.append(
            Residual(
                (*(f"{quantity}.{name}" for name in found.regimes), quantity),
                row["source_id"],
                -error if inverse else error,
            )
        )
    return errors
