"""`advisor benchmark`: how good and how fast, in figures."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from advisor.analysis.ablation import table as worth_table
from advisor.analysis.ablation import worths
from advisor.analysis.benchmark_estimates import scoreboard, table
from advisor.analysis.engine_benchmark import measured, usual_briefs
from advisor.analysis.estimate_table import Estimators, kind_of, rows_of
from advisor.analysis.layout_benchmark import timed_search
from advisor.analysis.leave_out import SPLITS
from advisor.cli.inputs import answers_of, as_of_option, date_of, kit_of, packs_option
from advisor.errors import InputError, Place, Problem


@click.group()
def benchmark() -> None:
    """Measure the estimators and the engine."""


@benchmark.command("estimates")
@click.argument("measurements", type=click.Path(path_type=Path), metavar="CSV")
@click.option(
    "--leave-out",
    type=click.Choice(SPLITS),
    help="Refit without each source, device generation, model family or engine in turn.",
)
@click.option(
    "--leave-one-source-out",
    "by_source",
    is_flag=True,
    help="The same as --leave-out source.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def estimates(measurements: Path, leave_out: str | None, by_source: bool, as_json: bool) -> None:
    """Score the estimators on a CSV of measurements.

    Prints for each group: rows, sources, median, 90th percentile and macro-by-source error,
    share of measurements inside the 80 % intervals, refusals; then fit or no fit, and bias by
    source.
    """
    columns, rows = _measured(measurements)
    kind = kind_of(columns, str(measurements))
    board = scoreboard(rows, kind, Estimators.built_in(), leave_out or "source" * by_source)
    click.echo(json.dumps(board.plain(), indent=2) if as_json else table(board))


@benchmark.command("terms")
@click.argument("measurements", type=click.Path(path_type=Path), metavar="CSV")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def terms(measurements: Path, as_json: bool) -> None:
    """Say what each term of the formulas is worth on sources it was not fitted on.

    Prints median / 90th percentile / macro-by-source error in percent with each source left out
    in turn, one term taken out and the rest refitted: of LLM tokens/s for training rows, of
    serving and of other networks for inference rows. Takes some minutes on the full evidence.
    """
    columns, rows = _measured(measurements)
    kind = kind_of(columns, str(measurements))
    found = list(worths(rows, kind, Estimators.built_in()))
    click.echo(
        json.dumps([asdict(one) for one in found], indent=2) if as_json else worth_table(found)
    )


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


def _measured(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return the columns and rows of a table of measurements."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            columns, found = rows_of(stream, str(path))
            return columns, list(found)
    except OSError as error:
        message = f"cannot be read ({error.strerror}); name a CSV of measurements"
        raise InputError([Problem(Place(str(path)), "E355", "", message)]) from None
