"""`advisor calibrate`: measurements of one's own, and the published ones that ship."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from advisor.advise import advise
from advisor.analysis.calibrate_plan import Form, forms_of
from advisor.analysis.estimate_table import Estimators, kind_of, rows_of
from advisor.analysis.evidence_selection import ADDED, refreshed, selected
from advisor.analysis.own_calibration import Refit, combined, refit
from advisor.cli.inputs import answers_of, as_of_option, date_of, kit_of, packs_option, set_option
from advisor.domain.own_runs import OwnMeasurements
from advisor.errors import InputError, Place, Problem
from advisor.library.own_measurements import FILE, own_measurements
from advisor.planning.line import Line
from advisor.report.save import write


@click.group()
def calibrate() -> None:
    """Measure what a plan rests on, and fit the estimators to what was measured."""


@calibrate.command("plan")
@click.argument("answers", metavar="ANSWERS")
@click.option(
    "-o", "--output", default="calibration", help="Folder to write the forms and scripts to."
)
@as_of_option
@packs_option
@set_option
def plan(
    answers: str, output: str, as_of: str | None, packs: tuple[Path, ...], changes: tuple[str, ...]
) -> None:
    """Write a benchmark script and a results form for what the plan rests on most."""
    kit = kit_of(packs)
    line = Line(kit)
    advise(answers_of(answers, changes, kit), line, date_of(as_of))
    forms = forms_of(line)
    if not forms:
        click.echo("The plan runs on no accelerator: nothing to measure.")
    for form in forms:
        _write_form(form, Path(output))


def _write_form(form: Form, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / f"{form.use}.csv"
    script = folder / f"{form.use}.{'sh' if form.script.startswith('#!') else 'py'}"
    write(str(table), _csv(form.columns, form.rows))
    write(str(script), form.script.encode())
    filled = "which fills in" if script.suffix == ".py" else "fill in"
    click.echo(f"{form.why}\n  run {script}, {filled} {table}, then:")
    click.echo(f"  advisor calibrate fit {table} -o PACKDIR")


@calibrate.command("fit")
@click.argument("results", type=click.Path(path_type=Path), metavar="RESULTS.csv")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="PACKDIR")
@packs_option
def fit(results: Path, output: Path, packs: tuple[Path, ...]) -> None:
    """Refit the estimators to a filled-in form, into a pack; prints what moved."""
    columns, rows = _read(results)
    kind = kind_of(columns, str(results))
    refits = refit(rows, kind, Estimators.built_in(kit_of(packs).devices if packs else {}))
    if not refits:
        message = "no row has a known device and a measured rate; fill in the blank columns"
        raise InputError([Problem(Place(str(results), 1, 1), "E356", "", message)])
    known = own_measurements([output])
    output.joinpath(FILE.parent).mkdir(parents=True, exist_ok=True)
    if not output.joinpath("pack.yaml").exists():
        id_ = re.sub(r"[^a-z0-9]", "", output.name.lower()).lstrip("0123456789") or "measured"
        write(str(output / "pack.yaml"), _pack(id_).encode())
    write(str(output / FILE), _measured(combined(refits, kind).over(known)).encode())
    for one in refits:
        _say(one)


def _say(one: Refit) -> None:
    """Print what moved for one device."""
    click.echo(
        f"{one.runs.use} on {one.runs.device}: {one.runs.rows} runs; rates were predicted "
        f"{one.before:+.0%} off in the median, now {one.after:+.0%}; shares of the peaks x "
        f"{one.factor:.3f}"
    )
    for name, value in sorted(one.constants.items()):
        click.echo(f"  {name}: {value / one.factor:.4g} -> {value:.4g}")
    if abs(one.after) > 0.02:
        click.echo("  the runs cannot be met by this device's peaks; check device and units")


def _pack(id_: str) -> str:
    header = "# yaml-language-server: $schema=schema/pack.schema.json\n"
    return f'{header}id: {id_}\nversion: "1"\nname: measurements of our own\n'


def _measured(own: OwnMeasurements) -> str:
    """Return the file of a pack that holds own measurements."""
    lines = [
        "# Written by `advisor calibrate fit`: constants refitted to runs of one's own.",
        "schema: calibration/measured",
    ]
    for name, values in (("training", own.training), ("serving", own.serving)):
        lines.append(f"{name}:" if values else f"{name}: {{}}")
        lines += [f"  {key}: {value:.6g}" for key, value in sorted(values.items())]
    lines.append("runs:")
    lines += [
        f"  - {{use: {r.use}, device: {r.device}, rows: {r.rows}, "
        f"down: {r.down:.4f}, up: {r.up:.4f}}}"
        for r in own.runs
    ]
    return "\n".join(lines) + "\n"


@calibrate.command("evidence")
@click.argument("measurements", type=click.Path(path_type=Path), metavar="CSV")
@click.option("-o", "--output", default="-", help="File to write, - for standard output.")
def evidence(measurements: Path, output: str) -> None:
    """Choose measurements that stand for a whole table, for `knowledge/evidence`.

    A table that was chosen before keeps its rows and gets the predictions of the estimators as
    they stand now.
    """
    columns, rows = _read(measurements)
    kind = kind_of(columns, str(measurements))
    again = set(ADDED) <= set(columns)
    chosen = (refreshed if again else selected)(rows, kind, Estimators.built_in())
    write(output, _csv(columns if again else [*columns, *ADDED], chosen))


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return the columns and rows of a table."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            columns, found = rows_of(stream, str(path))
            return columns, list(found)
    except OSError as error:
        message = f"cannot be read ({error.strerror}); name a CSV of measurements"
        raise InputError([Problem(Place(str(path)), "E355", "", message)]) from None


def _csv(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
