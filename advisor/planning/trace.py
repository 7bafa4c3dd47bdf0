"""What fired, read in several ways; what a firing says is worked out once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from advisor.domain.plan import Reason
from advisor.domain.rule import Firing, RuleSpec
from advisor.planning.verdicts import Verdict, render, verdicts_of

MOST_KEPT = 5_000
"""Firings remembered before all are forgotten: about four plans that share nothing."""


@dataclass(frozen=True, slots=True)
class Said:
    """A firing in words: its reason, its verdicts, and (type, id) of the other facts it added."""

    firing: Firing
    reason: Reason
    verdicts: tuple[Verdict, ...]
    others: tuple[tuple[str, str], ...]


class Reader:
    """Reads firings; each is kept under its identity, which it holds as long as it is kept."""

    def __init__(self, rules: Mapping[str, RuleSpec], names: Mapping[str, str]) -> None:
        self._rules = rules
        self._names = names
        self._kept: dict[int, Said] = {}

    def __call__(self, firing: Firing) -> Said:
        """Return what a firing says."""
        found = self._kept.get(id(firing))
        if found is None:
            found = self._kept[id(firing)] = self._read(firing)
        return found

    def _read(self, firing: Firing) -> Said:
        rules, names = self._rules, self._names
        text = render(rules[firing.rule].because, firing.bindings, names)
        others = tuple((f.type, str(f.get("id"))) for f in firing.added if f.type != "verdict")
        verdicts = verdicts_of([firing], rules, names)
        return Said(firing, Reason(text, rule=firing.rule), verdicts, others)

    @property
    def full(self) -> bool:
        """Return whether it is time to forget."""
        return len(self._kept) > MOST_KEPT


class Trace:
    """What fired so far in one plan; later levels add to it and never change what was there.

    `verdicts` holds them by decision and candidate, in the order of the firings, each once: two
    facts may lead a rule to the same words.
    """

    def __init__(self, read: Reader) -> None:
        self.firings: tuple[Firing, ...] = ()
        self.verdicts: dict[str, dict[str, tuple[Verdict, ...]]] = {}
        self._read = read
        self._reasons: dict[str, dict[str, Reason]] = {}

    def follow(self, firings: tuple[Firing, ...]) -> None:
        """Take in what fired since; `firings` begins with what was known."""
        for firing in firings[len(self.firings) :]:
            said = self._read(firing)
            for verdict in said.verdicts:
                self._add(verdict)
            for type_, id_ in said.others:
                self._reasons.setdefault(type_, {}).setdefault(id_, said.reason)
        self.firings = firings

    def _add(self, verdict: Verdict) -> None:
        by = self.verdicts.setdefault(verdict.decision, {})
        known = by.get(verdict.candidate)
        if known is None:
            by[verdict.candidate] = (verdict,)
        elif not any(verdict.says(v) for v in known):
            by[verdict.candidate] = (*known, verdict)

    def reasons(self, type_: str) -> dict[str, Reason]:
        """Return the first reason for each asserted fact of a type, by its id."""
        return self._reasons.get(type_, {})
