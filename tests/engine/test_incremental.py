"""A session that is changed must say what a new one would, at every level of the staged line."""

from __future__ import annotations

import gc
import random
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from advisor.domain.rule import Fact, Firing, RuleSpec
from advisor.engine import interpret
from advisor.engine.compile import Program
from advisor.engine.session import MatcherName, Session
from advisor.engine.stratify import Order
from tests.engine.compact import STAGES
from tests.engine.random_rules import (
    choices,
    estimates,
    generator,
    of_type,
    random_facts,
    random_program,
)

Snapshot = tuple[tuple[Firing, ...], tuple[Fact, ...]]
READ = ("class", "need", "verdict", "finding", "candidate", "choice", "cost_estimate")


@dataclass
class Line:
    """The staged line on one session; `made` is what Python gave at each level."""

    session: Session
    made: dict[int, list[Fact]] = field(default_factory=dict)

    def run(self) -> list[Snapshot]:
        seen = []
        for stage in range(STAGES.count):
            self.session.run(2 * stage)
            seen.append(snapshot(self.session))
            self.give(2 * stage, estimates(self.session.facts, stage))
            self.session.run(2 * stage + 1)
            seen.append(snapshot(self.session))
            self.give(2 * stage + 1, choices(self.session.facts, stage))
        self.session.run()
        return [*seen, snapshot(self.session)]

    def give(self, level: int, facts: list[Fact]) -> None:
        before = self.made.get(level, [])
        self.session.withdraw([one for one in before if one not in facts])
        self.session.give([one for one in facts if one not in before])
        self.made[level] = facts


def snapshot(session: Session) -> Snapshot:
    """Return all that the line can read; choices of later stages are still those of before."""
    facts = [one for type_ in READ[:4] for one in session.facts(type_)]
    return session.firings(), tuple(facts)


def naive_line(rules: Sequence[RuleSpec], order: Order, given: Sequence[Fact]) -> list[Snapshot]:
    facts, seen = list(given), []

    def at(level: int) -> list[Fact]:
        found, trace = interpret.run(rules, order, facts, level)
        seen.append((trace, tuple(one for type_ in READ[:4] for one in of_type(found, type_))))
        return list(found)

    for stage in range(STAGES.count):
        now = at(2 * stage)
        facts += estimates(lambda type_: of_type(now, type_), stage)  # noqa: B023
        now = at(2 * stage + 1)
        facts += choices(lambda type_: of_type(now, type_), stage)  # noqa: B023
    at(order.last_level)
    return seen


def changed(rng: random.Random, given: list[Fact]) -> tuple[list[Fact], list[Fact]]:
    """Return facts to withdraw and facts to give; at times one of the former comes back."""
    out = rng.sample(given, min(len(given), rng.choice([0, 1, 1, 2, 3])))
    new = random_facts(rng, rng.choice([0, 1, 1, 2, 4]), staged=False)
    into = [one for one in new if one not in given]
    if out and rng.random() < 0.2:
        into.append(out[0])
    return out, into


def walk(seed: int, steps: int, matcher: MatcherName = "hash") -> int:
    """Change a session step by step; compare it with the oracle after each."""
    rng = generator(seed)
    rules, order = random_program(rng, rng.randrange(4, 50))
    given = random_facts(rng, rng.randrange(10, 70), staged=False)
    program = Program(rules, STAGES, given[::2])
    line = Line(Session(program, matcher))
    line.session.give(given)
    fired = 0
    for step in range(steps):
        if step:
            out, into = changed(rng, given)
            line.session.withdraw(out)
            line.session.give(into)
            given = list(dict.fromkeys([*(one for one in given if one not in out), *into]))
        seen = line.run()
        assert seen == naive_line(rules, order, given), (seed, step)
        assert seen == Line(fresh(program, given)).run(), (seed, step)
        fired += len(seen[-1][0])
    return fired


def fresh(program: Program, given: Sequence[Fact]) -> Session:
    session = Session(program)
    session.give(given)
    return session


def test_a_changed_session_says_what_a_new_one_says() -> None:
    assert sum(walk(seed, steps=8) for seed in range(60)) > 5_000


def test_experta_s_matcher_follows_changes_as_well() -> None:
    assert sum(walk(seed, steps=3, matcher="rete") for seed in range(10)) > 300


@pytest.mark.long
def test_a_changed_session_says_what_a_new_one_says_for_long() -> None:
    for seed in range(1_000, 4_000):
        walk(seed, steps=20)


def test_changes_to_and_fro_leave_nothing_behind() -> None:
    rng = generator(3)
    rules, _ = random_program(rng, 40)
    given = random_facts(rng, 60, staged=False)
    line = Line(fresh(Program(rules, STAGES), given))

    def to_and_fro(times: int) -> int:
        for _ in range(times):
            line.session.withdraw(given[:20])
            line.run()
            line.session.give(given[:20])
            line.run()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = to_and_fro(5)
        assert to_and_fro(100) - before < 50_000
    finally:
        tracemalloc.stop()
