"""Reads what packs measured themselves: `knowledge/calibration/measured.yaml` of each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from advisor.domain.own_runs import OwnMeasurements, OwnRuns
from advisor.errors import LibraryError, Place, Problem
from advisor.library import yamlfile
from advisor.library.yamlfile import Ids

FILE = Path("knowledge/calibration/measured.yaml")


def own_measurements(packs: Iterable[Path]) -> OwnMeasurements:
    """Return the measurements of the pack folders; later packs win.

    Raises LibraryError where a file cannot be read or lacks a field.
    """
    found = OwnMeasurements()
    for pack in packs:
        if (pack / FILE).is_file():
            found = _read(pack / FILE).over(found)
    return found


def _read(path: Path) -> OwnMeasurements:
    data = yamlfile.read(path, Ids("E200", LibraryError)).data
    try:
        runs = tuple(
            OwnRuns(
                str(row["use"]),
                str(row["device"]),
                int(row["rows"]),
                float(row["down"]),
                float(row["up"]),
            )
            for row in data["runs"]
        )
        training, serving = (
            {str(name): float(value) for name, value in data[use].items()}
            for use in ("training", "serving")
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"{error} is missing or malformed; write the file with 'advisor calibrate fit'"
        raise LibraryError([Problem(Place(str(path), 1, 1), "E207", "", message)]) from None
    return OwnMeasurements(training, serving, runs)
