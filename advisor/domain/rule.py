"""Rules as data: what a rule file says, after reading and checking."""

from __future__ import annotations

from enum import StrEnum

from advisor.errors import Place
from advisor.frozen import dataclass

Scalar = str | int | float
"""A value in a fact. Truth values are the symbols `yes` and `no`: to Python, `True == 1`."""


class Op(StrEnum):
    """Comparison of a field with an operand; the whole list, on purpose."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    ONE_OF = "one_of"


class Strength(StrEnum):
    """How binding a rule is: a must filters, a should or a could weighs."""

    MUST = "must"
    SHOULD = "should"
    COULD = "could"


@dataclass(frozen=True, slots=True)
class Var:
    """A variable, written `$name` in a rule file."""

    name: str


@dataclass(frozen=True, slots=True)
class Test:
    """`field op operand`; with EQ, a `Var` not seen before is bound, later ones are compared."""

    __test__ = False  # not a pytest class

    field: str
    op: Op
    operand: Scalar | Var | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One pattern over one fact type."""

    fact: str
    tests: tuple[Test, ...]
    place: Place = Place("")


@dataclass(frozen=True, slots=True)
class Assertion:
    """A fact that a firing adds; operands are literals or variables bound in `when`."""

    fact: str
    fields: tuple[tuple[str, Scalar | Var], ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a statement comes from."""

    title: str
    locator: str = ""
    url: str = ""
    as_of: str = ""
    supports: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement in working memory; `fields` is sorted by name, so equal facts compare equal."""

    type: str
    fields: tuple[tuple[str, Scalar], ...]

    @classmethod
    def of(cls, type_: str, **fields: Scalar) -> Fact:
        """Return the fact with its fields in canonical order."""
        return cls(type_, tuple(sorted(fields.items())))

    def get(self, name: str) -> Scalar | None:
        """Return the field's value, or None where the fact lacks it."""
        for key, value in self.fields:
            if key == name:
                return value
        return None

    def __str__(self) -> str:
        inside = ", ".join(f"{k}={v}" for k, v in self.fields)
        return f"{self.type}({inside})"


@dataclass(frozen=True, slots=True)
class Case:
    """An example beside the rule: facts given, and the bindings of every firing expected."""

    name: str
    given: tuple[Fact, ...]
    fires: tuple[tuple[tuple[str, Scalar], ...], ...]
    place: Place = Place("")


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule of the rulebook.

    `when` clauses are joined left to right; every `none` clause must have no matching fact.
    `because` is one sentence with `{name}` placeholders for variables bound in `when`.
    """

    id: str
    title: str
    area: str
    strength: Strength
    when: tuple[Clause, ...]
    none: tuple[Clause, ...]
    then: tuple[Assertion, ...]
    because: str
    rationale: str = ""
    references: tuple[Reference, ...] = ()
    reviewed: str = ""
    cases: tuple[Case, ...] = ()
    replaces: str = ""
    place: Place = Place("")


@dataclass(frozen=True, slots=True)
class Firing:
    """One rule that fired: with what it was bound, which facts it used, which it added."""

    rule: str
    bindings: tuple[tuple[str, Scalar], ...]
    used: tuple[Fact, ...]
    added: tuple[Fact, ...]
