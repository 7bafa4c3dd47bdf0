"""A list of options: one to choose with enter or its number, or several with space."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.events import Click, Key, Resize
from textual.widget import Widget
from textual.widgets import Static

from advisor.domain.answers import UNKNOWN, Value
from advisor.domain.questions import Question
from advisor.report.text import clean
from advisor.tui import ink

NUMBERED = 9
"""Options that have a digit of their own."""
MOVES = {"up": -1, "k": -1, "down": 1, "j": 1}


class Choices(Static, can_focus=True):
    """Options of one question, drawn as lines; marks are glyphs, not colours alone."""

    def __init__(self, id: str, answer: Callable[[tuple[str, ...] | str], None]) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)
        self.question: Question | None = None
        self.at = 0
        self.taken: list[str] = []
        self.usual: tuple[str, ...] = ()
        self._answer = answer
        self._moved = False
        self._rows: list[int] = []

    def show(self, question: Question, given: Value | None, usual: Value | None) -> None:
        """Show a question with what was answered, else with the cursor on the usual option."""
        self.question = question
        ids = [option.id for option in question.options]
        self.usual = tuple(v for v in _words(usual) if v in ids)
        said = () if given in (None, UNKNOWN) else _words(given)
        self.taken = [v for v in said if v in ids]
        start = [*self.taken, *self.usual, *ids][0]
        self.at, self._moved = ids.index(start), False
        self._draw()

    @property
    def many(self) -> bool:
        """Return whether several options may be chosen."""
        return self.question is not None and self.question.type in ("multi", "ranking")

    # --- drawing --------------------------------------------------------------------------

    def _draw(self) -> None:
        """Draw every option, wrapped to the width; remember which line belongs to which."""
        if self.question is None:
            return
        lines: list[Content] = []
        self._rows = []
        for i, option in enumerate(self.question.options):
            usual = ("  (usual)" if option.id in self.usual else "", ink.MUTED)
            style = ink.KEY if i == self.at else ""
            lead = self._lead(i, option.id)
            text = Content.assemble((clean(option.label), style), usual)
            wrapped = ink.hung(text, max(20, self.content_size.width or 80), lead)
            rows = [row.stylize(style, 0, len(lead)) for row in wrapped]
            lines += rows
            self._rows += [i] * len(rows)
        self.update(ink.lines(lines))
        self.call_after_refresh(self._follow)

    def _lead(self, i: int, option: str) -> str:
        cursor = "▸" if i == self.at else "·"
        key = str(i + 1) if i < NUMBERED else " "
        return f"{cursor} {key} {self._mark(option)}"

    def _mark(self, option: str) -> str:
        if not self.many:
            return "✓ " if option in self.taken else ""
        if self.question is not None and self.question.type == "ranking" and option in self.taken:
            return f"[{self.taken.index(option) + 1}] "
        return "[x] " if option in self.taken else "[ ] "

    def _follow(self) -> None:
        """Keep the line of the cursor in sight, with as much above it as there is room for."""
        parent = self.parent
        if not (isinstance(parent, Widget) and self.at in self._rows and self.display):
            return
        top = self.virtual_region.y + self._rows.index(self.at)
        bottom = top + self._rows.count(self.at)
        foot = [w for w in parent.children if w.display and w.styles.dock == "bottom"]
        height = parent.scrollable_content_region.height - sum(w.outer_size.height for w in foot)
        parent.scroll_to(y=max(0, bottom - height), animate=False)

    def on_resize(self, event: Resize) -> None:
        """Wrap anew."""
        if event.size.width:
            self._draw()

    # --- choosing -------------------------------------------------------------------------

    def take_key(self, event: Key) -> bool:
        """Do what a key says, at once, so that keys typed fast keep their order."""
        if event.key in MOVES:
            self._move(MOVES[event.key])
        elif event.key == "enter":
            self._accept()
        elif event.key == "space" and self.many:
            self._toggle()
        elif event.key.isascii() and event.key.isdecimal():
            return self._choose(int(event.key) - 1)
        else:
            return False
        return True

    def _move(self, step: int) -> None:
        """Move the cursor, round the ends."""
        if self.question is not None:
            self.at = (self.at + step) % len(self.question.options)
            self._moved = True
            self._draw()

    def _toggle(self) -> None:
        """Choose or drop the option under the cursor."""
        if self.question is None:
            return
        option = self.question.options[self.at].id
        self._moved = True
        if option in self.taken:
            self.taken.remove(option)
        else:
            self.taken.append(option)
        self._draw()

    def _accept(self) -> None:
        """Accept what is marked; else the usual options, or the one under a moved cursor."""
        if self.question is None:
            return
        here = self.question.options[self.at].id
        if not self.many:
            self._answer(here)
            return
        unmarked = (here,) if self._moved or not self.usual else self.usual
        self._answer(tuple(self.taken) or unmarked)

    def _choose(self, option: int) -> bool:
        """Choose the option of that number; return whether there is one."""
        if self.question is None or not 0 <= option < len(self.question.options):
            return False
        self.at = option
        if self.many:
            self._toggle()
        else:
            self._accept()
        return True

    def on_click(self, event: Click) -> None:
        """Choose the option clicked."""
        row = event.get_content_offset_capture(self).y
        if 0 <= row < len(self._rows):
            self._choose(self._rows[row])


def _words(value: Value | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)
