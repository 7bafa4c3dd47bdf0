"""Questions of the interview: what is asked, when, and what is assumed instead of an answer."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import field

from advisor.domain.answers import Value
from advisor.domain.rule import Op, Scalar, Test
from advisor.frozen import dataclass

Alternatives = tuple[tuple[Test, ...], ...]
"""Alternatives joined by "or", each a conjunction of tests whose `field` is a question id."""

DEPTHS = ("quick", "standard", "expert")

_COMPARE: dict[Op, Callable[[Scalar, Scalar], bool]] = {
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}


@dataclass(frozen=True, slots=True)
class Option:
    """One possible choice. `alone` means that it cannot be combined with others.

    `formerly` are ids under which saved answers may know it.
    """

    id: str
    label: str
    alone: bool = False
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """A value that holds where one of the alternatives does."""

    when: Alternatives
    value: Value


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is assumed when the user does not know: first matching derivation, else `value`.

    `value` None means that the question's default is assumed. `note` says so in words.
    """

    note: str
    value: Value | None = None
    derive: tuple[Derived, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `name` is what lists call it, `formerly` ids of before.

    Its `minimum` and `maximum` are soft, the `hard_` ones are refused.

    `default` None means that nothing is assumed: no fact is made. `settles` lists answers after
    which the remaining questions may be left out. `prior` weighs options, or gives `low`,
    `likely` and `high` of a number. `milder` lists options by how much they ask of machines, the
    least first, or says which way a number asks for less: `lower` or `higher`.
    """

    id: str
    section: str
    order: int
    text: str
    help: str
    find_out: str
    why: str
    type: str
    depth: str
    effort: int
    unknown: Unknown
    options: tuple[Option, ...] = ()
    unit: str = ""
    units: tuple[Derived, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    hard_minimum: float | None = None
    hard_maximum: float | None = None
    integer: bool = False
    default: Value | None = None
    derive: tuple[Derived, ...] = ()
    ask_when: Alternatives = ()
    settles: tuple[str, ...] = ()
    considerations: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    prior: Mapping[str, float] = field(default_factory=dict, hash=False)
    name: str = ""
    formerly: tuple[str, ...] = ()
    milder: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return its name, else its id in words."""
        return self.name or self.id.replace("_", " ")

    @property
    def counts(self) -> bool:
        """Return whether other values of it are tried whole: of things, and of people, although
        half of one may be answered."""
        return self.integer or self.unit == "people"

    def prior_of(self, answers: Mapping[str, Value]) -> Mapping[str, float]:
        """Return the prior; that of a number moves with what is assumed for these answers."""
        usual = self.usual(answers)
        if self.options or not (isinstance(usual, int | float) and usual != self.default):
            return self.prior
        scale = usual / self.default if isinstance(self.default, int | float) else 1.0
        return {name: value * scale for name, value in self.prior.items()}

    def likely_range(self, answers: Mapping[str, Value]) -> tuple[float, float] | None:
        """Return the ends between which most answers to a number lie, None where nobody says."""
        prior = {} if self.options else self.prior_of(answers)
        return (prior["low"], prior["high"]) if prior else None

    def applies(self, answers: Mapping[str, Value]) -> bool:
        """Return whether it is asked, given the (assumed) answers to earlier questions."""
        return not self.ask_when or any_holds(self.ask_when, answers)

    def usual(self, answers: Mapping[str, Value]) -> Value | None:
        """Return what is assumed when it applies and was not answered."""
        return _first(self.derive, answers, self.default)

    def cautious(self, answers: Mapping[str, Value]) -> Value | None:
        """Return what is assumed for the answer `unknown`."""
        value = _first(self.unknown.derive, answers, self.unknown.value)
        return self.usual(answers) if value is None else value

    def unit_for(self, answers: Mapping[str, Value]) -> str:
        """Return the unit of a number; it may depend on earlier answers."""
        return str(_first(self.units, answers, self.unit))


def any_holds(alternatives: Alternatives, answers: Mapping[str, Value]) -> bool:
    """Return whether one alternative holds; a question without an answer fails every test."""
    for tests in alternatives:  # plain loops: every plan comes by here some hundred times
        for test in tests:
            if not _holds(test, answers):
                break
        else:
            return True
    return False


def _first(
    derivations: tuple[Derived, ...], answers: Mapping[str, Value], otherwise: Value | None
) -> Value | None:
    for derived in derivations:
        if any_holds(derived.when, answers):
            return derived.value
    return otherwise


def _holds(test: Test, answers: Mapping[str, Value]) -> bool:
    answer = answers.get(test.field)
    if answer is None:
        return False
    if not isinstance(answer, tuple):
        return _compare(test, answer)
    return any(_compare(test, value) for value in answer)


def _compare(test: Test, value: Scalar) -> bool:
    operand = test.operand
    if test.op is Op.ONE_OF:
        return isinstance(operand, tuple) and value in operand
    if test.op in (Op.EQ, Op.NE):
        return (value == operand) is (test.op is Op.EQ)
    if isinstance(value, str) or not isinstance(operand, int | float):
        return False
    return _COMPARE[test.op](value, operand)
