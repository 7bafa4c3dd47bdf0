"""Chooses measurements that stand for a whole table, and adds what the nearest-lists need.

Within each task and source the rows are taken that lie farthest from those taken already, so that
models, devices, counts, lengths and batches are all represented.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log2, sqrt

import numpy as np

from advisor.analysis.device_labels import find_device
from advisor.analysis.estimate_table import TRAINING, Estimators
from advisor.analysis.inference_measurements import ODD
from advisor.analysis.training_observations import SUSPECT

Row = dict[str, str]
ADDED = ("device", "architecture", "metric", "predicted")
"""Columns that the selection adds: catalogue id and generation of the device, the figure that
stands for the row, and what the estimators say of it."""
HEADLINE = {
    TRAINING: (
        "tokens_per_s_per_gpu",
        "samples_per_s_total",
        "step_time_s",
        "total_gpu_hours",
        "mfu_pct",
        "peak_mem_gib_per_gpu",
    ),
    "inference": (
        "tpot_ms",
        "items_per_s",
        "tokens_per_s_total",
        "requests_per_s",
        "ttft_ms",
        "mem_gib",
    ),
}
"""Figures by which a row is named, the most telling first."""
LADDERS = (
    "params_b",
    "n_gpus",
    "seq_len",
    "input_len",
    "micro_batch",
    "batch_or_concurrency",
    "image_size",
    "tp",
    "pp",
)
NAMES = (
    ("gpu", 3.0),
    ("model", 2.0),
    ("precision", 1.5),
    ("weight_precision", 1.5),
    ("framework", 0.5),
    ("engine", 1.0),
    ("zero_stage_or_fsdp", 1.0),
    ("activation_ckpt", 1.0),
)
"""Columns that spread is measured over: doublings of numbers, and weights of differing names."""
EACH = 1.0
NO_FIT_SHARE = 0.7
"""Rows of a group of n: this times the root of n, so that no source drowns the others."""


def selected(rows: Sequence[Row], kind: str, estimators: Estimators) -> list[Row]:
    """Return a spread of sound rows with `ADDED` columns, by case."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if sound(row) and (headline(row, kind) or no_fit(row)):
            groups.setdefault((row["task"], row["source"]), []).append(row)
    taken = [
        row
        for key in sorted(groups)
        for row in (
            *_spread([r for r in groups[key] if not no_fit(r)], EACH),
            *_spread([r for r in groups[key] if no_fit(r)], NO_FIT_SHARE),
        )
    ]
    return refreshed(sorted(taken, key=lambda row: row["case_id"]), kind, estimators)


def refreshed(rows: Sequence[Row], kind: str, estimators: Estimators) -> list[Row]:
    """Return the rows with `ADDED` columns as catalogue and estimators stand."""
    predict = estimators.predictor(kind)
    found = []
    for row in rows:
        device, _ = find_device(
            row["gpu"], float(row["gpu_mem_gb"] or 0) or None, estimators.training.accelerators
        )
        metric = "" if no_fit(row) else headline(row, kind)
        cells = {
            "device": device.id if device else "",
            "architecture": device.architecture if device else "",
            "metric": metric,
            "predicted": predict(row).get(f"pred_{metric}", "") if metric else "",
        }
        found.append({**row, **cells})
    return found


def sound(row: Row) -> bool:
    """Return whether a source was read and contradicts neither itself nor its neighbours."""
    flags = f"{row.get('flags', '')} {row.get('notes', '')}"
    said = row.get("kind", "measured") in ("measured", "reported_total")
    return said and ODD not in flags and not any(flag in flags for flag in SUSPECT)


def no_fit(row: Row) -> bool:
    """Return whether the row records that a run did not fit."""
    return row.get("outcome") == "oom" or "FIT=OOM" in row.get("notes", "")


def headline(row: Row, kind: str) -> str:
    """Return the column of the figure that stands for the row, "" where it has none."""
    offered = row.get("score_metrics", "").split(";") if kind == TRAINING else list(row)
    return next((m for m in HEADLINE[kind] if m in offered and row.get(m)), "")


def _spread(rows: list[Row], share: float) -> list[Row]:
    """Return rows that lie farthest apart; the first is the first by case."""
    if not rows:
        return []
    rows = sorted(rows, key=lambda row: row["case_id"])
    wanted = min(len(rows), ceil(share * sqrt(len(rows))))
    ladders = np.array([[_doublings(row.get(name, "")) for name in LADDERS] for row in rows])
    apart = np.full(len(rows), np.inf)
    taken = [0]
    while len(taken) < wanted:
        last = taken[-1]
        step = np.abs(ladders - ladders[last]).sum(axis=1)
        for name, weight in NAMES:
            here = rows[last].get(name, "")
            step += weight * np.array([row.get(name, "") != here for row in rows])
        apart = np.minimum(apart, step)
        taken.append(int(np.argmax(apart)))
    return [rows[place] for place in taken]


def _doublings(cell: str) -> float:
    try:
        return log2(float(cell))
    except ValueError:
        return 0.0
