"""The files that an interview leaves: report, data, answers."""

from __future__ import annotations

from pathlib import Path

from advisor.domain.plan import Plan
from advisor.report.bundle import answers_json
from advisor.report.save import write

FORMATS = ("md", "json")
ANSWERS = "answers.json"
"""The answers, from which `advisor recommend` makes the same plan again."""


def write_files(plan: Plan, folder: Path, name: str) -> tuple[str, ...]:
    """Write report, data and answers beside each other; return the file names.

    Raises InputError where a file cannot be written.
    """
    from advisor.report.formats import render  # noqa: PLC0415  (slow to import, seldom needed)

    files = {f"{name}.{kind}": render(plan, kind) for kind in FORMATS}
    files[f"{name}.{ANSWERS}"] = answers_json(plan)
    for file, data in files.items():
        write(str(folder / file), data)
    return tuple(files)
