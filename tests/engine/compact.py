"""Rules and facts in the compact form of rule files, as Python data, for tests of the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.domain.rule import Assertion, Clause, Fact, Op, RuleSpec, Strength, Test, Var
from advisor.engine.stratify import Stages
from advisor.errors import Place

STAGES = Stages({"approach": 0, "accelerator": 1, "host": 2, "monitoring": 3}, 4, 1)

Compact = Mapping[str, Mapping[str, Any]]


def rule(
    id_: str, when: Sequence[Compact], then: Sequence[Compact], none: Sequence[Compact] = ()
) -> RuleSpec:
    place = Place("rules.yaml", 1, 1)
    return RuleSpec(
        id_,
        id_,
        "performance",
        Strength.SHOULD,
        tuple(clause(c, place) for c in when),
        tuple(clause(c, place) for c in none),
        tuple(assertion(a) for a in then),
        "",
        place=place,
    )


def clause(compact: Compact, place: Place = Place("")) -> Clause:
    ((fact, fields),) = compact.items()
    tests = [test for field, value in fields.items() for test in _tests(field, value)]
    return Clause(fact, tuple(tests), place)


def _tests(field: str, value: Any) -> list[Test]:
    if not isinstance(value, Mapping):
        return [Test(field, Op.EQ, operand(value))]
    return [Test(field, Op(op), operand(what)) for op, what in value.items()]


def operand(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        return Var(value[1:])
    return tuple(value) if isinstance(value, list) else value


def assertion(compact: Compact) -> Assertion:
    ((fact, fields),) = compact.items()
    return Assertion(fact, tuple(sorted((k, operand(v)) for k, v in fields.items())))


def fact(compact: Compact) -> Fact:
    ((type_, fields),) = compact.items()
    return Fact.of(type_, **fields)
