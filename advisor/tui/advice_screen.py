"""Keeping the recommendation up to date beside the screen."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work
from textual.widgets import ContentSwitcher, Static

from advisor.analysis.wanted import Dropped
from advisor.domain.considerations import QUESTION as RANKING
from advisor.errors import AdvisorError
from advisor.report.text import clean
from advisor.tui import words
from advisor.tui.asking_screen import AskingScreen
from advisor.tui.messages import (
    Begun,
    Completed,
    NotOpened,
    Prepared,
    Recommended,
    Studied,
)
from advisor.tui.question_view import QuestionView

if TYPE_CHECKING:
    from advisor.domain.plan import Plan
    from advisor.tui.result_view import ResultView

SAVED = "saved ✓"
WELCOME = "i opens a file or a worked example; ? lists all keys"
WEIGHING = "planning with these weights ..."
PAINT_S = 0.02
"""Time to paint in before the rest is read."""
NOTHING_TYPED = "! nothing is written; type a number, d for don't know, s for later"


class AdviceScreen(AskingScreen):
    """Keeps the recommendation up to date."""

    async def on_mount(self) -> None:
        """Show the first open question where it is known, and all else after the paint."""
        question = self.query_one(QuestionView)
        self.watch(question, "show_vertical_scrollbar", self.frame, init=False)
        if self._chosen and self._file is None:
            self.set_timer(PAINT_S, self._go_on)
            self.begin("")
        else:
            await self._go_on()

    async def _go_on(self) -> None:
        """Lay out what the first question does not show, and read what plans are made of."""
        from advisor.tui import soon  # noqa: PLC0415  (see there)

        await self.query_one("#middle", ContentSwitcher).add_content(soon.ResultView(id="result"))
        self.laid = True
        self._take_keys()
        self.prepare()

    def begin(self, note: str) -> None:
        """Show the first open question, with a note on what came before it."""
        self.note = note or ("" if self.interview.record.values else WELCOME)
        self.forget_plan()  # that of no answers is nothing to hold the first plan against
        self.move_on()
        self.recommend()
        self.begun = True
        self._take_keys()
        if self.advice.migration is not None:
            from advisor.tui.migration_box import MigrationBox  # noqa: PLC0415  (seldom)

            self.migrating = MigrationBox(self.advice.migration)
            self.app.push_screen(self.migrating)
            self.advice.migration = None

    def _take_keys(self) -> None:
        """Let keys come, those typed early first, once there is a question and all is laid out."""
        if self.begun and self.laid:
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
        if self.wanted is not None:
            self.open_file(self.wanted)
        if self.showing_result or self.exporting:
            self.complete()

    # --- showing --------------------------------------------------------------------------

    def show_result(self) -> None:
        """Show the whole recommendation."""
        if not self.laid:  # a click within the first moment
            return
        from advisor.tui import later  # noqa: PLC0415  (see there)

        self.query_one("#middle", ContentSwitcher).current = "result"
        result = self.result
        result.weigh(self.ranking, ())
        result.show(self.whole or self.plan)
        day = f"--as-of {self.advice.as_of}"
        file = f"{clean(self.advice.name)}.{later.ANSWERS}"
        result.repeat(f"e saves, then: advisor recommend {file} {day}")
        self.frame()
        if self.whole is None:
            self.complete()

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
        self.frame()
        from advisor.tui import soon  # noqa: PLC0415  (see there)

        self.query_one("#panel-text", Static).update(soon.panel(self.plan, self.before))
        self._keep_result(message.plan)
        if self.showing_result:
            result = self.result
            result.weigh(self.ranking, self._turned_words() if self.turned else ())
            result.show(self.plan)
            self.complete()
        self.turned = False

    def _keep_result(self, plan: Plan) -> None:
        """Save what the answers lead to, so that a later library can be held against it."""
        from advisor.tui import later  # noqa: PLC0415  (see there)

        told = dict(later.told(plan))
        if self.migrating is not None:
            self.migrating.compare(told)
            self.migrating = None
        if self.saved == SAVED:
            with contextlib.suppress(OSError):  # which was said when the answer was saved
                self.advice.save(told)

    def _turned_words(self) -> tuple[str, ...]:
        from advisor.tui import later  # noqa: PLC0415  (see there)

        return later.turned_words(self.before, self.plan) if self.plan else ()

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
            self.result.show(self.whole, anew=False)
        if self.exporting:
            self.exporting = False
            self.export()

    def open_file(self, path: Path) -> None:
        """Take answers or a model from a file."""
        raise NotImplementedError

    def export(self) -> None:
        """Write the whole plan."""
        raise NotImplementedError

    @property
    def ranking(self) -> tuple[str, ...] | None:
        """Return how the considerations are ranked, None where that is not asked."""
        if RANKING not in {q.id for q in self.interview.applicable}:
            return None
        value = self.interview.brief.values.get(RANKING)
        return tuple(map(str, value)) if isinstance(value, tuple) else ()

    def on_result_view_ranked(self, message: ResultView.Ranked) -> None:
        """Plan with the considerations ranked otherwise; one undo takes it back."""
        from advisor.tui.weight_rows import as_answer  # noqa: PLC0415  (came with the result)

        self.interview.apply({RANKING: as_answer(message.ranking)})
        self.turned = True
        self.keep()
        self.result.weigh(self.ranking, (WEIGHING,))
        self.frame()
        self.recommend()

    def on_result_view_list_wanted(self, message: ResultView.ListWanted) -> None:
        """Let a tab be picked from all."""
        from advisor.tui import soon  # noqa: PLC0415  (see there)

        result = self.result
        box = soon.Picker("Go to a tab", message.rows, str(result.at + 1))
        self.ask(box, lambda number: result.action_tab(int(number)) if number else None)

    def on_result_view_turned(self) -> None:
        """Show the keys of the tab."""
        self.frame()

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
            self.result.study(message.text)

    def changed(self) -> None:
        """Save, show the next question, and recommend anew."""
        self.keep()
        self.move_on()
        self.recommend()

    def keep(self) -> None:
        """Save; what was worked out for other answers is dropped."""
        try:
            self.advice.save()
            self.saved = SAVED
        except OSError as error:
            self.saved = f"NOT SAVED: {error.strerror}"
        self.standing = self.whole = None

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
