"""Names in rules: variables must be bound before they are used, decisions must exist."""

from __future__ import annotations

from collections.abc import Iterable

from advisor.domain.rule import Clause, Op, RuleSpec, Scalar, Test, Var
from advisor.engine.values import bindings_of
from advisor.errors import Place, Problem
from advisor.library.words import remedy, shown


def name_problems(rule: RuleSpec, decisions: Iterable[str]) -> Iterable[Problem]:
    """Yield what is wrong with the names in a rule; the library knows the other vocabularies."""
    yield from _unbound(rule)
    known = frozenset(decisions)
    for place, word in _decisions(rule):
        if word not in known:
            text = f"{shown(word)} is no decision; {remedy(str(word), known)}"
            yield Problem(place, rule.id, "decision", text)


def _unbound(rule: RuleSpec) -> Iterable[Problem]:
    seen: set[str] = set()
    if not rule.when:
        yield Problem(rule.place, rule.id, "when", "is empty; say which fact makes the rule true")
    for clause in rule.when:
        seen |= {name for name, _ in bindings_of(clause)}
        yield from _unbound_in(rule, clause, seen)
    for clause in rule.none:
        yield from _unbound_in(rule, clause, seen)
    for assertion in rule.then:
        for name, value in assertion.fields:
            if isinstance(value, Var) and value.name not in seen:
                yield _unbound_problem(rule, rule.place, f"then.{assertion.fact}.{name}", value)


def _unbound_in(rule: RuleSpec, clause: Clause, seen: set[str]) -> Iterable[Problem]:
    for test in clause.tests:
        if isinstance(test.operand, Var) and test.operand.name not in seen:
            path = f"{clause.fact}.{test.field}"
            yield _unbound_problem(rule, clause.place, path, test.operand)


def _unbound_problem(rule: RuleSpec, place: Place, path: str, var: Var) -> Problem:
    text = f"`${var.name}` is not bound; bind it with `field: ${var.name}` in an earlier `when`"
    return Problem(place, rule.id, path, text)


def _decisions(rule: RuleSpec) -> Iterable[tuple[Place, Scalar]]:
    """Yield every decision that a rule names, with the place."""
    for clause in (*rule.when, *rule.none):
        for test in clause.tests:
            if test.field == "decision" and test.op in (Op.EQ, Op.ONE_OF):
                yield from ((clause.place, word) for word in words(test))
    for assertion in rule.then:
        value = dict(assertion.fields).get("decision")
        if value is not None and not isinstance(value, Var):
            yield rule.place, value


def words(test: Test) -> tuple[Scalar, ...]:
    """Return the literals that an eq or one_of test allows, nothing for a variable."""
    if isinstance(test.operand, Var):
        return ()
    return test.operand if isinstance(test.operand, tuple) else (test.operand,)
