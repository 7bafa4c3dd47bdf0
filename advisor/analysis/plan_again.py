"""A plan made again: from the answers that a plan file holds, with the library of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from advisor.advise import advise
from advisor.domain.answers import UNKNOWN, Answers, Source, Value
from advisor.domain.plan import Plan
from advisor.frozen import dataclass, replace
from advisor.library.answers import restored
from advisor.planning.answer_words import answer_words
from advisor.planning.kit import Kit
from advisor.planning.line import Line

MOST_PATHS = 12
"""Places at which two texts of a plan differ that are named."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A plan from a file, with the answers that it was made from as far as they still exist."""

    plan: Plan
    answers: Answers
    gone: tuple[str, ...]


def kept(plan: Plan, name: str, kit: Kit) -> Kept:
    """Return a plan read from a file called `name`, its answers in the words of the library.

    Raises InputError for an answer that its question does not take any more.
    """
    known = {question.id for question in kit.questions}
    given = {
        id_: UNKNOWN if source is Source.UNKNOWN else _plain(value)
        for id_, (value, source) in plan.answers.items()
        if source is not Source.DEFAULT and id_ in known
    }
    answers = restored(given, name, kit.questions)
    sources = {id_: _source(plan.answers[id_][1]) for id_ in answers.values}
    answers = replace(answers, sources=sources, model=plan.model, shape=plan.shape, warnings=())
    answers = replace(answers, notes=plan.notes)
    shown = {id_: value for id_, (value, _) in plan.answers.items() if id_ in known}
    worded = replace(plan, answer_words=answer_words(kit.questions, shown))
    return Kept(worded, answers, tuple(id_ for id_ in plan.answers if id_ not in known))


def again(found: Kept, line: Line, as_of: str) -> Plan:
    """Return what the line plans today for the answers of the file, on a day."""
    return advise(found.answers, line, as_of)


def differing_paths(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Yield the places at which two JSON values differ, with both values where they are short."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            inner = f"{path}.{key}" if path else str(key)
            yield from differing_paths(before.get(key), after.get(key), inner)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, two) in enumerate(zip(before, after, strict=True)):
            yield from differing_paths(one, two, f"{path}[{number}]")
    elif before != after:
        yield f"{path}: {_short(before)} -> {_short(after)}"


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} entries"
    if isinstance(value, Mapping):
        return f"{len(value)} fields"
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _plain(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _source(source: Source) -> Source:
    return source if source is Source.FILE else Source.GIVEN
