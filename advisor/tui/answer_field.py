"""The field for numbers and pairs: digits and suffixes are text, other letters stay commands."""

from __future__ import annotations

import re
from collections.abc import Callable

from textual.events import Key, Paste
from textual.widgets import Input

from advisor.domain.answers import UNKNOWN, Value

TEXT = re.compile(r"[0-9.,kmbtKMBT/$% -]")
IN_UNIT = re.compile(r"\S\s")
"""What stands before the cursor once a unit has begun."""
EDITS = {
    "backspace": "delete_left",
    "delete": "delete_right",
    "left": "cursor_left",
    "right": "cursor_right",
    "home": "home",
    "end": "end",
    "ctrl+u": "delete_left_all",
}
"""Keys that edit, and what Textual calls it."""
LONGEST = 60
"""Characters of a paste that are taken; no number is longer."""


class AnswerField(Input):
    """An input that keeps letter commands alive until a space begins a unit."""

    def __init__(
        self,
        id: str,  # noqa: A002  (Textual's name)
        answer: Callable[[str], None],
        typed: Callable[[str], None],
    ) -> None:
        super().__init__(id=id, select_on_focus=True, compact=True)
        self.cursor_blink = False
        self._answer = answer
        self._typed = typed

    def show(self, given: Value | None, usual: Value | None) -> None:
        """Show what was answered; the usual value stands as a hint."""
        with self.prevent(Input.Changed):
            self.value = "" if given in (None, UNKNOWN) else _text(given)
        self.placeholder = _text(usual)
        self.cursor_position = len(self.value)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Say which keys are text, so that the others reach the app's bindings."""
        del key
        if character is None or not character.isprintable():
            return False
        before = self.value[: self.cursor_position]
        in_unit = character.isalpha() and IN_UNIT.search(before)
        return bool(TEXT.fullmatch(character) or in_unit)

    def take_key(self, event: Key) -> bool:
        """Do what a key says, at once, so that keys typed fast keep their order."""
        if event.key == "enter":
            self._answer(self.value.strip() or str(self.placeholder))
        elif event.key in EDITS:
            getattr(self, f"action_{EDITS[event.key]}")()
        elif event.is_printable and self.check_consume_key(event.key, event.character):
            self.replace(event.character or "", *self.selection)
        else:
            return False
        return True

    def _on_paste(self, event: Paste) -> None:
        """Take the first line of a paste; what it means is checked on enter."""
        event.prevent_default()
        event.stop()
        lines = [line.strip() for line in event.text.splitlines() if line.strip()]
        if lines:
            pasted = "".join(c for c in lines[0][:LONGEST] if c.isprintable())
            self.replace(pasted, *self.selection)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what stands in the field."""
        event.stop()
        if event.value == self.value:
            self._typed(self.value)


def _text(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " / ".join(map(_text, value))
    return value if isinstance(value, str) else f"{value:.12g}"
