"""Answers as the user gave them, before anything is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from advisor.domain.rule import Scalar
from advisor.errors import Problem
from advisor.frozen import dataclass

if TYPE_CHECKING:
    from advisor.domain.model import ModelShape

Value = Scalar | tuple[Scalar, ...]
"""One answer: a scalar, a tuple for multi-choice, pairs and rankings."""

LONGEST_NOTE = 500
"""Characters of a note on an answer."""
UNKNOWN = "unknown"
"""The answer "I do not know": differs from leaving a question out."""


class Source(StrEnum):
    """Where the value of an answer comes from; shown with it everywhere."""

    GIVEN = "given"
    FILE = "file"
    DEFAULT = "default"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answers:
    """Checked answers: canonical values by question id, in question order.

    `sources` is GIVEN or FILE for each of them. `model` is a catalogue id or "", `shape` the
    architecture read from a configuration file where one was named instead. `notes` are what the
    user wrote beside a question, answered or not.
    """

    values: Mapping[str, Value]
    sources: Mapping[str, Source]
    model: str = ""
    shape: ModelShape | None = None
    warnings: tuple[Problem, ...] = field(default=())
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """An answer as a reader sees it: section and text of the question, labels and unit."""

    section: str
    question: str
    shown: str
