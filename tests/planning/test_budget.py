"""A budget only ever constrains: tightening it never makes the plan dearer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line

BUDGETS = (10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 1)


@pytest.mark.parametrize("name", ["churn", "lora-startup", "recommender-20k"])
def test_tightening_the_budget_never_raises_the_cost(name: str, kit: Kit) -> None:
    path = Path(f"tests/scenarios/{name}.yaml")
    answers = read_answers(path, kit.questions, kit.shapes.keys())
    line, costs = Line(kit), []
    for budget in BUDGETS:
        values = {**answers.values, "budget_monthly": budget}
        plan = advise(replace(answers, values=values), line, "2026-11-22")
        costs.append(plan.cost.lifetime.likely)
        if not plan.feasible:
            assert plan.infeasible_because[0].relaxation
    assert costs == sorted(costs, reverse=True)


def test_a_run_that_may_overrun_its_time_says_by_how_much(kit: Kit) -> None:
    answers = read_answers(
        Path("tests/scenarios/pretrain-30b.yaml"), kit.questions, kit.shapes.keys()
    )
    said = {}
    for hours in (1440, 100_000):
        values = {**answers.values, "train_hours_target": hours}
        plan = advise(replace(answers, values=values), Line(kit), "2026-11-22")
        said[hours] = next(one.text for one in plan.limits if one.id == "train_hours_target")
    assert "at the far end of its range" in said[1440]
    assert "far end" not in said[100_000]
