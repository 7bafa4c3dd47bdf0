"""`advisor calibrate`: measurements of one's own, and the published ones that ship."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import click

from advisor.analysis.estimate_table import Estimators, kind_of, rows_of
from advisor.analysis.evidence_selection import ADDED, refreshed, selected
from advisor.errors import InputError, Place, Problem
from advisor.report.save import write


@click.group()
def calibrate() -> None:
    """Measure what a plan rests on, and fit the estimators to what was measured."""


@calibrate.command("evidence")
@click.argument("measurements", type=click.Path(path_type=Path), metavar="CSV")
@click.option("-o", "--output", default="-", help="File to write, - for standard output.")
def evidence(measurements: Path, output: str) -> None:
    """Choose measurements that stand for a whole table, for `knowledge/evidence`.

    A table that was chosen before keeps its rows and gets the predictions of the estimators as
    they stand now.
    """
    try:
        with measurements.open(encoding="utf-8-sig", newline="") as stream:
            columns, found = rows_of(stream, str(measurements))
            rows = list(found)
    except OSError as error:
        message = f"cannot be read ({error.strerror}); name a CSV of measurements"
        raise InputError([Problem(Place(str(measurements)), "E355", "", message)]) from None
    kind = kind_of(columns, str(measurements))
    again = set(ADDED) <= set(columns)
    chosen = (refreshed if again else selected)(rows, kind, Estimators.built_in())
    text = io.StringIO()
    head = columns if again else [*columns, *ADDED]
    writer = csv.DictWriter(text, head, lineterminator="\n")
    writer.writeheader()
    writer.writerows(chosen)
    write(output, text.getvalue().encode())
