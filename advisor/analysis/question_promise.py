"""What a change of answers could touch at most: rules that rest on changed facts, and sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from advisor.domain.answers import Answers, Value
from advisor.domain.rule import Fact
from advisor.planning.brief import Brief, interpret
from advisor.planning.given import given_facts
from advisor.planning.kit import Kit
from advisor.planning.workload import Workload, workload_of

SIZED = 50
"""Rules that a change of the work to be sized counts for: about as many as an answer that several
rules read touches."""

Given = Callable[[Mapping[str, Value]], Answers]
"""Returns the answers with changes in place."""


class Promise:
    """Says of changed answers how many rules could say something else, without running any."""

    def __init__(self, kit: Kit, as_of: str, given: Given, adaptation: str) -> None:
        self._kit = kit
        self._as_of = as_of
        self._given = given
        self._adaptation = adaptation
        self.brief = self._interpreted({})
        self._work = self._workload(self.brief)
        self._groups = {id(group): group for group in given_facts(self.brief, kit, as_of)}

    def of(self, changes: Mapping[str, Value]) -> int:
        """Return how many rules rest on what the changes alter, 0 where nothing reads it."""
        kit, brief = self._kit, self._interpreted(changes)
        groups = {id(group): group for group in given_facts(brief, kit, self._as_of)}
        gone, come = _without(self._groups, groups), _without(groups, self._groups)
        rules = 0
        for fact in gone ^ come:
            rules |= kit.program.resting(fact)
        return rules.bit_count() + SIZED * (self._workload(brief) != self._work)

    def _interpreted(self, changes: Mapping[str, Value]) -> Brief:
        kit, answers = self._kit, self._given(changes)
        return interpret(answers, kit.questions, kit.shapes.get(answers.model))

    def _workload(self, brief: Brief) -> Workload:
        kit = self._kit
        return workload_of(brief, self._adaptation, kit.shapes, kit.number)


Groups = Mapping[int, tuple[Fact, ...]]
"""Facts that are given together, by the identity of their group."""


def _without(one: Groups, other: Groups) -> frozenset[Fact]:
    """Return the facts of groups that are not among the others."""
    return frozenset(fact for id_, group in one.items() if id_ not in other for fact in group)
