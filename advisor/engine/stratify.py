"""When a rule may fire: its level in the staged line, and its stratum inside the level.

A *level* says how far the line must have come for the facts that the rule reads to be complete:
at level 2s the rules of stage s run, at 2s + 1 those that read the stage's estimates; what a
stage chose is read from level 2s + 2 on. A *stratum* orders the rules of a level so that
everything a rule reads is complete before it fires, which is what makes `none` mean something.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.domain.rule import Assertion, Clause, Op, RuleSpec, Scalar, Test, Var
from advisor.engine.values import bindings_of, holds, is_literal
from advisor.errors import LibraryError, Place, Problem


@dataclass(frozen=True, slots=True)
class Stages:
    """The order of decisions: stage index by decision id, how many stages, the hardware stage."""

    of: Mapping[str, int]
    count: int
    hardware: int

    @property
    def last_level(self) -> int:
        """Return the level of the advice rules, which read every choice."""
        return 2 * self.count


@dataclass(frozen=True, slots=True)
class Order:
    """Level and stratum by rule id; `last_level` is the level of the advice rules."""

    levels: Mapping[str, int]
    strata: Mapping[str, int]
    last_level: int

    def rank(self, rule: str) -> tuple[int, int]:
        """Return the place of a rule in the order of firing."""
        return self.levels[rule], self.strata[rule]


def levels_and_strata(rules: Sequence[RuleSpec], stages: Stages) -> Order:
    """Return when each rule may fire.

    Raises LibraryError with every reason why there is no such order: a name that is not bound,
    an unknown decision, recursion, a verdict that would come after its decision is settled.
    """
    problems = [p for rule in rules for p in (*_unbound(rule), *_unknown_decisions(rule, stages))]
    graph = _Graph.of(rules)
    problems += graph.cycles()
    if problems:
        raise LibraryError(problems)
    order = _order(graph, stages)
    late = [p for rule in rules for p in _late_verdicts(rule, graph, order, stages)]
    if late:
        raise LibraryError(late)
    return order


# --- names and decisions ------------------------------------------------------------------


def _unbound(rule: RuleSpec) -> Iterable[Problem]:
    seen: set[str] = set()
    if not rule.when:
        yield Problem(rule.place, rule.id, "when", "is empty; say which fact makes the rule true")
    for clause in rule.when:
        seen |= {name for name, _ in bindings_of(clause)}
        yield from _unbound_in(rule, clause, seen)
    for clause in rule.none:
        yield from _unbound_in(rule, clause, seen)
    for assertion in rule.then:
        for name, value in assertion.fields:
            if isinstance(value, Var) and value.name not in seen:
                yield _unbound_problem(rule, rule.place, f"then.{assertion.fact}.{name}", value)


def _unbound_in(rule: RuleSpec, clause: Clause, seen: set[str]) -> Iterable[Problem]:
    for test in clause.tests:
        if isinstance(test.operand, Var) and test.operand.name not in seen:
            path = f"{clause.fact}.{test.field}"
            yield _unbound_problem(rule, clause.place, path, test.operand)


def _unbound_problem(rule: RuleSpec, place: Place, path: str, var: Var) -> Problem:
    text = f"`${var.name}` is not bound; bind it with `field: ${var.name}` in an earlier `when`"
    return Problem(place, rule.id, path, text)


def _unknown_decisions(rule: RuleSpec, stages: Stages) -> Iterable[Problem]:
    for clause in (*rule.when, *rule.none):
        for test in clause.tests:
            if test.field == "decision" and test.op in (Op.EQ, Op.ONE_OF):
                for word in _words(test):
                    yield from _unknown_decision(rule, clause.place, word, stages)
    for assertion in rule.then:
        value = dict(assertion.fields).get("decision")
        if value is not None and not isinstance(value, Var):
            yield from _unknown_decision(rule, rule.place, value, stages)


def _unknown_decision(
    rule: RuleSpec, place: Place, word: Scalar, stages: Stages
) -> Iterable[Problem]:
    if word not in stages.of:
        known = ", ".join(sorted(stages.of))
        yield Problem(place, rule.id, "decision", f"`{word}` is no decision; use one of {known}")


def _words(test: Test) -> tuple[Scalar, ...]:
    """Return the literals that an eq or one_of test allows, nothing for a variable."""
    if isinstance(test.operand, Var):
        return ()
    return test.operand if isinstance(test.operand, tuple) else (test.operand,)


# --- which rule feeds which ---------------------------------------------------------------


def may_match(assertion: Assertion, clause: Clause) -> bool:
    """Return whether a fact made by the assertion could match the clause, by its literals."""
    if assertion.fact != clause.fact:
        return False
    fields = dict(assertion.fields)
    for test in clause.tests:
        value = fields.get(test.field)
        if value is None:
            return False
        if not isinstance(value, Var) and is_literal(test) and not holds(test, value, test.operand):
            return False
    return True


@dataclass(frozen=True, slots=True)
class _Graph:
    """Rules by id, and for each clause of each rule the ids of the rules that feed it."""

    rules: Mapping[str, RuleSpec]
    feeders: Mapping[str, tuple[tuple[Clause, tuple[str, ...]], ...]]

    @classmethod
    def of(cls, rules: Sequence[RuleSpec]) -> _Graph:
        makers = _Makers(rules)
        feeders = {
            rule.id: tuple((c, makers.of(c)) for c in (*rule.when, *rule.none)) for rule in rules
        }
        return cls({rule.id: rule for rule in rules}, feeders)

    def needs(self, rule: str) -> set[str]:
        """Return the rules that must be done before this one."""
        return {feeder for _, feeders in self.feeders[rule] for feeder in feeders}

    def cycles(self) -> list[Problem]:
        """Return one problem for each ring of rules that feed one another."""
        left = self._without_ends({rule: self.needs(rule) for rule in self.rules})
        problems = []
        while left:
            ring = _ring(left)
            problems.append(self._cycle_problem(ring))
            rest = {rule: needs - set(ring) for rule, needs in left.items() if rule not in ring}
            left = self._without_ends(rest)
        return problems

    @staticmethod
    def _without_ends(needs: dict[str, set[str]]) -> dict[str, set[str]]:
        """Return the graph without rules that lie on no ring."""
        while True:
            feeding = {f for feeders in needs.values() for f in feeders}
            kept = {r: n & needs.keys() for r, n in needs.items() if n and r in feeding}
            if kept == needs:
                return kept
            needs = kept

    def _cycle_problem(self, ring: list[str]) -> Problem:
        first, feeder = ring[0], ring[1 % len(ring)]
        rule = self.rules[first]
        clause = next(c for c, feeders in self.feeders[first] if feeder in feeders)
        how = "a `none` over a fact" if clause in rule.none else "a fact"
        text = (
            f"needs {how} that comes from itself: {' <- '.join([*ring, first])}; "
            "let one of these rules assert or read another id"
        )
        return Problem(clause.place, first, clause.fact, text)


class _Makers:
    """Assertions by fact type and literal id, so that a clause looks only at its likely makers."""

    def __init__(self, rules: Sequence[RuleSpec]) -> None:
        self._by_key: dict[tuple[str, object], list[tuple[Assertion, str]]] = defaultdict(list)
        self._by_type: dict[str, list[tuple[Assertion, str]]] = defaultdict(list)
        for rule in rules:
            for assertion in rule.then:
                entry = (assertion, rule.id)
                key = dict(assertion.fields).get("id")
                self._by_type[assertion.fact].append(entry)
                self._by_key[assertion.fact, None if isinstance(key, Var) else key].append(entry)

    def of(self, clause: Clause) -> tuple[str, ...]:
        """Return the ids of the rules that may make a fact for the clause, sorted."""
        wanted = next((t.operand for t in clause.tests if t.field == "id" and t.op is Op.EQ), None)
        if wanted is None or isinstance(wanted, Var):
            likely = self._by_type.get(clause.fact, [])
        else:
            keys = ((clause.fact, wanted), (clause.fact, None))
            likely = [entry for key in keys for entry in self._by_key.get(key, ())]
        return tuple(sorted({rule for assertion, rule in likely if may_match(assertion, clause)}))


def _ring(needs: Mapping[str, set[str]]) -> list[str]:
    """Return one ring of a graph in which every rule needs another that is in it."""
    path = [min(needs)]
    while True:
        step = min(needs[path[-1]])
        if step in path:
            ring = path[path.index(step) :]
            least = ring.index(min(ring))
            return ring[least:] + ring[:least]
        path.append(step)


# --- levels -------------------------------------------------------------------------------


def _order(graph: _Graph, stages: Stages) -> Order:
    """Return levels and strata of a graph without rings."""
    levels: dict[str, int] = {}
    strata: dict[str, int] = {}
    todo = sorted(graph.rules)
    needs = {rule: graph.needs(rule) for rule in todo}
    while todo:
        ready = [rule for rule in todo if needs[rule] <= levels.keys()]
        for rule in ready:
            clauses = _clause_levels(graph, rule, levels, stages)
            level = max((level for _, level in clauses), default=0)
            below = [strata[feeder] for feeder in needs[rule] if levels[feeder] == level]
            levels[rule], strata[rule] = level, max(below, default=-1) + 1
        todo = [rule for rule in todo if rule not in levels]
    return Order(levels, strata, stages.last_level)


def _clause_levels(
    graph: _Graph, rule: str, levels: Mapping[str, int], stages: Stages
) -> list[tuple[Clause, int]]:
    """Return each clause of the rule with the level at which its facts are complete."""
    spec = graph.rules[rule]
    names = _decisions_by_name(spec)
    return [
        (clause, max([_given_level(clause, names, stages), *(levels[f] for f in feeders)]))
        for clause, feeders in graph.feeders[rule]
    ]


def _given_level(
    clause: Clause, names: Mapping[str, frozenset[Scalar] | None], stages: Stages
) -> int:
    """Return the level from which the facts that Python gives for the clause are complete."""
    decisions = _decisions_of(clause, names)
    indexes = [stages.of[str(d)] for d in decisions] if decisions else []
    match clause.fact:
        case "candidate" | "trait":
            return 2 * min(indexes, default=0)
        case "training_estimate" | "serving_estimate":
            return 2 * stages.hardware + 1
        case "cost_estimate":
            return 2 * max(indexes) + 1 if indexes else stages.last_level
        case "choice" | "rejected":
            return 2 * max(indexes) + 2 if indexes else stages.last_level
        case "verdict":
            return stages.last_level
        case _:
            return 0


def _decisions_by_name(rule: RuleSpec) -> dict[str, frozenset[Scalar] | None]:
    """Return for each variable that stands for a decision which ones it can be, None for all."""
    found: dict[str, frozenset[Scalar] | None] = {}
    for clause in rule.when:
        own = _decisions_of(clause, {})
        for name, field_ in bindings_of(clause):
            if field_ == "decision":
                found[name] = _both(found.get(name), own)
    return found


def _decisions_of(
    clause: Clause, names: Mapping[str, frozenset[Scalar] | None]
) -> frozenset[Scalar] | None:
    """Return the decisions that the clause can be about, None for all."""
    allowed: frozenset[Scalar] | None = None
    for test in clause.tests:
        if test.field != "decision" or test.op not in (Op.EQ, Op.ONE_OF):
            continue
        if isinstance(test.operand, Var):
            allowed = _both(allowed, names.get(test.operand.name))
        else:
            allowed = _both(allowed, frozenset(_words(test)))
    return allowed


def _both(
    one: frozenset[Scalar] | None, other: frozenset[Scalar] | None
) -> frozenset[Scalar] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


# --- verdicts that come too late ----------------------------------------------------------


def _late_verdicts(
    rule: RuleSpec, graph: _Graph, order: Order, stages: Stages
) -> Iterable[Problem]:
    level = order.levels[rule.id]
    names = _decisions_by_name(rule)
    for assertion in rule.then:
        target = dict(assertion.fields).get("decision")
        if assertion.fact != "verdict" or target is None:
            continue
        decisions = names.get(target.name) if isinstance(target, Var) else frozenset([target])
        settled = sorted(d for d in decisions or () if level > 2 * stages.of[str(d)] + 1)
        if settled or (decisions is None and level > 0):
            clause = _cause(graph, rule.id, order, stages)
            yield Problem(clause.place, rule.id, clause.fact, _late(clause, settled, level, stages))


def _cause(graph: _Graph, rule: str, order: Order, stages: Stages) -> Clause:
    """Return the clause that puts the rule at its level."""
    return max(_clause_levels(graph, rule, order.levels, stages), key=lambda entry: entry[1])[0]


def _late(clause: Clause, settled: Sequence[Scalar], level: int, stages: Stages) -> str:
    open_ = sorted(d for d, stage in stages.of.items() if 2 * stage + 1 >= level)
    about = ", ".join(f"`{d}`" for d in settled) or "any decision"
    late = f"`{clause.fact}` is known only after {about} may have been settled"
    if not open_:
        return f"{late}; make this a finding, or read a fact that an earlier stage knows"
    return f"{late}; restrict the verdict to `decision: {{one_of: [{', '.join(open_)}]}}`"
