"""The part of a clause that one fact alone decides, and which clauses a fact may therefore match.

Clauses of different rules that ask the same of a fact share one `Pattern`. Patterns are filed
under one literal they ask for, so that a fact meets only those that could match it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from advisor.domain.rule import Clause, Fact, Op, Scalar, Test, Var
from advisor.engine.values import COMPARISONS, is_literal, order_key
from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a clause asks of a fact by itself: literals, fields to be there, fields to compare."""

    fact: str
    literals: tuple[Test, ...]
    present: tuple[str, ...]
    pairs: tuple[tuple[str, Op, str], ...]

    @classmethod
    def of(cls, clause: Clause) -> Pattern:
        """Return the clause's pattern; two clauses that ask the same get equal patterns."""
        literals = [test for test in clause.tests if is_literal(test)]
        if len(literals) > 1:
            literals = sorted(set(literals), key=_literal_order)
        bound = [
            (t.field, t.op, t.operand.name) for t in clause.tests if isinstance(t.operand, Var)
        ]
        homes: dict[str, str] = {}
        for field, op, name in bound:
            if op is Op.EQ:
                homes.setdefault(name, field)
        pairs = {(field, op, homes[name]) for field, op, name in bound if name in homes}
        pairs -= {(field, Op.EQ, field) for field in homes.values()}
        present = {field for field, _, _ in bound} - {test.field for test in literals}
        return cls(clause.fact, tuple(literals), tuple(sorted(present)), tuple(sorted(pairs)))

    def key(self) -> tuple[str, Scalar] | None:
        """Return the (field, literal) under which the pattern is filed, None if it has none."""
        found = [(t.field, t.operand) for t in self.literals if t.op is Op.EQ]
        keys = [(f, v) for f, v in found if isinstance(v, str | int | float)]
        return min(keys, key=_preference) if keys else None

    def check(self) -> Callable[[dict[str, Scalar]], bool]:
        """Return a function that tells whether a fact's fields fit the pattern."""
        tests = [(t.field, COMPARISONS[t.op], _operand(t)) for t in self.literals]
        pairs = [(one, COMPARISONS[op], other) for one, op, other in self.pairs]
        present = self.present

        def fits(fields: dict[str, Scalar]) -> bool:
            for name, compare, operand in tests:
                if name not in fields or not compare(fields[name], operand):
                    return False
            for name in present:
                if name not in fields:
                    return False
            return not pairs or all(compare(fields[a], fields[b]) for a, compare, b in pairs)

        return fits


def _literal_order(test: Test) -> tuple[str, Op, str]:
    return test.field, test.op, repr(test.operand)


_COMMON = ("decision", "name", "type")
"""Fields whose literals divide facts least: other fields are the better key."""


def _preference(key: tuple[str, Scalar]) -> tuple[bool, str, tuple[bool, Scalar]]:
    return key[0] in _COMMON, key[0], order_key(key[1])


def _operand(test: Test) -> object:
    return frozenset(test.operand) if isinstance(test.operand, tuple) else test.operand


class PatternIndex:
    """All patterns of a rulebook, numbered; tells which of them a fact fits."""

    def __init__(self) -> None:
        self._numbers: dict[Pattern, int] = {}
        self._checks: list[Callable[[dict[str, Scalar]], bool]] = []
        self._filed: dict[tuple[str, str, Scalar], list[int]] = defaultdict(list)
        self._unfiled: dict[str, list[int]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._checks)

    def number(self, clause: Clause) -> int:
        """Return the number of the clause's pattern, a new one if it is new."""
        pattern = Pattern.of(clause)
        number = self._numbers.setdefault(pattern, len(self._checks))
        if number == len(self._checks):
            self._checks.append(pattern.check())
            key = pattern.key()
            home = self._unfiled[pattern.fact] if key is None else self._filed[pattern.fact, *key]
            home.append(number)
        return number

    def fitting(self, fact: Fact) -> tuple[int, ...]:
        """Return the numbers of the patterns that the fact fits."""
        fields = dict(fact.fields)
        likely = list(self._unfiled.get(fact.type, ()))
        for name, value in fact.fields:
            likely += self._filed.get((fact.type, name, value), ())
        checks = self._checks
        return tuple([number for number in likely if checks[number](fields)])
