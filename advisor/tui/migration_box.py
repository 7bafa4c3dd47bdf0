"""What a changed library made of a saved interview: its answers, and its result then and now."""

from __future__ import annotations

from collections.abc import Mapping

from textual.widgets import Static

from advisor.analysis.migration import (
    SHOWN,
    Migration,
    answer_rows,
    answers_told,
    result_rows,
    result_told,
)
from advisor.report.model import Paragraph, Section, Table
from advisor.report.text import counted
from advisor.tui import ink
from advisor.tui.popup import Reading
from advisor.tui.report_page import section_lines

WORKING = "What the result says now is being worked out ..."
SIDES = 10
"""Columns beside the text of the box."""
WIDEST = 92


class MigrationBox(Reading):
    """Shows the answers at once, and the result as soon as it is there."""

    def __init__(self, found: Migration) -> None:
        super().__init__("Rules, prices or entries have changed since this was saved", "")
        self.found = found
        self.now: Mapping[str, str] | None = None

    def on_mount(self) -> None:
        """Lay the tables out."""
        super().on_mount()
        self._draw()

    def on_resize(self) -> None:
        """Fit the tables."""
        self._draw()

    def compare(self, now: Mapping[str, str]) -> None:
        """Take up what the result says now."""
        self.now = now
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        width = max(20, min(WIDEST, self.size.width - SIDES))
        parts = (*section_lines(self._answers(), width), *section_lines(self._result(), width))
        self.query_one("#reading-text", Static).update(ink.lines(parts))

    def _answers(self) -> Section:
        rows = tuple(answer_rows(self.found))
        table = (Table(("What", "Saved answer", "Now, or why"), rows),) if rows else ()
        return Section("answers", "Answers", (Paragraph(f"{answers_told(self.found)}."), *table))

    def _result(self) -> Section:
        if self.now is None:
            return Section("result", "Result", (Paragraph(WORKING),))
        rows = result_rows(self.found, self.now) if self.found.before else ()
        more = len(rows) - SHOWN
        rest = (Paragraph(f"... and {counted(more, 'more line')}."),) if more > 0 else ()
        table = (Table(("Line", "When saved", "Now"), rows[:SHOWN]),) if rows else ()
        said = Paragraph(result_told(self.found, self.now))
        return Section("result", "Result", (said, *table, *rest))
