"""When a rule may fire: its level in the staged line, and its stratum inside the level.

A *level* says how far the line must have come for the facts that the rule reads to be complete:
at level 2s the rules of stage s run, at 2s + 1 those that read the stage's estimates; what a
stage chose is read from level 2s + 2 on. A *stratum* orders the rules of a level so that
everything a rule reads is complete before it fires, which is what makes `none` mean something.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from graphlib import TopologicalSorter

from advisor.domain.rule import Clause, Op, RuleSpec, Scalar, Var
from advisor.engine.dependencies import Graph
from advisor.engine.names import name_problems, words
from advisor.engine.values import bindings_of
from advisor.errors import LibraryError, Problem
from advisor.frozen import dataclass


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
    """Level, stratum and the rules to be done before, by rule id; `last_level` is the level of
    the advice rules."""

    levels: Mapping[str, int]
    strata: Mapping[str, int]
    needs: Mapping[str, set[str]]
    last_level: int

    def rank(self, rule: str) -> tuple[int, int]:
        """Return the place of a rule in the order of firing."""
        return self.levels[rule], self.strata[rule]


def levels_and_strata(rules: Sequence[RuleSpec], stages: Stages) -> Order:
    """Return when each rule may fire.

    Raises LibraryError with every reason why there is no such order: a name that is not bound,
    an unknown decision, recursion, a verdict that would come after its decision is settled.
    """
    problems = [problem for rule in rules for problem in name_problems(rule, stages.of)]
    graph = Graph.of(rules)
    problems += graph.cycles()
    if problems:
        raise LibraryError(problems)
    order = _order(graph, stages)
    late = [p for rule in rules for p in _late_verdicts(rule, graph, order, stages)]
    if late:
        raise LibraryError(late)
    return order


# --- levels -------------------------------------------------------------------------------


def _order(graph: Graph, stages: Stages) -> Order:
    """Return levels and strata of a graph without rings."""
    levels: dict[str, int] = {}
    strata: dict[str, int] = {}
    needs = {rule: graph.needs(rule) for rule in sorted(graph.rules)}
    for rule in TopologicalSorter(needs).static_order():
        clauses = _clause_levels(graph, rule, levels, stages)
        level = max((level for _, level in clauses), default=0)
        below = [strata[feeder] for feeder in needs[rule] if levels[feeder] == level]
        levels[rule], strata[rule] = level, max(below, default=-1) + 1
    return Order(levels, strata, needs, stages.last_level)


def _clause_levels(
    graph: Graph, rule: str, levels: Mapping[str, int], stages: Stages
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
    level = 0
    match clause.fact:
        case "candidate" | "trait":
            level = 2 * min(indexes, default=0)
        case "cost_estimate":
            level = 2 * max(indexes) + 1 if indexes else stages.last_level
        case "choice" | "rejected":
            level = 2 * max(indexes) + 2 if indexes else stages.last_level
        case "settled":
            level = 2 * stages.hardware + 2
        case "placement":
            hosts = [index for name, index in stages.of.items() if name.endswith("_host")]
            level = 2 * max(hosts, default=0) + 2
        case "verdict":
            level = stages.last_level
    return level


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
            allowed = _both(allowed, frozenset(words(test)))
    return allowed


def _both(
    one: frozenset[Scalar] | None, other: frozenset[Scalar] | None
) -> frozenset[Scalar] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


# --- verdicts that come too late ----------------------------------------------------------


def _late_verdicts(rule: RuleSpec, graph: Graph, order: Order, stages: Stages) -> Iterable[Problem]:
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


def _cause(graph: Graph, rule: str, order: Order, stages: Stages) -> Clause:
    """Return the clause that puts the rule at its level."""
    return max(_clause_levels(graph, rule, order.levels, stages), key=lambda entry: entry[1])[0]


def _late(clause: Clause, settled: Sequence[Scalar], level: int, stages: Stages) -> str:
    open_ = sorted(d for d, stage in stages.of.items() if 2 * stage + 1 >= level)
    about = ", ".join(f"`{d}`" for d in settled) or "any decision"
    late = f"`{clause.fact}` is known only after {about} may have been settled"
    if not open_:
        return f"{late}; make this a finding, or read a fact that an earlier stage knows"
    return f"{late}; restrict the verdict to `decision: {{one_of: [{', '.join(open_)}]}}`"
