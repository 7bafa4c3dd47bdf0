"""Errors a user can meet.

AdvisorError
├── InputError      answers, options or files given by the user are wrong      exit 2
└── LibraryError    rules, knowledge or an extra that we need is broken        exit 3

Each carries every `Problem` found, not only the first.
"""

from __future__ import annotations

from collections.abc import Sequence

from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands; line and column count from 1, 0 means "no position"."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: `file:line:col: ID: path: what is wrong; what to do`."""

    place: Place
    id: str
    path: str
    message: str

    def __str__(self) -> str:
        path = f"{self.path}: " if self.path else ""
        return f"{self.place}: {self.id}: {path}{self.message}"


class AdvisorError(Exception):
    """Base of everything that is reported to the user without a traceback."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem] | str) -> None:
        self.problems: tuple[Problem, ...] = (
            () if isinstance(problems, str) else tuple(sorted(set(problems)))
        )
        text = problems if isinstance(problems, str) else "\n".join(map(str, self.problems))
        super().__init__(text)


class InputError(AdvisorError):
    """The user's input cannot be used as it is."""

    exit_code = 2


class LibraryError(AdvisorError):
    """The rulebook, the knowledge or an optional package is broken or missing."""

    exit_code = 3
