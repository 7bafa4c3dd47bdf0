"""Reads the published measurements that ship in `knowledge/evidence`, when first asked for."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from advisor.domain.evidence import SERVING, TRAINING, PublishedFigure, Setup
from advisor.errors import LibraryError, Place, Problem

FILES = {TRAINING: "training.csv", SERVING: "inference.csv"}
Row = Mapping[str, str]


@cache
def published_figures(folder: Path) -> tuple[PublishedFigure, ...]:
    """Return every measurement in a folder of evidence tables that others compare with, training
    first.

    A row without `metric` records that a run did not fit and has no figure; one of a service
    without the number in flight says nothing of another's load. Raises LibraryError where a table
    is missing or a number cannot be read.
    """
    return tuple(figure for use, name in FILES.items() for figure in _figures(use, folder / name))


def _figures(use: str, path: Path) -> Iterator[PublishedFigure]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            for line, row in enumerate(csv.DictReader(stream), start=2):
                if row["metric"] and not _of_unknown_load(row):
                    yield _figure(use, row, Place(str(path), line, 1))
    except OSError as error:
        message = f"cannot be read ({error.strerror}); install the advisor again"
        raise LibraryError([Problem(Place(str(path)), "E200", "", message)]) from None


def _of_unknown_load(row: Row) -> bool:
    return row["task"] == "llm_serving_online" and not row["batch_or_concurrency"]


def _figure(use: str, row: Row, place: Place) -> PublishedFigure:
    length = row.get("seq_len" if use == TRAINING else "input_len", "")
    precision = row.get("precision" if use == TRAINING else "weight_precision", "")
    try:
        setup = Setup(
            use=use,
            task=row["task"],
            params=_number(row["params_b"]) * 1e9,
            device=row["device"],
            architecture=row["architecture"],
            count=int(_number(row["n_gpus"]) or 1),
            precision=precision,
            length=_number(length),
            model=row["model"],
            batch=_number(row.get("batch_or_concurrency")),
        )
        measured, predicted = _number(row[row["metric"]]), _number(row["predicted"])
    except (KeyError, ValueError) as error:
        message = f"{error}; every row needs the columns of the first"
        raise LibraryError([Problem(place, "E207", "", message)]) from None
    return PublishedFigure(
        setup,
        row["gpu"],
        row["metric"],
        measured,
        predicted,
        row["source"],
        row["source_locator"],
        row["source_date"],
    )


def _number(cell: str | None) -> float:
    """Return the number in a cell, 0 where it is blank."""
    return float(cell) if cell else 0.0
