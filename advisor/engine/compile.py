"""From rules as data to rules that can fire, once per rulebook; sessions share the result."""

from __future__ import annotations

import inspect
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any

from advisor.domain.rule import Assertion, Fact, Firing, RuleSpec, Scalar, Var
from advisor.engine import _experta as experta
from advisor.engine.alpha import PatternIndex
from advisor.engine.conditions import variable
from advisor.engine.joins import Joins, Row
from advisor.engine.stratify import Order, Stages, levels_and_strata
from advisor.engine.values import check_values
from advisor.engine.working import TypedFact, WorkingFact
from advisor.frozen import dataclass

NONE = -1
"""Stands for any `none` clause where clauses are numbered."""


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule ready to fire.

    `rank` is its place in the order of firing, over all levels; `names` are its variables,
    sorted; `used` names its clauses in the context of a firing; `shell` is experta's rule.
    """

    spec: RuleSpec
    index: int
    level: int
    rank: int
    joins: Joins
    names: tuple[str, ...]
    used: tuple[str, ...]
    then: tuple[Assertion, ...]
    shell: Any

    def context(self, row: Row) -> dict[str, Any]:
        """Return what experta passes to a rule: facts by clause, values by variable."""
        context: dict[str, Any] = dict(zip(self.used, row, strict=True))
        for name, (clause, field) in self.joins.home.items():
            context[variable(name)] = row[clause][field]
        return context

    def row(self, context: Mapping[str, Any]) -> Row:
        """Return the facts of a context in the order of the clauses."""
        return tuple([context[key] for key in self.used])

    def firing(self, context: Mapping[str, Any]) -> Firing:
        """Return what a firing in this context says."""
        bound = {name: context[variable(name)] for name in self.names}
        return Firing(
            self.spec.id,
            tuple(bound.items()),
            tuple([fact.statement for fact in self.row(context)]),
            tuple([_assert(assertion, bound) for assertion in self.then]),
        )


def _assert(assertion: Assertion, bound: Mapping[str, Scalar]) -> Fact:
    fields = [
        (name, bound[value.name] if isinstance(value, Var) else value)
        for name, value in assertion.fields
    ]
    return Fact(assertion.fact, tuple(fields))


def _in_order(assertion: Assertion) -> Assertion:
    """Return the assertion with its fields in the order that facts have."""
    return Assertion(assertion.fact, tuple(sorted(assertion.fields, key=itemgetter(0))))


def salience(rank: int) -> int:
    """Return experta's salience for a rank; there is room for a helper rule before each."""
    return -2 * rank


_TAKES_CONTEXT = inspect.signature(lambda engine, **context: None)  # noqa: ARG005  (a shape)
"""What experta asks every rule's function for; told beforehand, it looks into none of them."""


def shell(id_: str, index: int, priority: int, conditions: Iterable[Any] = ()) -> Any:
    """Return experta's rule; a function of its own keeps rules with equal conditions apart.

    Only experta's own matcher reads the conditions.
    """

    def fire(engine: Any, **context: Any) -> None:
        engine.conclude(engine.program.rules[index], context)

    fire.__name__ = id_
    setattr(fire, "__signature__", _TAKES_CONTEXT)  # noqa: B010  (typed attribute)
    return experta.Rule(*conditions, salience=priority)(fire)


@dataclass(frozen=True, slots=True)
class Groundwork:
    """What is worked out of a rulebook and its base before any session, as values that can be
    kept: the order of firing, and the facts of the base with the patterns that each fits."""

    order: Order
    base: Mapping[Fact, tuple[int, ...]]

    @classmethod
    def of(cls, program: Program) -> Groundwork:
        """Return what a program has worked out."""
        return cls(program.order, {fact: found.patterns for fact, found in program.base.items()})


