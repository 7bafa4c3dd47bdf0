"""Predictions for tables of configurations: training or inference rows, one prediction a row."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TextIO

from advisor.analysis.inference_predictions import COLUMNS as INFERENCE_COLUMNS
from advisor.analysis.inference_predictions import predict_inference_row
from advisor.analysis.inference_rows import InferenceCatalogue
from advisor.analysis.task_labels import inference_task, training_task
from advisor.analysis.training_catalogue import TrainingCatalogue, training_catalogue
from advisor.analysis.training_predictions import COLUMNS as TRAINING_COLUMNS
from advisor.analysis.training_predictions import predict_training_row
from advisor.domain.hardware import Accelerator
from advisor.domain.own_runs import OwnMeasurements
from advisor.errors import InputError, Place, Problem
from advisor.library.calibration import inference_constants, named_works, training_constants
from advisor.library.locate import library_root
from advisor.sizing.training_constants import TrainingConstants

TRAINING, INFERENCE = "training", "inference"
TELLING = {
    TRAINING: ("seq_len", "micro_batch", "zero_stage_or_fsdp", "lora_rank", "image_size"),
    INFERENCE: ("input_len", "output_len", "engine", "weight_precision", "batch_or_concurrency"),
}
"""Columns that only one kind of table has."""
Row = Mapping[str, str]


@dataclass(frozen=True)
class Estimators:
    """The estimators with the catalogue and the constants that stand in the library."""

    knowledge: Path
    devices: Mapping[str, Accelerator] = field(default_factory=dict)
    own: OwnMeasurements = field(default_factory=OwnMeasurements)

    @classmethod
    def built_in(cls, devices: Mapping[str, Accelerator] | None = None) -> Estimators:
        """Return the estimators of the library in use; `devices` are laid over its catalogue."""
        return cls(library_root() / "knowledge", devices or {})

    def measured_here(self, own: OwnMeasurements) -> Estimators:
        """Return the estimators with constants refitted to own runs."""
        return Estimators(self.knowledge, self.devices, own)

    @cached_property
    def training(self) -> TrainingCatalogue:
        """Return what training rows are read against."""
        found = training_catalogue(self.knowledge)
        return replace(found, accelerators={**found.accelerators, **self.devices})

    @cached_property
    def training_constants(self) -> TrainingConstants:
        """Return the calibration of training."""
        found = training_constants(self.knowledge / "calibration" / "training.yaml")
        return replace(found, values={**found.values, **self.own.training})

    @cached_property
    def inference(self) -> InferenceCatalogue:
        """Return what inference rows are read against."""
        folder = self.knowledge / "calibration"
        works = named_works(folder, "inference")
        known = self.training
        fitted = inference_constants(folder / "inference.yaml")
        constants = replace(fitted, values={**fitted.values, **self.own.serving})
        return InferenceCatalogue(known.accelerators, known.models, constants, works)

    def columns(self, kind: str) -> tuple[str, ...]:
        """Return the columns of a prediction."""
        return tuple(TRAINING_COLUMNS if kind == TRAINING else INFERENCE_COLUMNS)

    def predictor(self, kind: str) -> Callable[[Row], dict[str, str]]:
        """Return the function from a row to its prediction."""
        return self._trained if kind == TRAINING else self._served

    def _trained(self, row: Row) -> dict[str, str]:
        read, assumed = training_task(row, self.training.samples, self.training.models)
        return _said(predict_training_row(read, self.training, self.training_constants), assumed)

    def _served(self, row: Row) -> dict[str, str]:
        read, assumed = inference_task(row, self.inference.samples)
        return _said(predict_inference_row(read, self.inference), assumed)


def _said(cells: dict[str, str], assumed: str) -> dict[str, str]:
    """Return the cells with an assumption at the end of the basis."""
    if not assumed or not cells["basis"]:
        return cells
    return cells | {"basis": f"{cells['basis']}; {assumed}"}


def kind_of(columns: list[str], place: str) -> str:
    """Return whether the columns are of training or inference; raises InputError where neither."""
    found = {kind: len(set(columns) & set(telling)) for kind, telling in TELLING.items()}
    best = max(found, key=lambda kind: (found[kind], kind))
    if not found[best]:
        message = (
            "no column tells training from inference; training rows have seq_len or micro_batch, "
            "inference rows input_len or engine"
        )
        raise InputError([Problem(Place(place, 1, 1), "E350", "", message)])
    return best


def rows_of(stream: TextIO, place: str) -> tuple[list[str], Iterator[dict[str, str]]]:
    """Return the columns and the rows of a CSV; blank cells are "", extra cells are refused."""
    reader = csv.DictReader(stream, restkey="", restval="")
    columns = list(reader.fieldnames or [])
    if not columns:
        message = "the file is empty; its first line must name the columns"
        raise InputError([Problem(Place(place, 1, 1), "E351", "", message)])
    return columns, _clean(reader, place)


def _clean(reader: csv.DictReader[str], place: str) -> Iterator[dict[str, str]]:
    try:
        for row in reader:
            if "" in row:
                message = "the line has more cells than the header; quote cells with commas"
                raise InputError([Problem(Place(place, reader.line_num, 1), "E352", "", message)])
            yield {key: value or "" for key, value in row.items()}
    except (csv.Error, UnicodeDecodeError) as error:
        message = f"cannot be read as CSV ({error}); save it as UTF-8, comma separated"
        raise InputError([Problem(Place(place, reader.line_num, 1), "E353", "", message)]) from None
