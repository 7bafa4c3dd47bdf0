"""A list of options: one to choose with enter or its number, or several with space."""

from __future__ import annotations

import textwrap
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, Key, Resize
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from advisor.domain.answers import UNKNOWN, Value
from advisor.domain.questions import Question

NUMBERED = 9
"""Options that have a digit of their own."""


class Choices(Static, can_focus=True):
    """Options of one question, drawn as lines; marks are glyphs, not colours alone."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up"),
        Binding("down,j", "move(1)", "down"),
        Binding("space", "choose", "choose"),
        Binding("enter", "accept", "accept"),
    ]

    class Chosen(Message):
        """The options accepted."""

        def __init__(self, value: str | tuple[str, ...]) -> None:
            super().__init__()
            self.value = value

    def __init__(self, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id, markup=False)
        self.question: Question | None = None
        self.at = 0
        self.taken: list[str] = []
        self.usual: tuple[str, ...] = ()
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
        lines: list[str] = []
        self._rows = []
        for i, option in enumerate(self.question.options):
            usual = "  (usual)" if option.id in self.usual else ""
            wrapped = textwrap.wrap(
                f"{self._lead(i, option.id)}{option.label}{usual}",
                width=max(20, self.content_size.width or 80),
                subsequent_indent=" " * 6,
                drop_whitespace=True,
                replace_whitespace=False,
            )
            lines += wrapped
            self._rows += [i] * len(wrapped)
        self.update("\n".join(lines))
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
        """Keep the line of the cursor in sight."""
        parent = self.parent
        if isinstance(parent, Widget) and self.at in self._rows and self.display:
            top = self.virtual_region.y + self._rows.index(self.at)
            height = self._rows.count(self.at)
            near = 0 if self.at == 0 else top
            parent.scroll_to_region(
                Region(0, min(near, top), 1, top + height - min(near, top)), animate=False
            )

    def on_resize(self, event: Resize) -> None:
        """Wrap anew."""
        if event.size.width:
            self._draw()

    # --- choosing -------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """Move the cursor, round the ends."""
        if self.question is not None:
            self.at = (self.at + step) % len(self.question.options)
            self._moved = True
            self._draw()

    def action_choose(self) -> None:
        """Choose or drop the option under the cursor."""
        if self.question is None or not self.many:
            return
        option = self.question.options[self.at].id
        self._moved = True
        if option in self.taken:
            self.taken.remove(option)
        else:
            self.taken.append(option)
        self._draw()

    def action_accept(self) -> None:
        """Accept what is marked; else the usual options, or the one under a moved cursor."""
        if self.question is None:
            return
        here = self.question.options[self.at].id
        if not self.many:
            self.post_message(self.Chosen(here))
            return
        unmarked = (here,) if self._moved or not self.usual else self.usual
        self.post_message(self.Chosen(tuple(self.taken) or unmarked))

    def on_key(self, event: Key) -> None:
        """Let a digit choose the option of that number."""
        digit = int(event.key) if event.key.isdecimal() and event.key.isascii() else 0
        if self.question is None or not 0 < digit <= len(self.question.options):
            return
        event.stop()
        self._choose(digit - 1)

    def on_click(self, event: Click) -> None:
        """Choose the option clicked."""
        row = event.get_content_offset_capture(self).y
        if 0 <= row < len(self._rows):
            self._choose(self._rows[row])

    def _choose(self, option: int) -> None:
        self.at = option
        if self.many:
            self.action_choose()
        else:
            self.action_accept()


def _words(value: Value | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)
