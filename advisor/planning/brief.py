"""The brief: every answer that applies, with what was assumed for those that nobody gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING

from advisor.domain.answers import UNKNOWN, Answers, Source, Value
from advisor.domain.questions import Question
from advisor.domain.rule import Fact, Scalar
from advisor.frozen import dataclass

if TYPE_CHECKING:
    from advisor.domain.model import ModelShape


@dataclass(frozen=True, slots=True)
class Brief:
    """Effective answers by question id, in question order; a question that does not apply and
    was not answered is absent. `model` is a catalogue id or ""; `shape` its architecture."""

    values: Mapping[str, Value]
    sources: Mapping[str, Source]
    model: str = ""
    shape: ModelShape | None = None
    notes: Mapping[str, str] = field(default_factory=dict)

    def many(self, question: str) -> tuple[Scalar, ...]:
        """Return the chosen options, empty where the question does not apply."""
        value = self.values.get(question, ())
        return value if isinstance(value, tuple) else (value,)

    def one(self, question: str) -> Scalar | None:
        """Return the answer, None where the question does not apply."""
        chosen = self.many(question)
        return chosen[0] if chosen else None

    def has(self, question: str, *options: Scalar) -> bool:
        """Return whether one of `options` is chosen."""
        return any(option in self.many(question) for option in options)

    def number(self, question: str, otherwise: float = 0.0) -> float:
        """Return a numeric answer, `otherwise` where the question does not apply."""
        value = self.one(question)
        return float(value) if isinstance(value, int | float) else otherwise

    def stated(self, question: str) -> bool:
        """Return whether somebody answered the question."""
        return self.sources.get(question) in (Source.GIVEN, Source.FILE)

    def facts(self) -> tuple[tuple[Fact, ...], ...]:
        """Return for each question an `answer` fact for each chosen option, and `assumed`."""
        return tuple([_facts(q, v, self.sources[q].value) for q, v in self.values.items()])


@lru_cache(maxsize=1024, typed=True)  # 1 and 1.0 are equal and read differently
def _facts(question: str, value: Value, source: str) -> tuple[Fact, ...]:
    many = value if isinstance(value, tuple) else (value,)
    given = [Fact.of("answer", question=question, value=v) for v in many]
    if source in (Source.DEFAULT.value, Source.UNKNOWN.value):
        given.append(Fact.of("assumed", question=question, why=source))
    return tuple(given)


READ = "train_volume"
GB_EACH = {"tokens": 1 / 2.5e8, "images": 1 / 7000, "hours": 1 / 8.7, "rows": 1 / 5e6}
"""Gigabytes of one unit of training data, as `per_gb` of the policy turns them back."""
ASSUMED = (Source.DEFAULT, Source.UNKNOWN)


def interpret(
    answers: Answers, questions: Iterable[Question], shape: ModelShape | None = None
) -> Brief:
    """Return the brief of checked answers: questions in order, each given, assumed or absent.

    A stated model answers the question of its size, and the data of one run say at least how
    much there are in all. What is given for a question that would not have been asked is kept.
    """
    questions = tuple(questions)
    read = _gigabytes_read(answers, questions)
    values: dict[str, Value] = {}
    sources: dict[str, Source] = {}
    notes: dict[str, str] = {}
    known = answers.shape or shape
    for question in questions:
        value, source = _settle(question, answers, values, known)
        if question.id == "data_volume_gb" and read and source in ASSUMED:
            value = read
        if value is None:
            continue
        values[question.id], sources[question.id] = value, source
        if source is Source.UNKNOWN:
            notes[question.id] = question.unknown.note
    return Brief(values, sources, answers.model, known, notes)


def _gigabytes_read(answers: Answers, questions: Iterable[Question]) -> float:
    """Return the gigabytes that a run was said to read, 0 where nobody said it."""
    stated = answers.values.get(READ)
    if not isinstance(stated, int | float):
        return 0.0
    given = {id_: value for id_, value in answers.values.items() if value != UNKNOWN}
    units = (q.unit_for(given) for q in questions if q.id == READ)
    return float(f"{stated * GB_EACH.get(next(units, ''), 0.0):.3g}")


def _settle(
    question: Question,
    answers: Answers,
    before: Mapping[str, Value],
    shape: ModelShape | None,
) -> tuple[Value | None, Source]:
    given = answers.values.get(question.id)
    if given == UNKNOWN:
        return question.cautious(before), Source.UNKNOWN
    if given is not None:
        return given, answers.sources.get(question.id, Source.GIVEN)
    if question.id == "model_params_b" and shape is not None:
        return shape.params / 1e9, Source.FILE
    if question.applies(before):
        return question.usual(before), Source.DEFAULT
    return None, Source.DEFAULT
