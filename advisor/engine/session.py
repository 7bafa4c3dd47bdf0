"""A rule session: facts in, firings and conclusions out, with every change followed through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from advisor.domain.rule import Fact, Firing
from advisor.engine.compile import CompiledRule, Program, salience
from advisor.engine.engines import ENGINES
from advisor.engine.values import FactKey, fact_key, order_key
from advisor.engine.working import TypedFact
from advisor.errors import LibraryError

STEP_LIMIT = 200_000
"""Firings in one run before the rulebook is taken to be broken: a join without a condition."""

MatcherName = Literal["hash", "rete"]


@dataclass(eq=False)
class Record:
    """A firing that holds: the rule, what it says, the working facts that it supports."""

    rule: CompiledRule
    firing: Firing
    added: tuple[TypedFact, ...]

    @cached_property
    def key(self) -> tuple[int, str, tuple[Any, ...], tuple[FactKey, ...]]:
        """Return the place in the canonical order: stratum, rule, bindings, facts used."""
        bindings = tuple(order_key(value) for _, value in self.firing.bindings)
        used = tuple(fact_key(fact) for fact in self.firing.used)
        return self.rule.rank, self.rule.spec.id, bindings, used


class Session:
    """Working memory for one plan.

    `give` and `withdraw` change the given facts, `run(level)` fires the rules of all levels up to
    that one and takes back what no longer holds. What can be read is what holds at the level
    last run, however the session came there: a changed session and a new one say the same.
    """

    def __init__(self, program: Program, matcher: MatcherName = "hash") -> None:
        self.program = program
        self._next_number = len(program.base)
        self._engine: Any = ENGINES[matcher](program, self._conclude)
        self._level = -1
        self._known: dict[Fact, TypedFact] = {}
        self._types: dict[str, dict[TypedFact, None]] = {}
        self._given: dict[TypedFact, None] = {}
        self._supports: dict[TypedFact, dict[Record, None]] = {}
        self._fired: dict[Any, Record | None] = {}
        self._leaving: dict[TypedFact, None] = {}
        self._current: Any = None
        self._failed = False

    # --- changing -------------------------------------------------------------------------

    def give(self, facts: Iterable[Fact]) -> None:
        """Add given facts. Raises TypeError for a value that is not text or a number."""
        for fact in facts:
            self._given[self._enter(fact)] = None

    def withdraw(self, facts: Iterable[Fact]) -> None:
        """Take given facts back; what rules conclude stays. Raises KeyError if one is not given."""
        for fact in facts:
            if not self.is_given(fact):
                raise KeyError(f"{fact} is not a given fact")
            working = self._known[fact]
            del self._given[working]
            self._leaving[working] = None

    def run(self, level: int | None = None) -> None:
        """Fire the rules of all levels up to `level`, by default all, until nothing changes.

        Raises LibraryError after too many firings. After any error the session is of no use.
        """
        if self._failed:
            raise RuntimeError("this session has failed; start a new one")
        self._failed = True
        self._level = self.program.order.last_level if level is None else level
        self._settle()
        self._failed = False

    # --- reading --------------------------------------------------------------------------

    def facts(self, type_: str) -> tuple[Fact, ...]:
        """Return the facts of a type, given and concluded, sorted."""
        found = [fact.statement for fact in self._types.get(type_, ()) if self._holds(fact)]
        return tuple(sorted(found, key=fact_key))

    def firings(self) -> tuple[Firing, ...]:
        """Return the firings by level, stratum, rule and bindings: the trace."""
        return tuple(record.firing for record in self._records(self._fired.values()))

    def supports(self, fact: Fact) -> tuple[Firing, ...]:
        """Return the firings that conclude a fact, in the order of the trace."""
        found = self._supports.get(self._known[fact], {}) if fact in self._known else {}
        return tuple(record.firing for record in self._records(found))

    def is_given(self, fact: Fact) -> bool:
        """Return whether the fact was given; it may be concluded as well."""
        return fact in self._known and self._known[fact] in self._given

    def _records(self, records: Iterable[Record | None]) -> list[Record]:
        seen = [record for record in records if record and record.rule.level <= self._level]
        return sorted(seen, key=lambda record: record.key)

    def _holds(self, fact: TypedFact) -> bool:
        if fact in self._given:
            return True
        return any(record.rule.level <= self._level for record in self._supports.get(fact, ()))

    # --- firing ---------------------------------------------------------------------------

    def _settle(self) -> None:
        engine = self._engine
        engine.limit = self.program.last_rank(self._level)
        steps = 0
        while True:
            self._sweep()
            added, removed = engine.get_activations()
            engine.strategy.update_agenda(engine.agenda, added, removed)
            due = [] if self._undo(removed) else self._due()
            if not (added or removed or due):
                return
            steps += len(due)
            if steps > STEP_LIMIT:
                raise LibraryError(f"rules: {steps:,} firings; a rule joins facts without a limit")
            for self._current in due:
                self._current.rule(engine, **self._current.context)
                self._fired.setdefault(self._current.key)

    def _due(self) -> list[Any]:
        """Take from the agenda the activations of its first stratum, if the level allows it.

        Rules of one stratum cannot disturb one another, so they fire together.
        """
        agenda = self._engine.agenda
        last = salience(self._engine.limit)
        due: list[Any] = []
        while agenda.activations:
            priority = agenda.activations[-1].rule.salience
            if priority < last or (due and priority != due[0].rule.salience):
                break
            due.append(agenda.get_next())
        return due

    def _conclude(self, rule: CompiledRule, context: Mapping[str, Any]) -> None:
        """Record the firing of the current activation and assert what it says."""
        firing = rule.firing(context)
        record = Record(rule, firing, tuple([self._enter(fact) for fact in firing.added]))
        self._fired[self._current.key] = record
        for fact in record.added:
            self._supports.setdefault(fact, {})[record] = None

    def _undo(self, removed: Iterable[Any]) -> bool:
        """Take back what rested on activations that ended; return whether all starts afresh."""
        ended = [a.key for a in removed if a.key in self._fired]
        if ended and not self._engine.follows_changes:
            self._start_afresh()
            return True
        for key in ended:
            record = self._fired.pop(key)
            if record is None:
                continue
            for fact in record.added:
                self._supports[fact].pop(record, None)
                self._leaving[fact] = None
        return False

    def _start_afresh(self) -> None:
        self._engine.reset()
        self._fired.clear()
        self._supports.clear()
        self._known.clear()
        self._types.clear()
        given, self._given = self._given, {}
        self.give(fact.statement for fact in given)

    # --- working memory -------------------------------------------------------------------

    def _enter(self, statement: Fact) -> TypedFact:
        """Return the fact in working memory of a statement, declared to the engine if it is new."""
        fact = self._known.get(statement)
        if fact is None:
            fact = self._engine.working(statement, self._next_number)
            self._next_number += 1
            self._known[statement] = fact
            self._types.setdefault(statement.type, {})[fact] = None
            self._engine.facts.declare(fact)
        return fact

    def _sweep(self) -> None:
        """Forget the facts that have lost their last support and found no other."""
        leaving, self._leaving = self._leaving, {}
        for fact in leaving:
            if fact in self._given or self._supports.get(fact):
                continue
            self._supports.pop(fact, None)
            del self._known[fact.statement]
            del self._types[fact.statement.type][fact]
            self._engine.facts.retract(fact)
