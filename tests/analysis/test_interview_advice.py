"""An interview with the real library: what files bring in, what explanations say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.analysis import sessions
from advisor.analysis.advice_session import AdviceSession
from advisor.analysis.headlines import close_behind, headlines
from advisor.errors import InputError
from advisor.planning.kit import Kit

ROOT = Path(__file__).resolve().parents[2]
LLAMA_3_8B = {
    "model_type": "llama",
    "hidden_size": 4096,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "intermediate_size": 14336,
    "vocab_size": 128256,
    "max_position_embeddings": 8192,
    "torch_dtype": "bfloat16",
    "tie_word_embeddings": False,
}
"""The published config.json of Meta-Llama-3-8B; its model card gives 8.03 B parameters."""


@pytest.fixture
def advice(kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AdviceSession]:
    monkeypatch.setenv("ADVISOR_SESSIONS", str(tmp_path / "sessions"))
    found = AdviceSession.on(kit, "2026-11-22", "standard")
    yield found
    found.close()


def test_a_model_configuration_answers_the_size_and_is_kept_with_the_session(
    advice: AdviceSession, kit: Kit, tmp_path: Path
) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps(LLAMA_3_8B))
    assert advice.load(config).endswith("8.03 billion parameters")
    advice.interview.answer(advice.interview.by_id["problem_type"], "llm_app_rag")
    size = advice.interview.by_id["model_params_b"]
    assert advice.interview.usual(size) == pytest.approx(8.03, abs=0.01)
    advice.save()
    second = AdviceSession.on(kit, "2026-11-22")
    second.open(sessions.saved()[0])
    assert second.interview.record.shape == advice.interview.record.shape
    second.close()


def test_an_answers_file_is_taken_in_and_the_rest_is_asked(advice: AdviceSession) -> None:
    said = advice.load(ROOT / "tests/scenarios/churn.yaml")
    assert said.endswith("answers taken from churn.yaml")
    assert advice.interview.record.values["problem_type"] == "tabular_prediction"
    current = advice.interview.current
    assert current is not None
    assert current.id not in advice.interview.record.values


def test_a_file_that_is_wrong_changes_nothing(advice: AdviceSession, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("problem_typ: forecasting\n")
    with pytest.raises(InputError, match="did you mean 'problem_type'"):
        advice.load(tmp_path / "a.yaml")
    assert advice.interview.record.values == {}


def test_a_plan_that_is_no_longer_wanted_is_not_worked_out(advice: AdviceSession) -> None:
    assert advice.plan(advice.interview.answers, lambda: False) is None


def test_every_question_says_why_it_is_asked_and_every_decision_how_it_fell(
    advice: AdviceSession,
) -> None:
    plan = advice.plan(advice.interview.answers, lambda: True)
    assert plan is not None
    for question in advice.interview.questions:
        assert question.why in advice.why_asked(question, plan)
    told = advice.why_asked(advice.interview.by_id["problem_type"], plan)
    assert "◆" in told
    assert "Source: " in told
    for decision in plan.decisions.values():
        assert decision.chosen_name in advice.how(decision.id)


def test_headlines_mark_what_an_answer_changed(advice: AdviceSession) -> None:
    before = advice.plan(advice.interview.answers, lambda: True)
    advice.load(ROOT / "tests/scenarios/recommender-20k.yaml")
    after = advice.plan(advice.interview.answers, lambda: True)
    assert before is not None
    assert after is not None
    assert not any(line.changed for line in headlines(after, after))
    assert not any(line.changed for line in headlines(after))
    changed = {line.id for line in headlines(after, before) if line.changed}
    assert {"serving", "month"} <= changed
    assert "known" not in changed
    assert all(text.startswith(("training: ", "serving: ")) for text in close_behind(after))
