"""Our own matcher behind experta's `__matcher__` hook: hash joins, one stratum at a time.

experta's RETE joins every change at once and without indexes. This one notes which rules a
change touches and joins them when their turn in the order of firing comes, when everything
below them is settled: no activation is made only to be taken back. The matches of every rule
are kept, so that a changed fact costs only the joins that it takes part in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain
from operator import itemgetter
from typing import Any

from advisor.engine import _experta as experta
from advisor.engine.compile import NONE, CompiledRule, Program
from advisor.engine.joins import Bucket, IndexKey, Row
from advisor.engine.working import WorkingFact


class Match(experta.Activation):  # type: ignore[misc]  # experta is untyped
    """An activation whose facts are in the order of the rule's clauses."""

    def __init__(self, compiled: CompiledRule, row: Row, number: int) -> None:
        self.rule = compiled.shell
        self.compiled = compiled
        self.facts = row
        self.context = compiled.context(row)
        self.key = (self.rule.salience, number)

    __hash__ = object.__hash__
    __eq__ = object.__eq__


class Memories:
    """Facts by pattern, and hash indexes over them, made when first asked for."""

    def __init__(self, patterns: int) -> None:
        self.facts: list[dict[WorkingFact, None]] = [{} for _ in range(patterns)]
        self._tables: dict[IndexKey, Mapping[Any, Bucket]] = {}
        self._indexes: list[list[tuple[Any, dict[Any, list[WorkingFact]]]]]
        self._indexes = [[] for _ in range(patterns)]

    def table(self, index: IndexKey) -> Mapping[Any, Bucket]:
        """Return the facts of a pattern by the values of the index fields."""
        found = self._tables.get(index)
        return self._build(index) if found is None else found

    def _build(self, index: IndexKey) -> Mapping[Any, Bucket]:
        pattern, fields = index
        if not fields:
            self._tables[index] = {(): self.facts[pattern]}
            return self._tables[index]
        table: dict[Any, list[WorkingFact]] = {}  # a list for few facts: half of a dict's memory
        key_of = itemgetter(*fields)
        for fact in self.facts[pattern]:
            table.setdefault(key_of(fact), []).append(fact)
        self._tables[index] = table
        self._indexes[pattern].append((key_of, table))
        return table

    def add(self, fact: WorkingFact) -> None:
        """Add a fact to every pattern that it fits."""
        for pattern in fact.patterns:
            self.facts[pattern][fact] = None
            for key_of, table in self._indexes[pattern]:
                table.setdefault(key_of(fact), []).append(fact)

    def remove(self, fact: WorkingFact) -> None:
        """Remove a fact from every pattern that it fits."""
        for pattern in fact.patterns:
            del self.facts[pattern][fact]
            for key_of, table in self._indexes[pattern]:
                key = key_of(fact)
                table[key].remove(fact)
                if not table[key]:
                    del table[key]


class Agendum:
    """What has changed for a rule since it was last joined.

    `seeds` are new facts by `when` clause; `guarded` and `freed` say that facts came or went
    which a `none` reads.
    """

    __slots__ = ("freed", "guarded", "seeds")

    def __init__(self) -> None:
        self.seeds: dict[int, list[WorkingFact]] = {}
        self.guarded = False
        self.freed = False


