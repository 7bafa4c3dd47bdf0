"""What fired, read in several ways; what a firing says is worked out once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from advisor.domain.plan import Reason
from advisor.domain.rule import Firing, RuleSpec
from advisor.planning.verdicts import Verdict, render, verdicts_of

MOST_KEPT = 30_000
"""Firings remembered before all are forgotten: about twenty plans that share nothing."""


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
    """Firings at one point of the line."""

    def __init__(self, firings: tuple[Firing, ...], read: Reader) -> None:
        self.firings = firings
        self.said = tuple(map(read, firings))

    @cached_property
    def verdicts(self) -> Mapping[str, Mapping[str, tuple[Verdict, ...]]]:
        """Return the verdicts by decision and candidate, in the order of the trace."""
        found: dict[str, dict[str, list[Verdict]]] = {}
        for said in self.said:
            for verdict in said.verdicts:
                by = found.setdefault(verdict.decision, {})
                by.setdefault(verdict.candidate, []).append(verdict)
        return {d: {c: _each_once(vs) for c, vs in by.items()} for d, by in found.items()}

    @cached_property
    def _reasons(self) -> dict[str, dict[str, Reason]]:
        found: dict[str, dict[str, Reason]] = {}
        for said in self.said:
            for type_, id_ in said.others:
                found.setdefault(type_, {}).setdefault(id_, said.reason)
        return found

    def reasons(self, type_: str) -> dict[str, Reason]:
        """Return the first reason for each asserted fact of a type, by its id."""
        return self._reasons.get(type_, {})


def _each_once(verdicts: list[Verdict]) -> tuple[Verdict, ...]:
    """Return the verdicts without repetitions: two facts may lead a rule to the same words."""
    if len(verdicts) == 1:
        return (verdicts[0],)
    return tuple({(v.rule, v.kind, v.text): v for v in reversed(verdicts)}.values())[::-1]
