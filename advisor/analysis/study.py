"""What-if questions about an interview, asked between the plans for the screen."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from advisor.analysis.answer_effects import effect_lines
from advisor.analysis.question_value import open_questions, ranked_questions
from advisor.analysis.sensitivity import Influence, influences, summed_up
from advisor.analysis.sensitivity_words import DRAWN, sensitivity_lines
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import Outcome
from advisor.domain.answers import Answers, Value
from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.planning.line import Line

if TYPE_CHECKING:
    from advisor.analysis.advice_session import AdviceSession
    from advisor.analysis.interview import Record
    from advisor.analysis.question_order import Ranking
    from advisor.analysis.wanted import Wanted

T = TypeVar("T")


class Study(WhatIf):
    """What-if questions about one record; each raises Dropped once nobody wants the answer.

    Changes are taken as the interview takes answers: branches come and go with them.
    """

    def __init__(
        self,
        session: AdviceSession,
        record: Record,
        known: dict[Hashable, Outcome],
        wanted: Wanted,
    ) -> None:
        super().__init__(session.line, session.interview.answers_of(record), session.as_of)
        self._known = known
        self._session, self._record, self._wanted = session, record, wanted

    def given(self, changes: Mapping[str, Value]) -> Answers:
        """Return the answers with changes in place."""
        return self._session.interview.answers_of(self._record, changes)

    def plan(self, changes: Mapping[str, Value]) -> Plan:
        """Return the plan with changes in place."""
        return self._session.studied(self.given(changes), self._wanted)

    def settled(self, changes: Mapping[str, Value], read: Callable[[Line], T]) -> T:
        """Return what is read of the settled line."""
        return self._session.settled(self.given(changes), self.nearby, self._wanted, read)

    def ranking(self, depths: Iterable[str]) -> Ranking:
        """Return what each open question of some depths is worth."""
        asked = tuple(depths)
        open_ = [q for q in open_questions(self.line.kit, self) if q.depth in asked]
        return ranked_questions(self, open_)

    def effects(self, question: Question) -> tuple[str, ...]:
        """Return what each answer to a question would change, in words."""
        return effect_lines(self, question)

    def influences(self) -> Iterator[Influence]:
        """Yield how far each answer moves the plan over its likely range."""
        return influences(self)

    def sensitivity(self, found: Iterable[Influence]) -> tuple[str, ...]:
        """Return what was found out about answers, in words, the strongest first."""
        return tuple(sensitivity_lines(summed_up(self, found), self.line.kit, DRAWN))
