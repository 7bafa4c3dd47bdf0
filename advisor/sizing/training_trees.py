"""Training of gradient-boosted trees on one accelerator: time and memory by rows."""

from __future__ import annotations

from advisor.domain.hardware import Accelerator
from advisor.frozen import dataclass
from advisor.sizing.training_constants import TrainingConstants

LIBRARIES = ("xgboost", "lightgbm", "catboost")
REFERENCE_BYTES_S = 900e9
"""Memory bandwidth of the V100 that the constants were measured on; histograms are bound by it."""


@dataclass(frozen=True, slots=True)
class TreeJob:
    """A run of about 100 trees of depth 10 on `rows` rows of some ten columns."""

    library: str
    rows: float
    device: Accelerator
    notes: tuple[str, ...] = ()


def tree_hours(job: TreeJob, constants: TrainingConstants) -> float:
    """Return hours: a start-up cost and a cost a row that bandwidth divides."""
    speed = job.device.memory_gb_s * 1e9 / REFERENCE_BYTES_S
    row = constants[f"tree_row_seconds.{job.library}"] / speed
    return (constants[f"tree_seconds.{job.library}"] + row * job.rows) / 3600.0


def tree_memory(job: TreeJob, constants: TrainingConstants) -> float:
    """Return peak device bytes: the binned rows, gradients and histograms."""
    return constants["context_gib"] * 2**30 + constants[f"tree_row_bytes.{job.library}"] * job.rows
