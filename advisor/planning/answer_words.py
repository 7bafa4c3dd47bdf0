"""Answers as a reader sees them: labels of options, numbers with separators and unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from advisor.domain.answers import AnswerWords, Value
from advisor.domain.questions import Question
from advisor.domain.rule import Scalar

_UNITS = {
    "currency/month": "US dollars a month",
    "factor": "times",
    "percent": "%",
    "percent per year": "% a year",
    "billions": "billion parameters",
    "": "",
}
"""What a unit of the questions is called in a sentence; others stand as they are."""
_ONE = {
    "days": "day",
    "hours": "hour",
    "models": "model",
    "people": "person",
    "regions": "region",
    "requests/s": "request/s",
    "systems": "system",
    "trials": "trial",
    "weeks": "week",
    "years": "year",
}


def answer_words(
    questions: Iterable[Question], values: Mapping[str, Value]
) -> dict[str, AnswerWords]:
    """Return section, question and value in words for each answer, in the order of `values`."""
    by_id = {q.id: q for q in questions}
    return {
        id_: AnswerWords(by_id[id_].section, by_id[id_].text, _shown(by_id[id_], value, values))
        for id_, value in values.items()
    }


def _shown(question: Question, value: Value, values: Mapping[str, Value]) -> str:
    unit = question.unit_for(values)
    many = value if isinstance(value, tuple) else (value,)
    shown = (", " if question.options else " and ").join(_scalar(question, v) for v in many)
    named = _UNITS.get(unit, unit)
    return f"{shown} {_ONE.get(unit, named) if value == 1 else named}".strip()


def _scalar(question: Question, value: Scalar) -> str:
    if isinstance(value, str):
        return _label(question, value) or value.replace("_", " ")
    whole = float(value).is_integer()
    text = str(int(value)) if whole else f"{value:.6g}"
    return _label(question, text) or (f"{value:,.0f}" if whole else f"{value:,.4g}")


def _label(question: Question, option: str) -> str:
    return next((known.label for known in question.options if known.id == option), "")
