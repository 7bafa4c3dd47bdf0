"""The interview: which question comes next, and what was answered so far.

Screens and prompts show it; they hold no answers of their own. Going back never deletes: answers
of a branch that no longer applies are kept and left out until the branch returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from advisor.domain.answers import UNKNOWN, Answers, Source, Value
from advisor.domain.model import ModelShape
from advisor.domain.questions import Question
from advisor.library.answer_values import checked, from_text
from advisor.planning.brief import Brief, interpret

UNDO_STEPS = 200


@dataclass(frozen=True, slots=True)
class Record:
    """What the user said: values and sources by question, and which were put off."""

    values: Mapping[str, Value] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    later: frozenset[str] = frozenset()
    model: str = ""
    shape: ModelShape | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the interview has come, over the questions that apply now."""

    answered: int
    total: int
    section: str

    def __str__(self) -> str:
        return f"{self.answered} of about {self.total}"


class Interview:
    """One interview in progress; `depths` limits it to quick, standard or all questions."""

    def __init__(self, questions: Iterable[Question], depths: tuple[str, ...]) -> None:
        self.questions = tuple(questions)
        self.depths = depths
        self.record = Record()
        self._undo: list[Record] = []
        self._redo: list[Record] = []
        self._at: str | None = None

    # --- asking ---------------------------------------------------------------------------

    @property
    def applicable(self) -> tuple[Question, ...]:
        """Return the questions of the chosen depth that apply under the present answers."""
        known = self.brief.values
        return tuple(
            q for q in self.questions
            if (q.depth in self.depths or q.id in self.record.values) and q.applies(known)
        )

    @property
    def current(self) -> Question | None:
        """Return the question to show: the one moved to, else the first open one, else None."""
        by_id = {q.id: q for q in self.applicable}
        if self._at in by_id:
            return by_id[self._at]
        if self._settled:
            return None
        done = self.record.values.keys() | self.record.later
        return next((q for q in self.applicable if q.id not in done), None)

    @property
    def _settled(self) -> bool:
        """Return whether an answer ended the interview, such as "the rules are good enough"."""
        return any(self.record.values.get(q.id) in q.settles for q in self.questions if q.settles)

    @property
    def progress(self) -> Progress:
        """Return how many of the applicable questions are answered."""
        asked = self.applicable
        answered = sum(q.id in self.record.values for q in asked)
        section = self.current.section if self.current else ""
        return Progress(answered, len(asked), section)

    @property
    def brief(self) -> Brief:
        """Return the answers with everything that is assumed."""
        return interpret(self.answers, self.questions)

    @property
    def answers(self) -> Answers:
        """Return what was said, in question order."""
        said = self.record.values
        ordered = {q.id: said[q.id] for q in self.questions if q.id in said}
        sources = {id_: self.record.sources[id_] for id_ in ordered}
        return Answers(ordered, sources, self.record.model, self.record.shape)

    def usual(self, question: Question) -> Value | None:
        """Return what would be assumed for a question under the present answers."""
        return question.usual(self.brief.values)

    # --- answering ------------------------------------------------------------------------

    def answer(
        self, question: Question, said: str | Value, source: Source = Source.GIVEN
    ) -> str:
        """Take an answer, as text or as a value, and go on; return a warning or "".

        Raises ValueError with what is wrong and how to mend it; nothing changes then.
        """
        raw = from_text(question, said) if isinstance(said, str) else said
        value, warning = checked(question, list(raw) if isinstance(raw, tuple) else raw)
        self._change(
            replace(
                self.record,
                values={**self.record.values, question.id: value},
                sources={**self.record.sources, question.id: source},
                later=self.record.later - {question.id},
            )
        )
        return warning

    def unknown(self, question: Question) -> None:
        """Note that the user does not know; the cautious value is assumed and listed."""
        self.answer(question, UNKNOWN)

    def later(self, question: Question) -> None:
        """Put a question off; its default is assumed until it is answered."""
        self._change(replace(self.record, later=self.record.later | {question.id}))

    def load(self, answers: Answers) -> None:
        """Take answers from a file; each counts as answered, with its source."""
        self._change(
            Record(dict(answers.values), dict(answers.sources), frozenset(), answers.model,
                   answers.shape)
        )

    # --- moving ---------------------------------------------------------------------------

    def go_to(self, question: str) -> None:
        """Show a question, answered or not."""
        self._at = question

    def back(self) -> None:
        """Show the question before the present one; never checks and never deletes."""
        asked = [q.id for q in self.applicable]
        here = self.current.id if self.current else None
        place = asked.index(here) if here in asked else len(asked)
        if place > 0:
            self._at = asked[place - 1]

    def forward(self) -> None:
        """Show the question after the present one."""
        asked = [q.id for q in self.applicable]
        here = self.current.id if self.current else None
        if here in asked:
            after = asked[asked.index(here) + 1 :]
            self._at = after[0] if after else None

    def undo(self) -> bool:
        """Return to the answers before the last change; return whether there was one."""
        if not self._undo:
            return False
        self._redo.append(self.record)
        self.record = self._undo.pop()
        return True

    def redo(self) -> bool:
        """Take an undone change up again; return whether there was one."""
        if not self._redo:
            return False
        self._undo.append(self.record)
        self.record = self._redo.pop()
        return True

    def _change(self, record: Record) -> None:
        self._undo = [*self._undo, self.record][-UNDO_STEPS:]
        self._redo = []
        self.record = record
        self._at = None
