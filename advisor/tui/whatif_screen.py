"""What if: turn answers and see at once what becomes of the plan; nothing is kept until applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from advisor.analysis.scenario_desk import Desk
from advisor.analysis.wanted import Dropped
from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.report.text import clean, counted
from advisor.tui import ink
from advisor.tui.commands import WHATIF_COMMANDS, TakesKeys, fitting
from advisor.tui.copying import copied
from advisor.tui.dials import FAR, Dials
from advisor.tui.keymap import Keys, event_of
from advisor.tui.popup import Picker, Prompt
from advisor.tui.whatif_words import beside

if TYPE_CHECKING:
    from advisor.analysis.advice_session import AdviceSession

NOTHING_PINNED = "nothing is pinned; turn an answer with the arrows, then press p"
SCROLLBAR = 2
"""Columns that a scroll bar may take."""
HINTED = ("leave", "keys", "less", "type", "apply", "pin", "compare", "find", "copy", "reset")
"""Commands in the last line, the ones that are needed first."""
DIAL_HINTS = {"less": "← → turn", "type": "0-9 type", "reset": "backspace as before"}


class Tried(Message):
    """A plan for the changed answers is worked out."""

    def __init__(self, token: object, plan: Plan) -> None:
        super().__init__()
        self.token, self.plan = token, plan


class Flipped(Message):
    """The flip points of the answer under the cursor are worked out."""

    def __init__(self, token: object, lines: tuple[str, ...]) -> None:
        super().__init__()
        self.token, self.lines = token, lines


class WhatIfScreen(TakesKeys, Screen[int]):
    """Dials on the left, the plan before and after on the right; returns how many were applied."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-wide")]  # noqa: RUF012  (typed so by Textual)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [command.binding for command in WHATIF_COMMANDS]

    def __init__(self, advice: AdviceSession, plan: Plan, at: str, keys: Keys) -> None:
        super().__init__()
        self.keys = keys
        self.desk = Desk(advice)
        self.before = plan
        self.plan: Plan | None = plan
        self.flips: tuple[str, ...] = ()
        self.comparing = False
        self.warning = ""
        self._at = at
        self._token: object = None
        self._early: list[events.Key] = []

    def compose(self) -> ComposeResult:
        """Lay dials and plans beside or below each other."""
        yield Static(id="title", markup=False)
        with Horizontal(id="desk"):
            with VerticalScroll(id="dials-box", can_focus=False):
                yield Dials(self.desk, self._at, self.turned)
            with VerticalScroll(id="beside-box", can_focus=False):
                yield Static(id="beside", markup=False)
        yield Static(id="command", markup=False)
        yield Static(id="hints", markup=False)

    def on_mount(self) -> None:
        """Show the desk and study the answer under the cursor."""
        self.query_one(Dials).focus()
        self.turned()

    # --- showing --------------------------------------------------------------------------

    def turned(self) -> None:
        """Show what is turned, and work out beside the screen what becomes of it."""
        self.flips = ()
        self.plan = None if self.desk.changes else self.before
        self.query_one(Dials).draw()
        self._show()
        self.try_out()

    def _show(self) -> None:
        question = self.query_one(Dials).question
        changed = counted(len(self.desk.changes), "answer") + " changed"
        self.query_one("#title", Static).update(clean(f"What if ...  {changed}"))
        width = max(20, self.query_one("#beside-box").content_size.width - SCROLLBAR)
        self.query_one("#beside", Static).update(ink.led(beside(self, question, width)))
        self.query_one("#command", Static).update(clean(self.desk.command))
        self.query_one("#hints", Static).update(ink.hints(self._hints))

    @property
    def _hints(self) -> str:
        by_action = {c.action: c for c in self.keys.whatif}
        hints = (DIAL_HINTS.get(a, f"{by_action[a].shown.split()[0]} {a}") for a in HINTED)
        return fitting(hints, self.size.width - 2)

    async def on_click(self, event: events.Click) -> None:
        """Do what a hint says."""
        hints = self.query_one("#hints")
        if event.widget is hints:
            at = event.get_content_offset_capture(hints).x
            key = event_of(ink.hint_at(self._hints, at)).key
            if found := [c.action for c in self.keys.whatif if key in c.keys.split(",")]:
                await self.run_action(found[0])

    def on_resize(self) -> None:
        """Fit the texts."""
        self.call_after_refresh(self._show)

    @work(thread=True)
    def try_out(self) -> None:
        """Plan with the changes, then look for the flips of the answer under the cursor."""
        token = self._token = object()
        changes, question = dict(self.desk.changes), self.query_one(Dials).question

        def wanted() -> bool:
            return self._token is token

        try:
            self.post_message(Tried(token, self.desk.plan(changes, wanted)))
            self.post_message(Flipped(token, self.desk.flips(question, wanted)))
        except Dropped:
            return

    def on_tried(self, message: Tried) -> None:
        """Show the plan with the changes."""
        if message.token is self._token:
            self.plan = message.plan
            self._show()

    def on_flipped(self, message: Flipped) -> None:
        """Show the flips."""
        if message.token is self._token:
            self.flips = message.lines
            self._show()

    # --- keys -----------------------------------------------------------------------------

    def take_key(self, event: events.Key) -> bool:
        """Turn at once; a digit begins to type a value."""
        if not self.is_mounted:
            return False
        if event.character and event.character in "0123456789$.":
            self.action_type(event)
            return True
        return self.query_one(Dials).take_key(event)

    def action_type(self, first: events.Key | None = None) -> None:
        """Type a value for the answer under the cursor."""
        question = self.query_one(Dials).question
        box = Prompt(f"{question.text} Now: {self.desk.shown(question, self.desk.value(question))}")
        self.app.push_screen(box, lambda said: self._typed(question, said))
        if first is not None:
            box.take_key(first)

    def _typed(self, question: Question, said: str | None) -> None:
        if not said:
            return
        try:
            self.warning = self.desk.set(question, _picked(question, said))
        except ValueError as error:
            self.notify(clean(str(error)), severity="error", markup=False)
            return
        self.turned()

    def action_less(self) -> None:
        """Turn the answer under the cursor down."""
        self.query_one(Dials).turn(-1)

    def action_more(self) -> None:
        """Turn it up."""
        self.query_one(Dials).turn(1)

    def action_far_less(self) -> None:
        """Turn it far down."""
        self.query_one(Dials).turn(-FAR)

    def action_far_more(self) -> None:
        """Turn it far up."""
        self.query_one(Dials).turn(FAR)

    def action_reset(self) -> None:
        """Let it be as in the interview."""
        self.query_one(Dials).reset()

    def action_apply(self) -> None:
        """Give the changes to the interview."""
        self.dismiss(self.desk.apply())

    def action_leave(self) -> None:
        """Go back to two columns, then to the interview."""
        if self.comparing:
            self.action_compare()
        else:
            self._token = None
            self.dismiss(0)

    def action_pin(self) -> None:
        """Pin the scenario."""
        if self.plan is None:
            self.notify("the plan is still being worked out; press p again in a moment")
            return
        if not self.desk.changes:
            self.notify(NOTHING_PINNED, markup=False)
            return
        pinned = self.desk.pin(self.plan)
        said = f"pinned as {pinned.letter}; c compares" if pinned else "no letter is left to pin"
        self.notify(said, markup=False)
        self._show()

    def action_compare(self) -> None:
        """Compare pinned scenarios, or go back to before and after."""
        if not self.desk.pinned:
            self.notify(NOTHING_PINNED, markup=False)
            return
        self.comparing = not self.comparing
        self.set_class(self.comparing, "-comparing")
        self.call_after_refresh(self._show)

    def action_copy(self) -> None:
        """Copy the command line."""
        self.notify(clean(copied(self.app, self.desk.command)), markup=False)

    def action_find(self) -> None:
        """Find an answer by its words."""
        dials = self.query_one(Dials)
        rows = tuple((q.id, f"{q.title:<17} {q.text}") for q in dials.rows)
        box = Picker("Turn which answer?", rows, dials.question.id)
        self.app.push_screen(box, lambda id_: dials.go(id_) if id_ else None)

    async def action_keys(self) -> None:
        """Show the keys; the one picked is run."""
        rows = tuple((c.action, f"{c.shown:<13} {c.text}") for c in self.keys.whatif)
        self.app.push_screen(Picker("Keys of what-if", rows), self._run)

    async def _run(self, action: str | None) -> None:
        if action is not None:
            await self.run_action(action)


def _picked(question: Question, said: str) -> str:
    """Return the options that numbers name, else the text."""
    if not question.options:
        return said
    by_number = {str(n): o.id for n, o in enumerate(question.options, 1)}
    return ", ".join(by_number.get(item.strip(), item.strip()) for item in said.split(","))
