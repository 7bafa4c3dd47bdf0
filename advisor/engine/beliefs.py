"""What working memory holds and why: given facts, conclusions, and the firings they rest on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from advisor.domain.rule import Fact
from advisor.engine.compile import CompiledRule
from advisor.engine.values import order_key
from advisor.engine.working import TypedFact

GIVEN = -1
"""The level of given facts: they hold whatever has been run."""

_order = attrgetter("order")


class Record:
    """A firing that holds, the facts that rest on it, and its place in the canonical order."""

    __slots__ = ("added", "firing", "key", "level")

    def __init__(self, rule: CompiledRule, context: Mapping[str, Any]) -> None:
        self.firing = rule.firing(context)
        self.level = rule.level
        bindings = tuple([order_key(value) for _, value in self.firing.bindings])
        used = tuple([fact.order for fact in rule.row(context)])
        self.key = (rule.rank, rule.spec.id, bindings, used)
        self.added: tuple[TypedFact, ...] = ()


class Beliefs:
    """Facts by statement, with everything that supports them; a fact without support leaves.

    `make(statement, number)` makes the engine's fact of a new statement, `declare` takes it in.
    """

    def __init__(
        self,
        make: Callable[[Fact, int], TypedFact],
        declare: Callable[[TypedFact], object],
        first_number: int,
    ) -> None:
        self._make = make
        self._declare = declare
        self._next_number = first_number
        self.known: dict[Fact, TypedFact] = {}
        self.given: dict[TypedFact, None] = {}
        self.supports: dict[TypedFact, dict[Record, None]] = {}
        self._levels: dict[str, dict[TypedFact, int]] = {}
        self._sorted: dict[str, list[TypedFact]] = {}
        self._doubtful: dict[TypedFact, None] = {}

    def give(self, statement: Fact) -> None:
        """Add a given fact."""
        fact = self._enter(statement)
        self.given[fact] = None
        self._levels[statement.type][fact] = GIVEN

    def withdraw(self, statement: Fact) -> None:
        """Take a given fact back. Raises KeyError where it is not given."""
        fact = self.known.get(statement)
        if fact is None or fact not in self.given:
            raise KeyError(f"{statement} is not a given fact")
        del self.given[fact]
        self._weaken(fact)

    def conclude(self, record: Record) -> None:
        """Rest the facts that a firing adds on it."""
        record.added = tuple([self._enter(statement) for statement in record.firing.added])
        for fact in record.added:
            self.supports.setdefault(fact, {})[record] = None
            levels = self._levels[fact.statement.type]
            levels[fact] = min(levels[fact], record.level)

    def take_back(self, record: Record) -> None:
        """Take a firing's support from the facts that it added."""
        for fact in record.added:
            self.supports[fact].pop(record, None)
            self._weaken(fact)

    def sweep(self) -> list[TypedFact]:
        """Drop and return the facts that have lost their last support and found no other."""
        gone = [f for f in self._doubtful if f not in self.given and not self.supports.get(f)]
        self._doubtful = {}
        for fact in gone:
            self.supports.pop(fact, None)
            del self.known[fact.statement]
            del self._levels[fact.statement.type][fact]
            self._sorted.pop(fact.statement.type, None)
        return gone

    def of_type(self, type_: str, level: int) -> list[Fact]:
        """Return the facts of a type that hold at a level, sorted."""
        levels = self._levels.get(type_, {})
        if type_ not in self._sorted:
            self._sorted[type_] = sorted(levels, key=_order)
        return [fact.statement for fact in self._sorted[type_] if levels[fact] <= level]

    def _enter(self, statement: Fact) -> TypedFact:
        """Return the fact of a statement, declared to the engine if it is new."""
        fact = self.known.get(statement)
        if fact is None:
            fact = self._make(statement, self._next_number)
            self._next_number += 1
            self.known[statement] = fact
            self._levels.setdefault(statement.type, {})[fact] = _NEVER
            self._sorted.pop(statement.type, None)
            self._declare(fact)
        return fact

    def _weaken(self, fact: TypedFact) -> None:
        """Note that a fact has lost a support."""
        self._doubtful[fact] = None
        if fact not in self.given:
            levels = (record.level for record in self.supports.get(fact, ()))
            self._levels[fact.statement.type][fact] = min(levels, default=_NEVER)


_NEVER = 1 << 30
"""The level of a fact that nothing supports."""
