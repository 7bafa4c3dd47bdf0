"""Our matcher, experta's RETE and a naive evaluator must agree on everything they say."""

from __future__ import annotations

import importlib
import random
from collections import Counter
from collections.abc import Sequence

import pytest

from advisor.domain.rule import Fact, Firing
from advisor.engine import interpret
from advisor.engine.compile import Program
from advisor.engine.session import MatcherName, Session
from tests.engine.clips_judge import judged
from tests.engine.compact import STAGES
from tests.engine.random_rules import generator, random_facts, random_program

TYPES = ("class", "need", "duty", "control", "practice", "finding", "verdict", "answer", "choice")


def everything(session: Session) -> tuple[tuple[Firing, ...], list[tuple[Fact, ...]]]:
    return session.firings(), [session.facts(type_) for type_ in TYPES]


def fresh(
    program: Program, facts: Sequence[Fact], matcher: MatcherName, levels: Sequence[int]
) -> Session:
    session = Session(program, matcher)
    session.give(facts)
    for level in levels:
        session.run(level)
    return session


def size(rng: random.Random) -> int:
    """Return a number of rules from 4 to 80, mostly small: the cost of RETE grows faster."""
    return int(4 * 20 ** (rng.random() ** 4))


def compare(seed: int, judges: Sequence[MatcherName], with_clips: bool = False) -> int:
    """Run one random rule base on all judges; return how many firings they agree on."""
    rng = generator(seed)
    rules, order = random_program(rng, size(rng))
    facts = random_facts(rng, rng.randrange(5, 60))
    program = Program(rules, STAGES, facts[::3])
    level = rng.choice([0, 2, 3, order.last_level])
    expected_facts, expected_trace = interpret.run(rules, order, facts, level)
    for matcher in judges:
        session = fresh(program, facts, matcher, [level])
        assert session.firings() == expected_trace, (matcher, seed)
        for type_ in TYPES:
            expected = [one for one in expected_facts if one.type == type_]
            assert list(session.facts(type_)) == expected, (matcher, seed, type_)
    if with_clips:
        found, fired = judged(rules, order, facts, level)
        assert found == set(expected_facts), seed
        assert fired == Counter(firing.rule for firing in expected_trace), seed
    return len(expected_trace)


@pytest.mark.parametrize("block", range(20))
def test_matchers_agree_with_the_naive_evaluator(block: int) -> None:
    seeds = range(block * 100, block * 100 + 100)
    fired = [compare(seed, ["hash", "rete"], with_clips=seed % 10 == 0) for seed in seeds]
    assert sum(fired) > 200  # the bases are no empty exercise


def forget_checks() -> None:
    """Empty what experta's RETE keeps of every program for good: some 60 KB each."""
    for kind in vars(importlib.import_module("experta.matchers.rete.check")).values():
        getattr(kind, "_instances", {}).clear()


@pytest.mark.long
@pytest.mark.parametrize("block", range(1_000))
def test_matchers_agree_with_the_naive_evaluator_and_clips(block: int) -> None:
    for seed in range(10_000 + block * 100, 10_000 + block * 100 + 100):
        compare(seed, ["hash", "rete"], with_clips=True)
    forget_checks()
