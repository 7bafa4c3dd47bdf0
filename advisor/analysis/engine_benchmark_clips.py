"""The rulebook in the language of CLIPS, through clipspy, where that is installed.

Slots are multislots, so that a field that a fact lacks is an empty one. CLIPS serves as a judge of
what rules conclude and of how fast an engine written in C is.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import clips

from advisor.domain.rule import Assertion, Clause, Fact, Op, RuleSpec, Scalar, Test, Var
from advisor.engine.stratify import Order
from advisor.engine.values import bindings_of

ORDERED: dict[Op, Any] = {
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}
SIGNS = {Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">="}


class Lasting(clips.Environment):  # type: ignore[misc]  # clipspy is untyped
    """An environment that is not taken down: CLIPS would print what clipspy leaks."""

    def __del__(self) -> None:
        pass


def build(
    env: Any,
    rules: Sequence[RuleSpec],
    order: Order,
    facts: Sequence[Fact],
    on_firing: Callable[[str], None],
) -> None:
    """Give an environment the rules; each firing calls `on_firing` with the rule's id.

    `facts` are not told; they say which fields there are.
    """
    env.define_function(holds)
    env.define_function(on_firing, "on-firing")
    for template in _templates(rules, facts):
        env.build(template)
    ranks = sorted({order.rank(rule.id) for rule in rules})
    for rule in rules:
        env.build(_rule(rule, ranks.index(order.rank(rule.id))))


def tell(env: Any, facts: Iterable[Fact]) -> None:
    """Assert facts."""
    templates: dict[str, Any] = {}
    for fact in facts:
        if fact.type not in templates:
            templates[fact.type] = env.find_template(fact.type)
        templates[fact.type].assert_fact(**{name: (value,) for name, value in fact.fields})


def _templates(rules: Sequence[RuleSpec], given: Sequence[Fact]) -> list[str]:
    slots: dict[str, set[str]] = {}
    for rule in rules:
        for clause in (*rule.when, *rule.none):
            slots.setdefault(clause.fact, set()).update(t.field for t in clause.tests)
        for assertion in rule.then:
            slots.setdefault(assertion.fact, set()).update(name for name, _ in assertion.fields)
    for fact in given:
        slots.setdefault(fact.type, set()).update(name for name, _ in fact.fields)
    return [
        f"(deftemplate {type_} {' '.join(f'(multislot {name})' for name in sorted(names))})"
        for type_, names in sorted(slots.items())
    ]


def _rule(rule: RuleSpec, rank: int) -> str:
    when = [_pattern(clause, i) for i, clause in enumerate(rule.when)]
    none = [f"(not {_pattern(clause, len(when) + i)})" for i, clause in enumerate(rule.none)]
    then = [f"(assert {_assertion(assertion)})" for assertion in rule.then]
    fired = f'(on-firing "{rule.id}")'
    lines = [*when, *none, "=>", *then, fired]
    return f"(defrule {rule.id} (declare (salience {-rank})) {' '.join(lines)})"


def _pattern(clause: Clause, number: int) -> str:
    bound = {field: name for name, field in bindings_of(clause)}
    fields = sorted({t.field for t in clause.tests}, key=lambda field: (field not in bound, field))
    slots = [_slot(clause, field, bound.get(field, f"f{number}{field}")) for field in fields]
    return f"({clause.fact} {' '.join(slots)})"


def _slot(clause: Clause, field: str, name: str) -> str:
    tests = [t for t in clause.tests if t.field == field and t.operand != Var(name)]
    checks = "".join(f"&:{_check(test, f'?{name}')}" for test in tests)
    return f"({field} ?{name}{checks})"


def _check(test: Test, value: str) -> str:
    if isinstance(test.operand, tuple):
        options = " ".join(f"(eq {value} {_text(option)})" for option in test.operand)
        return f"(or FALSE {options})"
    other = _text(test.operand)
    if test.op in (Op.EQ, Op.NE):
        return f"({'eq' if test.op is Op.EQ else 'neq'} {value} {other})"
    return _ordered(test.op, value, test.operand)


def _ordered(op: Op, value: str, other: Scalar | Var) -> str:
    """Return a comparison that fails, instead of stopping the run, where kinds are mixed."""
    text = _text(other)
    if isinstance(other, Var):
        return f'(holds "{op}" {value} {text})'
    if isinstance(other, str):
        return f"(and (stringp {value}) ({SIGNS[op]} (str-compare {value} {text}) 0))"
    return f"(and (numberp {value}) ({SIGNS[op]} {value} {text}))"


def holds(op: str, one: Scalar, other: Scalar) -> bool:
    """Return whether a comparison of two bound values holds; CLIPS refuses to mix kinds."""
    both_text = isinstance(one, str) and isinstance(other, str)
    if not both_text and (isinstance(one, str) or isinstance(other, str)):
        return False
    return bool(ORDERED[Op(op)](one, other))


def _text(value: Scalar | Var) -> str:
    if isinstance(value, Var):
        return f"?{value.name}"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _assertion(assertion: Assertion) -> str:
    return f"({assertion.fact} {' '.join(f'({k} {_text(v)})' for k, v in assertion.fields)})"
