"""Facts in working memory: experta's, each with the statement that it stands for."""

from __future__ import annotations

from advisor.domain.rule import Fact
from advisor.engine import _experta as experta
from advisor.engine.values import check_values


class TypedFact(experta.Fact):  # type: ignore[misc]  # experta is untyped
    """Base of the classes, one a fact type, by which experta's own matcher tells types apart."""

    statement: Fact

    def fill(self, statement: Fact, number: int) -> None:
        """Make this the fact of a statement. Raises TypeError for a value of a wrong kind."""
        check_values(statement)
        dict.update(self, statement.fields)
        self.__factid__ = number
        self.statement = statement


class WorkingFact(TypedFact):
    """A fact for our matcher; `patterns` are the numbers of the patterns that it fits.

    One object stands for one statement, so identity is equality, and hashing costs nothing.
    """

    patterns: tuple[int, ...]

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
