"""The worked examples: approved plans and reports, and what must hold over all of them."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from advisor.domain.plan import Plan
from advisor.planning.kit import Kit
from advisor.report.formats import render
from tests.scenarios.approve import SUFFIXES, plan_of, scenarios

SCHEMA = Path("advisor/report/schema/plan.schema.json")
APPROVE = "read the difference; approve it with: python -m tests.scenarios.approve"


@pytest.fixture(scope="module")
def plans(kit: Kit) -> dict[str, Plan]:
    """Return the plan of every scenario by name."""
    return {path.stem: plan_of(path, kit) for path in scenarios()}


def test_there_are_twenty_five_scenarios_at_least(plans: dict[str, Plan]) -> None:
    assert len(plans) >= 25


@pytest.mark.parametrize("path", scenarios(), ids=lambda p: p.stem)
@pytest.mark.parametrize("format_", sorted(SUFFIXES))
def test_plan_and_report_are_those_approved(
    path: Path, format_: str, plans: dict[str, Plan]
) -> None:
    approved = path.with_suffix(SUFFIXES[format_]).read_bytes()
    assert render(plans[path.stem], format_) == approved, APPROVE


def test_every_plan_follows_the_published_schema(plans: dict[str, Plan]) -> None:
    checker = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for plan in plans.values():
        checker.validate(json.loads(render(plan, "json")))


def test_only_the_impossible_budget_is_infeasible_and_it_says_why(plans: dict[str, Plan]) -> None:
    failed = [name for name, plan in plans.items() if not plan.feasible]
    assert failed == ["impossible-budget"]
    limit = plans["impossible-budget"].infeasible_because[0]
    assert limit.id == "budget_monthly"
    assert "over the budget of $800" in limit.margin
    assert "raise the budget" in limit.relaxation


def test_every_decision_is_filled_with_a_choice_and_a_reason(plans: dict[str, Plan]) -> None:
    for name, plan in plans.items():
        for decision in plan.decisions.values():
            assert decision.because, (name, decision.id)
            assert "unresolved" not in decision.ids, (name, decision.id)


def test_the_scenarios_differ(plans: dict[str, Plan]) -> None:
    def chosen(*decisions: str) -> set[str]:
        return {i for p in plans.values() for d in decisions for i in p.decisions[d].ids}

    accelerators = chosen("serving_accelerator", "training_accelerator") - {"none", "cpu"}
    assert len(accelerators) >= 4, accelerators
    assert len(chosen("orchestrator") - {"none"}) >= 4, chosen("orchestrator")
