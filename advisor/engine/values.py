"""Comparing the values of facts: by kind, so that a wrong type is no match instead of an error."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from advisor.domain.rule import Clause, Fact, Op, Scalar, Test, Var

Comparison = Callable[[Any, Any], bool]


def _ordered(compare: Comparison) -> Comparison:
    """Return `compare` for two numbers or two strings, False for one of each."""
    return lambda a, b: isinstance(a, str) is isinstance(b, str) and compare(a, b)


COMPARISONS: dict[Op, Comparison] = {
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
    Op.LT: _ordered(operator.lt),
    Op.LE: _ordered(operator.le),
    Op.GT: _ordered(operator.gt),
    Op.GE: _ordered(operator.ge),
    Op.ONE_OF: lambda value, options: value in options,
}


def holds(test: Test, value: Scalar | None, operand: object) -> bool:
    """Return whether `value op operand` holds; a missing field passes no test."""
    return value is not None and COMPARISONS[test.op](value, operand)


def is_literal(test: Test) -> bool:
    """Return whether the test can be decided from one fact alone."""
    return not isinstance(test.operand, Var)


def bindings_of(clause: Clause) -> tuple[tuple[str, str], ...]:
    """Return (variable, field) for each test of the clause that can bind."""
    return tuple(
        [
            (test.operand.name, test.field)
            for test in clause.tests
            if test.op is Op.EQ and isinstance(test.operand, Var)
        ]
    )


def order_key(value: Scalar) -> tuple[bool, Scalar]:
    """Return a key that sorts numbers before strings."""
    return (isinstance(value, str), value)


FactKey = tuple[Scalar, ...]


def fact_key(fact: Fact) -> FactKey:
    """Return a key that sorts facts by type, field names and values; flat, as each fact has one."""
    key: list[Scalar] = [fact.type]
    for name, value in fact.fields:
        key += (name, isinstance(value, str), value)
    return tuple(key)


_PLAIN = frozenset({str, int})
"""Types of nearly all values, which need no closer look."""


def check_values(fact: Fact) -> None:
    """Raise TypeError for a value that rules cannot compare: truth value, None, not a number.

    To Python `True == 1`, and a NaN differs from itself: both would match by accident.
    """
    for name, value in fact.fields:
        if type(value) in _PLAIN:
            continue
        kind_is_wrong = isinstance(value, bool) or not isinstance(value, str | int | float)
        if kind_is_wrong or (isinstance(value, float) and math.isnan(value)):
            raise TypeError(f"{fact.type}.{name}: {value!r} is not text or a number")
