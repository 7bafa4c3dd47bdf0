"""`advisor sweep`: many scenarios, or a grid over their answers, to CSV."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from advisor.analysis.sweep import Setting, grid, header, kept, line_of, rows
from advisor.cli.inputs import answers_of, as_of_option, date_of, kit_of, packs_option
from advisor.cli.whatif import axis_named
from advisor.errors import InputError, Place, Problem


@click.command()
@click.argument("answers", nargs=-1, required=True, metavar="ANSWERS...")
@click.option(
    "--grid",
    "grids",
    multiple=True,
    metavar="QUESTION=VALUES",
    help="Try values on every scenario: 1:200:log, 99,99.9 or all; may be repeated.",
)
@click.option(
    "-o",
    "--output",
    default="-",
    metavar="CSV",
    help="File to write, - for standard output; rows already in it are not made again.",
)
@click.option(
    "--jobs", type=click.IntRange(1), default=None, help="Processes (default: one for each core)."
)
@as_of_option
@packs_option
def sweep(
    answers: tuple[str, ...],
    grids: tuple[str, ...],
    output: str,
    jobs: int | None,
    as_of: str | None,
    packs: tuple[Path, ...],
) -> None:
    """Plan every scenario in the ANSWERS files, under every combination of the grid's values.

    Interrupted, it goes on where it stopped when run again. Exits with 0 when it ran.
    """
    kit = kit_of(packs)
    axes = [axis_named(text, kit, "--grid") for text in grids]
    tasks = grid({path: answers_of(path, (), kit) for path in answers}, axes)
    columns = header(kit, axes)
    setting = Setting(packs, date_of(as_of))
    with _opened(output, columns) as (stream, done):
        open_ = [task for task in tasks if task.key not in done]
        found = rows(open_, setting, jobs or os.cpu_count() or 1)
        with click.progressbar(
            found, length=len(open_), file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:
            for line in bar:
                stream.write(line)
                stream.flush()


@contextmanager
def _opened(output: str, columns: list[str]) -> Iterator[tuple[TextIO, set[tuple[str, ...]]]]:
    """Open the output behind what it holds already; give its rows' keys, too."""
    if output == "-":
        sys.stdout.write(line_of(columns))
        yield sys.stdout, set()
        return
    path = Path(output)
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        whole, done = kept(text, columns)
        stream = path.open("w", encoding="utf-8", newline="")
    except ValueError as error:
        raise InputError([Problem(Place(output), "E309", "", str(error))]) from None
    except OSError as error:
        message = f"cannot be written ({error.strerror}); name another file"
        raise InputError([Problem(Place(output), "E309", "", message)]) from None
    with stream:
        stream.write(whole or line_of(columns))
        yield stream, done
