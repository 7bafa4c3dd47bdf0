"""Questions: what is asked, what is assumed, and what the loader refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from advisor.domain.questions import Question
from advisor.errors import LibraryError
from advisor.library import questions
from advisor.library.locate import library_root
from advisor.library.records import read_folder
from advisor.library.yamlfile import Document

KNOWLEDGE = library_root() / "knowledge"


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Question]:
    found = questions.parse(read_folder(KNOWLEDGE / "questions", "questions"))
    return {question.id: question for question in found}


def entry(**fields: Any) -> dict[str, Any]:
    base = {
        "id": "a",
        "section": "goal",
        "order": 1,
        "text": "t",
        "help": "h",
        "find_out": "f",
        "why": "w",
        "type": "single",
        "depth": "quick",
        "effort": 1,
        "unknown": {"note": "n"},
        "considerations": ["cost"],
        "groups": ["all"],
        "options": [{"id": "x", "label": "x"}, {"id": "y", "label": "y"}],
    }
    return {**base, **fields}


def refused(*entries: dict[str, Any]) -> str:
    with pytest.raises(LibraryError) as caught:
        questions.parse([Document("q.yaml", {"questions": list(entries)})])
    return str(caught.value)


def test_every_question_of_the_interview_is_there_in_asking_order(
    catalogue: dict[str, Question],
) -> None:
    assert len(catalogue) == 74
    assert next(iter(catalogue)) == "problem_type"
    goal = [q.id for q in catalogue.values() if q.section == "goal"]
    assert goal[-1] == "priorities"
    assert catalogue["priorities"].default == "balanced"


def test_defaults_without_answers_lead_through_the_whole_interview(
    catalogue: dict[str, Question],
) -> None:
    answers: dict[str, Any] = {}
    for question in catalogue.values():
        if question.applies(answers):
            value = question.usual(answers)
            if value is not None:
                answers[question.id] = value
    assert answers["inference_mode"] == ("batch",)
    assert answers["retrain_cadence"] == "monthly"
    assert "adaptation" not in answers  # rows and columns have no pre-trained model
    assert "tokens_in_out" not in answers
    assert "budget_monthly" not in answers  # a ceiling that nobody set does not bind


@pytest.mark.parametrize(
    ("question", "answers", "asked"),
    [
        ("people_regions", {"personal_data": "none"}, False),
        ("people_regions", {"personal_data": "children"}, True),
        ("key_custody", {"personal_data": "none", "data_kinds_regulated": ("none",)}, False),
        ("key_custody", {"personal_data": "none", "data_kinds_regulated": ("location",)}, True),
        ("k8s_skill", {"platform_staff": 0}, False),
        ("k8s_skill", {"platform_staff": 1}, True),
        ("feature_reuse", {"n_models": 1, "lifetime": "indefinite"}, False),
        ("feature_reuse", {"n_models": 2, "lifetime": "one_off"}, False),
        ("feature_reuse", {"n_models": 2, "lifetime": "indefinite"}, True),
        ("peak_rps", {"inference_mode": ("batch",), "consumers": ("external_users",)}, False),
        ("peak_rps", {"inference_mode": ("batch", "online"), "consumers": ("other",)}, True),
        ("train_volume", {"adaptation": "rag", "problem_type": "llm_app_rag"}, False),
        ("train_volume", {"problem_type": "tabular_prediction"}, True),
    ],
)
def test_a_question_is_asked_only_where_it_matters(
    catalogue: dict[str, Question], question: str, answers: dict[str, Any], asked: bool
) -> None:
    assert catalogue[question].applies(answers) is asked


@pytest.mark.parametrize(
    ("question", "answers", "value"),
    [
        ("inference_mode", {"consumers": ("devices_on_site",)}, ("edge_on_device",)),
        (
            "inference_mode",
            {"consumers": ("external_users",), "problem_type": "llm_app_rag"},
            ("streaming_tokens",),
        ),
        ("residency", {"data_kinds_regulated": ("patient_records",)}, "country_or_bloc"),
        ("residency", {"data_kinds_regulated": ("none",)}, "no_limit"),
        ("latency_p99_ms", {"inference_mode": ("streaming_tokens",)}, 2000),
        ("adaptation", {"problem_type": "llm_pretrain"}, "pretraining"),
    ],
)
def test_what_is_assumed_follows_from_earlier_answers(
    catalogue: dict[str, Question], question: str, answers: dict[str, Any], value: Any
) -> None:
    assert catalogue[question].usual(answers) == value


@pytest.mark.parametrize(
    ("question", "answers", "value"),
    [
        ("personal_data", {}, "personal"),
        ("data_quality_state", {}, "frequent_breaks"),
        ("residency", {"personal_data": "personal"}, "country_or_bloc"),
        ("residency", {"personal_data": "none", "data_kinds_regulated": ("none",)}, "no_limit"),
        ("ai_act_role", {}, "both"),
        ("cloud_policy", {"data_location": ("gcp", "files_on_disk")}, ("gcp",)),
        ("deadline_weeks", {}, 12),
    ],
)
def test_unknown_is_answered_cautiously(
    catalogue: dict[str, Question], question: str, answers: dict[str, Any], value: Any
) -> None:
    assert catalogue[question].cautious(answers) == value


def test_the_unit_of_the_training_volume_follows_the_problem(
    catalogue: dict[str, Question],
) -> None:
    assert catalogue["train_volume"].unit_for({"problem_type": "speech"}) == "hours"
    assert catalogue["train_volume"].unit_for({"problem_type": "forecasting"}) == "rows"


def test_a_condition_on_a_later_question_is_refused() -> None:
    assert "E222" in refused(entry(ask_when=[{"b": "x"}]), entry(id="b", order=2))


def test_a_condition_on_an_unknown_question_names_the_nearest() -> None:
    message = refused(entry(id="lifetime"), entry(id="b", order=2, ask_when=[{"lifetme": "x"}]))
    assert "did you mean 'lifetime'?" in message


@pytest.mark.parametrize(
    "fields",
    [
        {"default": "z"},
        {"unknown": {"note": "n", "value": "z"}},
        {"derive": [{"when": [{"first": "x"}], "value": "z"}]},
        {"ask_when": [{"first": {"one_of": ["x", "z"]}}]},
        {"prior": {"x": 1, "z": 1}},
        {"settles": ["z"]},
    ],
)
def test_a_value_that_is_no_option_is_refused(fields: dict[str, Any]) -> None:
    message = refused(entry(id="first"), entry(id="b", order=2, **fields))
    assert "E223" in message
    assert "'z' is no option" in message


def test_files_of_the_library_stay_short() -> None:
    long = [
        p.name
        for p in Path(KNOWLEDGE / "questions").glob("*.yaml")
        if len(p.read_text(encoding="utf-8").splitlines()) > 300
    ]
    assert not long


def test_likely_answers_to_a_number_are_told_apart_from_possible_ones(
    catalogue: dict[str, Question],
) -> None:
    ranges = {id_: q.likely_range({}) for id_, q in catalogue.items()}
    found = {id_: ends for id_, ends in ranges.items() if ends}
    assert found["platform_staff"] == (0, 5)
    for id_, (low, high) in found.items():
        question = catalogue[id_]
        assert question.minimum is not None
        assert question.maximum is not None
        assert question.minimum <= low <= high < question.maximum
    size = catalogue["model_params_b"]
    assert size.likely_range({}) == (3, 70)
    assert size.likely_range({"problem_type": "speech"}) == pytest.approx((0.3, 7.0))
