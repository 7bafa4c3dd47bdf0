"""What the firings of a line say, by what it is about; only what changed is read anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import field
from operator import attrgetter

from advisor.domain.plan import Reason
from advisor.domain.rule import Fact, Firing, RuleSpec, Var
from advisor.engine.beliefs import GIVEN, Record
from advisor.frozen import dataclass
from advisor.planning.verdicts import Verdict, render, verdicts_of

MOST_OPINIONS = 50
"""Opinions that are remembered: somewhat fewer than two for each decision."""

Words = tuple[str, str, str]
"""Rule, kind and text of a verdict: the same words on a candidate count once."""
Spoken = Mapping[Words, Verdict]
"""What is said of one candidate."""

_key = attrgetter("key")


@dataclass(frozen=True, slots=True)
class Said:
    """A firing in words: its reason, its verdicts, and the other facts it added."""

    firing: Firing
    reason: Reason
    verdicts: tuple[Verdict, ...]
    others: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Opinion:
    """What rules say of the candidates of one decision: verdicts by candidate, in the order of
    the firings, each once. Equal opinions of one line are one object, so identity tells them."""

    verdicts: Mapping[str, tuple[Verdict, ...]]
    barred: frozenset[str] = field(init=False)
    """The candidates that a must excludes."""

    def __post_init__(self) -> None:
        said = self.verdicts.items()
        barred = frozenset(c for c, vs in said if any(v.kind == "exclude" for v in vs))
        object.__setattr__(self, "barred", barred)

    def of(self, candidate: str) -> tuple[Verdict, ...]:
        """Return the verdicts on a candidate."""
        return self.verdicts.get(candidate, ())


class Reader:
    """Puts firings into words. What is bound as a class is called as `classes` call it: some
    candidates share their ids."""

    def __init__(
        self, rules: Mapping[str, RuleSpec], names: Mapping[str, str], classes: Mapping[str, str]
    ) -> None:
        self._rules = rules
        self._classes = classes
        self.names = names
        self._variables: dict[str, frozenset[str]] = {}

    def __call__(self, firing: Firing) -> Said:
        """Return what a firing says."""
        rule = self._rules[firing.rule]
        classes = self._class_variables(rule)
        bound = firing.bindings
        if classes:
            bound = tuple(
                [(k, self._classes.get(str(v), v) if k in classes else v) for k, v in bound]
            )
        text = render(rule.because, bound, self.names)
        others = tuple([f for f in firing.added if f.type != "verdict"])
        return Said(firing, Reason(text, rule=rule.id), verdicts_of(firing, rule, text), others)

    def _class_variables(self, rule: RuleSpec) -> frozenset[str]:
        """Return the variables of a rule that are bound to classes, looked up once."""
        if rule.id not in self._variables:
            tests = (t for clause in rule.when if clause.fact == "class" for t in clause.tests)
            names = frozenset(t.operand.name for t in tests if isinstance(t.operand, Var))
            self._variables[rule.id] = names
        return self._variables[rule.id]


class Trace:
    """What the firings that hold say, up to the level last run."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self._level = GIVEN
        self._said: dict[Record, Said] = {}
        self._about: dict[str, dict[str, dict[Record, Said]]] = defaultdict(dict)
        self._adding: dict[str, dict[Record, Said]] = defaultdict(dict)
        self._opinions: dict[str, dict[int, Opinion]] = defaultdict(dict)
        self._each: dict[str, dict[int, dict[str, Spoken]]] = defaultdict(lambda: defaultdict(dict))
        self._known: dict[Hashable, Opinion] = {}
        self._reasons: dict[str, dict[int, dict[str, Reason]]] = defaultdict(dict)

    def follow(self, begun: Iterable[Record], ended: Iterable[Record], level: int) -> None:
        """Take in what began and ended to fire; from now on say what holds at `level`."""
        for record in begun:
            self._add(record)
        for record in ended:
            self._remove(record)
        self._level = level

    def call(self, read: Reader) -> None:
        """Say with other names what was said; texts without any of them stay."""
        before, now = self._read.names, read.names
        other = {id_ for id_ in before.keys() | now.keys() if before.get(id_) != now.get(id_)}
        self._read = read
        touched = [
            record
            for record in self._said
            if any(value in other for _, value in record.firing.bindings)
        ]
        for record in touched:
            self._remove(record)
            self._add(record)

    def _add(self, record: Record) -> None:
        said = self._said[record] = self._read(record.firing)
        for verdict in said.verdicts:
            self._about[verdict.decision].setdefault(verdict.candidate, {})[record] = said
            self._forget(verdict)
        for fact in said.others:
            self._adding[fact.type][record] = said
            self._reasons.pop(fact.type, None)

    def _remove(self, record: Record) -> None:
        said = self._said.pop(record)
        for verdict in said.verdicts:
            self._about[verdict.decision][verdict.candidate].pop(record, None)
            self._forget(verdict)
        for fact in said.others:
            self._adding[fact.type].pop(record, None)
            self._reasons.pop(fact.type, None)

    def _forget(self, verdict: Verdict) -> None:
        """Let go of what was worked out without a verdict, or with one that is no more."""
        self._opinions.pop(verdict.decision, None)
        for each in self._each[verdict.decision].values():
            each.pop(verdict.candidate, None)

    # --- what holds -----------------------------------------------------------------------

    def opinion(self, decision: str) -> Opinion:
        """Return what is said of the candidates of a decision."""
        at = self._opinions[decision]
        if self._level not in at:
            at[self._level] = self._opinion(decision)
        return at[self._level]

    def _opinion(self, decision: str) -> Opinion:
        each = self._each[decision][self._level]
        for id_ in self._about[decision].keys() - each.keys():
            each[id_] = self._verdicts(decision, id_)
        by = {id_: each[id_] for id_ in sorted(each) if each[id_]}
        key = decision, tuple([(candidate, *words) for candidate, words in by.items()])
        found = self._known.pop(key, None)
        if found is None:
            found = Opinion({candidate: tuple(words.values()) for candidate, words in by.items()})
        self._known[key] = found  # the latest asked for stands last
        if len(self._known) > MOST_OPINIONS:
            del self._known[next(iter(self._known))]
        return found

    def _verdicts(self, decision: str, candidate: str) -> Spoken:
        found: dict[Words, Verdict] = {}
        for _, said in self._in_order(self._about[decision][candidate]):
            for verdict in said.verdicts:
                if verdict.decision == decision and verdict.candidate == candidate:
                    found.setdefault((verdict.rule, verdict.kind, verdict.text), verdict)
        return found

    def reasons(self, type_: str) -> dict[str, Reason]:
        """Return the first reason for each asserted fact of a type, by its id."""
        at = self._reasons[type_]
        if self._level not in at:
            found: dict[str, Reason] = {}
            for fact, said in self.asserted(type_):
                found.setdefault(str(fact.get("id")), said.reason)
            at[self._level] = found
        return at[self._level]

    def asserted(self, type_: str) -> Iterator[tuple[Fact, Said]]:
        """Yield the facts of a type with what asserted them, in the order of the firings."""
        for _, said in self._in_order(self._adding[type_]):
            for fact in said.others:
                if fact.type == type_:
                    yield fact, said

    def about(self, decision: str, candidate: str) -> Mapping[Record, Said]:
        """Return the firings with verdicts on a candidate of a decision, in no order."""
        return self._about[decision].get(candidate, {})

    def _in_order(self, said: Mapping[Record, Said]) -> list[tuple[Record, Said]]:
        records = sorted([r for r in said if r.level <= self._level], key=_key)
        return [(record, said[record]) for record in records]
