"""The interview: which question comes next, and what was answered so far.

Screens and prompts show it; they hold no answers of their own. Going back never deletes: answers
of a branch that no longer applies are kept and left out until the branch returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING

from advisor.analysis.number_text import plain_number
from advisor.domain.answers import LONGEST_NOTE, UNKNOWN, Answers, Source, Value
from advisor.domain.questions import DEPTHS, Question
from advisor.frozen import dataclass, replace
from advisor.library.answer_values import checked, from_text
from advisor.planning.answer_words import answer_words
from advisor.planning.brief import Brief, interpret

if TYPE_CHECKING:
    from advisor.domain.model import ModelShape

UNDO_STEPS = 200
NO_CHANGES: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Record:
    """What the user said: values and sources by question, and which questions were put off.

    `notes` are what was written beside questions. `stale` holds saved answers that the present
    library does not take; they are kept on disk.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    later: frozenset[str] = frozenset()
    model: str = ""
    shape: ModelShape | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    stale: Mapping[str, object] = field(default_factory=dict)

    def changed(self, changes: Mapping[str, Value]) -> Record:
        """Return the record with other answers given."""
        return replace(
            self,
            values={**self.values, **changes},
            sources={**self.sources, **dict.fromkeys(changes, Source.GIVEN)},
            later=self.later - changes.keys(),
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the interview has come, over the questions that apply now."""

    answered: int
    total: int
    section: str

    def __str__(self) -> str:
        return f"{self.answered} of about {self.total}"


@dataclass(frozen=True, slots=True)
class _Step:
    """A point that undo returns to: what was said, and the question that was shown."""

    record: Record
    at: str | None


@dataclass(frozen=True, slots=True)
class _View:
    """What follows from a record: the answers in force, the brief, the questions that apply."""

    record: Record
    answers: Answers
    brief: Brief
    applying: tuple[Question, ...]


class Interview:
    """One interview in progress; `depth` limits it to quick, standard or all questions."""

    def __init__(
        self,
        questions: Iterable[Question],
        depth: str = DEPTHS[-1],
        shapes: Mapping[str, ModelShape] | None = None,
    ) -> None:
        self.questions = tuple(questions)
        self.by_id = {question.id: question for question in self.questions}
        self.depth = depth
        self.shapes = shapes or {}
        self.record = Record()
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []
        self._at: str | None = None
        self._path: list[str] = []
        self._last_view: _View | None = None

    # --- asking ---------------------------------------------------------------------------

    @property
    def applicable(self) -> tuple[Question, ...]:
        """Return the questions of the chosen depth, and those answered, that apply now."""
        depths = DEPTHS[: DEPTHS.index(self.depth) + 1]
        said = self.record.values
        return tuple(q for q in self._view.applying if q.depth in depths or q.id in said)

    @property
    def current(self) -> Question | None:
        """Return the question to show: the one moved to, else the first open one, else None."""
        by_id = {q.id: q for q in self.applicable}
        if self._at in by_id:
            return by_id[self._at]
        if self.settled:
            return None
        done = self.record.values.keys() | self.record.later
        return next((q for id_, q in by_id.items() if id_ not in done), None)

    @property
    def moving_on(self) -> bool:
        """Return whether the next question is still to be chosen."""
        return self.current is not None and self._at not in {q.id for q in self.applicable}

    @property
    def settled(self) -> bool:
        """Return whether an answer ended the interview, such as "the rules are good enough"."""
        said = self.answers.values
        return any(said.get(q.id) in q.settles for q in self.questions if q.settles)

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
        return self._view.brief

    @property
    def answers(self) -> Answers:
        """Return what was said, in question order, without branches that no longer apply.

        What a file says stands also where it would not have been asked, as for `recommend`.
        """
        return self._view.answers

    @property
    def basis(self) -> Record:
        """Return the record before the last answer was given: the next question rests on it.

        What was answered last is known to the next question through whether it applies.
        """
        said = self.record.values
        return replace(self.record, values={id_: said[id_] for id_ in list(said)[:-1]})

    def answers_of(self, record: Record, changes: Mapping[str, Value] = NO_CHANGES) -> Answers:
        """Return the answers in force under a record with other answers in place."""
        return self._viewed(record.changed(changes)).answers

    @property
    def _view(self) -> _View:
        if self._last_view is None or self._last_view.record is not self.record:
            self._last_view = self._viewed(self.record)
        return self._last_view

    def _viewed(self, record: Record) -> _View:
        kept = {q.id: record.values[q.id] for q in self.questions if q.id in record.values}
        while True:
            answers = Answers(
                kept, {id_: record.sources[id_] for id_ in kept}, record.model, record.shape
            )
            brief = interpret(answers, self.questions, self.shapes.get(record.model))
            applying = tuple(q for q in self.questions if q.applies(brief.values))
            ids = {q.id for q in applying}
            hidden = [id_ for id_ in kept if id_ not in ids and record.sources[id_] is Source.GIVEN]
            if not hidden:
                notes = {id_: text for id_, text in record.notes.items() if id_ in ids}
                return _View(record, replace(answers, notes=notes), brief, applying)
            del kept[hidden[0]]

    def usual(self, question: Question) -> Value | None:
        """Return what is assumed for a question while it is not answered."""
        if question.id == "model_params_b" and question.id not in self.record.values:
            return self.brief.values.get(question.id)
        return question.usual(self.brief.values)

    def cautious(self, question: Question) -> Value | None:
        """Return what is assumed for the answer "I do not know"."""
        return question.cautious(self.brief.values)

    def shown(self, question: Question, value: Value) -> str:
        """Return a value in words: labels of options, a number with its unit."""
        if value == UNKNOWN:
            return "don't know"
        values = {**self.brief.values, question.id: value}
        return answer_words(self.questions, values)[question.id].shown

    # --- answering ------------------------------------------------------------------------

    def read(self, question: Question, said: str | Value) -> tuple[Value, str]:
        """Return what a text or value means as an answer, and a warning or "".

        Raises ValueError with what is wrong and how to mend it.
        """
        if said == UNKNOWN:
            return UNKNOWN, ""
        raw: object = said
        if isinstance(said, str):
            if question.type in ("number", "pair"):
                said = plain_number(question, said, question.unit_for(self.brief.values))
            raw = from_text(question, said)
        return checked(question, list(raw) if isinstance(raw, tuple) else raw)

    def answer(self, question: Question, said: str | Value, source: Source = Source.GIVEN) -> str:
        """Take an answer and go on; return a warning, or what it did to the questions, or "".

        Raises ValueError with what is wrong and how to mend it; nothing changes then.
        """
        value, warning = self.read(question, said)
        before = {q.id for q in self.applicable}
        record = self.record.changed({question.id: value})
        sources = {**record.sources, question.id: source}
        self._change(replace(record, sources=sources), question.id)
        return warning or _branching(before, {q.id for q in self.applicable})

    def unknown(self, question: Question) -> str:
        """Note that the user does not know; the cautious value is assumed and listed."""
        return self.answer(question, UNKNOWN)

    def later(self, question: Question) -> None:
        """Put a question off; its default is assumed until it is answered."""
        later = self.record.later | {question.id}
        self._change(replace(self.record, later=later), question.id)

    def note(self, question: Question, text: str) -> None:
        """Write a note beside a question, or take it away; the question stays on the screen."""
        notes = {id_: said for id_, said in self.record.notes.items() if id_ != question.id}
        if bare := " ".join(text.split())[:LONGEST_NOTE]:
            notes[question.id] = bare
        self._change(replace(self.record, notes=notes), question.id)
        self._at = question.id

    def load(self, answers: Answers) -> None:
        """Take answers from a file in addition; each counts as answered, with its source."""
        self._change(
            replace(
                self.record,
                values={**self.record.values, **answers.values},
                sources={**self.record.sources, **answers.sources},
                notes={**self.record.notes, **answers.notes},
                model=answers.model or self.record.model,
                shape=answers.shape or self.record.shape,
            ),
            self._at,
        )

    def apply(self, changes: Mapping[str, Value]) -> None:
        """Give several answers in one step; one undo takes them back."""
        if changes:
            self._change(self.record.changed(changes), self.current.id if self.current else None)

    def load_shape(self, shape: ModelShape) -> None:
        """Take the architecture of a model from its configuration file."""
        self._change(replace(self.record, model="", shape=shape), self._at)

    # --- moving ---------------------------------------------------------------------------

    def go_to(self, question: str) -> None:
        """Show a question, answered or not; deeper questions open with it."""
        asked = self.by_id[question]
        if DEPTHS.index(asked.depth) > DEPTHS.index(self.depth):
            self.depth = asked.depth
        self._at = question

    def deepen(self) -> int:
        """Ask the expert questions too; return how many that adds."""
        before = len(self.applicable)
        self.depth = DEPTHS[-1]
        return len(self.applicable) - before

    def back(self) -> None:
        """Show the question asked before the present one; never checks and never deletes."""
        here = self.current
        asked = [q.id for q in self.applicable]
        path = [id_ for id_ in self._path if id_ in asked]
        if here is not None and here.id in path:
            path = path[: path.index(here.id)]
        if path:
            self._at = path[-1]
        elif here is not None and asked.index(here.id) > 0 and here.id not in self._path:
            self._at = asked[asked.index(here.id) - 1]

    def forward(self) -> None:
        """Show the question asked after the present one; past the last, the next one open."""
        here = self.current
        if here is None:
            return
        asked = [q.id for q in self.applicable]
        path = [id_ for id_ in self._path if id_ in asked]
        if here.id in path:
            self._at = next(iter(path[path.index(here.id) + 1 :]), None)
        else:
            self._at = next(iter(asked[asked.index(here.id) + 1 :]), None)

    @property
    def can_undo(self) -> bool:
        """Return whether there is a change to undo."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Return whether there is a change to take up again."""
        return bool(self._redo)

    def undo(self) -> bool:
        """Return to the answers before the last change; return whether there was one."""
        return self._step(self._undo, self._redo)

    def redo(self) -> bool:
        """Take an undone change up again; return whether there was one."""
        done = self._step(self._redo, self._undo)
        self._at = None if done else self._at
        return done

    def _step(self, of: list[_Step], to: list[_Step]) -> bool:
        if not of:
            return False
        to.append(_Step(self.record, of[-1].at))
        step = of.pop()
        self.record, self._at = step.record, step.at
        return True

    def _change(self, record: Record, at: str | None) -> None:
        self._undo = [*self._undo, _Step(self.record, at)][-UNDO_STEPS:]
        self._redo = []
        self.record = record
        self._at = None
        if at is not None and at not in self._path:
            self._path.append(at)


def _branching(before: set[str], after: set[str]) -> str:
    """Return how the number of questions changed, so that progress never jumps in silence."""
    added, dropped = len(after - before), len(before - after)
    parts = [f"adds {_questions(added)}"] if added else []
    parts += [f"drops {_questions(dropped)}"] if dropped else []
    return f"that answer {' and '.join(parts)}" if parts else ""


def _questions(count: int) -> str:
    return f"{count} question" + ("s" if count > 1 else "")
