"""Reads the calibration files: fitted constants and residual spreads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from advisor.sizing.serving_constants import InferenceConstants, Spread
from advisor.sizing.training_constants import TrainingConstants


def _mapping(path: Path) -> dict[str, Any]:
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(data, dict):
        raise ValueError(f"{path}:1:1: CAL001: : expected a mapping; see knowledge/calibration")
    return data


def _fitted(path: Path) -> tuple[dict[str, float], dict[str, Spread]]:
    data = _mapping(path)
    try:
        values = {str(name): float(value) for name, value in data["values"].items()}
        spreads = {
            str(name): Spread(
                float(row["down"]), float(row["up"]), int(row["rows"]), int(row["sources"])
            )
            for name, row in data["spreads"].items()
        }
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path}:1:1: CAL002: values/spreads: {error} is missing or malformed; "
            "each spread needs down, up, rows and sources"
        ) from error
    return values, spreads


def inference_constants(path: Path) -> InferenceConstants:
    """Return the constants in `path` (knowledge/calibration/inference.yaml).

    Raises:
        ValueError: the file is not a mapping with `values` and `spreads`.
        OSError: the file cannot be read.
    """
    return InferenceConstants(*_fitted(path))


def training_constants(path: Path) -> TrainingConstants:
    """Return the constants in `path` (knowledge/calibration/training.yaml).

    Raises:
        ValueError: the file is not a mapping with `values` and `spreads`.
        OSError: the file cannot be read.
    """
    return TrainingConstants(*_fitted(path))
