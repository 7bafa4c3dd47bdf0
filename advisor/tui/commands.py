"""Every command of the interview: its keys, its name in the menu, what it does."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding
from textual.events import Key

from advisor.frozen import dataclass


class TakesKeys:
    """A screen that does what keys say at once, before textual hands them around."""

    def take_key(self, event: Key) -> bool:
        """Do what a key says; return whether it was one of this screen's."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Command:
    """One command; `shown` is its key as the user reads it, `hint` its word in the last line.

    `answers` says that it is about the question on screen, `place` which screen it belongs to.
    """

    action: str
    keys: str
    shown: str
    text: str
    hint: str = ""
    answers: bool = False
    priority: bool = False
    place: str = ""

    @property
    def id(self) -> str:
        """Return the name under which a file of keys knows it."""
        return f"{self.place}.{self.action}" if self.place else self.action.removeprefix("app.")

    @property
    def binding(self) -> Binding:
        """Return the binding that textual needs."""
        return Binding(self.keys, self.action, self.text, priority=self.priority, id=self.id)


COMMANDS = (
    Command(
        "back",
        "escape,left_square_bracket,shift+tab",
        "[ or esc",
        "back one question; never checks what is typed",
        "back",
    ),
    Command("forward", "right_square_bracket", "]", "forward one question"),
    Command(
        "unknown",
        "d",
        "d",
        "don't know: a cautious value is assumed and listed",
        "don't know",
        True,
    ),
    Command("why", "w", "w", "why this is asked, and which rules read the answer", "why", True),
    Command(
        "result", "r", "r", "the whole recommendation, and back to the questions", "result", True
    ),
    Command("later", "s", "s", "later: the usual value is assumed until you answer", "later", True),
    Command("note", "n", "n", "a note beside this question; it stands in the report", "", True),
    Command("how", "h", "h", "how it was decided, and why not another (in result)"),
    Command(
        "what_if", "x", "x", "what if: turn answers and see what becomes of the plan", "what-if"
    ),
    Command("ways_out", "o", "o", "ways out, where answers cannot all hold"),
    Command("go_to", "g,slash", "g or /", "go to a question; type to filter", "go to"),
    Command("review", "v", "v", "all answers with where each comes from"),
    Command("undo", "u", "u", "undo the last change", "undo"),
    Command("redo", "U", "U", "redo what was undone"),
    Command("deepen", "plus", "+", "ask the expert questions too"),
    Command("export", "e", "e", "write report, data and answers into this folder", "export"),
    Command("copy", "y", "y", "copy the line or page on screen, also into a file"),
    Command("load", "i", "i", "open answers, an example, a model or a machine list"),
    Command("menu", "question_mark,f1,colon,ctrl+p", "? or :", "all keys; type to filter"),
)
APP_COMMANDS = (
    Command("app.theme", "f2", "f2", "dark, light or high-contrast colours", priority=True),
    Command(
        "app.interrupt", "ctrl+c", "ctrl+c twice", "quit; every answer is saved", priority=True
    ),
    Command("app.quit", "ctrl+q", "ctrl+q", "quit; every answer is saved", priority=True),
)


def _whatif(action: str, keys: str, shown: str, text: str) -> Command:
    return Command(action, keys, shown, text, place="whatif")


WHATIF_COMMANDS = (
    _whatif("apply", "a", "a", "apply the changes; one undo takes them back"),
    _whatif("pin", "p", "p", "pin the changed answers as a scenario of its own"),
    _whatif("compare", "c", "c", "compare the pinned scenarios, what differs first"),
    _whatif("copy", "y", "y", "copy the command line that does the same"),
    _whatif("find", "slash,g", "/ or g", "find an answer"),
    _whatif("type", "enter", "enter or 0-9", "type a value"),
    _whatif("less", "left,h", "←", "turn down"),
    _whatif("more", "right,l", "→", "turn up"),
    _whatif("far_less", "less_than_sign,shift+left", "<", "turn down by four steps"),
    _whatif("far_more", "greater_than_sign,shift+right", ">", "turn up by four steps"),
    _whatif("reset", "backspace", "backspace", "as before"),
    _whatif("keys", "question_mark,f1,colon", "?", "these keys"),
    _whatif("leave", "escape,q,x,left_square_bracket", "esc", "leave; nothing is changed"),
)
DIALS = ("type", "less", "more", "far_less", "far_more", "reset")
"""Commands of what-if on keys that type or move."""
EVERY = (*COMMANDS, *APP_COMMANDS, *WHATIF_COMMANDS)


def hint_line(
    before: str, width: int, *, asking: bool, commands: Iterable[Command] = COMMANDS
) -> str:
    """Return as many hints as fit, the keys of the place first and the menu always.

    Keys that answer are left out where nothing is being asked.
    """
    found = tuple(commands)
    menu = next(f"{c.shown.split()[0]} keys" for c in found if c.action == "menu")
    line = fitting(before.split("  "), width - len(menu) - 2)
    for command in found:
        part = f"{command.shown.split()[0]} {command.hint}"
        fits = len(line) + len(part) + len(menu) + 4 <= width
        if command.hint and fits and (asking or not command.answers):
            line = f"{line}  {part}".strip()
    return f"{line}  {menu}".strip()


def fitting(parts: Iterable[str], width: int) -> str:
    """Return as many parts as fit, the first ones first."""
    line = ""
    for part in parts:
        longer = f"{line}  {part}".strip()
        if len(longer) <= width:
            line = longer
    return line
