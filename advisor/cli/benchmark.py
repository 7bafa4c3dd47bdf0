"""`advisor benchmark`: how good and how fast, in figures."""

from __future__ import annotations

import json
from pathlib import Path

import click

from advisor.analysis.benchmark_estimates import scoreboard, table
from advisor.analysis.estimate_table import Estimators, kind_of, rows_of
from advisor.errors import InputError, Place, Problem


@click.group()
def benchmark() -> None:
    """Measure the estimators and the engine."""


@benchmark.command("estimates")
@click.argument("measurements", type=click.Path(path_type=Path), metavar="CSV")
@click.option("--leave-one-source-out", "leave_one_out", is_flag=True,
              help="Refit without each source in turn before predicting it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def estimates(measurements: Path, leave_one_out: bool, as_json: bool) -> None:
    """Score the estimators on a CSV of measurements.

    Prints for each group: rows, sources, median, 90th percentile and macro-by-source error,
    share of measurements inside the 80 % intervals, refusals; then fit or no fit, and bias by
    source.
    """
    try:
        with measurements.open(encoding="utf-8-sig", newline="") as stream:
            columns, found = rows_of(stream, str(measurements))
            rows = list(found)
    except OSError as error:
        message = f"cannot be read ({error.strerror}); name a CSV of measurements"
        raise InputError([Problem(Place(str(measurements)), "E355", "", message)]) from None
    kind = kind_of(columns, str(measurements))
    board = scoreboard(rows, kind, Estimators.built_in(), leave_one_out=leave_one_out)
    click.echo(json.dumps(board.plain(), indent=2) if as_json else table(board))
