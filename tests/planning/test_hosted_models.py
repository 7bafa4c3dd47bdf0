"""Hosted models: who may be called under a cloud policy, and when calling beats running."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.domain.plan import Plan
from advisor.library.answers import read_answers
from advisor.library.load import load_library
from advisor.planning.kit import Kit
from advisor.planning.lifetime_outlook import with_lifetime
from advisor.planning.line import Line


@pytest.fixture(scope="module")
def line() -> Line:
    return Line(Kit(load_library()))


def _plan(line: Line, folder: Path, lines: str) -> Plan:
    path = folder / "answers.yaml"
    path.write_text("answers:\n" + lines, encoding="utf-8")
    kit = line.kit
    return advise(read_answers(path, kit.questions, kit.shapes.keys()), line, "2026-11-22")


@pytest.mark.parametrize("cloud", ["aws", "azure", "gcp"])
def test_every_cloud_sells_hosted_models(line: Line, tmp_path: Path, cloud: str) -> None:
    lines = f"  problem_type: llm_app_rag\n  data_location: [{cloud}]\n  cloud_policy: [{cloud}]\n"
    plan = _plan(line, tmp_path, lines)
    assert plan.decisions["serving_pattern"].chosen == "model_api"
    assert plan.decisions["serving_accelerator"].chosen == "none"


def test_nobody_is_called_from_behind_an_air_gap(line: Line, tmp_path: Path) -> None:
    plan = _plan(line, tmp_path, "  problem_type: llm_app_rag\n  residency: air_gapped\n")
    assert plan.decisions["serving_pattern"].chosen == "online"


UNNAMED = "  problem_type: llm_app_rag\n  peak_rps: 2\n  cloud_policy: [aws]\n"


def test_a_model_that_nobody_named_is_priced_in_the_middle(line: Line, tmp_path: Path) -> None:
    middle = _plan(line, tmp_path, UNNAMED).cost.month
    small = _plan(line, tmp_path, UNNAMED + "  adaptation: rag\n  model_params_b: 8\n").cost.month
    assert middle.low < middle.likely < middle.high
    assert middle.high / middle.low > small.high / small.low
    assert middle.likely > small.likely


def test_a_budget_takes_the_dearest_model_that_it_allows(line: Line, tmp_path: Path) -> None:
    free = _plan(line, tmp_path, UNNAMED)
    tight = _plan(line, tmp_path, UNNAMED + "  budget_monthly: 1200\n")
    assert tight.feasible
    assert tight.cost.month.likely < free.cost.month.likely
    assert "does not fit the budget, so the next below" in str(
        tight.decisions["serving_pattern"].because
    )


def test_the_speed_of_a_vendor_is_to_be_measured(line: Line, tmp_path: Path) -> None:
    plan = _plan(line, tmp_path, UNNAMED + "  latency_p99_ms: 4000\n")
    performance = next(c for c in plan.considerations if c.id == "performance")
    assert performance.asked == "4,000 ms at the 99th percentile"
    assert "measured" in performance.margin


def test_a_hosted_plan_is_not_dearer_than_itself(line: Line, tmp_path: Path) -> None:
    plan = with_lifetime(_plan(line, tmp_path, UNNAMED), line)
    assert plan.outlook is not None
    assert not [i for i in plan.outlook.investments if i.kind == "overspend" and "Hosted" in i.text]
    assert not [m for m in plan.outlook.mixes if m.use == "serving"]


@pytest.mark.parametrize(
    "lines",
    [
        "  problem_type: llm_app_rag\n  inference_mode: [async_minutes]\n  data_arrival: hourly\n",
        "  problem_type: nlp_understanding\n  adaptation: api_prompting\n"
        "  inference_mode: [batch]\n  batch_items: unknown\n  data_arrival: hourly\n",
        "  problem_type: llm_app_rag\n  inference_mode: [online]\n"
        "  consumers: [scheduled_report]\n",
    ],
)
def test_a_queue_nobody_counted_is_not_all_data_every_hour(
    line: Line, tmp_path: Path, lines: str
) -> None:
    """Texts are counted as items: all stored tokens at each arrival would cost a fortune."""
    plan = _plan(line, tmp_path, lines)
    assert plan.decisions["serving_pattern"].chosen == "model_api"
    calls = next(item for item in plan.cost.items if item.id == "serving")
    assert calls.month.likely < 1000
