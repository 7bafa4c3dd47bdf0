"""The benchmark changes every answer to another one and prints every figure."""

from __future__ import annotations

import importlib.util
import json

import pytest
from click.testing import CliRunner

from advisor.analysis.engine_benchmark import measured, other_value, usual_briefs
from advisor.analysis.sweep_values import question_of
from advisor.cli.whatif import whatif
from advisor.library.answer_values import checked
from advisor.planning.kit import Kit

BARS = (
    "one_change_ms_p50", "one_change_ms_p95", "full_run_ms", "voi_ms", "ratio_stock",
    "ratio_clips",
)  # fmt: skip


def test_there_is_a_brief_for_each_problem(kit: Kit) -> None:
    problem = question_of(kit.questions, "problem_type")
    found = [brief.values["problem_type"] for brief in usual_briefs(kit.questions)]
    assert found == [option.id for option in problem.options]


def test_the_other_answer_is_another_valid_one(kit: Kit) -> None:
    for number, question in enumerate(kit.questions):
        now = question.usual({})
        other = None if now is None else other_value(question, now, number)
        if other is not None:
            said = list(other) if isinstance(other, tuple) else other
            assert checked(question, said)[0] == other != now


@pytest.mark.long
def test_every_figure_is_there_also_without_clips(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    speed = measured(kit, usual_briefs(kit.questions)[:1], "2026-11-22").plain()
    assert set(BARS) <= speed.keys()
    assert speed["ratio_clips"] == "not installed"
    assert all(isinstance(v, str) or v > 0 for v in speed.values())


def test_what_if_prints_differences_as_text_and_as_data(kit: Kit) -> None:
    words = ["tests/scenarios/churn.yaml", "--set", "n_models=9", "--as-of", "2026-11-22"]
    text = CliRunner().invoke(whatif, words)
    assert text.exit_code == 0
    assert "9 models" in text.output
    data = json.loads(CliRunner().invoke(whatif, [*words, "--json"]).output)
    assert "n_models" in [change["id"] for change in data["answers"]]
    assert data["feasible"] == {"before": True, "after": True}
