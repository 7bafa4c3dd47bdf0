"""The `expect:` section of an answers file, checked against the words of the library.

expect:
  feasible: yes
  month_usd: 1500                            likely cost, at most; or {at_least: 300, at_most: 1500}
  training_host: slurm                       a decision and what is chosen
  training_accelerator: [h100-sxm5-80gb, h200-sxm-141gb]      one of these is chosen
  serving_pattern: {not: [model_api]}
  security: {has: [vault], not: [opa]}       of a decision with several choices: all, none of these
  practices: [checkpointing]                 all of these; or {one_of:, has:, not:}
  findings: {not: [no-spares]}
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from advisor.domain.expectations import Demand, Expectation
from advisor.errors import InputError, Problem
from advisor.frozen import dataclass
from advisor.library import schema, yamlfile
from advisor.library.answers import IDS
from advisor.library.words import remedy
from advisor.library.yamlfile import Document

AMOUNTS = ("month_usd", "lifetime_usd")
SECTION = "expect"


@dataclass(frozen=True, slots=True)
class ExpectedWords:
    """What an expectation may name: candidates by decision, practices and findings."""

    decisions: Mapping[str, Collection[str]]
    practices: Collection[str]
    findings: Collection[str]

    @property
    def subjects(self) -> dict[str, Collection[str]]:
        """Return the words allowed for each subject that is held against words."""
        own = {"practices": self.practices, "findings": self.findings, "feasible": ("yes", "no")}
        return {**own, **self.decisions}


def read_expectations(path: Path, words: ExpectedWords) -> tuple[Expectation, ...]:
    """Return what the file expects of its plan, empty where it has no `expect:`.

    Raises InputError with every problem of the section.
    """
    document = _section(yamlfile.read(path, IDS))
    problems = schema.check(document, SECTION)
    if problems:
        raise InputError(problems)
    found = tuple(_expectations(document))
    problems = [problem for e in found for problem in _unknown(e, words)]
    if problems:
        raise InputError(problems)
    return found


def _section(whole: Document) -> Document:
    data = whole.data.get(SECTION, {}) if isinstance(whole.data, dict) else {}
    try:
        marks = whole.marks[2][SECTION]
    except (KeyError, TypeError):
        marks = whole.marks
    return Document(whole.path, data, marks)


def _expectations(document: Document) -> Iterator[Expectation]:
    for subject, said in document.data.items():
        place = document.place((subject,))
        if subject in AMOUNTS:
            limits = said if isinstance(said, dict) else {Demand.AT_MOST: said}
            for demand, number in limits.items():
                yield Expectation(subject, Demand(demand), (), Decimal(str(number)), place)
            continue
        for demand, words in _demands(subject, said).items():
            yield Expectation(subject, Demand(demand), _listed(words), None, place)


def _demands(subject: str, said: Any) -> dict[str, Any]:
    if isinstance(said, dict):
        return said
    plain = Demand.HAS if subject in ("practices", "findings") else Demand.ONE_OF
    return {plain: said}


def _listed(words: str | list[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def _unknown(expectation: Expectation, words: ExpectedWords) -> Iterator[Problem]:
    """Yield the words of an expectation that the library does not know."""
    subject = expectation.subject
    if subject in AMOUNTS:
        return
    if subject not in words.subjects:
        near = remedy(subject, [*words.subjects, *AMOUNTS])
        yield Problem(expectation.place, "E302", subject, f"no decision '{subject}'; {near}")
        return
    allowed = words.subjects[subject]
    for word in expectation.words:
        if word not in allowed:
            message = f"no '{word}' here; {remedy(word, allowed)}"
            yield Problem(expectation.place, "E301", subject, message)
