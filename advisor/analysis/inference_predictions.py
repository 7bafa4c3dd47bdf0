"""Predictions for rows of an inference table, as text columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from advisor.analysis.inference_rows import (
    InferenceCatalogue,
    Row,
    RowJob,
    Unidentified,
    job_of_row,
)
from advisor.analysis.network_rows import network_job_of_row
from advisor.domain.interval import Interval
from advisor.sizing.network_inference import estimate_network
from advisor.sizing.serving_engine import ENGINES, LOCAL
from advisor.sizing.serving_estimate import ServingEstimate, estimate_serving
from advisor.sizing.serving_job import ONLINE, SINGLE
from advisor.sizing.speech_inference import estimate_speech

METRICS = ("ttft_ms", "tpot_ms", "tokens_per_s_total", "requests_per_s", "items_per_s", "mem_gib")
COLUMNS = (
    "case_id",
    *(f"pred_{metric}{end}" for metric in METRICS for end in ("", "_low", "_high")),
    "pred_fits",
    "basis",
    "refused",
)
GUESS_WIDENING = 1.3
"""Factor on the width of an interval, in logarithms, for every label that had to be guessed."""
USUAL_CONCURRENCY = 16
"""Requests in flight where an online row states neither load nor limit."""

Figures = Mapping[str, Interval]


def predict_inference_row(row: Row, catalogue: InferenceCatalogue) -> dict[str, str]:
    """Return `COLUMNS` for one row; metrics that do not apply are blank.

    `case_id` is copied. Measured columns, source and notes are not read.
    """
    try:
        figures, fits, basis, guesses = _predict(row, catalogue)
    except Unidentified as error:
        return _cells(row) | {"refused": str(error)}
    width = GUESS_WIDENING ** len(guesses)
    cells = _cells(row) | {"pred_fits": "yes" if fits else "no"}
    for metric, interval in figures.items():
        wide = _widened(interval, width)
        cells[f"pred_{metric}"] = f"{wide.likely:.6g}"
        cells[f"pred_{metric}_low"] = f"{wide.low:.6g}"
        cells[f"pred_{metric}_high"] = f"{wide.high:.6g}"
    return cells | {"basis": "; ".join((basis, *guesses))}


def _cells(row: Row) -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "") | {"case_id": row.get("case_id", "")}


def _widened(interval: Interval, width: float) -> Interval:
    if width <= 1.0 or interval.likely <= 0.0 or interval.low <= 0.0:
        return interval
    down, up = interval.low / interval.likely, interval.high / interval.likely
    return Interval(interval.likely * down**width, interval.likely, interval.likely * up**width)


def _predict(
    row: Row, catalogue: InferenceCatalogue
) -> tuple[Figures, bool, str, tuple[str, ...]]:
    task = row.get("task", "")
    if task in {"vision", "embedding", "diffusion"}:
        job, guesses = network_job_of_row(row, catalogue)
        found = estimate_network(job, catalogue.constants)
        figures = {"items_per_s": found.items_per_s, "mem_gib": found.mem_gib}
        return figures, found.fits, found.basis, guesses
    read = job_of_row(row, catalogue)
    if task == "asr":
        return _speech(read, catalogue)
    if read.job.mode == ONLINE and read.job.batch is None:
        busy = replace(read.job, batch=USUAL_CONCURRENCY)
        read = RowJob(busy, (*read.guesses, f"{USUAL_CONCURRENCY} requests in flight assumed"))
    estimate = estimate_serving(read.job, catalogue.constants)
    return _serving(read, estimate), estimate.fits, estimate.basis, read.guesses


def _speech(
    read: RowJob, catalogue: InferenceCatalogue
) -> tuple[Figures, bool, str, tuple[str, ...]]:
    found = estimate_speech(read.job, catalogue.constants)
    figures = {"items_per_s": found.audio_s_per_s, "mem_gib": found.mem_gib}
    fits = found.mem_gib.likely * 2.0**30 <= read.job.device.memory_bytes
    return figures, fits, "extrapolated: serving constants on half of the layers", read.guesses


def _serving(read: RowJob, estimate: ServingEstimate) -> Figures:
    """Return the figures as such tables print them: local runtimes time the answer alone."""
    tokens = estimate.tokens_per_s
    if ENGINES[read.job.engine].kind == LOCAL and read.job.mode == SINGLE:
        likely = 1e3 * (read.job.batch or 1) / estimate.tpot_ms.likely
        tokens = tokens.scaled(likely / tokens.likely)
    return {
        "ttft_ms": estimate.ttft_ms,
        "tpot_ms": estimate.tpot_ms,
        "tokens_per_s_total": tokens,
        "requests_per_s": estimate.requests_per_s,
        "mem_gib": estimate.mem_gib,
    }
