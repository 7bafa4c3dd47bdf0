"""Rows of a what-if: each question with its value and, for numbers, where that lies."""

from __future__ import annotations

import math
from collections.abc import Callable

from textual.events import Click, Key, Resize
from textual.widget import Widget
from textual.widgets import Static

from advisor.analysis.scenario_desk import Desk
from advisor.domain.answers import Value
from advisor.domain.questions import Question
from advisor.report.text import clean

NAME, TRACK = 20, 12
"""Columns of a name and of a track."""
TURN = "< >"
"""What stands in place of a track where there are options."""
FAR = 4
"""Steps of a far turn."""
STEPS = {
    "left": -1,
    "right": 1,
    "h": -1,
    "l": 1,
    "shift+left": -FAR,
    "shift+right": FAR,
    "less_than_sign": -FAR,
    "greater_than_sign": FAR,
}
MOVES = {"up": -1, "k": -1, "down": 1, "j": 1, "pageup": -8, "pagedown": 8}


class Dials(Static, can_focus=True):
    """Draws the rows of a desk; arrows move and turn them."""

    def __init__(self, desk: Desk, at: str, turned: Callable[[], None]) -> None:
        super().__init__(id="dials", markup=False)
        self.desk = desk
        self.rows: tuple[Question, ...] = desk.questions
        ids = [q.id for q in self.rows]
        self.at = ids.index(at) if at in ids else 0
        self._turned = turned

    @property
    def question(self) -> Question:
        """Return the question under the cursor."""
        return self.rows[self.at]

    def draw(self) -> None:
        """Draw every row; changes may have brought questions or taken some away."""
        here = self.question.id
        self.rows = self.desk.questions
        ids = [q.id for q in self.rows]
        self.at = ids.index(here) if here in ids else min(self.at, len(ids) - 1)
        width = self.content_size.width or 60
        self.update("\n".join(self._row(n, q, width) for n, q in enumerate(self.rows)))
        self.call_after_refresh(self._follow)

    def _row(self, n: int, question: Question, width: int) -> str:
        value, base = self.desk.value(question), self.desk.baseline(question)
        cursor = "▸" if n == self.at else " "
        mark = "◆" if question.id in self.desk.changes else " "
        name = question.title[:NAME].ljust(NAME)
        shown = clean(self.desk.shown(question, value))
        track = self._track(question, value, base) if width >= NAME + TRACK + 16 else ""
        room = max(4, width - NAME - 5 - (len(track) + 1 if track else 0))
        cut = shown if len(shown) <= room else f"{shown[: room - 1]}…"
        return f"{cursor}{mark} {name} {cut.ljust(room)} {track}".rstrip()

    def _track(self, question: Question, value: Value | None, base: Value | None) -> str:
        """Return a line with the value at ● and what the interview says at ┼."""
        dial = self.desk.dial(question)
        if question.options:
            return "" if value is None else TURN
        cells = ["─"] * TRACK
        for mark, at in (("┼", base), ("●", value)):
            if isinstance(at, int | float) and at in dial:
                cells[_place(dial.index(at), len(dial))] = mark
        return "".join(cells) if dial else ""

    def _follow(self) -> None:
        parent = self.parent
        if isinstance(parent, Widget):
            height = parent.scrollable_content_region.height
            top = self.virtual_region.y + self.at
            if not parent.scroll_y <= top < parent.scroll_y + height:
                parent.scroll_to(y=max(0, top - height // 2), animate=False)

    def on_resize(self, event: Resize) -> None:
        """Fit the rows."""
        if event.size.width:
            self.draw()

    def take_key(self, event: Key) -> bool:
        """Move or turn at once; return whether the key was one of these."""
        if event.key in MOVES:
            self.at = min(len(self.rows) - 1, max(0, self.at + MOVES[event.key]))
        elif event.key in STEPS:
            self.turn(STEPS[event.key])
            return True
        elif event.key == "backspace":
            self.reset()
            return True
        else:
            return False
        self._turned()
        return True

    def turn(self, steps: int) -> None:
        """Turn the answer under the cursor."""
        self.desk.step(self.question, steps)
        self._turned()

    def reset(self) -> None:
        """Let the answer under the cursor be as in the interview."""
        self.desk.reset(self.question)
        self._turned()

    def go(self, question: str) -> None:
        """Move to a question."""
        ids = [q.id for q in self.rows]
        if question in ids:
            self.at = ids.index(question)
            self._turned()

    def on_click(self, event: Click) -> None:
        """Move to the row clicked; on a track, turn to where it was clicked."""
        at = event.get_content_offset_capture(self)
        if not 0 <= at.y < len(self.rows):
            return
        self.at = at.y
        dial = self.desk.dial(self.question)
        into = at.x - (self.content_size.width - TRACK)
        if dial and not self.question.options and 0 <= into < TRACK:
            self.desk.set(self.question, dial[round(into / (TRACK - 1) * (len(dial) - 1))])
        elif dial and self.question.options and into >= TRACK - len(TURN):
            self.desk.step(self.question, 1 if into >= TRACK - 1 else -1)
        self._turned()


def _place(index: int, count: int) -> int:
    return math.floor(index / max(1, count - 1) * (TRACK - 1))
