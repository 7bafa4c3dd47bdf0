"""Differences between two plans in words, as Markdown and as data."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict
from typing import Any

from advisor.analysis.whatif import LIBRARY, Change, Difference
from advisor.report.text import clean, counted, listed
from advisor.report.text import markdown as escaped

TITLES = {
    "answers": "Answers",
    "failures": "What stands in the way",
    "decisions": "Decisions",
    "sizes": "Sizes",
    "cost": "Cost",
    "limits": "Limits",
    "controls": "Controls",
    "findings": "Findings",
    "practices": "Practices",
    "rules": "Rules",
    LIBRARY: "Library",
}
LISTED = ("controls", "findings", "practices", "rules", LIBRARY)
"""Parts whose entries are there or not: shown with + and -, changed ones with ~."""
LONGEST = 100
"""Characters up to which before and after stand on one line."""
MOST_ENTRIES = 40
"""Entries of the library that are named; the data hold all."""
COUNTED = {
    "answers": "answer",
    "cost": "amount",
    "controls": "control",
    "findings": "finding",
    "practices": "practice",
    "rules": "rule",
}
"""What is counted of what is the same."""


def difference_text(found: Difference, without: Collection[str] = ()) -> str:
    """Return what changes, part by part, and what stays; parts in `without` are only counted."""
    lines = [line for said in feasible_lines(found) for line in (said, "")]
    lines += part_lines(found, without)
    if found.empty:
        lines.append("Nothing changes.")
    return "\n".join([*lines, f"{found.same_decisions} decisions stay as they are."])


def part_lines(found: Difference, without: Collection[str] = ()) -> Iterator[str]:
    """Yield the differences part by part; parts in `without` are only counted."""
    for part, changes in found.parts.items():
        if changes and part not in without:
            yield from (TITLES[part], *_listed(part, changes), "")
    for line in _left_out(found, without):
        yield from (line, "")


def difference_markdown(
    found: Difference, names: tuple[str, str], without: Collection[str] = ()
) -> str:
    """Return the differences as Markdown: a table for what has two sides, else a list."""
    lines = [line for said in feasible_lines(found) for line in (f"**{said}**", "")]
    for part, changes in found.parts.items():
        if not changes or part in without:
            continue
        lines += [f"## {TITLES[part]}", ""]
        if part in LISTED:
            lines += [f"- {escaped(line.strip())}" for line in _listed(part, changes)]
        else:
            lines += [_row(("What", *names)), "| --- | --- | --- |"]
            lines += [_row((c.name, *_both(c))) for c in changes]
        lines.append("")
    lines += [line for said in _left_out(found, without) for line in (said, "")]
    return "\n".join(lines)


def _left_out(found: Difference, without: Collection[str]) -> Iterator[str]:
    """Yield how many rules fire on one side alone, where they are not listed."""
    if "rules" in without and found.parts["rules"]:
        yield f"Rules that fire on one side alone: {len(found.parts['rules'])}."


def same_lines(found: Difference) -> Iterator[str]:
    """Yield in short what is alike."""
    kept = found.same["decisions"]
    if kept:
        yield f"{counted(len(kept), 'decision')}: {listed(name.lower() for name in kept)}."
    rest = [counted(len(found.same[p]), one) for p, one in COUNTED.items() if found.same.get(p)]
    if rest:
        yield f"{listed(rest)}."


def feasible_lines(found: Difference) -> Iterator[str]:
    """Yield the sentence that says that only one side meets every must."""
    before, after = found.feasible
    if before != after:
        yield "A plan now meets every must." if after else "No plan meets every must any more."


def difference_data(found: Difference) -> dict[str, Any]:
    """Return the differences as data."""
    before, after = found.feasible
    parts = {part: [asdict(change) for change in said] for part, said in found.parts.items()}
    return {
        "feasible": {"before": before, "after": after},
        **parts,
        "decisions_that_stay": found.same_decisions,
    }


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(escaped(cell) for cell in cells)} |"


def _listed(part: str, changes: tuple[Change, ...]) -> Iterator[str]:
    for change in changes[:MOST_ENTRIES] if part == LIBRARY else changes:
        if part in LISTED:
            sign = "~" if change.before and change.after else "+" if change.after else "-"
            name = f"{change.name}: " if change.name else ""
            yield f"  {sign} {clean(f'{name}{change.after or change.before}')}"
        else:
            yield from _sides(change)
    if part == LIBRARY and len(changes) > MOST_ENTRIES:
        yield f"  and {len(changes) - MOST_ENTRIES:,} more entries"


def _sides(change: Change) -> Iterator[str]:
    before, after = _both(change)
    name = clean(change.name)
    line = f"  {name}{'' if name.endswith('?') else ':'} {before} -> {after}"
    if len(line) <= LONGEST:
        yield line
        return
    yield f"  {name}"
    yield f"    from {before}"
    yield f"    to   {after}"


def _both(change: Change) -> tuple[str, str]:
    """Return both sides, without what would act on a terminal."""
    return clean(change.before) or "(not there)", clean(change.after) or "(not there)"
