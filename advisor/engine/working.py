"""Facts in working memory: experta's, each with the statement that it stands for."""

from __future__ import annotations

from typing import Self

from advisor.domain.rule import Fact
from advisor.engine import _experta as experta
from advisor.engine.values import FactKey, fact_key


class TypedFact(experta.Fact):  # type: ignore[misc]  # experta is untyped
    """Base of the classes, one a fact type, by which experta's own matcher tells types apart."""

    __slots__ = ("order", "statement")  # without them each fact would have a dictionary beside it
    statement: Fact
    order: FactKey

    @classmethod
    def of(cls, statement: Fact, number: int) -> Self:
        """Return the fact of a statement whose values have been checked."""
        fact = cls.__new__(cls)  # experta's constructor only freezes values that are frozen here
        dict.update(fact, statement.fields)
        fact.__factid__ = number
        fact.statement = statement
        fact.order = fact_key(statement)
        return fact


class WorkingFact(TypedFact):
    """A fact for our matcher; `patterns` are the numbers of the patterns that it fits.

    One object stands for one statement, so identity is equality, and hashing costs nothing.
    """

    __slots__ = ("patterns",)
    patterns: tuple[int, ...]

    @classmethod
    def fitting(cls, statement: Fact, number: int, patterns: tuple[int, ...]) -> Self:
        """Return the fact of a statement that fits some patterns."""
        fact = cls.of(statement, number)
        fact.patterns = patterns
        return fact

    __hash__ = object.__hash__
    __eq__ = object.__eq__
    __ne__ = object.__ne__


class WorkingMemory(experta.FactList):  # type: ignore[misc]
    """experta's fact list for facts that are numbered and known to be distinct already."""

    def declare(self, fact: WorkingFact) -> WorkingFact:
        """Add a fact that is not in the list."""
        self[fact["__factid__"]] = fact
        self.added.append(fact)
        return fact

    def retract(self, fact: WorkingFact) -> int:
        """Remove a fact that is in the list; return its number."""
        number: int = fact["__factid__"]
        del self[number]
        self.removed.append(fact)
        return number
