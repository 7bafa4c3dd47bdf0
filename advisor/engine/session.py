"""A rule session: facts in, firings and conclusions out, with every change followed through."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any, Literal

from advisor.domain.rule import Fact, Firing
from advisor.engine.beliefs import GIVEN, Beliefs, Record
from advisor.engine.compile import CompiledRule, Program, salience
from advisor.engine.engines import ENGINES
from advisor.engine.values import check_values
from advisor.errors import LibraryError

STEP_LIMIT = 200_000
"""Firings in one run before the rulebook is taken to be broken: a join without a condition."""

MatcherName = Literal["hash", "rete"]


_key = attrgetter("key")
_level = attrgetter("level")
_firing = attrgetter("firing")


class Session:
    """Working memory for one plan.

    `give` and `withdraw` change the given facts, `run(level)` fires the rules of all levels up to
    that one and takes back what no longer holds. What can be read is what holds at the level
    last run, however the session came there: a changed session and a new one say the same.
    """

    def __init__(self, program: Program, matcher: MatcherName = "hash") -> None:
        self.program = program
        engine_class: Any = ENGINES[matcher]
        self._engine = engine_class(program, self._conclude)
        self._beliefs = self._no_beliefs()
        self._level = GIVEN
        self._fired: dict[Any, Record | None] = {}
        self._trace: list[Record] = []
        self._begun: dict[Record, None] = {}
        self._ended: list[Record] = []
        self._current: Any = None
        self._failed = False

    def _no_beliefs(self) -> Beliefs:
        facts = self._engine.facts
        return Beliefs(self._engine.working, facts.declare, len(self.program.base))

    # --- changing -------------------------------------------------------------------------

    def give(self, facts: Iterable[Fact]) -> None:
        """Add given facts. Raises TypeError for a value that is not text or a number."""
        for fact in facts:
            check_values(fact)  # before any look-up: to Python, True is the fact that has 1
            self._beliefs.give(fact)

    def withdraw(self, facts: Iterable[Fact]) -> None:
        """Take given facts back; what rules conclude stays. Raises KeyError if one is not given."""
        for fact in facts:
            self._beliefs.withdraw(fact)

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
        return tuple(self._beliefs.of_type(type_, self._level))

    def firings(self) -> tuple[Firing, ...]:
        """Return the firings by level, stratum, rule and bindings: the trace."""
        end = bisect_right(self._trace, self._level, key=_level)  # ranks order levels, too
        return tuple(map(_firing, self._trace[:end]))

    def news(self) -> tuple[Iterable[Record], Iterable[Record]]:
        """Return the firings that began to hold, then those that ended, since last asked.

        Those above the level last run are among them.
        """
        begun, ended = self._begun, self._ended
        self._begun, self._ended = {}, []
        return begun, ended

    def supports(self, fact: Fact) -> tuple[Firing, ...]:
        """Return the firings that conclude a fact, in the order of the trace."""
        known = self._beliefs.known.get(fact)
        records = () if known is None else self._beliefs.supports.get(known, ())
        seen = sorted([r for r in records if r.level <= self._level], key=_key)
        return tuple([record.firing for record in seen])

    def support(self, fact: Fact) -> Firing | None:
        """Return the first of the firings that conclude a fact, None where there are none."""
        known = self._beliefs.known.get(fact)
        records = () if known is None else self._beliefs.supports.get(known, ())
        held = [record for record in records if record.level <= self._level]
        return min(held, key=_key).firing if held else None

    def is_given(self, fact: Fact) -> bool:
        """Return whether the fact was given; it may be concluded as well."""
        return self._beliefs.known.get(fact) in self._beliefs.given

    # --- firing ---------------------------------------------------------------------------

    def _settle(self) -> None:
        engine = self._engine
        engine.limit = self.program.last_rank(self._level)
        steps = 0
        while True:
            for fact in self._beliefs.sweep():
                engine.facts.retract(fact)
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
        record = self._fired[self._current.key] = Record(rule, context)
        insort(self._trace, record, key=_key)
        self._begun[record] = None
        self._beliefs.conclude(record)

    def _undo(self, removed: Iterable[Any]) -> bool:
        """Take back what rested on activations that ended; return whether all starts afresh."""
        ended = [a.key for a in removed if a.key in self._fired]
        if ended and not self._engine.follows_changes:
            given = [fact.statement for fact in self._beliefs.given]
            self._engine.reset()
            for held in self._trace:
                self._end(held)
            self._fired, self._trace, self._beliefs = {}, [], self._no_beliefs()
            self.give(given)
            return True
        for key in ended:
            record = self._fired.pop(key)
            if record is not None:
                del self._trace[bisect_left(self._trace, record.key, key=_key)]
                self._end(record)
                self._beliefs.take_back(record)
        return False

    def _end(self, record: Record) -> None:
        """Note that a firing no longer holds, or forget one that nobody has asked about."""
        if record in self._begun:
            del self._begun[record]
        else:
            self._ended.append(record)
