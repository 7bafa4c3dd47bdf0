"""The card of answers that cannot all hold, with the ways out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.message import Message

from advisor.analysis.clashes import clashes
from advisor.analysis.wanted import Dropped
from advisor.analysis.ways_out import Way, blamed, ways_out, wished
from advisor.domain.plan import Plan
from advisor.report.text import clean
from advisor.tui.popup import Picker

if TYPE_CHECKING:
    from advisor.analysis.advice_session import AdviceSession

LOOKING = "looking for ways out ..."
NONE_FOUND = "no change of one or two demands alone makes a plan possible; v lists your answers"


class Found(Message):
    """The ways out are worked out, with the answers that clash."""

    def __init__(self, ways: tuple[Way, ...], answers: tuple[str, ...], rows: list[str]) -> None:
        super().__init__()
        self.ways, self.answers, self.questions = ways, answers, rows


class WaysOut(Picker):
    """What fails, which answers and rules clash, and what ends it; enter takes a way."""

    GO_TO = "go:"
    """Leads the rows of questions that may be answered again."""

    def __init__(self, advice: AdviceSession, plan: Plan) -> None:
        super().__init__("These cannot all hold", ())
        self.advice, self.plan = advice, plan
        self.ways: tuple[Way, ...] = ()
        self.failing = [f"! {clean(text)}" for text in clashes(plan)]
        self.intro = "\n".join([*self.failing, "", LOOKING])
        self._wanted = True

    def on_mount(self) -> None:
        """Look for ways out beside the screen."""
        self._look()

    def on_unmount(self) -> None:
        """Stop looking."""
        self._wanted = False

    @work(thread=True)
    def _look(self) -> None:
        study = self.advice.study(self.advice.interview.record, lambda: self._wanted)
        try:
            ways = ways_out(study)
            wishes = [q.id for q in wished(study, self.plan)]
            self.post_message(Found(ways, blamed(study, ways, self.plan), wishes))
        except Dropped:
            return

    def on_found(self, message: Found) -> None:
        """Show the answers that clash and the ways out."""
        self.ways = message.ways
        by_id = self.advice.interview.by_id
        told = [clean(line) if not line.startswith(" ") else f"  {clean(line)}"
                for line in message.answers]  # fmt: skip
        answers = ["", "Answers that clash:", *told] if told else []
        any_way = self.ways or message.questions
        closing = "Ways out, the cheapest first; enter takes one:" if any_way else NONE_FOUND
        self.introduce("\n".join([*self.failing, *answers, "", closing]))
        rows = [(str(n), f"{way.text} ({way.cost})") for n, way in enumerate(self.ways)]
        rows += [(f"{self.GO_TO}{q}", f"answer again: {by_id[q].text}") for q in message.questions]
        self.fill(tuple((id_, clean(line)) for id_, line in rows))
