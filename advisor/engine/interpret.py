"""Rules read one by one, without an engine: the oracle of tests and the source of why-not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from advisor.domain.rule import (
    Assertion,
    Case,
    Clause,
    Fact,
    Firing,
    Op,
    RuleSpec,
    Scalar,
    Test,
    Var,
)
from advisor.engine.stratify import Order
from advisor.engine.values import bindings_of, fact_key, holds, is_literal, order_key

Bindings = Mapping[str, Scalar]
Partial = tuple[dict[str, Scalar], tuple[Fact, ...]]
"""Bindings, and the facts that gave them, one for each clause so far."""


def matches(rule: RuleSpec, facts: Sequence[Fact]) -> Iterator[Partial]:
    """Yield (bindings, facts used) for each way in which a rule holds."""
    against = [(clause, likely(clause, facts)) for clause in rule.none]
    for bound, used in join(rule.when, facts):
        if not any(blocking(clause, pool, bound) for clause, pool in against):
            yield bound, used


def blocking(clause: Clause, facts: Iterable[Fact], bound: Bindings) -> list[Fact]:
    """Return the facts that a `none` clause finds."""
    return [fact for fact in facts if extend(clause, fact, bound) is not None]


def likely(clause: Clause, facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts that pass the clause's tests against literals."""
    literals = [test for test in clause.tests if is_literal(test)]
    return [
        fact
        for fact in facts
        if fact.type == clause.fact
        and all(holds(test, fact.get(test.field), test.operand) for test in literals)
    ]


def join(clauses: Sequence[Clause], facts: Sequence[Fact]) -> list[Partial]:
    """Return (bindings, facts used) for each way to match all clauses, left to right."""
    partial: list[Partial] = [({}, ())]
    for clause in clauses:
        partial = step(partial, clause, facts)
    return partial


def step(partial: Sequence[Partial], clause: Clause, facts: Iterable[Fact]) -> list[Partial]:
    """Return the ways to match one clause more."""
    pool = likely(clause, facts)
    known = partial[0][0] if partial else {}
    key = next((pair for pair in bindings_of(clause) if pair[0] in known), None)
    if key is None:
        return [longer for way in partial for longer in _extended(way, clause, pool)]
    name, field = key
    filed: dict[Scalar | None, list[Fact]] = defaultdict(list)
    for fact in pool:
        filed[fact.get(field)].append(fact)
    return [
        longer for way in partial for longer in _extended(way, clause, filed.get(way[0][name], ()))
    ]


def _extended(way: Partial, clause: Clause, facts: Iterable[Fact]) -> Iterator[Partial]:
    bound, used = way
    for fact in facts:
        found = extend(clause, fact, bound)
        if found is not None:
            yield found, (*used, fact)


def extend(clause: Clause, fact: Fact, bound: Bindings) -> dict[str, Scalar] | None:
    """Return the bindings after matching one fact, None where it does not match."""
    if fact.type != clause.fact:
        return None
    found = dict(bound)
    for test in in_binding_order(clause):
        if not passes(test, fact, found):
            return None
    return found


def in_binding_order(clause: Clause) -> list[Test]:
    """Return the clause's tests, first those that can bind a variable."""
    return sorted(clause.tests, key=_binds, reverse=True)


def passes(test: Test, fact: Fact, bound: dict[str, Scalar]) -> bool:
    """Return whether a fact passes one test; a variable seen first is bound."""
    value = fact.get(test.field)
    if not isinstance(test.operand, Var):
        return holds(test, value, test.operand)
    if value is not None and _binds(test):
        bound.setdefault(test.operand.name, value)
    return test.operand.name in bound and holds(test, value, bound[test.operand.name])


def _binds(test: Test) -> bool:
    return test.op is Op.EQ and isinstance(test.operand, Var)


def run(
    rules: Iterable[RuleSpec], order: Order, given: Iterable[Fact], level: int
) -> tuple[tuple[Fact, ...], tuple[Firing, ...]]:
    """Return all facts and the trace after running every rule once, stratum by stratum."""
    facts: dict[str, set[Fact]] = defaultdict(set)
    for fact in given:
        facts[fact.type].add(fact)
    trace: list[Firing] = []
    for rule in sorted(rules, key=lambda rule: (order.rank(rule.id), rule.id)):
        if order.levels[rule.id] <= level:
            read = {clause.fact for clause in (*rule.when, *rule.none)}
            pool = [fact for type_ in sorted(read) for fact in facts[type_]]
            firings = [_firing(rule, *match) for match in matches(rule, pool)]
            trace += sorted(firings, key=_trace_key)
            for fact in (fact for firing in firings for fact in firing.added):
                facts[fact.type].add(fact)
    return tuple(sorted(set().union(*facts.values()), key=fact_key)), tuple(trace)


def _trace_key(firing: Firing) -> tuple[Any, Any]:
    bindings = [order_key(value) for _, value in firing.bindings]
    return bindings, [fact_key(fact) for fact in firing.used]


def _firing(rule: RuleSpec, bound: Bindings, used: tuple[Fact, ...]) -> Firing:
    added = tuple(_assert(assertion, bound) for assertion in rule.then)
    return Firing(rule.id, tuple(sorted(bound.items())), used, added)


def _assert(assertion: Assertion, bound: Bindings) -> Fact:
    fields = {k: bound[v.name] if isinstance(v, Var) else v for k, v in assertion.fields}
    return Fact.of(assertion.fact, **fields)


def run_case(rule: RuleSpec, case: Case) -> list[dict[str, Scalar]]:
    """Return the bindings of each firing of the rule on the facts of an example, sorted."""
    found = {tuple(sorted(bound.items())) for bound, _ in matches(rule, case.given)}
    return [dict(bound) for bound in sorted(found, key=lambda b: [order_key(v) for _, v in b])]
