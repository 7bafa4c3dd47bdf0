"""CLIPS as a judge: the same rules written in its language, through clipspy.

Slots are multislots, so that a field that a fact lacks is an empty one.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Sequence
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


def judged(
    rules: Sequence[RuleSpec], order: Order, given: Sequence[Fact], level: int
) -> tuple[set[Fact], Counter[str]]:
    """Return all facts, and how often each rule fired, up to a level."""
    env = clips.Environment()
    env.define_function(holds)
    for template in _templates(rules, given):
        env.build(template)
    ranks = sorted({order.rank(rule.id) for rule in rules})
    for rule in rules:
        if order.levels[rule.id] <= level:
            env.build(_rule(rule, ranks.index(order.rank(rule.id))))
    for fact in given:
        env.find_template(fact.type).assert_fact(**{k: (v,) for k, v in fact.fields})
    env.run()
    return _facts(env), Counter(str(f["rule"]) for f in env.facts() if f.template.name == "fired")


def _templates(rules: Sequence[RuleSpec], given: Sequence[Fact]) -> list[str]:
    slots: dict[str, set[str]] = {}
    for rule in rules:
        for clause in (*rule.when, *rule.none):
            slots.setdefault(clause.fact, set()).update(t.field for t in clause.tests)
        for assertion in rule.then:
            slots.setdefault(assertion.fact, set()).update(name for name, _ in assertion.fields)
    for fact in given:
        slots.setdefault(fact.type, set()).update(name for name, _ in fact.fields)
    found = [
        f"(deftemplate {type_} {' '.join(f'(multislot {name})' for name in sorted(names))})"
        for type_, names in sorted(slots.items())
    ]
    return [*found, "(deftemplate fired (slot rule) (slot number))"]


def _rule(rule: RuleSpec, rank: int) -> str:
    when = [_pattern(clause, i) for i, clause in enumerate(rule.when)]
    none = [f"(not {_pattern(clause, len(when) + i)})" for i, clause in enumerate(rule.none)]
    then = [f"(assert {_assertion(assertion)})" for assertion in rule.then]
    fired = f'(assert (fired (rule "{rule.id}") (number (gensym*))))'
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
    return f'(holds "{test.op}" {value} {other})'


def holds(op: str, one: Scalar, other: Scalar) -> bool:
    """Return whether a comparison holds; CLIPS itself refuses those that mix kinds."""
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


def _facts(env: clips.Environment) -> set[Fact]:
    found = set()
    for fact in env.facts():
        if fact.template.name not in ("initial-fact", "fired"):
            fields = {name: values[0] for name, values in fact if values}
            found.add(Fact.of(fact.template.name, **fields))
    return found