class HashMatcher(experta.Matcher):  # type: ignore[misc]
    """Matches the rules of `engine.program` up to rank `engine.limit`."""

    def __init__(self, engine: Any) -> None:
        super().__init__(engine)
        self._program: Program = engine.program
        self.reset()

    def reset(self) -> None:
        """Forget all facts and matches."""
        self._memories = Memories(len(self._program.patterns))
        self._begun = 0
        self._present: set[WorkingFact] = set()
        self._live: list[dict[Row, Match]] = [{} for _ in self._program.rules]
        self._uses: dict[WorkingFact, dict[Match, None]] = defaultdict(dict)
        self._touched: dict[int, dict[int, Agendum]] = {}

    def changes(
        self, adding: Iterable[WorkingFact] = (), deleting: Iterable[WorkingFact] = ()
    ) -> tuple[list[Match], list[Match]]:
        """Take in changed facts; return the matches that begin and that end.

        Matches begin for the lowest touched stratum only: ask again until nothing comes.
        """
        removed = self._take_in(chain(deleting, adding))
        added: list[Match] = []
        while not added and not removed:
            rank = self._next_rank()
            if rank is None:
                break
            for index, agendum in sorted(self._touched.pop(rank).items()):
                self._join(self._program.rules[index], agendum, added, removed)
        return added, removed

    def _next_rank(self) -> int | None:
        """Return the lowest rank that is touched, if it may fire now."""
        if not self._touched:
            return None
        rank = min(self._touched)
        return rank if rank <= self.engine.limit else None

    # --- facts in -------------------------------------------------------------------------

    def _take_in(self, changed: Iterable[WorkingFact]) -> list[Match]:
        removed: list[Match] = []
        come: dict[int, list[WorkingFact]] = defaultdict(list)
        gone: set[int] = set()
        for fact in dict.fromkeys(changed):
            there = fact["__factid__"] in self.engine.facts
            if there is (fact in self._present):  # withdrawn and asserted again, or the reverse
                continue
            if there:
                self._present.add(fact)
                self._memories.add(fact)
                for pattern in fact.patterns:
                    come[pattern].append(fact)
            else:
                self._present.remove(fact)
                self._memories.remove(fact)
                gone.update(fact.patterns)
                for match in list(self._uses.pop(fact, ())):
                    self._end(match, removed)
        self._touch(come, gone)
        return removed

    def _touch(self, come: Mapping[int, list[WorkingFact]], gone: set[int]) -> None:
        """Note for the rules that read a pattern which facts have come and that some have gone."""
        for pattern, facts in come.items():
            for index, clause in self._program.readers[pattern]:
                if clause == NONE:
                    self._agendum(index).guarded = True
                else:
                    self._agendum(index).seeds.setdefault(clause, []).extend(facts)
        for pattern in gone:
            for index, clause in self._program.readers[pattern]:
                if clause == NONE:
                    self._agendum(index).freed = True

    def _agendum(self, index: int) -> Agendum:
        touched = self._touched.setdefault(self._program.rules[index].rank, {})
        if index not in touched:
            touched[index] = Agendum()
        return touched[index]

    # --- matches out ----------------------------------------------------------------------

    def _join(
        self, rule: CompiledRule, agendum: Agendum, added: list[Match], removed: list[Match]
    ) -> None:
        live = self._live[rule.index]
        if agendum.guarded and live:
            free = set(self._free(rule, list(live)))
            for row in [row for row in live if row not in free]:
                self._end(live[row], removed)
        for row in self._free(rule, self._rows(rule, agendum)):
            if row not in live:
                added.append(self._begin(rule, row))

    def _rows(self, rule: CompiledRule, agendum: Agendum) -> list[Row]:
        """Return rows of the `when` clauses, at least those that the changes made possible."""
        sizes = [len(self._memories.facts[clause.pattern]) for clause in rule.joins.when]
        if not all(sizes):
            return []
        if agendum.freed or sum(map(len, agendum.seeds.values())) > min(sizes):
            start = sizes.index(min(sizes))
            every = self._memories.facts[rule.joins.when[start].pattern]
            return self._run(rule, start, every)
        rows: list[Row] = []
        for clause, seeds in agendum.seeds.items():
            memory = self._memories.facts[rule.joins.when[clause].pattern]
            here = dict.fromkeys(fact for fact in seeds if fact in memory)
            rows += self._run(rule, clause, here)
        return rows

    def _run(self, rule: CompiledRule, start: int, facts: Iterable[WorkingFact]) -> list[Row]:
        plan = rule.joins.from_clause(start)
        return list(plan.run([(fact,) for fact in facts], self._memories.table))

    def _free(self, rule: CompiledRule, rows: list[Row]) -> list[Row]:
        for guard in rule.joins.guards:
            if rows:
                rows = guard.free(rows, self._memories.table)
        return rows

    def _begin(self, rule: CompiledRule, row: Row) -> Match:
        self._begun += 1
        match = Match(rule, row, self._begun)
        self._live[rule.index][row] = match
        for fact in row:
            self._uses[fact][match] = None
        return match

    def _end(self, match: Match, removed: list[Match]) -> None:
        if self._live[match.compiled.index].pop(match.facts, None) is None:
            return
        removed.append(match)
        for fact in match.facts:
            users = self._uses.get(fact)
            if users is not None:
                users.pop(match, None)
                if not users:
                    del self._uses[fact]
