"""Boxes over the interview: text to read, a list to pick from, a line to type."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.events import Click, Key
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from advisor.tui.answer_field import EDITS
from advisor.tui.commands import TakesKeys

NO_MATCH = "nothing here is like that; backspace takes letters away"
T = TypeVar("T")
Rows = tuple[tuple[str, str], ...]
"""Identifier and line of each entry."""


class Closing(ModalScreen[T]):
    """A box that is left by a click beside it, too."""

    def on_click(self, event: Click) -> None:
        """Close where the click is beside the box."""
        if event.widget is self:
            self.dismiss(None)


class Reading(Closing[None]):
    """A text in a box that scrolls; any of its keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,w,h,enter,left_square_bracket", "dismiss(None)", "close"),
        Binding("j", "scroll(3)", "down"),
        Binding("k", "scroll(-3)", "up"),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.heading, self.text = title, text

    def compose(self) -> ComposeResult:
        """Lay the text into a box."""
        with Vertical(classes="box") as box:
            box.border_subtitle = "esc closes, arrows scroll"
            yield Static(self.heading, classes="heading", markup=False)
            with VerticalScroll(id="reading"):
                yield Static(self.text, id="reading-text", markup=False)

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one("#reading").focus()

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one("#reading").scroll_relative(y=lines, animate=False)


class Box(TakesKeys, Closing[str | None]):
    """A box with a line to type in. Keys are taken at once and in order, also before it stands."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.heading = title
        self._early: list[Key] = []
        self._ready = False

    def on_mount(self) -> None:
        """Take the keys that were typed while the box was being built.

        Textual calls this after the `on_mount` of the box's own class.
        """
        self._ready = True
        for key in self._early:
            if self.app.screen is not self or not self.take_key(key):
                self.app.post_message(key)

    def take_key(self, event: Key) -> bool:
        """Do what a key says to the line; return whether it did."""
        if not self._ready:
            self._early.append(event)
            return True
        field = self.query_one(Input)
        if event.key == "enter":
            self.accept()
        elif event.key in EDITS:
            getattr(field, f"action_{EDITS[event.key]}")()
        elif event.is_printable and event.character:
            field.insert_text_at_cursor(event.character)
        else:
            return False
        return True

    def accept(self) -> None:
        """Close with what was typed or picked."""
        raise NotImplementedError

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Accept."""
        event.stop()
        self.accept()


class Picker(Box):
    """A list that is filtered as you type; enter picks, esc closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "close", priority=True),
        Binding("down", "move('down')", "down", priority=True),
        Binding("up", "move('up')", "up", priority=True),
        Binding("pagedown", "move('page_down')", "page down", priority=True),
        Binding("pageup", "move('page_up')", "page up", priority=True),
    ]

    def __init__(self, title: str, rows: Rows, at: str = "") -> None:
        super().__init__(title)
        self.rows, self.at = rows, at
        self.intro = ""
        self._filled: str | None = None

    def compose(self) -> ComposeResult:
        """Lay title and filter over the list."""
        with Vertical(classes="box") as box:
            box.border_subtitle = "type to filter, enter picks, esc closes"
            yield Static(self.heading, classes="heading", markup=False)
            with VerticalScroll(id="intro", can_focus=False):
                yield Static(self.intro, id="intro-text", markup=False)
            yield _still_input()
            yield OptionList(markup=False, compact=True)

    def on_mount(self) -> None:
        """Fill the list and stand on the entry that was asked for."""
        self.query_one(OptionList).can_focus = False
        self.query_one("#intro").display = bool(self.intro)
        self._fill("")

    def introduce(self, text: str) -> None:
        """Say something above the list."""
        self.intro = text
        self.query_one("#intro").display = bool(text)
        self.query_one("#intro-text", Static).update(text)

    def fill(self, rows: Rows) -> None:
        """Show other entries."""
        self.rows, self._filled = rows, None
        self._fill(self.query_one(Input).value)

    def _fill(self, wanted: str) -> None:
        if wanted == self._filled:
            return
        self._filled = wanted
        found = self.query_one(OptionList)
        rows = self.rows_like(wanted)
        options = [Option(line, id=id_) for id_, line in rows]
        none = [Option(NO_MATCH)] if wanted else []
        found.set_options(options or none)
        ids = [id_ for id_, _ in rows]
        found.highlighted = None
        if rows:
            found.highlighted = ids.index(self.at) if self.at in ids else 0

    def rows_like(self, wanted: str) -> list[tuple[str, str]]:
        """Return the rows that hold every word; those first that begin with what is wanted."""
        words = wanted.lower().split()
        found = [r for r in self.rows if all(w in f"{r[0]} {r[1]}".lower() for w in words)]
        begun = wanted.lower().strip()

        def begins(row: tuple[str, str]) -> bool:
            return any(t.lower().startswith(begun) for t in (row[0].rpartition(".")[2], row[1]))

        return sorted(found, key=lambda row: not begins(row))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter."""
        event.stop()
        self._fill(event.value)

    def accept(self) -> None:
        """Pick the highlighted entry."""
        self._fill(self.query_one(Input).value)
        found = self.query_one(OptionList)
        if found.highlighted is not None:
            self.dismiss(found.get_option_at_index(found.highlighted).id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Pick the entry clicked."""
        event.stop()
        if event.option.id is not None:
            self.dismiss(event.option.id)

    def action_move(self, way: str) -> None:
        """Move the highlight while the filter keeps the focus."""
        found = self.query_one(OptionList)
        moves: dict[str, Callable[[], None]] = {
            "down": found.action_cursor_down,
            "up": found.action_cursor_up,
            "page_down": found.action_page_down,
            "page_up": found.action_page_up,
        }
        moves[way]()


class Prompt(Box):
    """One line to type; enter accepts, esc closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "close", priority=True)
    ]

    def __init__(self, title: str, value: str = "") -> None:
        super().__init__(title)
        self.value = value

    def compose(self) -> ComposeResult:
        """Lay the title over the field."""
        with Vertical(classes="box small") as box:
            box.border_subtitle = "enter accepts, esc closes"
            yield Static(self.heading, classes="heading", markup=False)
            yield _still_input(self.value)

    def accept(self) -> None:
        """Return what was typed, "" where nothing was."""
        self.dismiss(self.query_one(Input).value.strip())


def _still_input(value: str = "") -> Input:
    """Return an input whose cursor does not blink: over SSH each blink costs a packet."""
    field = Input(value, compact=True)
    field.cursor_blink = False
    return field
