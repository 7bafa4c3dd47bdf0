"""Relaxations make the plan feasible, and no smaller change of a number would."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.analysis.demands import LESS_IS_LOOSER, MORE_IS_LOOSER, STRICTEST_FIRST, demands
from advisor.analysis.question_value import brief_of
from advisor.analysis.relaxations import relaxation_lines, relaxations, with_ways_out
from advisor.analysis.whatif import WhatIf, changed
from advisor.domain.answers import Value
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.report.formats import render

AS_OF = "2026-11-22"
SCENARIOS = Path(__file__).parents[1] / "scenarios"


def _ask(kit: Kit, scenario: str, changes: dict[str, Value]) -> WhatIf:
    answers = read_answers(SCENARIOS / f"{scenario}.yaml", kit.questions, kit.shapes.keys())
    return WhatIf(Line(kit), changed(answers, changes), AS_OF)


def test_a_feasible_plan_needs_none(kit: Kit) -> None:
    ask = _ask(kit, "churn", {})
    assert relaxations(ask) == ()
    assert relaxation_lines(ask) == ()


@pytest.mark.parametrize(
    ("scenario", "changes", "demand"),
    [
        ("impossible-budget", {}, "budget_monthly"),
        ("rag-bank", {"latency_p99_ms": 20}, "latency_p99_ms"),
    ],
)
def test_every_relaxation_is_feasible_and_small(
    kit: Kit, scenario: str, changes: dict[str, Value], demand: str
) -> None:
    ask = _ask(kit, scenario, changes)
    found = relaxations(ask)
    assert demand in {id_ for one in found if len(one.changes) == 1 for id_ in one.changes}
    sizes = [len(one.changes) for one in found]
    assert sizes == sorted(sizes)
    other = Line(kit)
    for one in found:
        assert advise(changed(ask.answers, one.changes), other, AS_OF).feasible
        for left_out in one.changes:
            rest = {id_: value for id_, value in one.changes.items() if id_ != left_out}
            assert not advise(changed(ask.answers, rest), other, AS_OF).feasible
        value = one.changes.get("latency_p99_ms")
        if len(one.changes) == 1 and isinstance(value, int | float):
            nearer: dict[str, Value] = {"latency_p99_ms": 0.97 * value}
            assert not advise(changed(ask.answers, nearer), other, AS_OF).feasible


def test_the_report_of_an_impossible_plan_says_what_would_have_to_give_way(kit: Kit) -> None:
    ask = _ask(kit, "impossible-budget", {})
    plan = with_ways_out(ask.plan({}), ask)
    assert plan.ways_out == tuple(line.strip() for line in relaxation_lines(ask)[1:])
    report = render(plan, "md").decode()
    for way in plan.ways_out:
        assert f"> - {way}" in report


def test_no_two_ways_lead_to_the_same_machines_and_costs(kit: Kit) -> None:
    found = [one.outcome for one in relaxations(_ask(kit, "impossible-budget", {}))]
    plans = {(o.month_usd, o.lifetime_usd, tuple(o.devices.items())) for o in found}
    assert len(plans) == len(found) > 1


def test_demands_know_every_option_and_which_way_numbers_ask_for_less(kit: Kit) -> None:
    by_id = {question.id: question for question in kit.questions}
    for id_, chains in STRICTEST_FIRST.items():
        named = [option for chain in chains for option in chain]
        assert sorted(named) == sorted(option.id for option in by_id[id_].options)
    for id_ in (*MORE_IS_LOOSER, *LESS_IS_LOOSER):
        assert by_id[id_].type == "number"


@pytest.mark.parametrize(
    ("scenario", "changes"),
    [
        ("impossible-budget", {"residency": "country_or_bloc"}),
        ("rag-bank", {"latency_p99_ms": 20, "budget_monthly": 500}),
    ],
)
def test_no_way_out_asks_for_more_than_before(
    kit: Kit, scenario: str, changes: dict[str, Value]
) -> None:
    ask = _ask(kit, scenario, changes)
    wanted = demands(brief_of(ask), kit.questions)
    looser = [(d.question.id, value) for d in wanted for value in d.looser]
    found = [change for way in relaxations(ask) for change in way.changes.items()]
    assert found
    for id_, value in found:
        if isinstance(value, int | float):
            before = brief_of(ask).number(id_)
            assert value < before if id_ in LESS_IS_LOOSER else value > before
        else:
            assert (id_, value) in looser
