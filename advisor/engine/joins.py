"""How the clauses of one rule are joined: in which order, over which indexes, with which tests.

A *row* is a tuple of facts, one a clause. A join starts from rows of one clause and adds the
others one by one, each looked up in a hash index on the variables that are bound already.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from advisor.domain.rule import Clause, Op, RuleSpec, Var
from advisor.engine.alpha import PatternIndex
from advisor.engine.values import COMPARISONS, Comparison
from advisor.frozen import dataclass

Row = tuple[Any, ...]
"""Facts of the working memory, which are mappings from field to value."""

Bucket = Collection[Any]
"""Facts in the order of their arrival."""

IndexKey = tuple[int, tuple[str, ...]]
"""A pattern and the fields that its facts are filed under; no field means all facts."""

Source = tuple[int, str]
"""A clause's position in a row and a field of its fact."""

Tables = Callable[[IndexKey], Mapping[Any, Bucket]]


@dataclass(frozen=True, slots=True)
class JoinClause:
    """A clause for joining: its pattern, the variables it binds, its comparisons with others."""

    pattern: int
    fields: Mapping[str, str]
    comparisons: tuple[tuple[str, Comparison, str], ...]

    @classmethod
    def of(cls, clause: Clause, patterns: PatternIndex) -> JoinClause:
        """Return the clause with its pattern numbered in the index."""
        fields: dict[str, str] = {}
        comparisons = []
        for test in clause.tests:
            if isinstance(test.operand, Var):
                if test.op is Op.EQ:
                    fields.setdefault(test.operand.name, test.field)
                else:
                    comparisons.append((test.field, COMPARISONS[test.op], test.operand.name))
        foreign = [entry for entry in comparisons if entry[2] not in fields]
        return cls(patterns.number(clause), fields, tuple(foreign))


@dataclass(frozen=True, slots=True)
class Step:
    """Adds one clause to rows: looks up `index` by the values at `key`, then compares."""

    index: IndexKey
    key: tuple[Source, ...]
    tests: tuple[tuple[Source, Comparison, Source], ...]

    def extend(self, rows: Sequence[Row], tables: Tables) -> list[Row]:
        """Return the rows with every fact added that fits."""
        get = tables(self.index).get
        key = self.key
        if not key:
            bucket = get((), _EMPTY)
            found = [(*row, fact) for row in rows for fact in bucket]
        elif len(key) == 1:
            at, name = key[0]
            found = [(*row, fact) for row in rows for fact in get(row[at][name], _EMPTY)]
        else:
            found = [
                (*row, fact)
                for row in rows
                for fact in get(tuple([row[at][name] for at, name in key]), _EMPTY)
            ]
        for (i, one), compare, (j, other) in self.tests:
            found = [row for row in found if compare(row[i][one], row[j][other])]
        return found

    def free(self, rows: Iterable[Row], tables: Tables) -> list[Row]:
        """Return the rows to which no fact can be added: those that a `none` lets pass."""
        table = tables(self.index)
        if not table:
            return list(rows)
        if not self.tests:
            get = table.get
            return [row for row in rows if not get(self._key_of(row))]
        return [row for row in rows if not self.extend((row,), tables)]

    def _key_of(self, row: Row) -> Any:
        if len(self.key) == 1:
            at, name = self.key[0]
            return row[at][name]
        return tuple([row[at][name] for at, name in self.key])


_EMPTY: Bucket = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A join that starts with the first clause of an order; `arrange` puts rows back in place."""

    steps: tuple[Step, ...]
    arrange: Callable[[Row], Row] | None

    def run(self, rows: Sequence[Row], tables: Tables) -> Sequence[Row]:
        """Return the joined rows, in the order of the rule's clauses."""
        for step in self.steps:
            if not rows:
                return ()
            rows = step.extend(rows, tables)
        return rows if self.arrange is None else [self.arrange(row) for row in rows]


class Joins:
    """The joins of one rule. Plans are made when first needed and kept."""

    def __init__(self, rule: RuleSpec, patterns: PatternIndex) -> None:
        self.when = tuple(JoinClause.of(clause, patterns) for clause in rule.when)
        self.none = tuple(JoinClause.of(clause, patterns) for clause in rule.none)
        self.home: dict[str, Source] = {}
        for i, clause in enumerate(self.when):
            for name, field in clause.fields.items():
                self.home.setdefault(name, (i, field))
        in_place = {i: i for i in range(len(self.when) + 1)}
        self.guards = tuple(self._step(clause, len(self.when), in_place) for clause in self.none)
        self._plans: dict[tuple[int, ...], Plan] = {}
        self._orders: dict[int, tuple[int, ...]] = {}

    def from_clause(self, start: int) -> Plan:
        """Return the plan that starts with one clause and follows the bound variables."""
        if start not in self._orders:
            self._orders[start] = self._order(start)
        order = self._orders[start]
        if order not in self._plans:
            self._plans[order] = self._plan(order)
        return self._plans[order]

    def _order(self, start: int) -> tuple[int, ...]:
        """Return all clauses from `start` on, always next the one with most variables bound."""
        order = [start]
        bound = set(self.when[start].fields)
        left = [i for i in range(len(self.when)) if i != start]
        while left:
            best = max(left, key=lambda i: (len(bound & self.when[i].fields.keys()), -i))
            order.append(best)
            left.remove(best)
            bound |= self.when[best].fields.keys()
        return tuple(order)

    def _plan(self, order: tuple[int, ...]) -> Plan:
        places = {clause: position for position, clause in enumerate(order)}
        steps = []
        for position in range(1, len(order)):
            so_far = {clause: places[clause] for clause in order[: position + 1]}
            steps.append(self._step(self.when[order[position]], order[position], so_far))
        in_order = all(clause == position for clause, position in places.items())
        back = None if in_order else itemgetter(*(places[i] for i in range(len(order))))
        return Plan(tuple(steps), back)

    def _step(self, clause: JoinClause, number: int, places: Mapping[int, int]) -> Step:
        """Return the step that adds a clause to rows in which `places` says who stands where."""
        others = [i for i in places if i != number]
        key, fields = [], []
        for name, field in sorted(clause.fields.items()):
            known = next((i for i in others if name in self.when[i].fields), None)
            if known is not None:
                key.append((places[known], self.when[known].fields[name]))
                fields.append(field)
        wanted = [(number, comparison) for comparison in clause.comparisons]
        wanted += [
            (i, comparison)
            for i in others
            for comparison in self.when[i].comparisons
            if self.home[comparison[2]][0] == number
        ]
        tests = []
        for i, (field, compare, name) in wanted:
            home, home_field = self.home[name]
            if home in places:
                tests.append(((places[i], field), compare, (places[home], home_field)))
        return Step((clause.pattern, tuple(fields)), tuple(key), tuple(tests))
