"""Many scenarios on all cores: a row of CSV for each, in order, resumable."""

from __future__ import annotations

import csv
import io
import multiprocessing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

from advisor.analysis.sweep_values import Axis
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import Outcome
from advisor.domain.answers import Answers, Value
from advisor.frozen import dataclass
from advisor.library.load import load_library
from advisor.planning.kit import Kit, kept_kit
from advisor.planning.line import Line

CHUNK = 16
"""Rows that a worker takes at a time, on one live line as far as they share a scenario."""
COSTS = ("month_usd", "one_off_usd", "lifetime_usd")
USES = ("serving", "training")


@dataclass(frozen=True, slots=True)
class Task:
    """One row to be made: a scenario by name, and the changes to it."""

    scenario: str
    answers: Answers
    changes: Mapping[str, Value]

    @property
    def key(self) -> tuple[str, ...]:
        """Return what tells the row from others in the file."""
        return self.scenario, *map(written, self.changes.values())


@dataclass(frozen=True, slots=True)
class Setting:
    """What every worker loads: packs and the day of the plans."""

    packs: tuple[Path, ...]
    as_of: str


def grid(scenarios: Mapping[str, Answers], axes: Sequence[Axis]) -> tuple[Task, ...]:
    """Return every scenario under every combination of the axes' values."""
    ids = [axis.question.id for axis in axes]
    return tuple(
        Task(name, answers, dict(zip(ids, values, strict=True)))
        for name, answers in scenarios.items()
        for values in product(*(axis.values for axis in axes))
    )


def header(kit: Kit, axes: Sequence[Axis]) -> list[str]:
    """Return the columns of the file; those before `feasible` tell the rows apart."""
    ids = [axis.question.id for axis in axes]
    return ["scenario", *ids, "feasible", *COSTS, *(f"{use}_hardware" for use in USES),
            *(f"decision.{id_}" for id_ in kit.decisions)]  # fmt: skip


def written(value: Value) -> str:
    """Return a value as a cell."""
    return "+".join(map(str, value)) if isinstance(value, tuple) else str(value)


def kept(text: str, columns: Sequence[str]) -> tuple[str, set[tuple[str, ...]]]:
    """Return what of an interrupted file stands, whole rows under the same columns, and its keys.

    Raises ValueError where the file was made with other columns.
    """
    whole = text[: text.rfind("\n") + 1]
    rows = list(csv.reader(io.StringIO(whole)))
    if rows and rows[0] != list(columns):
        raise ValueError("it holds other columns; name a new file, or remove it")
    count = columns.index("feasible")
    return whole, {tuple(row[:count]) for row in rows[1:]}


def line_of(cells: Iterable[object]) -> str:
    """Return a line of CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def rows(tasks: Sequence[Task], setting: Setting, jobs: int) -> Iterator[str]:
    """Yield a line of CSV for each task, in their order, worked out by `jobs` processes."""
    chunks = [tuple(tasks[i : i + CHUNK]) for i in range(0, len(tasks), CHUNK)]
    if jobs == 1 or len(chunks) == 1:
        kit = kept_kit(load_library(setting.packs))
        for chunk in chunks:
            yield from _lines(chunk, kit, setting.as_of)
        return
    with multiprocessing.get_context("spawn").Pool(jobs, _start, (setting,)) as pool:
        for lines in pool.imap(_work, chunks):
            yield from lines


_WORKER: dict[str, tuple[Kit, str]] = {}
"""The library of a worker process, loaded once."""


def _start(setting: Setting) -> None:
    _WORKER["kit"] = kept_kit(load_library(setting.packs)), setting.as_of


def _work(chunk: tuple[Task, ...]) -> list[str]:
    return list(_lines(chunk, *_WORKER["kit"]))


def _lines(chunk: Iterable[Task], kit: Kit, as_of: str) -> Iterator[str]:
    line = Line(kit)
    for task in chunk:
        outcome = WhatIf(line, task.answers, as_of).outcome(task.changes)
        yield line_of([*task.key, *_cells(outcome)])


def _cells(outcome: Outcome) -> list[object]:
    return [
        "yes" if outcome.feasible else "no",
        outcome.month_usd,
        outcome.one_off_usd,
        outcome.lifetime_usd,
        *(outcome.machines(use) for use in USES),
        *("+".join(chosen) for chosen in outcome.choices.values()),
    ]
