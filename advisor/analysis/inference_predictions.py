"""Predictions for rows of an inference table, as text columns."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.analysis.device_labels import USUAL_DEVICE
from advisor.analysis.inference_labels import engine_of
from advisor.analysis.inference_rows import (
    InferenceCatalogue,
    Row,
    RowJob,
    UnidentifiedError,
    job_of_row,
)
from advisor.analysis.network_rows import network_job_of_row
from advisor.domain.hardware import GIB
from advisor.domain.interval import Interval
from advisor.frozen import dataclass, replace
from advisor.sizing.network_inference import estimate_network
from advisor.sizing.serving_engine import ENGINES, LOCAL
from advisor.sizing.serving_estimate import ServingEstimate, estimate_serving
from advisor.sizing.serving_job import SINGLE
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
STEMS = {
    "ttft_ms": "ttft",
    "tpot_ms": "tpot",
    "tokens_per_s_total": "tokens",
    "requests_per_s": "tokens",
    "items_per_s": "items",
    "mem_gib": "mem",
}
"""Metrics by the family of regimes that their intervals come from."""


@dataclass(frozen=True, slots=True)
class InferencePrediction:
    """Figures of one row, whether it fits, its regime, what it rests on, what was guessed."""

    figures: Mapping[str, Interval]
    fits: bool
    regime: str
    basis: str
    guesses: tuple[str, ...]


def predict_inference_row(row: Row, catalogue: InferenceCatalogue) -> dict[str, str]:
    """Return `COLUMNS` for one row; metrics that do not apply are blank.

    `case_id` is copied. Measured columns, source and notes are not read.
    """
    try:
        found = predict(row, catalogue)
    except UnidentifiedError as error:
        return _cells(row) | {"refused": str(error)}
    cells = _cells(row) | {"pred_fits": "yes" if found.fits else "no"}
    width = GUESS_WIDENING ** len(found.guesses)
    for metric, interval in found.figures.items():
        wide = _widened(interval, width)
        cells[f"pred_{metric}"] = f"{wide.likely:.6g}"
        cells[f"pred_{metric}_low"] = f"{wide.low:.6g}"
        cells[f"pred_{metric}_high"] = f"{wide.high:.6g}"
    return cells | {"basis": "; ".join((found.basis, *found.guesses))}


def _cells(row: Row) -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "") | {"case_id": row.get("case_id", "")}


def _widened(interval: Interval, width: float) -> Interval:
    if width <= 1.0 or interval.likely <= 0.0 or interval.low <= 0.0:
        return interval
    down, up = interval.low / interval.likely, interval.high / interval.likely
    return Interval(interval.likely * down**width, interval.likely, interval.likely * up**width)


def predict(row: Row, catalogue: InferenceCatalogue) -> InferencePrediction:
    """Return the prediction of a row.

    Without a device only the memory can be told: it hardly depends on one.

    Raises:
        UnidentifiedError: neither model nor size identifies the work.
    """
    if row.get("gpu", "").strip():
        return _predicted(row, catalogue)
    found = _predicted({**row, "gpu": USUAL_DEVICE, "engine": unpooled(row)}, catalogue)
    memory = {"mem_gib": found.figures["mem_gib"]}
    return replace(found, figures=memory, basis="no device is named: memory alone")


def unpooled(row: Row) -> str:
    """Return the row's engine, or a loop that holds what it needs where it reserves a pool."""
    label = row.get("engine", "")
    return "transformers" if ENGINES[engine_of(label)[0]].pool_share else label


def _predicted(row: Row, catalogue: InferenceCatalogue) -> InferencePrediction:
    task = row.get("task", "")
    if task in {"vision", "embedding", "diffusion"}:
        return _network(row, catalogue)
    read = job_of_row(row, catalogue)
    if task == "asr":
        return _speech(read, catalogue)
    found = estimate_serving(read.job, catalogue.constants)
    figures = _serving(read, found)
    return InferencePrediction(figures, found.fits, found.regime, found.basis, read.guesses)


def _network(row: Row, catalogue: InferenceCatalogue) -> InferencePrediction:
    job, guesses = network_job_of_row(row, catalogue)
    found = estimate_network(job, catalogue.constants)
    figures = {"items_per_s": found.items_per_s, "mem_gib": found.mem_gib}
    return InferencePrediction(figures, found.fits, found.regime, found.basis, guesses)


def _speech(read: RowJob, catalogue: InferenceCatalogue) -> InferencePrediction:
    found = estimate_speech(read.job, catalogue.constants)
    figures = {"items_per_s": found.audio_s_per_s, "mem_gib": found.mem_gib}
    fits = found.mem_gib.likely * GIB <= read.job.device.memory_bytes
    return InferencePrediction(figures, fits, "speech", found.basis, read.guesses)


def _serving(read: RowJob, found: ServingEstimate) -> Mapping[str, Interval]:
    """Return the figures as such tables print them: local runtimes time the answer alone."""
    tokens = found.tokens_per_s
    if ENGINES[read.job.engine].kind == LOCAL and read.job.mode == SINGLE:
        likely = 1e3 * (read.job.batch or 1) / found.tpot_ms.likely
        tokens = tokens.scaled(likely / tokens.likely)
    return {
        "ttft_ms": found.ttft_ms,
        "tpot_ms": found.tpot_ms,
        "tokens_per_s_total": tokens,
        "requests_per_s": found.requests_per_s,
        "mem_gib": found.mem_gib,
    }
