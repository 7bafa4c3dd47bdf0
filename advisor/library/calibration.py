"""Reads the calibration files: fitted constants and residual spreads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.sizing.near_measurements import Support
from advisor.sizing.serving_constants import InferenceConstants, Measured, Spread
from advisor.sizing.training_constants import Prior, TrainingConstants
from advisor.sizing.training_samples import SampleWork


def _mapping(path: Path) -> dict[str, Any]:
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(data, dict):
        raise ValueError(f"{path}:1:1: CAL001: : expected a mapping; see knowledge/calibration")
    return data


def _fitted(path: Path) -> tuple[dict[str, float], dict[str, Spread], Measured]:
    data = _mapping(path)
    try:
        values = {str(name): float(value) for name, value in data["values"].items()}
        spreads = {
            str(name): Spread(
                float(row["down"]), float(row["up"]), int(row["rows"]), int(row["sources"])
            )
            for name, row in data["spreads"].items()
        }
        devices = data["devices"]
        measured = Measured(
            {str(kind): frozenset(map(str, names)) for kind, names in devices["measured"].items()},
            {str(name): float(factor) for name, factor in devices["widening"].items()},
            Support({str(key): str(cells) for key, cells in data.get("near", {}).items()}),
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path}:1:1: CAL002: values/spreads/devices: {error} is missing or malformed; each "
            "spread needs down, up, rows and sources, devices what was measured and the widening"
        ) from error
    return values, spreads, measured


def inference_constants(path: Path) -> InferenceConstants:
    """Return the constants in `path` (knowledge/calibration/inference.yaml).

    Raises:
        ValueError: the file is not a mapping with `values` and `spreads`.
        OSError: the file cannot be read.
    """
    return InferenceConstants(*_fitted(path))


def inference_priors(path: Path) -> InferenceConstants:
    """Return the usual values in `path` that a fit starts from, with the published spreads.

    Raises:
        ValueError: the file has no `priors`.
        OSError: the file cannot be read.
    """
    values, spreads, measured = _fitted(path)
    priors = _mapping(path).get("priors", {})
    if set(priors) != set(values):
        raise ValueError(
            f"{path}:1:1: CAL007: priors: names differ from those of values; "
            "each fitted value needs one prior"
        )
    return InferenceConstants({str(k): float(v) for k, v in priors.items()}, spreads, measured)


def training_constants(path: Path) -> TrainingConstants:
    """Return the constants in `path` (knowledge/calibration/training.yaml).

    Raises:
        ValueError: the file is not a mapping with `values` and `spreads`.
        OSError: the file cannot be read.
    """
    return TrainingConstants(*_fitted(path))


def measured_devices(path: Path) -> dict[str, Accelerator]:
    """Return the devices in `path` (knowledge/calibration/devices.yaml) by id.

    Raises:
        ValueError: the file is not a mapping with `devices`, or a device lacks a field.
        OSError: the file cannot be read.
    """
    try:
        return {
            str(id_): Accelerator(
                id=str(id_),
                name=str(row["name"]),
                vendor=str(row["vendor"]),
                architecture=str(row["architecture"]),
                form_factor=str(row["form_factor"]),
                memory_gb=float(row["memory_gb"]),
                memory_gb_s=float(row["memory_gb_s"]),
                tflops={str(name): float(rate) for name, rate in row["tflops"].items()},
                pcie_gen=int(row["pcie_gen"]),
                tdp_w=float(row["tdp_w"]),
                launch_year=int(row["launch_year"]),
                link_gb_s=float(row.get("link_gb_s", 0.0)),
                scaleup_domain=int(row.get("scaleup_domain", 1)),
            )
            for id_, row in _mapping(path)["devices"].items()
        }
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path}:1:1: CAL003: devices: {error} is missing or malformed; "
            "each device needs the fields of the first entry"
        ) from error


def measured_models(path: Path) -> dict[str, ModelShape]:
    """Return the shapes in `path` (knowledge/calibration/models.yaml) by id.

    Raises:
        ValueError: the file is not a mapping with `models`, or a model lacks a field.
        OSError: the file cannot be read.
    """
    try:
        return {
            str(id_): ModelShape(
                id=str(id_), **{str(k): v for k, v in row.items() if k != "source"}
            )
            for id_, row in _mapping(path)["models"].items()
        }
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path}:1:1: CAL004: models: {error} is missing or malformed; "
            "each model needs the fields of the first entry"
        ) from error


def training_priors(path: Path) -> dict[str, Prior]:
    """Return what is believed of each constant before a fit: `priors` in training.yaml.

    Raises:
        ValueError: the file is not a mapping with `priors`, each a value and a sigma.
        OSError: the file cannot be read.
    """
    data = _mapping(path)
    try:
        return {
            str(name): Prior(float(row[0]), float(row[1])) for name, row in data["priors"].items()
        }
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path}:1:1: CAL005: priors: {error} is missing or malformed; give [value, sigma]"
        ) from error


SAMPLE_FILES = {
    "training": ("composed_networks", "samples", "networks", "more_networks"),
    "inference": ("composed_networks", "networks", "samples", "more_networks"),
}
"""Tables of the work of one item, in order of precedence, by use."""


def named_works(folder: Path, use: str) -> tuple[tuple[str, SampleWork], ...]:
    """Return the work of named models for `training` or `inference`, first match first.

    Raises:
        ValueError: a file is not a mapping with `samples`.
        OSError: a file cannot be read.
    """
    found = (sample_models(folder / f"{name}.yaml") for name in SAMPLE_FILES[use])
    return tuple(entry for entries in found for entry in entries)


def sample_models(path: Path) -> tuple[tuple[str, SampleWork], ...]:
    """Return (name pattern, forward work of one item) in order of precedence.

    Raises:
        ValueError: the file is not a mapping with `samples`.
        OSError: the file cannot be read.
    """
    data = _mapping(path)
    try:
        return tuple(
            (
                str(row["match"]),
                SampleWork(
                    float(row["gflop"]) * 1e9,
                    float(row["activations"]) * 1e6,
                    float(row["size"]),
                    bool(row.get("grouped", False)),
                    float(row.get("params", 0.0)) * 1e6,
                    float(row.get("beside", 0.0)) * 1e6,
                    bool(row.get("upcast", False)),
                    int(row.get("blocks", 0)),
                ),
            )
            for row in data["samples"]
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path}:1:1: CAL006: samples: {error} is missing or malformed; "
            "each entry needs match, gflop, activations and size"
        ) from error
