"""How a fact came about, why a rule did not fire, and what a question is for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from advisor.domain.rule import Clause, Fact, Firing, Op, RuleSpec, Test, Var
from advisor.engine.dependencies import may_match
from advisor.engine.interpret import Bindings, Partial, blocking, in_binding_order, passes, step
from advisor.engine.session import Session
from advisor.engine.values import fact_key, holds
from advisor.frozen import dataclass

NEAREST = 3
"""Near misses that a why-not shows."""

TRIED = 100
"""Ways to match the clauses before the one that fails from which near misses are sought."""


@dataclass(frozen=True, slots=True)
class Because:
    """One firing behind a fact: what it used, and what had to be absent."""

    firing: Firing
    used: tuple[How, ...]
    absent: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class How:
    """A fact with everything that supports it; every branch ends in a given fact."""

    fact: Fact
    given: bool
    because: tuple[Because, ...]


def how(session: Session, fact: Fact) -> How:
    """Return the derivation of a fact that holds. Raises KeyError for one that does not."""
    return _how(session, fact, {})


def _how(session: Session, fact: Fact, known: dict[Fact, How]) -> How:
    if fact not in known:
        firings = session.supports(fact)
        given = session.is_given(fact)
        if not firings and not given:
            raise KeyError(f"{fact} does not hold")
        because = tuple(_because(session, firing, known) for firing in firings)
        known[fact] = How(fact, given, because)
    return known[fact]


def _because(session: Session, firing: Firing, known: dict[Fact, How]) -> Because:
    bound = dict(firing.bindings)
    absent = tuple(_filled(clause, bound) for clause in session.program.rule(firing.rule).none)
    return Because(firing, tuple(_how(session, fact, known) for fact in firing.used), absent)


def _filled(clause: Clause, bound: Bindings) -> Clause:
    """Return the clause with the values that its variables had."""
    tests = [
        Test(t.field, t.op, bound[t.operand.name] if isinstance(t.operand, Var) else t.operand)
        for t in clause.tests
    ]
    return Clause(clause.fact, tuple(tests), clause.place)


@dataclass(frozen=True, slots=True)
class Miss:
    """A fact of the type that a clause asks for, and the tests that it fails."""

    fact: Fact
    failed: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The first clause of a rule that fails.

    `found` says that it is a `none` which found the facts of `near`; else these are the facts
    that came nearest. `bound` is what the clauses before it were matched with.
    """

    clause: Clause
    number: int
    found: bool
    bound: tuple[tuple[str, object], ...]
    near: tuple[Miss, ...]


def why_not(rule: RuleSpec, facts: Iterable[Fact], wanted: Bindings | None = None) -> WhyNot | None:
    """Return why a rule has no firing with the bindings wanted, None if it has one."""
    pool = sorted(facts, key=fact_key)
    partial: list[Partial] = [(dict(wanted or {}), ())]
    for number, clause in enumerate(rule.when):
        longer = step(partial, clause, pool)
        if not longer:
            return _missing(clause, number, partial, pool)
        partial = longer
    return _present(rule, partial, pool)


def _missing(
    clause: Clause, number: int, partial: Sequence[Partial], facts: Sequence[Fact]
) -> WhyNot:
    """Return the why-not of a clause that no fact matches, with the nearest misses."""
    pool = [fact for fact in facts if fact.type == clause.fact]
    misses: dict[Fact, tuple[_Distance, Miss, Bindings]] = {}
    for names, _ in partial[:TRIED]:
        for fact in pool:
            distance, failed = _distance(clause, fact, names)
            if fact not in misses or distance < misses[fact][0]:
                misses[fact] = (distance, Miss(fact, failed), names)
    nearest = sorted(misses.values(), key=lambda m: (m[0], fact_key(m[1].fact)))[:NEAREST]
    bound: Bindings = nearest[0][2] if nearest else partial[0][0]
    near = tuple(miss for _, miss, _ in nearest)
    return WhyNot(clause, number, False, tuple(sorted(bound.items())), near)


_Distance = tuple[int, int, float]
"""Tests of equality that fail, all tests that fail, and by how much numbers miss."""


def _distance(clause: Clause, fact: Fact, bound: Bindings) -> tuple[_Distance, tuple[Test, ...]]:
    """Return how far a fact is from a clause, and the tests that it fails: at least one."""
    found = dict(bound)
    failed = tuple(test for test in in_binding_order(clause) if not passes(test, fact, found))
    other = sum(test.op is Op.EQ for test in failed)
    return (other, len(failed), sum(_gap(test, fact, found) for test in failed)), failed


def _gap(test: Test, fact: Fact, bound: Bindings) -> float:
    wanted = bound.get(test.operand.name) if isinstance(test.operand, Var) else test.operand
    value = fact.get(test.field)
    if isinstance(wanted, int | float) and isinstance(value, int | float):
        return abs(wanted - value)
    return 0.0


def _present(rule: RuleSpec, partial: Sequence[Partial], facts: Sequence[Fact]) -> WhyNot | None:
    """Return the `none` that stops the first match, None if there is a match that nothing stops."""
    first: WhyNot | None = None
    for bound, _ in partial:
        stopped = _stop(rule, bound, facts)
        if stopped is None:
            return None
        first = first or stopped
    return first


def _stop(rule: RuleSpec, bound: Bindings, facts: Sequence[Fact]) -> WhyNot | None:
    for number, clause in enumerate(rule.none):
        found = blocking(clause, facts, bound)
        if found:
            near = tuple(Miss(fact, ()) for fact in found[:NEAREST])
            return WhyNot(clause, number, True, tuple(sorted(bound.items())), near)
    return None


def why(question: str, rules: Iterable[RuleSpec]) -> tuple[RuleSpec, ...]:
    """Return the rules that read the answer to a question, by id."""
    asked = Fact.of("answer", question=question)
    found = [rule for rule in rules if any(_reads(c, asked) for c in (*rule.when, *rule.none))]
    return tuple(sorted(found, key=lambda rule: rule.id))


def _reads(clause: Clause, asked: Fact) -> bool:
    """Return whether the clause is about the answer to this question."""
    tests = [test for test in clause.tests if test.field == "question"]
    literal = [test for test in tests if not isinstance(test.operand, Var)]
    if clause.fact != asked.type:
        return False
    return all(holds(test, asked.get("question"), test.operand) for test in literal)


def makers(clause: Clause, rules: Iterable[RuleSpec]) -> tuple[RuleSpec, ...]:
    """Return the rules that could conclude a fact for the clause, by id."""
    found = [rule for rule in rules if any(may_match(a, clause) for a in rule.then)]
    return tuple(sorted(found, key=lambda rule: rule.id))
