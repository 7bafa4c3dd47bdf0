"""The screen of the interview: the question in the middle, the recommendation beside or below."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Static

from advisor.analysis.clashes import clashes
from advisor.analysis.question_order import Ranking, Standing, choose, needs_ranking
from advisor.analysis.wanted import Dropped
from advisor.errors import AdvisorError
from advisor.report.text import clean
from advisor.tui import ink, words
from advisor.tui.commands import TakesKeys, hint_line
from advisor.tui.popup import Box
from advisor.tui.question_view import QuestionView
from advisor.tui.result_view import ResultView

if TYPE_CHECKING:
    from advisor.analysis.advice_session import AdviceSession
    from advisor.analysis.interview import Record
    from advisor.domain.plan import Plan
    from advisor.domain.questions import Question

SMALLEST = (40, 12)
HIGH = 20
"""Lines from which on there is room for help and three lines of recommendation."""
ROOMY = 136
"""Columns from which on the list of questions shows the answers, too."""
SIDES = 2
"""Columns of the sidebar that are no text."""
PAINT_S = 0.02
"""Time to paint in before the rest is read."""
NOTHING_TYPED = "! nothing is written; type a number, d for don't know, s for later"
TOO_SMALL = "The terminal is too small: make it 40 by 12 or larger. No answer is lost."


class NotOpened(Message):
    """The interview cannot go on."""

    def __init__(self, error: AdvisorError) -> None:
        super().__init__()
        self.error = error


class Prepared(Message):
    """Plans can be made; `note` says what was taken from a file."""

    def __init__(self, note: str) -> None:
        super().__init__()
        self.note = note


class Recommended(Message):
    """A plan is worked out for the answers of a record."""

    def __init__(self, record: Record, plan: Plan) -> None:
        super().__init__()
        self.record, self.plan = record, plan


class Ranked(Message):
    """It is worked out what the open questions of a record are worth."""

    def __init__(self, record: Record, ranking: Ranking) -> None:
        super().__init__()
        self.record, self.ranking = record, ranking


class Foreseen(Message):
    """It is worked out what the answer to a question would change."""

    def __init__(self, record: Record, question: Question, lines: tuple[str, ...]) -> None:
        super().__init__()
        self.record, self.question, self.lines = record, question, lines


class Completed(Message):
    """A plan is worked out as reports have it, with the cost of its life."""

    def __init__(self, record: Record, plan: Plan) -> None:
        super().__init__()
        self.record, self.plan = record, plan


class Studied(Message):
    """What the sensitivity study of a record has found so far."""

    def __init__(self, record: Record, text: str) -> None:
        super().__init__()
        self.record, self.text = record, text


class Begun(Message):
    """The first question is on the screen."""


class AdviceScreen(TakesKeys, Screen[None]):
    """Shows an advice session and keeps the recommendation up to date."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-wide")]  # noqa: RUF012  (typed so by Textual)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (HIGH, "-high")]  # noqa: RUF012

    def __init__(self, advice: AdviceSession, file: Path | None, *, chosen: bool) -> None:
        super().__init__()
        self.advice = advice
        self.interview = advice.interview
        self.note = ""
        self._file, self._chosen = file, chosen
        self.saved = ""
        self.prepared = False
        self.plan: Plan | None = None
        self.whole: Plan | None = None
        self.before: Plan | None = None
        self.standing: Standing | None = None
        self.choosing = False
        self.boxed = False
        self.exporting = False
        self._rows: tuple[tuple[str, Content], ...] = ()
        self.early: list[events.Key] = []
        self._study: object = None

    def compose(self) -> ComposeResult:
        """Lay the screen out; the style sheet shows columns where there is room for them."""
        yield Static(id="title", markup=False)
        yield Static(id="sections", markup=False)
        with Horizontal(id="columns"):
            with VerticalScroll(id="sidebar", can_focus=False):
                yield Static(id="outline", markup=False)
            with ContentSwitcher(initial="question", id="middle"):
                yield QuestionView("question", self.answer)
                yield ResultView(id="result")
            with VerticalScroll(id="panel", can_focus=False):
                yield Static(words.panel(None, None), id="panel-text", markup=False)
        yield Static(words.strip(None, None), id="strip", markup=False)
        yield Static(id="hints", markup=False)
        yield Static(TOO_SMALL, id="too-small", markup=False)

    def on_mount(self) -> None:
        """Show the first open question where it is known, and read the rest after the paint."""
        self.set_timer(PAINT_S, self.prepare)
        if self._chosen and self._file is None:
            self.begin("")

    def begin(self, note: str) -> None:
        """Show the first open question, with a note on what came before it."""
        self.note = note
        self.move_on()
        self.recommend()
        self.post_message(Begun())

    @work(thread=True)
    def prepare(self) -> None:
        """Import and read what plans are made of, and the file to begin with."""
        try:
            self.advice.prepare()
            note = self.advice.load(self._file) if self._file else ""
        except AdvisorError as error:
            self.app.post_message(NotOpened(error))
            return
        self.post_message(Prepared(note))
        from advisor.tui import later  # noqa: F401, PLC0415  (before it is wanted)

    def on_prepared(self, message: Prepared) -> None:
        """Begin with what the file says, or work out what the answers so far lead to."""
        self.prepared = True
        if self._file is not None:
            self.begin(message.note)
            return
        self.recommend()
        self.study()
        if self.showing_result or self.exporting:
            self.complete()

    # --- showing --------------------------------------------------------------------------

    def show(self) -> None:
        """Show the present question, or the result where none is left."""
        question = self.interview.current
        if question is None:
            self.show_result()
            return
        self.query_one("#middle", ContentSwitcher).current = "question"
        self.query_one(QuestionView).show(self.interview, question, self.note)
        self.note = ""
        self._frame()

    def show_result(self) -> None:
        """Show the whole recommendation."""
        from advisor.tui import later  # noqa: PLC0415  (see there)

        self.query_one("#middle", ContentSwitcher).current = "result"
        result = self.query_one(ResultView)
        result.show(self.whole or self.plan)
        day = f"--as-of {self.advice.as_of}"
        file = f"{clean(self.advice.name)}.{later.ANSWERS}"
        result.repeat(f"the same: advisor recommend {file} {day}")
        self._frame()
        if self.whole is None:
            self.complete()

    def _frame(self) -> None:
        """Show what stands around question and result."""
        width = self.size.width - 2
        title = words.title_line(self.interview, self.advice.name, self.saved, self.standing, width)
        self.query_one("#title", Static).update(title)
        self.query_one("#sections", Static).update(words.section_line(self.interview, width))
        self.query_one("#strip", Static).update(
            words.strip(self.plan, self.before, width, self._strip_rows)
        )
        room = max(words.SIDEBAR, self.query_one("#sidebar").size.width - SIDES)
        self._rows = words.outline(self.interview, room)
        self.query_one("#outline", Static).update(ink.lines(line for _, line in self._rows))
        asking = not self.showing_result
        hints = hint_line(self._place_keys(), width, asking=asking)
        self.query_one("#hints", Static).update(ink.hints(hints))
        self.set_class(not asking, "-result")

    @property
    def _strip_rows(self) -> int:
        return 3 if self.size.height >= HIGH else 2

    def on_click(self, event: events.Click) -> None:
        """Go to the question clicked in the list; a section leads to its first."""
        outline = self.query_one("#outline")
        if event.widget is outline:
            row = event.get_content_offset_capture(outline).y
            if row < len(self._rows):
                self.stop_choosing()
                self.interview.go_to(self._rows[row][0])
                self.turn()

    def _place_keys(self) -> str:
        out = "o ways out  " if self.plan and clashes(self.plan) else ""
        if self.showing_result:
            more = "+ expert questions" if self.interview.current is None else "r questions"
            return f"{out}1-9 tab  h how  {more}"
        question = self.interview.current
        several = question is not None and question.type in ("multi", "ranking")
        return f"{out}space choose  enter accept" if several else f"{out}enter accept"

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
        self.call_after_refresh(self._frame)

    # --- recommending ---------------------------------------------------------------------

    def recommend(self) -> None:
        """Work the plan out beside the screen, as soon as that can be done."""
        if self.prepared:
            self._recommend()

    @work(thread=True)
    def _recommend(self) -> None:
        """Plan; runs for answers that have changed are dropped."""
        record, answers = self.interview.record, self.interview.answers
        plan = self.advice.plan(answers, lambda: record is self.interview.record)
        if plan is not None:
            self.post_message(Recommended(record, plan))

    def on_recommended(self, message: Recommended) -> None:
        """Show the recommendation with marks on what is new."""
        if message.record is not self.interview.record:
            return
        self.before, self.plan = self.plan, message.plan
        self._frame()
        self.query_one("#panel-text", Static).update(words.panel(self.plan, self.before))
        if self.showing_result:
            self.query_one(ResultView).show(self.plan)
            self.complete()

    def complete(self) -> None:
        """Lay the cost of the life out for the result and what is exported."""
        if self.prepared:
            self._complete()

    @work(thread=True)
    def _complete(self) -> None:
        record = self.interview.record
        with contextlib.suppress(Dropped):
            answers = self.interview.answers
            plan = self.advice.whole(answers, lambda: record is self.interview.record)
            self.post_message(Completed(record, plan))

    def on_completed(self, message: Completed) -> None:
        """Show the whole plan, where it is still that of the answers."""
        if message.record is not self.interview.record:
            return
        self.whole = message.plan
        if self.showing_result:
            self.query_one(ResultView).show(self.whole, anew=False)
        if self.exporting:
            self.exporting = False
            self.export()

    def export(self) -> None:
        """Write the whole plan."""
        raise NotImplementedError

    def on_result_view_study_wanted(self) -> None:
        """Study how each answer moves the plan."""
        self.weigh()

    @work(thread=True)
    def weigh(self) -> None:
        """Vary each answer over its likely range, and say how far it has come."""
        record = self.interview.record
        study = self.advice.study(record, lambda: record is self.interview.record)
        found = []
        try:
            for one in study.influences():
                found.append(one)
                self.post_message(Studied(record, f"{len(found)} answers varied so far ..."))
            lines = study.sensitivity(found)
            self.post_message(Studied(record, "\n".join(map(words.clean_lines, lines))))
        except Dropped:
            return

    def on_studied(self, message: Studied) -> None:
        """Show how far the study is, or what it found."""
        if message.record is self.interview.record:
            self.query_one(ResultView).study(message.text)

    def changed(self) -> None:
        """Save, show the next question, and recommend anew."""
        try:
            self.advice.save()
            self.saved = "saved ✓"
        except OSError as error:
            self.saved = f"NOT SAVED: {error.strerror}"
        self.standing = self.whole = None
        self.move_on()
        self.recommend()

    # --- choosing what comes next -----------------------------------------------------------

    def move_on(self) -> None:
        """Put the next question; where its ranking is not there yet, wait for it.

        What is asked follows from the answers alone, never from how fast they were given.
        """
        ranking: Ranking | None = ()
        if needs_ranking(self.interview):
            ranking = self.advice.ranked(self.interview.basis)
        self.choosing = ranking is None
        if ranking is None:
            self.query_one("#middle", ContentSwitcher).current = "question"
            self.query_one(QuestionView).wait(self.note)
            self._frame()
        else:
            choose(self.interview, ranking)
            self.show()
        self.study()

    def turn(self) -> None:
        """Show the question turned to, and study it."""
        self.show()
        self.study()

    def stop_choosing(self) -> None:
        """Do not wait for the next question; keys typed for it are forgotten."""
        self.choosing = False
        self.early = []

    def take_early(self) -> None:
        """Take the keys that were typed while the question was being chosen."""
        early, self.early = self.early, []
        for key in early:
            if self.app.screen is not self or not self.take_key(key):
                self.app.post_message(key)

    def ask(self, box: Box, then: Callable[[str | None], Awaitable[None] | None]) -> None:
        """Open a box; keys typed after it is closed wait until its result is taken."""
        self.boxed = True

        async def closed(result: str | None) -> None:
            self.boxed = False
            done = then(result)
            if done is not None:
                await done
            self.take_early()

        self.app.push_screen(box, closed)

    def study(self) -> None:
        """Work out beside the screen what comes next, and what the answers would change."""
        if self.prepared:
            self._study_on()

    @work(thread=True)
    def _study_on(self) -> None:
        token = self._study = object()
        record, question, choosing = self.interview.record, self.interview.current, self.choosing

        def wanted() -> bool:
            return self._study is token

        try:
            if choosing:
                basis = self.interview.basis
                self.post_message(Ranked(record, self.advice.ranking(basis, wanted)))
            elif question is not None:
                lines = self.advice.study(record, wanted).effects(question)
                self.post_message(Foreseen(record, question, lines))
            if not choosing:
                self.post_message(Ranked(record, self.advice.ranking(record, wanted)))
        except Dropped:
            return

    def on_ranked(self, message: Ranked) -> None:
        """Put the question waited for, or say how many could still change the result."""
        if message.record is not self.interview.record:
            return
        if not self.choosing:
            self.standing = Standing.of(message.ranking)
            self._frame()
            return
        self.move_on()
        self.take_early()

    def on_foreseen(self, message: Foreseen) -> None:
        """Show what the answer would change."""
        here = message.record is self.interview.record
        if here and message.question is self.interview.current:
            self.query_one(QuestionView).foresee(message.lines)

    # --- answering ------------------------------------------------------------------------

    def answer(self, said: str | tuple[str, ...]) -> None:
        """Take an answer to the question on the screen, or say what is wrong with it."""
        question = self.interview.current
        if question is None:
            return
        try:
            self.note = self.interview.answer(question, said)
        except ValueError as error:
            self.say(f"! {error}" if said else NOTHING_TYPED)
            return
        self.changed()
