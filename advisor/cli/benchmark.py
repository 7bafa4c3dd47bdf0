"""`advisor benchmark`: how good and how fast, in figures."""

from __future__ import annotations

import json
from pathlib import Path

import click

from advisor.analysis.benchmark_estimates import scoreboard, table
from advisor.analysis.engine_benchmark import measured, usual_briefs
from advisor.analysis.estimate_table import Estimators, kind_of, rows_of
from advisor.analysis.layout_benchmark import timed_search
from advisor.cli.inputs import answers_of, as_of_option, date_of, kit_of, packs_option
from advisor.errors import InputError, Place, Problem


@click.group()
def benchmark() -> None:
    """Measure the estimators and the engine."""


@benchmark.command("estimates")
@click.argument("measurements", type=click.Path(path_type=Path), metavar="CSV")
@click.option(
    "--leave-one-source-out",
    "leave_one_out",
    is_flag=True,
    help="Refit without each source in turn before predicting it.",
)
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


@benchmark.command("engine")
@click.argument("answers", nargs=-1, metavar="[ANSWERS]...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@as_of_option
@packs_option
def engine(
    answers: tuple[str, ...], as_json: bool, as_of: str | None, packs: tuple[Path, ...]
) -> None:
    """Time changed answers and full runs, beside experta's matcher and CLIPS.

    CPU milliseconds over the ANSWERS files, by default over one brief for each problem; every
    question of each is changed once. A judge that is not installed is printed as such.
    """
    kit = kit_of(packs)
    briefs = tuple(answers_of(path, (), kit) for path in answers) or usual_briefs(kit.questions)
    speed = measured(kit, briefs, date_of(as_of)).plain()
    if as_json:
        click.echo(json.dumps(speed, indent=1))
        return
    width = max(map(len, speed))
    for name, value in speed.items():
        click.echo(f"{name.ljust(width)}  {value}")


@benchmark.command("layouts")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def layouts(as_json: bool) -> None:
    """Time the search over training layouts: counts, parallel degrees, precisions, recomputation.

    Prints the layouts looked at, those that fit, those that no other beats in time and cost, and
    CPU seconds, also for 100,000 layouts.
    """
    found = timed_search(kit_of(())).plain()
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    for name, value in found.items():
        click.echo(f"{name:<28} {value:>12,}")