class Program:
    """A rulebook ready to run.

    `base` are facts that many sessions will give, such as the catalogue: their patterns are
    found once. Raises LibraryError for rules that have no order of firing, TypeError for a value
    that is not text or a number. `known` is the groundwork of the same rules, stages and base.
    """

    def __init__(
        self,
        rules: Sequence[RuleSpec],
        stages: Stages,
        base: Iterable[Fact] = (),
        known: Groundwork | None = None,
    ) -> None:
        self._types: dict[str, type[TypedFact]] = {}
        self.order: Order = known.order if known else levels_and_strata(rules, stages)
        self.patterns = PatternIndex()
        ranks = {rank: i for i, rank in enumerate(sorted({self.order.rank(r.id) for r in rules}))}
        self.rules = tuple(
            self._compiled(index, rule, ranks)
            for index, rule in enumerate(sorted(rules, key=lambda rule: rule.id))
        )
        self._specs = {rule.id: rule for rule in rules}
        self._levels = sorted(level for level, _ in ranks)
        self.readers = self._readers()
        fitting = known.base if known else {fact: self._fitting(fact) for fact in base}
        self.base: dict[Fact, WorkingFact] = {
            fact: WorkingFact.fitting(fact, number, patterns)
            for number, (fact, patterns) in enumerate(fitting.items())
        }

    def _compiled(
        self, index: int, rule: RuleSpec, ranks: Mapping[tuple[int, int], int]
    ) -> CompiledRule:
        joins = Joins(rule, self.patterns)
        rank = ranks[self.order.rank(rule.id)]
        return CompiledRule(
            rule,
            index,
            self.order.levels[rule.id],
            rank,
            joins,
            tuple(sorted(joins.home)),
            tuple(f"c{i}" for i in range(len(rule.when))),
            tuple(_in_order(assertion) for assertion in rule.then),
            shell(rule.id, index, salience(rank)),
        )

    def rule(self, id_: str) -> RuleSpec:
        """Return the rule of an id."""
        return self._specs[id_]

    def last_rank(self, level: int) -> int:
        """Return the rank of the last rules that may fire at a level, -1 if none may."""
        return bisect_right(self._levels, level) - 1

    def _readers(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Return for each pattern the (rule index, clause) that read it; -1 is any `none`."""
        readers: list[list[tuple[int, int]]] = [[] for _ in range(len(self.patterns))]
        for rule in self.rules:
            for number, clause in enumerate(rule.joins.when):
                readers[clause.pattern].append((rule.index, number))
            for pattern in {clause.pattern for clause in rule.joins.none}:
                readers[pattern].append((rule.index, NONE))
        return tuple(tuple(entries) for entries in readers)

    def resting(self, fact: Fact) -> int:
        """Return, as bits, the rules that rest on a fact, by themselves or through others."""
        found = 0
        for pattern in self.patterns.fitting(fact):
            for index, _ in self.readers[pattern]:
                found |= self._resting[index]
        return found

    @cached_property
    def _resting(self) -> list[int]:
        """Return for each rule, as bits, itself and the rules that rest on what it asserts."""
        places = {rule.spec.id: rule.index for rule in self.rules}
        found = [1 << index for index in range(len(self.rules))]
        for rule in sorted(self.rules, key=lambda r: r.rank, reverse=True):
            for feeder in self.order.needs[rule.spec.id]:
                found[places[feeder]] |= found[rule.index]
        return found

    def type(self, name: str) -> type[TypedFact]:
        """Return experta's class for a fact type."""
        if name not in self._types:
            self._types[name] = type(name, (TypedFact,), {})
        return self._types[name]

    def working(self, statement: Fact, number: int) -> WorkingFact:
        """Return a new fact for our matcher."""
        return WorkingFact.fitting(statement, number, self.patterns.fitting(statement))

    def _fitting(self, statement: Fact) -> tuple[int, ...]:
        """Return the patterns that a fact of the base fits; its values are checked first."""
        check_values(statement)
        return self.patterns.fitting(statement)
