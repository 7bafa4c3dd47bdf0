"""Patterns of rule files: the sugar is taken off, parameters filled in, words checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from advisor.domain.rule import Clause, Fact, Op, Scalar, Test, Var
from advisor.errors import Problem
from advisor.library.vocabulary import Vocabulary
from advisor.library.words import remedy, shown
from advisor.library.yamlfile import Document, Pointer, dotted

Parameters = Mapping[str, Scalar | tuple[Scalar, ...]]
"""Values of the policy by dotted name."""

_SUGAR = {"answer": ("question", "value"), "quantity": ("name", "value")}
_ORDERED = {Op.LT, Op.LE, Op.GT, Op.GE}
_NAMES_CANDIDATES = frozenset(
    {
        "candidate",
        "trait",
        "choice",
        "rejected",
        "settled",
        "cost_estimate",
        "verdict",
        "model",
    }
)


@dataclass(frozen=True, slots=True)
class Words:
    """What patterns are read against; without a vocabulary nothing is checked."""

    parameters: Parameters
    vocabulary: Vocabulary | None = None


@dataclass(slots=True)
class Notes:
    """Problems found so far, and the variables bound so far."""

    document: Document
    problems: list[Problem] = field(default_factory=list)
    bound: dict[str, Pointer] = field(default_factory=dict)

    def report(self, code: int, here: Pointer, message: str) -> None:
        """Note a problem at a place of the document."""
        place = self.document.place(here)
        self.problems.append(Problem(place, f"E{code}", dotted(here), message))

    def report_unbound(self, name: str, here: Pointer) -> None:
        """Note the use of a name that no clause binds."""
        near = remedy(name, self.bound) if self.bound else "bind it in 'when'"
        self.report(113, here, f"'{name}' is not bound in 'when'; {near}")


@dataclass(frozen=True, slots=True)
class Spot:
    """One field of a fact; `known` are the fields of the same fact that have a literal."""

    fact: str
    field: str
    known: Mapping[str, Scalar]
    here: Pointer


def read_clauses(
    items: list[dict[str, Any]], pointer: Pointer, words: Words, notes: Notes
) -> Iterator[Clause]:
    """Yield the clauses of `when` or `none`; only `when` binds variables."""
    binds = pointer[-1] == "when"
    for number, item in enumerate(items):
        ((fact, pattern),) = item.items()
        here: Pointer = (*pointer, number, fact)
        reader = _PatternReader(words, notes, binds=binds)
        if fact not in _SUGAR:
            yield reader.clause(fact, pattern, here)
            continue
        if not binds and len(pattern) > 1:
            notes.report(118, here, f"'none' takes one {fact} an entry; write one entry for each")
        name, value = _SUGAR[fact]
        for key, test in pattern.items():
            yield reader.clause(fact, {name: key, value: test}, (*here, key))


def read_facts(
    items: list[dict[str, Any]], pointer: Pointer, words: Words, notes: Notes
) -> Iterator[Fact]:
    """Yield the facts of a case; its candidates and their attribute values may be invented."""
    reader = _PatternReader(words, notes, binds=False)
    for number, item in enumerate(items):
        ((fact, written),) = item.items()
        here: Pointer = (*pointer, number, fact)
        if fact not in _SUGAR:
            yield reader.fact(fact, written, here)
            continue
        name, value = _SUGAR[fact]
        for key, values in written.items():
            for one in values if isinstance(values, list) else [values]:
                yield reader.fact(fact, {name: key, value: one}, (*here, key))


def literal(spot: Spot, value: Scalar, words: Words, notes: Notes) -> Scalar:
    """Return the literal; a word outside its vocabulary is noted."""
    if words.vocabulary is None:
        return value
    allowed = words.vocabulary.values(spot.fact, spot.field, spot.known)
    if allowed is not None and value not in allowed:
        what = f"{shown(value)} is not a word for {spot.fact}.{spot.field}"
        near = "quote it" if str(value) in allowed else remedy(str(value), map(str, allowed))
        notes.report(110, spot.here, f"{what}; {near}")
    elif spot.field == "value" and isinstance(value, str):
        question = str(spot.known.get("question"))
        if words.vocabulary.is_number(question):
            notes.report(112, spot.here, f"{question} is a number, not {shown(value)}")
    return value


class _PatternReader:
    """Reads patterns; every problem is noted where it stands and reading goes on."""

    def __init__(self, words: Words, notes: Notes, *, binds: bool) -> None:
        self.words = words
        self.notes = notes
        self.binds = binds

    def clause(self, fact: str, pattern: dict[str, Any], pointer: Pointer) -> Clause:
        known = {k: v for k, v in pattern.items() if isinstance(v, str) and v[:1] != "$"}
        tests = [
            test
            for name, written in pattern.items()
            for test in self.tests(Spot(fact, name, known, _inside(pointer, fact, name)), written)
        ]
        return Clause(fact, tuple(tests), self.notes.document.place(pointer))

    def fact(self, fact: str, fields: dict[str, Any], pointer: Pointer) -> Fact:
        known = {k: v for k, v in fields.items() if isinstance(v, str) and k != "decision"}
        checked: dict[str, Scalar] = {}
        for name, value in fields.items():
            spot = Spot(fact, name, known, _inside(pointer, fact, name))
            if self.exists(spot):
                invented = fact in _NAMES_CANDIDATES and name in {"candidate", "id", "accelerator"}
                checked[name] = value if invented else literal(spot, value, self.words, self.notes)
        return Fact.of(fact, **checked)

    def tests(self, spot: Spot, written: Any) -> Iterator[Test]:
        """Yield the tests that a field's literal, variable or operators stand for."""
        if not self.exists(spot):
            return
        plain = not isinstance(written, dict) or "param" in written
        for name, operand in [("eq", written)] if plain else written.items():
            op = Op(name)
            checked = self.operand(spot, op, operand)
            if not isinstance(checked, Var) or self.variable(checked, op, spot.here):
                yield Test(spot.field, op, checked)

    def operand(self, spot: Spot, op: Op, operand: Any) -> Scalar | Var | tuple[Scalar, ...]:
        if isinstance(operand, dict):
            operand = self.parameter(operand["param"], spot.here)
        if isinstance(operand, str) and operand.startswith("$"):
            return Var(operand[1:])
        if op is Op.ONE_OF:
            items = operand if isinstance(operand, list | tuple) else [operand]
            return tuple(literal(spot, item, self.words, self.notes) for item in items)
        if op in _ORDERED:
            self.ordered(spot, op, operand)
            return cast("Scalar", operand)
        return literal(spot, operand, self.words, self.notes)

    def ordered(self, spot: Spot, op: Op, operand: Any) -> None:
        """Note a comparison of size where either side is a word."""
        if isinstance(operand, str):
            said = f"'{op}' compares numbers, not {shown(operand)}"
            self.notes.report(112, spot.here, f"{said}; use one_of or an unquoted number")
        elif self.words.vocabulary:
            words = self.words.vocabulary.values(spot.fact, spot.field, spot.known)
            if words and all(isinstance(word, str) for word in words):
                said = f"{spot.fact}.{spot.field} holds words, which '{op}' cannot compare"
                self.notes.report(112, spot.here, f"{said}; use one_of")

    def parameter(self, name: str, here: Pointer) -> Scalar | tuple[Scalar, ...]:
        if name in self.words.parameters:
            return self.words.parameters[name]
        near = remedy(name, self.words.parameters)
        self.notes.report(114, here, f"the policy has no parameter '{name}'; {near}")
        return 0

    def variable(self, variable: Var, op: Op, here: Pointer) -> bool:
        """Bind or use a variable; return False where it is not bound and cannot be."""
        if variable.name in self.notes.bound:
            return True
        if self.binds and op is Op.EQ:
            self.notes.bound[variable.name] = here
            return True
        self.notes.report_unbound(variable.name, here)
        return False

    def exists(self, spot: Spot) -> bool:
        if self.words.vocabulary is None:
            return True
        fields = self.words.vocabulary.fields(spot.fact, spot.known)
        if spot.field in fields:
            return True
        near = remedy(spot.field, fields)
        self.notes.report(111, spot.here, f"{spot.fact} has no field '{spot.field}'; {near}")
        return False


def _inside(pointer: Pointer, fact: str, name: str) -> Pointer:
    """Return where a field stands; a sugared pattern has no deeper level than its key."""
    return (*pointer, name) if pointer[-1] == fact else pointer
