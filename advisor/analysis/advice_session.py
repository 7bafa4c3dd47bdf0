"""An interview together with its recommendation, its file and its explanations."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from advisor.analysis import sessions
from advisor.analysis.interview import Interview, Record
from advisor.analysis.owned_machines import beside, read_owned
from advisor.analysis.planner import Planner, Wanted
from advisor.analysis.question_order import Ranking, choose, needs_ranking
from advisor.analysis.question_reasons import why_asked
from advisor.analysis.question_value import open_questions, ranked_questions
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import Outcome
from advisor.domain.answers import Answers, Source, Value
from advisor.domain.plan import Plan
from advisor.domain.questions import DEPTHS, Question
from advisor.library.answers import read_answers
from advisor.library.hf_config import read_config
from advisor.library.load import load_library
from advisor.planning.kit import Kit
from advisor.planning.line import Line

T = TypeVar("T")
MOST_KEPT = 6
"""Rankings that are kept: enough to step back and forth without waiting."""
MOST_STUDIED = 3
"""Records whose outcomes are kept: the present one, the one before, and a what-if."""


class Study(WhatIf):
    """What-if questions about one record, asked between the plans for the screen.

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
        """Return the plan with changes in place; raises Dropped where nobody wants it any more."""
        return self._session.studied(self.given(changes), self._wanted)

    def settled(self, changes: Mapping[str, Value], read: Callable[[Line], T]) -> T:
        """Return what is read of the settled line; raises Dropped where nobody wants it."""
        return self._session.settled(self.given(changes), self.nearby, self._wanted, read)


class AdviceSession:
    """What screens and prompts work on; the plan follows the answers."""

    def __init__(self, kit: Kit, as_of: str, depth: str = DEPTHS[-1]) -> None:
        self.kit = kit
        self.as_of = as_of
        self.interview = Interview(kit.questions, depth, kit.shapes)
        self._claim = sessions.claim_fresh()
        self._planner = Planner(kit, as_of)
        self._ranking = threading.Lock()
        self._rankings: dict[Hashable, Ranking] = {}
        self._known: dict[Hashable, dict[Hashable, Outcome]] = {}

    @classmethod
    def start(cls, depth: str, packs: tuple[Path, ...] = ()) -> AdviceSession:
        """Return a session under the library in force today; raises LibraryError."""
        today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        return cls(Kit(load_library(packs)), today, depth)

    @property
    def name(self) -> str:
        """Return the name under which the answers are saved."""
        return self._claim.name

    @property
    def fingerprint(self) -> str:
        """Return what identifies the library."""
        return self.kit.library.fingerprint

    def open(self, session: sessions.Saved) -> str:
        """Take a saved session up; return what the user must know about it, or "".

        A session that another program has open is taken up as a copy under a fresh name.
        """
        held = sessions.claim(session.name)
        if held is not None:
            self._claim.release()
            self._claim = held
        notes = [] if held else [f"{session.name} is open elsewhere; this is a copy"]
        if refused := sessions.resume(self.interview, session):
            notes.append(f"kept, but no longer asked or accepted: {', '.join(refused)}")
        if session.fingerprint != self.fingerprint:
            notes.append("rules or prices have changed since; the plan is worked out anew")
        return "; ".join(notes)

    def load(self, path: Path) -> str:
        """Take answers, a model's config.json or a list of machines in; return what was taken.

        Raises InputError with every problem.
        """
        if path.name == "config.json":
            shape = read_config(path)
            self.interview.load_shape(shape)
            return f"{shape.id}: {shape.params / 1e9:.3g} billion parameters"
        owned = read_owned(path, self.kit)
        if owned is not None:
            added, words = owned
            self.interview.load(beside(self.interview.answers, added))
            return words
        answers = read_answers(path, self.kit.questions, self.kit.shapes.keys())
        self.interview.load(answers)
        return f"{len(answers.values)} answers taken from {path.name}"

    def save(self) -> Path:
        """Write the answers; raises OSError where the disk refuses."""
        return sessions.save(self.interview, self.name, self.fingerprint)

    def close(self) -> None:
        """Let other programs have the session."""
        self._claim.release()

    @property
    def line(self) -> Line:
        """Return the line that every plan of the session is made on."""
        return self._planner.line

    def plan(self, answers: Answers, wanted: Wanted) -> Plan | None:
        """Return the plan for answers; calls from several threads take turns.

        None where the plan is no longer wanted when the turn comes.
        """
        return self._planner.plan(answers, wanted)

    def studied(self, answers: Answers, wanted: Wanted) -> Plan:
        """Return a plan on the way to something else; raises Dropped where it is not wanted."""
        return self._planner.studied(answers, wanted)

    def settled(
        self, answers: Answers, nearby: frozenset[str], wanted: Wanted, read: Callable[[Line], T]
    ) -> T:
        """Return what a study reads of the line where all is settled; raises Dropped."""
        return self._planner.settled(answers, nearby, wanted, read)

    def whole(self, answers: Answers, wanted: Wanted) -> Plan:
        """Return the plan with the cost of its life, as reports have it; raises Dropped."""
        return self._planner.whole(answers, wanted)

    def study(self, record: Record, wanted: Wanted = lambda: True) -> Study:
        """Return what-if questions about a record; what was found out for it is remembered."""
        key = _key(record)
        known = self._known.setdefault(key, {})
        _trim(self._known, MOST_STUDIED)
        return Study(self, record, known, wanted)

    def ranking(self, record: Record, wanted: Wanted = lambda: True) -> Ranking:
        """Return what each open question of the chosen depth is worth; raises Dropped."""
        with self._ranking:
            found = self.ranked(record)
            if found is None:
                study = self.study(record, wanted)
                asked = [q for q in open_questions(self.kit, study) if q.depth in self._depths]
                found = self._rankings[_key(record), self._depths] = ranked_questions(study, asked)
                _trim(self._rankings, MOST_KEPT)
        return found

    def ranked(self, record: Record) -> Ranking | None:
        """Return a ranking that is there already."""
        return self._rankings.get((_key(record), self._depths))

    @property
    def _depths(self) -> tuple[str, ...]:
        return DEPTHS[: DEPTHS.index(self.interview.depth) + 1]

    def put_next(self, wanted: Wanted = lambda: True) -> None:
        """Choose the next question where the interview moves on; raises Dropped."""
        ranking = needs_ranking(self.interview) and self.ranking(self.interview.basis, wanted)
        choose(self.interview, ranking or ())

    def why_asked(self, question: Question, plan: Plan | None) -> str:
        """Return why a question is asked and which rules read its answer."""
        return why_asked(question, self.kit.library.rules, plan)

    def how(self, decision: str) -> str:
        """Return how a decision on the present answers was reached, and what lost."""
        return self._planner.how(self.interview.answers, decision)


def _key(record: Record) -> Hashable:
    """Return what tells records apart for a plan, whatever the order of their answers."""
    files = frozenset(id_ for id_, source in record.sources.items() if source is Source.FILE)
    return tuple(sorted(record.values.items())), files, record.model, record.shape


def _trim(kept: dict[Any, Any], most: int) -> None:
    """Forget the oldest beyond so many."""
    while len(kept) > most:
        del kept[next(iter(kept))]
