"""What the what-if screen says beside its dials."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from advisor.analysis.scenario_desk import Line, side_by_side
from advisor.domain.answers import Value
from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.report.text import clean, counted

if TYPE_CHECKING:
    from advisor.tui.whatif_screen import WhatIfScreen

SHORT = 12
"""Lines that are alike and are shown all the same, before they are counted."""
NAMED = 4
"""Differences that a turn of the weights names."""
WORKING = "working it out ..."


def beside(screen: WhatIfScreen, question: Question, width: int) -> str:
    """Return the plan before and after, or the pinned scenarios, as lines of that width."""
    return "\n".join(clean_wrapped(_lines(screen, question, width), width))


def clean_wrapped(lines: Iterator[str], width: int) -> Iterator[str]:
    """Yield lines, wrapped."""
    for line in lines:
        lead = len(line) - len(line.lstrip(" "))
        yield from textwrap.wrap(
            line, max(20, width), subsequent_indent=" " * (lead + 2), replace_whitespace=False
        ) or [""]


def _lines(screen: WhatIfScreen, question: Question, width: int) -> Iterator[str]:
    desk = screen.desk
    if screen.comparing:
        plans = [screen.before, *(s.plan for s in desk.pinned)]
        heads = ["A interview", *(f"{s.letter} {_changes(screen, s.changes)}" for s in desk.pinned)]
        yield from (clean(head) for head in heads)
        yield ""
        yield from _table(plans, ["A", *(s.letter for s in desk.pinned)], width)
        return
    if screen.warning:
        yield f"! {clean(screen.warning)}"
        screen.warning = ""
    yield clean(question.text)
    base = desk.shown(question, desk.baseline(question))
    yield f"  before: {clean(base)}"
    if question.id in desk.changes:
        yield f"  now:    {clean(desk.shown(question, desk.value(question)))}"
    yield "It would change at:"
    yield from (f"  {clean(line)}" for line in screen.flips or (WORKING,))
    yield ""
    if screen.plan is None:
        yield WORKING
        return
    if not screen.plan.feasible:
        yield "! no plan meets every must:"
        yield from (f"  {clean(f.text)} {clean(f.margin)}" for f in screen.plan.infeasible_because)
        yield ""
    yield from _table([screen.before, screen.plan], ["before", "what-if"], width)


def _changes(screen: WhatIfScreen, changes: Mapping[str, Value]) -> str:
    by_id = screen.desk.interview.by_id
    return ", ".join(
        f"{by_id[id_].title} {screen.desk.shown(by_id[id_], value)}"
        for id_, value in changes.items()
    )


def _table(plans: Sequence[Plan], heads: list[str], width: int) -> Iterator[str]:
    """Yield a line a thing; where it does not fit, the cells stand below the name."""
    lines = side_by_side(plans)
    new = [line for line in lines if line.differs]
    same = [line for line in lines if not line.differs]
    columns = len(heads)
    name = min(26, max(12, width // 3))
    cell = (width - name - 2 * columns - 2) // columns
    if cell >= 10:
        yield "  " + " " * name + "".join(f"  {head:<{cell}}" for head in heads)
    for line in [*new, *same[:SHORT]]:
        yield from _row(line, name, cell)
    if same[SHORT:]:
        yield f"  = {counted(len(same) - SHORT, 'more thing')} alike"


def _row(line: Line, name: int, cell: int) -> Iterator[str]:
    mark = "◆" if line.differs else "="
    cells = [clean(c) for c in line.cells]
    if cell < 10:
        yield f"{mark} {clean(line.name)}"
        yield from (f"    {c}" for c in (cells if line.differs else cells[:1]))
        return
    parts = [textwrap.wrap(clean(line.name), name) or [""]]
    parts += [textwrap.wrap(c, cell) or [""] for c in cells]
    for n in range(max(map(len, parts))):
        first, *rest = (part[n] if n < len(part) else "" for part in parts)
        lead = mark if n == 0 else " "
        yield f"{lead} {first:<{name}}" + "".join(f"  {text:<{cell}}" for text in rest)


def turned_words(before: Plan | None, after: Plan) -> tuple[str, ...]:
    """Return what a turn changed in the plan, in a few lines."""
    if before is None:
        return ()
    differing = [line for line in side_by_side([before, after]) if line.differs]
    lines = [f"{line.name}: {line.cells[0]} → {line.cells[1]}" for line in differing[:NAMED]]
    more = len(differing) - NAMED
    return (*lines, f"and {more} more") if more > 0 else tuple(lines or ("nothing turns",))
