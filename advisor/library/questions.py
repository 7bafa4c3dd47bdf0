"""Questions: knowledge files -> records in asking order, with their conditions checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from advisor.domain.hardware import Accelerator
from advisor.domain.questions import Option, Question
from advisor.errors import LibraryError, Problem
from advisor.frozen import dataclass, replace
from advisor.library.question_rows import question
from advisor.library.records import Row, by_id, rows
from advisor.library.words import remedy
from advisor.library.yamlfile import Document, Pointer, dotted

KEY = "questions"
OWNED = "owned_accelerator"
"""The question whose options are accelerators."""


def parse(documents: Iterable[Document]) -> tuple[Question, ...]:
    """Return the questions in asking order; the documents have passed their schema.

    Raises LibraryError where an id stands twice, a condition names an unknown or a later
    question, or a value is no option of its question.
    """
    found = tuple(documents)
    questions = by_id(found, KEY, question)
    problems = [
        problem
        for document, index, row in rows(found, KEY)
        for problem in _Entry(document, (KEY, index), row, questions).problems()
    ]
    if problems:
        raise LibraryError(problems)
    return tuple(sorted(questions.values(), key=lambda q: (q.order, q.id)))


def with_own_devices(
    found: Iterable[Question], devices: Iterable[Accelerator]
) -> tuple[Question, ...]:
    """Return the questions; what is owned may also be a device that a pack brings."""
    own = tuple(Option(device.id, device.name) for device in devices)
    return tuple(replace(q, options=own + q.options) if q.id == OWNED else q for q in found)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One question where it stands, with the whole list to check it against."""

    document: Document
    at: Pointer
    row: Row
    questions: Mapping[str, Question]

    def problems(self) -> Iterator[Problem]:
        """Yield every reference that does not hold."""
        own = self.questions[self.row["id"]]
        yield from self.conditions(("ask_when",), self.row.get("ask_when", ()))
        yield from self.values(("default",), self.row.get("default"), own)
        for path in (("derive",), ("unknown", "derive"), ("units",)):
            for index, entry in enumerate(_dig(self.row, path)):
                yield from self.conditions((*path, index, "when"), entry["when"])
                if path != ("units",):
                    yield from self.values((*path, index, "value"), entry["value"], own)
        yield from self.values(("unknown", "value"), self.row["unknown"].get("value"), own)
        yield from self.values(("settles",), self.row.get("settles"), own)
        if own.options:
            yield from self.values(("prior",), list(own.prior), own)
        yield from self.values(("milder",), self.row.get("milder"), own)

    def conditions(self, path: Pointer, entries: Iterable[Row]) -> Iterator[Problem]:
        """Yield tests of unknown or later questions, and operands that are no option."""
        for index, entry in enumerate(entries):
            for name, said in entry.items():
                here = (*path, index, name)
                asked = self.questions.get(name)
                if asked is None:
                    yield self.problem(
                        here, "E221", f"no question '{name}'; {remedy(name, self.questions)}"
                    )
                elif asked.order >= self.row["order"]:
                    yield self.problem(
                        here,
                        "E222",
                        f"'{name}' is asked later (order "
                        f"{asked.order}); refer to earlier questions only",
                    )
                else:
                    operands = list(said.values()) if isinstance(said, dict) else [said]
                    for operand in operands:
                        yield from self.values(here, operand, asked)

    def values(self, path: Pointer, value: Any, asked: Question) -> Iterator[Problem]:
        """Yield values that `asked` does not offer."""
        offered = [option.id for option in asked.options]
        for one in value if isinstance(value, list) else [value]:
            if offered and one is not None and one not in offered:
                yield self.problem(
                    path, "E223", f"'{one}' is no option of {asked.id}; {remedy(str(one), offered)}"
                )

    def problem(self, path: Pointer, id_: str, message: str) -> Problem:
        """Return the problem at a place inside this question."""
        pointer = (*self.at, *path)
        return Problem(self.document.place(pointer), id_, dotted(pointer), message)


def _dig(row: Any, path: tuple[str, ...]) -> list[Row]:
    for step in path:
        row = row.get(step, {})
    return list(row)
