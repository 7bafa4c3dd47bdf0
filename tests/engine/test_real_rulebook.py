"""The judges agree on the real rulebook, and a changed session on it says what a new one says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.analysis.random_answers import random_answers
from advisor.domain.rule import Fact
from advisor.engine import interpret
from advisor.engine.session import MatcherName, Session
from advisor.library.answers import read_answers
from advisor.library.load import load_library
from advisor.planning.brief import interpret as brief_of
from advisor.planning.given import given_facts
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from tests.engine.clips_judge import Judge, judged
from tests.engine.random_rules import generator

SCENARIOS = sorted((Path(__file__).resolve().parents[1] / "scenarios").glob("*.yaml"))
AS_OF = "2026-11-22"


@cache
def kit() -> Kit:
    return Kit(load_library())


def given(scenario: Path, seed: int = 0) -> list[Fact]:
    """Return the facts of a scenario, with some candidate chosen for each decision."""
    answers = read_answers(scenario, kit().questions, kit().shapes)
    brief = brief_of(answers, kit().questions, kit().shapes.get(answers.model))
    rng = generator(seed)
    chosen = [rng.choice(found).choice() for found in kit().candidates.values() if found]
    return [*kit().base, *chain(*given_facts(brief, kit(), AS_OF)), *chosen]


def run(facts: Sequence[Fact], matcher: MatcherName = "hash") -> Session:
    session = Session(kit().program, matcher)
    session.give(facts)
    session.run()
    return session


@pytest.mark.parametrize("scenario", SCENARIOS[:2], ids=lambda path: path.stem)
def test_matcher_naive_evaluator_and_clips_agree(scenario: Path) -> None:
    facts = given(scenario)
    rules, order = [rule.spec for rule in kit().program.rules], kit().program.order
    found, trace = interpret.run(rules, order, facts, order.last_level)
    by_clips, fired = judged(rules, order, facts, order.last_level)
    assert run(facts).firings() == trace
    assert by_clips == set(found)
    assert fired == Counter(firing.rule for firing in trace)


def test_a_session_taken_from_scenario_to_scenario_says_what_a_new_one_says() -> None:
    session = Session(kit().program)
    before: dict[Fact, None] = {}
    for number, scenario in enumerate(SCENARIOS):
        now = dict.fromkeys(given(scenario, number))
        session.withdraw([fact for fact in before if fact not in now])
        session.give([fact for fact in now if fact not in before])
        session.run()
        assert session.firings() == run(list(now)).firings()
        before = now


@pytest.mark.long
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.stem)
def test_experta_s_own_matcher_agrees(scenario: Path) -> None:
    facts = given(scenario)
    assert run(facts, "rete").firings() == run(facts).firings()


SETS = 50


@pytest.mark.long
@pytest.mark.parametrize("block", range(20))
def test_judges_agree_with_a_live_line_on_random_answers(block: int) -> None:
    """A thousand answer sets in all, with the facts of every stage, estimates and choices too.

    Each is judged by CLIPS, by the naive evaluator and by experta's RETE: some five seconds of CPU.
    """
    rules, order = [rule.spec for rule in kit().program.rules], kit().program.order
    line, said = Line(kit()), []
    for seed in range(block * SETS, block * SETS + SETS):
        advise(random_answers(seed, kit().questions, kit().shapes), line, AS_OF)
        told = frozenset[Fact]().union(*line.told_by.values())
        said.append((seed, [*kit().base, *sorted(told, key=str)], line.session.firings()))
    every = dict.fromkeys(fact for _, facts, _ in said for fact in facts)
    clips = Judge(rules, order, list(every))
    for seed, facts, firings in said:
        found, fired = clips.of(facts)
        concluded = {fact for firing in firings for fact in firing.added}
        assert found == concluded | set(facts), seed
        assert fired == Counter(firing.rule for firing in firings), seed
        assert interpret.run(rules, order, facts, order.last_level)[1] == firings, seed
        assert run(facts, "rete").firings() == firings, seed
