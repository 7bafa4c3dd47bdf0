"""What an export is made of: targets, files, and the variables that a person must set."""

from __future__ import annotations

from collections.abc import Callable

from advisor.domain.plan import Plan
from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """Something that the plan cannot know; `default` is empty where a person must set it."""

    name: str
    meaning: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """One file of the export; `path` is relative, with forward slashes."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Artefact:
    """The files of one target, what to set in them and how to run them.

    `commands` are what a person types; `notes` what must be known before.
    """

    files: tuple[File, ...]
    commands: tuple[str, ...]
    variables: tuple[Variable, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of artefact.

    `refusal` says why the plan has no place for it, "" where it has one; `reservation` says why
    it is made only where it is asked for by name, "" where `all` makes it, too.
    """

    id: str
    name: str
    refusal: Callable[[Plan], str]
    make: Callable[[Plan], Artefact]
    reservation: Callable[[Plan], str] = lambda _plan: ""
