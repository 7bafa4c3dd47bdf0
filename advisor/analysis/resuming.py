"""Taking a saved interview up: its answers under today's questions, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from advisor.analysis.interview import Interview, Record
from advisor.analysis.migration import DROPPED, KEPT, RENAMED, Migration, Taken
from advisor.analysis.sessions import Saved, read
from advisor.domain.answers import Source
from advisor.domain.model import ModelShape
from advisor.domain.questions import Question
from advisor.frozen import replace


def resume(interview: Interview, session: Saved) -> Migration:
    """Take the answers of a session up; return what became of each, and the result of then.

    What cannot be taken up is kept and saved again with the rest.
    """
    data = read(session.path) or {}
    interview.record = Record(
        later=frozenset(map(str, data.get("later", ()))),
        model=str(data.get("model", "")),
        shape=_shape(data["shape"]) if data.get("shape") else None,
        notes={str(id_): str(text) for id_, text in dict(data.get("notes", {})).items()},
    )
    answers = data.get("answers", {})
    taken = tuple(_taken(interview, answers))
    stale = {one.id: answers[one.id] for one in taken if one.what == DROPPED}
    interview.record = replace(interview.record, stale=stale)
    before = {str(name): str(text) for name, text in dict(data.get("result", {})).items()}
    return Migration(session.name, taken, before)


def _taken(interview: Interview, answers: dict[str, Any]) -> Iterator[Taken]:
    """Take answers up in the order in which they were given; yield what became of each."""
    former = {old: q for q in interview.questions for old in q.formerly}
    for id_, entry in answers.items():
        question = interview.by_id.get(id_, former.get(id_))
        if question is None:
            yield Taken(id_, DROPPED, "no longer asked")
            continue
        try:
            value = _in_todays_words(question, entry["value"])
            interview.answer(question, value, Source(entry["source"]))
        except (KeyError, ValueError, TypeError) as error:
            yield Taken(id_, DROPPED, str(error) or "no answer")
            continue
        renamed = question.id != id_ or value != _tupled(entry["value"])
        now = f"{question.id}: {interview.shown(question, value)}"
        yield Taken(id_, RENAMED, now) if renamed else Taken(id_, KEPT)


def _in_todays_words(question: Question, said: Any) -> Any:
    """Return a saved value with options under the ids that they have today."""
    today = {old: option.id for option in question.options for old in option.formerly}
    value = _tupled(said)
    if isinstance(value, tuple):
        return tuple(today.get(v, v) if isinstance(v, str) else v for v in value)
    return today.get(value, value) if isinstance(value, str) else value


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _shape(data: Any) -> ModelShape | None:
    try:
        return ModelShape(**data)
    except TypeError:
        return None
