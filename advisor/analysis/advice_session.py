"""An interview together with its recommendation, its file and its explanations."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from advisor.advise import advise
from advisor.analysis import sessions
from advisor.analysis.explanations import explain_decision
from advisor.analysis.interview import Interview
from advisor.analysis.owned_machines import beside, read_owned
from advisor.analysis.question_reasons import why_asked
from advisor.domain.answers import Answers
from advisor.domain.plan import Plan
from advisor.domain.questions import DEPTHS, Question
from advisor.library.answers import read_answers
from advisor.library.hf_config import read_config
from advisor.library.load import load_library
from advisor.planning.kit import Kit
from advisor.planning.line import Line


class AdviceSession:
    """What screens and prompts work on; the plan follows the answers."""

    def __init__(self, kit: Kit, as_of: str, depth: str = DEPTHS[-1]) -> None:
        self.kit = kit
        self.as_of = as_of
        self.interview = Interview(kit.questions, depth, kit.shapes)
        self._claim = sessions.claim_fresh()
        self._lock = threading.Lock()

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

    @cached_property
    def _line(self) -> Line:
        """Return the line, compiled with the first plan so that the first question can be seen."""
        return Line(self.kit)

    def plan(self, answers: Answers, wanted: Callable[[], bool]) -> Plan | None:
        """Return the plan for answers; calls from several threads take turns.

        None where the plan is no longer wanted when the turn comes.
        """
        with self._lock:
            return advise(answers, self._line, self.as_of) if wanted() else None

    def why_asked(self, question: Question, plan: Plan | None) -> str:
        """Return why a question is asked and which rules read its answer."""
        return why_asked(question, self.kit.library.rules, plan)

    def how(self, plan: Plan, decision: str) -> str:
        """Return how a decision of the last plan was reached and what stood against the rest."""
        with self._lock:
            return explain_decision(plan, self._line, decision)
