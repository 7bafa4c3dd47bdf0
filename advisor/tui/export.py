"""Writing the plan from the interview."""

from __future__ import annotations

from pathlib import Path

from advisor.domain.plan import Plan
from advisor.report.save import write

FORMATS = ("md", "json")


def export(plan: Plan, folder: Path, name: str) -> tuple[str, ...]:
    """Write the plan in every format beside each other; return the file names.

    Raises InputError where a file cannot be written.
    """
    from advisor.report.formats import render  # noqa: PLC0415  (slow to import, seldom needed)

    names = tuple(f"{name}.{kind}" for kind in FORMATS)
    for file, kind in zip(names, FORMATS, strict=True):
        write(str(folder / file), render(plan, kind))
    return names
