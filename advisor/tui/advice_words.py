"""What the screens say about the plan beside the question, as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from advisor.analysis.clashes import clashes
from advisor.analysis.headlines import (
    KNOWN,
    USES,
    Headline,
    because,
    close_behind,
    headlines,
)
from advisor.report.text import clean
from advisor.tui import ink
from advisor.tui.words import headed

if TYPE_CHECKING:
    from advisor.domain.plan import Plan

CHANGED = "◆"
FEWEST = 3
"""Lines in which both uses and their cost have room."""
PANEL = 30
"""Columns of text in the panel; its width stands in the style sheet."""


def strip(plan: Plan, before: Plan | None, width: int = 0, rows: int = 3) -> Content:
    """Return the recommendation in a few lines of a width; what is new is marked."""
    lines = sorted(headlines(plan, before), key=lambda line: _weight(line, rows))
    parts = [_short(line, width) for line in lines if line.id != "lifetime"]
    return ink.lines(_packed(parts, width, rows))


def _weight(line: Headline, rows: int) -> int:
    """Return how soon a line is left out where there is no room: the platform goes first; of two
    lines, one is the cost."""
    if line.id == "serving" and rows < FEWEST:
        return 2
    if line.id.startswith("limit-") or line.id in ("approach", "training", "serving"):
        return 0
    return 1 if line.id == "month" else 2 if line.id == KNOWN else 3


def _packed(parts: list[Content], width: int, rows: int) -> list[Content]:
    """Return parts in lines, as many as fit beside each other; only the last line is cut."""
    lines: list[Content] = []
    for part in parts:
        joined = Content(" · ").join([lines[-1], part]) if lines else part
        if lines and (not width or joined.cell_length <= width):
            lines[-1] = joined
        elif len(lines) < rows:
            lines.append(part.truncate(width, ellipsis=True) if width else part)
    return lines


def _short(line: Headline, width: int) -> Content:
    """Return a line of the strip; where it is too long, the pattern goes, which machines say."""
    mark, style = (f"{CHANGED} ", ink.NEW) if line.changed else ("", ink.MUTED)
    lead = f"{mark}{clean(line.label).lower()}: "
    text = clean(line.text)
    if width and line.id in USES and len(lead) + len(text) > width:
        text = text.partition(", ")[2] or text
    return Content.assemble((lead, style), text)


def panel(plan: Plan, before: Plan | None) -> Content:
    """Return the recommendation for the column beside the question."""
    return headed(*_panel(plan, before))


def _panel(plan: Plan, before: Plan | None) -> Iterator[Content]:
    if clashes(plan):
        yield from (Content.styled("! answers clash: o ways out", ink.WARN), Content())
    for line in headlines(plan, before):
        lead, style = (f"{CHANGED} ", ink.NEW) if line.changed else ("  ", ink.MUTED)
        yield Content.styled(f"{lead}{clean(line.label)}", style)
        yield from ink.hung(Content(clean(line.text)), PANEL, "  ")
    if reasons := because(plan):
        yield from (Content(), Content.styled("BECAUSE", ink.HEAD))
        for text in reasons:
            yield from ink.hung(Content(clean(text)), PANEL, "- ")
    if near := close_behind(plan):
        yield from (Content(), Content.styled("CLOSE BEHIND", ink.HEAD))
        for text in near:
            yield from ink.hung(Content(clean(text)), PANEL, "  ", "    ")
    yield from (Content(), ink.hints("r shows all of it"))
