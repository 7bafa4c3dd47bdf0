"""What was assumed and drives the cost comes first, with the figures of plans made anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.analysis.to_settle import to_settle
from advisor.analysis.whatif import WhatIf, changed
from advisor.analysis.whole_plan import whole_plan
from advisor.domain.answers import Answers, Source, Value
from advisor.domain.plan import Plan
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.report.assumption_chapter import ranked
from advisor.report.formats import render

AS_OF = "2026-11-22"
SCENARIOS = Path(__file__).parents[1] / "scenarios"
SPEECH: dict[str, Value] = {
    "problem_type": "speech",
    "cloud_policy": ("azure",),
    "data_location": ("azure",),
    "project_stage": "production",
    "consumers": ("external_users",),
    "inference_mode": ("online",),
    "peak_rps": 5.0,
    "traffic_shape": "business_hours",
}


ASSISTANT: dict[str, Value] = {
    "problem_type": "llm_app_rag",
    "consumers": ("external_users",),
    "inference_mode": ("streaming_tokens",),
    "peak_rps": 25.0,
}
DESCRIBED = {"assistant": ASSISTANT}


def _answers(values: dict[str, Value]) -> Answers:
    return Answers(values, dict.fromkeys(values, Source.GIVEN))


def _scenario(kit: Kit, name: str, *left_out: str) -> Answers:
    given = read_answers(SCENARIOS / f"{name}.yaml", kit.questions, kit.shapes.keys())
    kept = {id_: value for id_, value in given.values.items() if id_ not in left_out}
    return Answers(kept, {id_: given.sources[id_] for id_ in kept}, given.model, given.shape)


def _whole(kit: Kit, answers: Answers) -> Plan:
    line = Line(kit)
    return whole_plan(advise(answers, line, AS_OF), line, answers)


CASES: list[tuple[str, str, dict[str, Value]]] = [
    ("photo-moderation", "traffic_shape", {"traffic_shape": "spiky"}),
    ("sunset-search", "traffic_shape", {"traffic_shape": "spiky"}),
    ("chat-70b-eu", "tokens_in_out", {"tokens_in_out": (1000, 150)}),
    ("lora-startup", "tokens_in_out", {"tokens_in_out": (1000, 150)}),
    (
        "assistant",
        "model_params_b",
        {"model_params_b": 8},
    ),  # what is assumed, once somebody says so
]
"""An assumed limit or size that drives the cost, and the milder answer that is named."""


@pytest.mark.parametrize(("scenario", "question", "milder"), CASES)
def test_an_assumption_that_drives_the_cost_is_named_with_the_figures_of_another_plan(
    kit: Kit, scenario: str, question: str, milder: dict[str, Value]
) -> None:
    described = DESCRIBED.get(scenario)
    answers = _answers(described) if described else _scenario(kit, scenario, question)
    plan = _whole(kit, answers)
    said = next(each for each in plan.to_settle if each.question == question)
    other = advise(changed(answers, milder), Line(kit), AS_OF)
    assert f"about ${other.cost.month.likely:,.0f} a month" in said.text
    assert f"instead of ${plan.cost.month.likely:,.0f}" in said.text
    assert other.cost.lifetime.likely < 0.8 * float(plan.cost.lifetime.likely)
    assert ranked(plan)[0].question == plan.to_settle[0].question
    page = render(plan, "md").decode().partition("## Targets and margins")[0]
    assert f"**{said.name}:** {said.text}" in page
    assert f"{said.name}: {said.find_out}" in page


def test_what_somebody_stated_is_never_named(kit: Kit) -> None:
    answers = _scenario(kit, "chat-70b-eu")
    named = {said.question for said in to_settle(WhatIf(Line(kit), answers, AS_OF))}
    assert not named & set(answers.values)


def test_an_assumed_limit_that_nothing_meets_is_named_with_the_plan_that_a_wider_one_gives(
    kit: Kit,
) -> None:
    """A long answer of a large model is not written in the ten seconds that are assumed."""
    values: dict[str, Value] = {
        "problem_type": "llm_app_rag",
        "adaptation": "rag",
        "consumers": ("external_users",),
        "inference_mode": ("online",),
        "peak_rps": 0.5,
        "model_params_b": 70.0,
        "cloud_policy": ("azure",),
        "isolation": "operator_must_not_see_data",
        "tokens_in_out": (2000, 2000),
    }
    answers = _answers(values)
    plan = _whole(kit, answers)
    assert not plan.feasible
    (said,) = [each for each in plan.to_settle if each.question == "latency_p99_ms"]
    words = re.search(r"With ([0-9,]+) ms or more .*: \$([0-9,]+) a month", said.text)
    assert words is not None
    wider, month = (float(text.replace(",", "")) for text in words.groups())
    other = advise(changed(answers, {"latency_p99_ms": wider}), Line(kit), AS_OF)
    assert other.feasible
    assert round(other.cost.month.likely) == month


@pytest.mark.parametrize("peak_rps", [0.2, 1.0, 5.0])
def test_more_replicas_shorten_the_queue_whatever_the_load(kit: Kit, peak_rps: float) -> None:
    """A smaller load must not be impossible where a larger one is served in time."""
    values: dict[str, Value] = {**SPEECH, "peak_rps": peak_rps, "latency_p99_ms": 2000.0}
    plan = advise(_answers(values), Line(kit), AS_OF)
    assert plan.feasible
    assert plan.hardware[-1].count <= 4 * max(1.0, 2 * peak_rps)


def test_an_assumed_growth_that_fills_the_life_is_named_with_the_life_without_it(kit: Kit) -> None:
    """300 TB that grow by half each year cost more in the years to come than today."""
    answers = _scenario(kit, "satellite-crops")
    plan = _whole(kit, answers)
    (said,) = [each for each in plan.to_settle if each.question == "data_growth"]
    still = _whole(kit, changed(answers, {"data_growth": 0.0}))
    assert plan.life is not None
    assert still.life is not None
    assert f"about ${still.life.total.likely:,.0f} " in said.text
    assert f"instead of ${plan.life.total.likely:,.0f}" in said.text
    assert not any(each.question == "data_growth" for each in still.to_settle)


def test_nothing_is_to_settle_where_nothing_is_spent(kit: Kit) -> None:
    plan = _whole(kit, _scenario(kit, "rules-are-enough"))
    assert plan.life is not None
    assert plan.life.total.likely == 0
    assert plan.to_settle == ()
