"""What stands around question and result: title, list, recommendation, keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Static

from advisor.analysis.question_order import Standing
from advisor.report.text import clean
from advisor.tui import ink, words
from advisor.tui.commands import TakesKeys, hint_line
from advisor.tui.keymap import Keys, event_of
from advisor.tui.question_view import QuestionView

if TYPE_CHECKING:
    from advisor.analysis.advice_session import AdviceSession
    from advisor.domain.plan import Plan
    from advisor.tui.migration_box import MigrationBox
    from advisor.tui.result_view import ResultView

SMALLEST = (40, 12)
HIGH = 20
"""Lines from which on there is room for help and three lines of recommendation."""
ROOMY = 136
"""Columns from which on the list of questions shows the answers, too."""
SIDES = 2
"""Columns of the sidebar that are no text."""
TOO_SMALL = "The terminal is too small: make it 40 by 12 or larger. No answer is lost."


class FrameScreen(TakesKeys, Screen[None]):
    """Shows an advice session: what stands around question and result."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-wide")]  # noqa: RUF012  (typed so by Textual)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (HIGH, "-high")]  # noqa: RUF012

    def __init__(
        self, advice: AdviceSession, file: Path | None, keys: Keys, *, chosen: bool
    ) -> None:
        super().__init__()
        self.advice, self.keys = advice, keys
        self.interview = advice.interview
        self.note = self._hints = ""
        self._file, self._chosen = file, chosen
        self.saved = ""
        self.begun = self.laid = self.prepared = False
        self.wanted: Path | None = None
        self.migrating: MigrationBox | None = None
        self.plan: Plan | None = None
        self.whole: Plan | None = None
        self.before: Plan | None = None
        self.standing: Standing | None = None
        self.choosing = False
        self.turned = False
        self.boxed = False
        self.exporting = False
        self._rows: tuple[tuple[str, Content], ...] = ()
        self.early: list[events.Key] = []
        self._study: object = None
        self._settled = False

    def compose(self) -> ComposeResult:
        """Lay the screen out; the style sheet shows columns where there is room for them."""
        yield Static(id="title", markup=False)
        yield Static(id="sections", markup=False)
        with Horizontal(id="columns"):
            with VerticalScroll(id="sidebar", can_focus=False):
                yield Static(id="outline", markup=False)
            with ContentSwitcher(initial="question", id="middle"):
                yield QuestionView("question", self.answer)
            with VerticalScroll(id="panel", can_focus=False):
                yield Static(words.headed(Content(words.WORKING)), id="panel-text", markup=False)
        yield Static(words.WORKING, id="strip", markup=False)
        yield Static(id="hints", markup=False)
        yield Static(TOO_SMALL, id="too-small", markup=False)

    def frame(self) -> None:
        """Show what stands around question and result."""
        width = self.size.width - 2
        title = words.title_line(self.interview, self.advice.name, self.saved, self.standing, width)
        self.query_one("#title", Static).update(title)
        self.query_one("#sections", Static).update(words.section_line(self.interview, width))
        if self.plan is not None:
            self.query_one("#strip", Static).update(self._strip(self.plan, width))
        room = max(words.SIDEBAR, self.query_one("#sidebar").size.width - SIDES)
        self._rows = words.outline(self.interview, room)
        self.query_one("#outline", Static).update(ink.lines(line for _, line in self._rows))
        asking = not self.showing_result
        hints = hint_line(self._place_keys(), width, asking=asking, commands=self.keys.commands)
        self._hints = hints
        self.query_one("#hints", Static).update(ink.hints(hints))
        self.set_class(not asking, "-result")

    def forget_plan(self) -> None:
        """Have no recommendation until the next is there."""
        self.plan = None
        self.query_one("#panel-text", Static).update(words.headed(Content(words.WORKING)))
        self.query_one("#strip", Static).update(words.WORKING)

    def _strip(self, plan: Plan, width: int) -> Content:
        from advisor.tui import soon  # noqa: PLC0415  (see there)

        return soon.strip(plan, self.before, width, 3 if self.size.height >= HIGH else 2)

    async def on_click(self, event: events.Click) -> None:
        """Do what a hint says; go to the question clicked, or to the whole recommendation."""
        outline, hints = self.query_one("#outline"), self.query_one("#hints", Static)
        if event.widget is hints:
            at = event.get_content_offset_capture(hints).x
            await self._press(event_of(ink.hint_at(self._hints, at)))
        elif event.widget is not None and event.widget.id in ("strip", "panel-text"):
            self.show_result()
        elif event.widget is outline:
            row = event.get_content_offset_capture(outline).y
            if row < len(self._rows):
                self.stop_choosing()
                self.interview.go_to(self._rows[row][0])
                self.turn()

    async def _press(self, key: events.Key) -> None:
        """Do what a key says that was clicked in the last line."""
        if self.showing_result and key.key in self.keys.actions:
            await self.run_action(self.keys.actions[key.key])
        elif key.key:
            self.take_key(key)

    def _place_keys(self) -> str:
        out = "o ways out  " if self.clashing else ""
        if self.showing_result:
            more = "+ expert questions" if self.interview.current is None else "r questions"
            weigh = "< > weigh  " if self.result.weighing else ""
            return f"{out}{weigh}0-9 tab  pgdn more  h how  {more}"
        question = self.interview.current
        several = question is not None and question.type in ("multi", "ranking")
        more = "  pgdn more" if self.query_one(QuestionView).show_vertical_scrollbar else ""
        return f"{out}{'space choose  ' if several else ''}enter accept{more}"

    @property
    def clashing(self) -> bool:
        """Return whether there is a plan whose answers cannot all hold."""
        if self.plan is None:  # as with the first question, which waits for no further import
            return False
        from advisor.tui import soon  # noqa: PLC0415  (see there)

        return bool(soon.clashes(self.plan))

    @property
    def result(self) -> ResultView:
        """Return the whole recommendation, laid out right after the first question."""
        from advisor.tui import soon  # noqa: PLC0415  (see there)

        return self.query_one(soon.ResultView)

    @property
    def showing_result(self) -> bool:
        """Return whether the result is on the screen."""
        return self.query_one("#middle", ContentSwitcher).current == "result"

    def say(self, text: str) -> None:
        """Say something about the last key: below the question, or over the result."""
        if self.showing_result:
            self.notify(clean(text), markup=False)
        else:
            self.query_one(QuestionView).say(text)

    def on_resize(self, event: events.Resize) -> None:
        """Fit the lines to the width; below the smallest size say so instead."""
        small = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        self.set_class(small, "-tiny")
        self.set_class(event.size.width >= ROOMY, "-roomy")
        self.call_after_refresh(self.frame)

    def answer(self, said: str | tuple[str, ...]) -> None:
        """Take an answer to the question on the screen."""
        raise NotImplementedError

    def turn(self) -> None:
        """Show the question turned to."""
        raise NotImplementedError

    def show_result(self) -> None:
        """Show the whole recommendation."""
        raise NotImplementedError

    def stop_choosing(self) -> None:
        """Do not wait for the next question."""
        raise NotImplementedError
