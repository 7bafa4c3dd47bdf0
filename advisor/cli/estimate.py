"""`advisor estimate`: figures for one configuration, or for a table of them."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import click

from advisor.analysis.estimate_table import Estimators, kind_of, rows_of
from advisor.analysis.row_likeness import like_row
from advisor.cli.inputs import kit_of, packs_option
from advisor.errors import InputError, Place, Problem
from advisor.library import yamlfile
from advisor.library.answers import IDS
from advisor.report.save import write


@click.command()
@click.argument("config", required=False, metavar="[CONFIG]")
@click.option(
    "--batch",
    "table",
    metavar="IN.csv",
    default=None,
    help="A table of training or inference configurations, - for standard input.",
)
@click.option("-o", "--output", default="-", help="File to write, - for standard output.")
@click.option(
    "--set",
    "cells",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="A column of the configuration; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@packs_option
def estimate(
    config: str | None,
    table: str | None,
    output: str,
    cells: tuple[str, ...],
    as_json: bool,
    packs: tuple[Path, ...],
) -> None:
    """Estimate speed and memory of training or inference.

    CONFIG is a YAML mapping of columns to values (model, gpu, n_gpus, precision, seq_len,
    micro_batch ... for training; model, gpu, tp, weight_precision, input_len, output_len ... for
    inference). With --batch every row of a table gets its prediction; blank cells take their
    usual values.
    """
    estimators = _estimators(packs)
    if table is not None:
        _batch(table, output, estimators)
        return
    row = _row(config, cells)
    kind = kind_of(list(row), config or "--set")
    found = {k: v for k, v in estimators.predictor(kind)(row).items() if v and k != "case_id"}
    like = like_row(row, kind, estimators)
    text = json.dumps(found | {"like": like}, indent=2) if as_json else _lines(found, like)
    write(output, f"{text}\n".encode())


def _row(config: str | None, cells: tuple[str, ...]) -> dict[str, str]:
    """Return the configuration as a row of text cells."""
    row: dict[str, str] = {}
    if config is not None:
        data: Any = yamlfile.read(Path(config), IDS).data
        if not isinstance(data, dict):
            message = "no mapping; write column: value lines"
            raise InputError([Problem(Place(config, 1, 1), "E354", "", message)])
        row = {str(key): "" if value is None else str(value) for key, value in data.items()}
    for cell in cells:
        name, mark, value = cell.partition("=")
        if not mark:
            message = f"'{cell}' has no '='; write --set gpu=H100"
            raise InputError([Problem(Place("--set"), "E305", "", message)])
        row[name.strip()] = value.strip()
    if not row:
        raise click.UsageError("name a CONFIG file, --set columns, or --batch a table")
    return row


def _estimators(packs: tuple[Path, ...]) -> Estimators:
    """Return the estimators with the accelerators and the own runs of the packs."""
    if not packs:
        return Estimators.built_in()
    kit = kit_of(packs)
    return Estimators.built_in(kit.devices).measured_here(kit.own)


def _lines(found: dict[str, str], like: Iterable[str]) -> str:
    """Return one line for each metric with its interval, and one for each measurement like it."""
    lines = []
    for column, value in found.items():
        if column.startswith("pred_") and f"{column}_low" in found:
            ends = f"{found[f'{column}_low']} to {found[f'{column}_high']}"
            lines.append(f"{column.removeprefix('pred_'):<24} {value:>12}   80 %: {ends}")
        elif not column.endswith(("_low", "_high")):
            lines.append(f"{column.removeprefix('pred_'):<24} {value}")
    return "\n".join([*lines, *(f"{'like':<24} {words}" for words in like)])


def _batch(table: str, output: str, estimators: Estimators) -> None:
    """Predict every row as it is read; a file is replaced only when all are done."""
    with _opened(table) as stream:
        columns, rows = rows_of(stream, table)
        kind = kind_of(columns, table)
        predict = estimators.predictor(kind)
        target = io.StringIO() if output != "-" else sys.stdout
        writer = csv.DictWriter(target, estimators.columns(kind), lineterminator="\n")
        writer.writeheader()
        with click.progressbar(
            rows, label=kind, file=sys.stderr, show_pos=True, hidden=not sys.stderr.isatty()
        ) as shown:
            for row in shown:
                writer.writerow(predict(row))
    if isinstance(target, io.StringIO):
        write(output, target.getvalue().encode())


def _opened(table: str) -> TextIO:
    if table == "-":
        return io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="")
    try:
        return Path(table).open(encoding="utf-8-sig", newline="")
    except OSError as error:
        message = f"cannot be read ({error.strerror}); name a CSV file"
        raise InputError([Problem(Place(table), "E355", "", message)]) from None
