"""One live line that the screen and the studies behind it share.

Plans for the screen come first: a study (a ranking, flip points, ways out) makes dozens of plans,
and lets go between any two of them as soon as its answers have changed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from advisor.advise import advise, settle
from advisor.analysis.explanations import explain_decision
from advisor.analysis.owned_machines import beside, read_owned
from advisor.analysis.question_reasons import why_asked
from advisor.analysis.study import Study
from advisor.analysis.to_settle import with_to_settle
from advisor.analysis.wanted import Dropped, Wanted
from advisor.analysis.whatif import WhatIf
from advisor.domain.answers import Answers
from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.errors import LibraryError
from advisor.library.answers import read_answers
from advisor.library.hf_config import read_config
from advisor.library.load import load_library
from advisor.library.opening import Opening
from advisor.planning.kit import Kit, kept_kit
from advisor.planning.lifetime_outlook import with_lifetime
from advisor.planning.line import Line
from advisor.planning.words import counted

if TYPE_CHECKING:
    from advisor.analysis.advice_session import AdviceSession
    from advisor.analysis.interview import Interview, Record
    from advisor.analysis.whatif_outcome import Outcome

T = TypeVar("T")


class Planner:
    """Plans on one line, for threads that take turns."""

    def __init__(self, kit: Kit, as_of: str) -> None:
        self.kit = kit
        self.as_of = as_of
        self._compiling = threading.Lock()
        self._compiled: Line | None = None
        self._turn = threading.Condition()
        self._waiting = 0
        self._busy = False

    @property
    def line(self) -> Line:
        """Return the line, compiled with the first plan so that the first question can be seen."""
        with self._compiling:
            if self._compiled is None:
                self._compiled = Line(self.kit)
            return self._compiled

    def plan(self, answers: Answers, wanted: Wanted) -> Plan | None:
        """Return the plan for the screen, None where it is not wanted when the turn comes."""
        with self._first():
            return advise(answers, self.line, self.as_of) if wanted() else None

    def studied(self, answers: Answers, wanted: Wanted) -> Plan:
        """Return a plan for a study; raises Dropped where the study is not wanted any more."""
        with self._after_others():
            if not wanted():
                raise Dropped
            return advise(answers, self.line, self.as_of)

    def settled(
        self, answers: Answers, nearby: frozenset[str], wanted: Wanted, read: Callable[[Line], T]
    ) -> T:
        """Return what a study reads of the line where all is settled; raises Dropped."""
        with self._after_others():
            if not wanted():
                raise Dropped
            settle(answers, self.line, self.as_of, nearby)
            return read(self.line)

    def whole(self, answers: Answers, wanted: Wanted) -> Plan:
        """Return the plan with the cost of its life laid out and with what to settle first; raises
        Dropped like `studied`."""
        with self._after_others():
            if not wanted():
                raise Dropped
            plan = with_lifetime(advise(answers, self.line, self.as_of), self.line)
            return with_to_settle(plan, WhatIf(self.line, answers, self.as_of))

    def how(self, answers: Answers, decision: str) -> str:
        """Return how a decision was reached; the line is led to the answers first."""
        with self._first():
            return explain_decision(advise(answers, self.line, self.as_of), self.line, decision)

    def study(
        self,
        session: AdviceSession,
        record: Record,
        known: dict[Hashable, Outcome],
        wanted: Wanted,
    ) -> Study:
        """Return what-if questions about a record; `known` is what was found out about it."""
        return Study(session, record, known, wanted)

    def why_asked(self, question: Question, plan: Plan | None) -> str:
        """Return why a question is asked and which rules read its answer."""
        return why_asked(question, self.kit.library.rules, plan)

    def take_in(self, interview: Interview, path: Path) -> str:
        """Take answers, a model's config.json or a list of machines in; return what was taken.

        Raises InputError with every problem.
        """
        if path.name.endswith("config.json"):
            shape = read_config(path)
            interview.load_shape(shape)
            return f"{shape.id}: {shape.params / 1e9:.3g} billion parameters"
        owned = read_owned(path, self.kit)
        if owned is not None:
            added, words = owned
            interview.load(beside(interview.answers, added))
            return words
        answers = read_answers(path, self.kit.questions, self.kit.shapes.keys())
        interview.load(answers)
        return f"{counted(len(answers.values), 'answer')} taken from {path.name}"

    @contextmanager
    def _first(self) -> Iterator[None]:
        with self._turn:
            self._waiting += 1
            self._turn.wait_for(lambda: not self._busy)
            self._waiting -= 1
            self._busy = True
        yield from self._used()

    @contextmanager
    def _after_others(self) -> Iterator[None]:
        with self._turn:
            self._turn.wait_for(lambda: not self._busy and not self._waiting)
            self._busy = True
        yield from self._used()

    def _used(self) -> Iterator[None]:
        try:
            yield
        finally:
            with self._turn:
                self._busy = False
                self._turn.notify_all()


def read_planner(opened: Opening, packs: tuple[Path, ...], as_of: str) -> Planner:
    """Return a planner on the library that an interview was opened with; raises LibraryError."""
    library = opened.library or load_library(packs)
    if library.fingerprint != opened.fingerprint:
        raise LibraryError("the rules changed while the interview was opened; start it again")
    return Planner(kept_kit(library), as_of)
