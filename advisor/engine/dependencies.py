"""Which rule feeds which: the dependency graph of a rulebook, and the rings in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from advisor.domain.rule import Assertion, Clause, Op, RuleSpec, Var
from advisor.engine.values import holds, is_literal
from advisor.errors import Problem
from advisor.frozen import dataclass


def may_match(assertion: Assertion, clause: Clause) -> bool:
    """Return whether a fact made by the assertion could match the clause, by its literals."""
    if assertion.fact != clause.fact:
        return False
    fields = dict(assertion.fields)
    for test in clause.tests:
        value = fields.get(test.field)
        if value is None:
            return False
        if not isinstance(value, Var) and is_literal(test) and not holds(test, value, test.operand):
            return False
    return True


@dataclass(frozen=True, slots=True)
class Graph:
    """Rules by id, and for each clause of each rule the ids of the rules that feed it."""

    rules: Mapping[str, RuleSpec]
    feeders: Mapping[str, tuple[tuple[Clause, tuple[str, ...]], ...]]

    @classmethod
    def of(cls, rules: Sequence[RuleSpec]) -> Graph:
        """Return the graph of a rulebook."""
        makers = _Makers(rules)
        feeders = {
            rule.id: tuple((c, makers.of(c)) for c in (*rule.when, *rule.none)) for rule in rules
        }
        return cls({rule.id: rule for rule in rules}, feeders)

    def needs(self, rule: str) -> set[str]:
        """Return the rules that must be done before this one."""
        return {feeder for _, feeders in self.feeders[rule] for feeder in feeders}

    def cycles(self) -> list[Problem]:
        """Return one problem for each ring of rules that feed one another."""
        left = self._without_ends({rule: self.needs(rule) for rule in self.rules})
        problems = []
        while left:
            ring = _ring(left)
            problems.append(self._cycle_problem(ring))
            left = self._without_ends({r: n for r, n in left.items() if r not in ring})
        return problems

    @staticmethod
    def _without_ends(needs: dict[str, set[str]]) -> dict[str, set[str]]:
        """Return the graph without rules that lie on no ring."""
        while True:
            feeding = {f for feeders in needs.values() for f in feeders}
            kept = {r: n & needs.keys() for r, n in needs.items() if n and r in feeding}
            if kept == needs:
                return kept
            needs = kept

    def _cycle_problem(self, ring: list[str]) -> Problem:
        first, feeder = ring[0], ring[1 % len(ring)]
        rule = self.rules[first]
        clause = next(c for c, feeders in self.feeders[first] if feeder in feeders)
        how = "a `none` over a fact" if clause in rule.none else "a fact"
        text = (
            f"needs {how} that comes from itself: {' <- '.join([*ring, first])}; "
            "let one of these rules assert or read another id"
        )
        return Problem(clause.place, first, clause.fact, text)


class _Makers:
    """Assertions by fact type and literal id, so that a clause looks only at its likely makers."""

    def __init__(self, rules: Sequence[RuleSpec]) -> None:
        self._by_key: dict[tuple[str, object], list[tuple[Assertion, str]]] = defaultdict(list)
        self._by_type: dict[str, list[tuple[Assertion, str]]] = defaultdict(list)
        for rule in rules:
            for assertion in rule.then:
                entry = (assertion, rule.id)
                key = dict(assertion.fields).get("id")
                self._by_type[assertion.fact].append(entry)
                self._by_key[assertion.fact, None if isinstance(key, Var) else key].append(entry)

    def of(self, clause: Clause) -> tuple[str, ...]:
        """Return the ids of the rules that may make a fact for the clause, sorted."""
        wanted = next((t.operand for t in clause.tests if t.field == "id" and t.op is Op.EQ), None)
        if wanted is None or isinstance(wanted, Var):
            likely = self._by_type.get(clause.fact, [])
        else:
            keys = ((clause.fact, wanted), (clause.fact, None))
            likely = [entry for key in keys for entry in self._by_key.get(key, ())]
        return tuple(sorted({rule for assertion, rule in likely if may_match(assertion, clause)}))


def _ring(needs: Mapping[str, set[str]]) -> list[str]:
    """Return one ring of a graph in which every rule needs another that is in it."""
    path = [min(needs)]
    while True:
        step = min(needs[path[-1]])
        if step in path:
            ring = path[path.index(step) :]
            least = ring.index(min(ring))
            return ring[least:] + ring[:least]
        path.append(step)
