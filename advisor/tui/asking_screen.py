"""The screen that puts the questions: what comes next, and what is studied meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import work
from textual.widgets import ContentSwitcher

from advisor.analysis.question_order import Ranking, Standing, choose, needs_ranking
from advisor.analysis.wanted import Dropped
from advisor.tui import garbage
from advisor.tui.frame_screen import FrameScreen
from advisor.tui.messages import Foreseen, Ranked
from advisor.tui.question_view import QuestionView

if TYPE_CHECKING:
    from advisor.tui.popup import Box


class AskingScreen(FrameScreen):
    """Puts the questions one after the other."""

    def show(self) -> None:
        """Show the present question, or the result where none is left."""
        question = self.interview.current
        if question is None:
            self.show_result()
            return
        self.query_one("#middle", ContentSwitcher).current = "question"
        self.query_one(QuestionView).show(self.interview, question, self.note)
        self.note = ""
        self.frame()

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
            self.frame()
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
                self._settle()
        except Dropped:
            return

    def _settle(self) -> None:
        """Give back what a study took; keep what is there after the first out of the search.

        Without a terminal somebody else runs the interview, whose garbage is not ours.
        """
        if self.app.is_headless:
            return
        if not self._settled:
            self._settled = True
            garbage.settle()
        garbage.give_back()

    def on_ranked(self, message: Ranked) -> None:
        """Put the question waited for, or say how many could still change the result."""
        if message.record is not self.interview.record:
            return
        if not self.choosing:
            self.standing = Standing.of(message.ranking)
            self.frame()
            return
        self.move_on()
        self.take_early()

    def on_foreseen(self, message: Foreseen) -> None:
        """Show what the answer would change."""
        here = message.record is self.interview.record
        if here and message.question is self.interview.current:
            self.query_one(QuestionView).foresee(message.lines)
