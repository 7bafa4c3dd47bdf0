"""What many plans show of the rulebook; the long test walks it with random answers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.analysis.random_answers import random_answers
from advisor.analysis.reachability import Reach, contradictions, reach_of, reach_problems
from advisor.domain.rule import Fact, Firing
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from tests.report.plan_example import example
from tests.scenarios.approve import scenarios

AS_OF = "2026-11-22"
SETS = 1_000
REVIEW = Path("rules/REVIEW.md")


def firing(rule: str, verdict: str, candidate: str) -> Firing:
    fact = Fact.of("verdict", decision="orchestrator", candidate=candidate, verdict=verdict)
    return Firing(rule, (), (), (fact,))


def test_reach_counts_in_how_many_sets_a_rule_fired(kit: Kit) -> None:
    answers = [random_answers(seed, kit.questions, kit.shapes) for seed in (1, 2)]
    one, both = reach_of(answers[:1], kit, AS_OF), reach_of(answers, kit, AS_OF)
    assert (one.sets, both.sets) == (1, 2)
    assert set(one.fired.values()) == {1}
    assert set(both.fired.values()) == {1, 2}
    assert len(both.never_fired(kit.library.rules)) < len(one.never_fired(kit.library.rules))


def test_musts_contradict_where_they_leave_nothing_of_the_same_candidate() -> None:
    plan = example()
    trace = (
        firing("A-001", "require", "cron"),
        firing("B-001", "exclude", "cron"),
        firing("C-001", "exclude", "argo"),
    )
    settled = replace(plan, trace=trace)
    assert list(contradictions(settled)) == []
    open_ = replace(plan.decisions["orchestrator"], chosen="unresolved")
    unresolved = replace(settled, decisions={**plan.decisions, "orchestrator": open_})
    assert list(contradictions(unresolved)) == [("orchestrator", "A-001", "B-001")]


def test_what_goes_wrong_is_a_warning_with_the_place_of_the_rule(kit: Kit) -> None:
    first, second, *others = [rule.id for rule in kit.library.rules]
    fired = dict.fromkeys(others, 5)
    reach = Reach(9, fired, {("orchestrator", second, others[0]): 3}, {"tuning": 2})
    found = reach_problems(reach, kit)
    assert sorted((p.id, p.path) for p in found) == sorted(
        [("W160", first), ("W160", second), ("W161", second), ("W162", "tuning")]
    )
    said = {p.id: str(p) for p in found}
    assert "excludes, and nothing is left in 3 of 9 sets" in said["W161"]
    assert said["W160"].startswith("rules/")


@pytest.mark.long
def test_rules_fire_in_scenarios_or_random_answers_or_the_review_says_why(kit: Kit) -> None:
    """At least four rules in five fire; musts never leave a decision open or without a reason.

    What is drawn changes with every question added, so one rule in a hundred may miss by chance.
    """
    worked = [read_answers(path, kit.questions, kit.shapes.keys()) for path in scenarios()]
    drawn = [random_answers(seed, kit.questions, kit.shapes) for seed in range(SETS)]
    reach = reach_of([*worked, *drawn], kit, AS_OF)
    silent = {rule.id for rule in reach.never_fired(kit.library.rules)}
    assert len(silent) <= len(kit.library.rules) / 5
    section = REVIEW.read_text(encoding="utf-8").partition("## Rules that seldom fire")[2]
    explained = set(re.findall(r"^\| ([A-Z]+-\d{3}) \|", section.partition("\n## ")[0], re.M))
    assert len(silent - explained) <= len(kit.library.rules) / 100, silent - explained
    assert explained <= kit.rules.keys()
    assert not reach.contradictions
    assert not reach.without_reason
