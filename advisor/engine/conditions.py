"""The conditions of a rule in experta's own terms."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from advisor.domain.rule import Clause, Op, RuleSpec, Test, Var
from advisor.engine import _experta as experta
from advisor.engine.values import COMPARISONS, bindings_of, holds, is_literal

Types = Callable[[str], Any]
"""From the name of a fact type to its experta class."""


class Blocked(experta.Fact):  # type: ignore[misc]  # experta is untyped
    """Says that a `none` which compares with a variable has found a fact.

    experta's matcher cannot test inside NOT, so a helper rule asserts this first.
    """


def variable(name: str) -> str:
    """Return the name under which experta passes the variable `name`."""
    return f"v_{name}"


def conditions(rule: RuleSpec, types: Types) -> list[Any]:
    """Return the rule's conditions; every `when` clause arrives as `c0`, `c1`, ..."""
    return [*_positive(rule.when, types), *(_absent(rule, i, types) for i in range(len(rule.none)))]


def blocked_clauses(rule: RuleSpec) -> list[int]:
    """Return the numbers of the `none` clauses that need a helper rule."""
    return [i for i, clause in enumerate(rule.none) if _compares(clause)]


def blocker_conditions(rule: RuleSpec, number: int, types: Types) -> list[Any]:
    """Return the conditions under which a `none` of the rule finds a fact."""
    return _positive((*rule.when, rule.none[number]), types)


def blocked(rule: RuleSpec, number: int, values: Mapping[str, Any]) -> Blocked:
    """Return the fact that a helper asserts, or with variables in place of values its pattern."""
    names = _names(rule.none[number])
    return Blocked(rule=rule.id, clause=number, **{name: values[name] for name in names})


def _positive(clauses: tuple[Clause, ...], types: Types) -> list[Any]:
    patterns = [f"c{i}" << types(c.fact)(**_fields(c, i)) for i, c in enumerate(clauses)]
    return [*patterns, *(test for i, clause in enumerate(clauses) for test in _tests(clause, i))]


def _absent(rule: RuleSpec, number: int, types: Types) -> Any:
    clause = rule.none[number]
    if _compares(clause):
        names = {name: getattr(experta.MATCH, name) for name in _names(clause)}
        return experta.NOT(blocked(rule, number, names))
    return experta.NOT(types(clause.fact)(**_fields(clause, len(rule.when))))


def _compares(clause: Clause) -> bool:
    return any(not is_literal(test) and test.op is not Op.EQ for test in clause.tests)


def _names(clause: Clause) -> list[str]:
    """Return experta's names of the variables that a clause mentions."""
    found = {variable(t.operand.name) for t in clause.tests if isinstance(t.operand, Var)}
    return sorted(found)


def _fields(clause: Clause, number: int) -> dict[str, Any]:
    """Return the field constraints of a pattern: what its fact can be asked by itself."""
    return {field: _field(clause, field, number) for field in {t.field for t in clause.tests}}


def _field(clause: Clause, field: str, number: int) -> Any:
    tests = [test for test in clause.tests if test.field == field]
    literals = [test for test in tests if is_literal(test)]
    if len(tests) == 1 and literals and literals[0].op is Op.EQ:
        return literals[0].operand
    predicate = experta.P(lambda value: all(holds(t, value, t.operand) for t in literals))
    if len(literals) == len(tests):
        return predicate
    names = [name for name, bound in bindings_of(clause) if bound == field]
    name = variable(names[0]) if names else f"f{number}_{field}"
    bind = getattr(experta.MATCH, name)
    return bind & predicate if literals else bind


def _tests(clause: Clause, number: int) -> list[Any]:
    """Return a TEST for each comparison with a variable."""
    return [
        _test(clause, test, number, test.operand)
        for test in clause.tests
        if isinstance(test.operand, Var) and test.op is not Op.EQ
    ]


def _test(clause: Clause, test: Test, number: int, operand: Var) -> Any:
    """Return a TEST; experta reads from its signature which variables it wants."""
    names = [name for name, bound in bindings_of(clause) if bound == test.field]
    left = variable(names[0]) if names else f"f{number}_{test.field}"
    right = variable(operand.name)
    compare = COMPARISONS[test.op]

    def check(**context: Any) -> bool:
        return compare(context[left], context[right])

    parameters = sorted({left, right})
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    signature = inspect.Signature([inspect.Parameter(name, kind) for name in parameters])
    setattr(check, "__signature__", signature)  # noqa: B010 (functions have no such attribute)
    return experta.TEST(check)
