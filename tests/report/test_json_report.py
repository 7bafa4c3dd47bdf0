"""The plan as JSON: the contract, valid against its published schema."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from advisor.domain.answers import Source
from advisor.domain.interval import Interval
from advisor.domain.plan import Plan
from advisor.report import json_report
from advisor.report.json_report import plan_json
from advisor.report.json_values import rounded
from tests.report.plan_example import CHOICES, LIST_DECISIONS, example, impossible, with_answers

SCHEMA = json.loads(
    (Path(json_report.__file__).parent / "schema" / "plan.schema.json").read_text("utf-8")
)


def loaded(plan: Plan) -> dict[str, Any]:
    found = json.loads(plan_json(plan))
    assert isinstance(found, dict)
    return found


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("plan", [example(), impossible()], ids=["feasible", "infeasible"])
def test_a_plan_is_valid_against_the_published_schema(plan: Plan) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(loaded(plan))


def test_every_decision_is_there_with_a_choice_and_a_reason() -> None:
    found = loaded(example())["decisions"]
    assert sorted(found) == sorted(CHOICES)
    for id_, decision in found.items():
        assert decision["because"], id_
        assert isinstance(decision["chosen"], list) is (id_ in LIST_DECISIONS), id_


@pytest.mark.parametrize(
    "path", [("decisions", "approach"), ("cost", "month"), ("library", "fingerprint")]
)
def test_the_schema_refuses_a_plan_without_a_part(path: tuple[str, str]) -> None:
    data = loaded(example())
    del data[path[0]][path[1]]
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(data)


def test_the_schema_refuses_a_reason_that_rests_on_nothing() -> None:
    data = loaded(example())
    del data["decisions"]["approach"]["because"][0]["rule"]
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(data)


def test_money_is_a_decimal_string_and_adds_up() -> None:
    cost = loaded(example())["cost"]
    assert cost["month"] == {"low": "24006.00", "likely": "33307.00", "high": "46514.00"}
    assert cost["lifetime"]["likely"] == "599526.00"  # 18 x 33,307


def test_an_answer_keeps_value_and_source() -> None:
    answers = loaded(example())["answers"]
    assert answers["tokens_in_out"] == {"value": [2500, 350], "source": "file"}
    assert answers["k8s_skill"] == {"value": "yes_managed", "source": "unknown"}


def test_a_loser_names_its_rule_or_none_where_a_figure_decided() -> None:
    rejected = loaded(example())["decisions"]["serving_accelerator"]["rejected"]
    assert [r["rule"] for r in rejected[:2]] == ["PERF-101", None]
    assert rejected[1]["because"] == "no provider in Germany offers it"


@pytest.mark.parametrize(
    ("number", "expected"),
    [(70.553706496, 70.5537), (3.0, 3), (1e-9 / 3, 3.33333e-10), (float("inf"), None)],
)
def test_numbers_have_six_significant_digits(number: float, expected: float | None) -> None:
    assert rounded(number) == expected


def test_no_figure_is_ever_not_a_number() -> None:
    plan = example()
    figure = replace(plan.hardware[0].figures[0], value=Interval(1.0, float("nan"), float("inf")))
    use = replace(plan.hardware[0], figures=(figure,))
    found = loaded(replace(plan, hardware=(use,)))["estimates"]["serving"]["memory"]
    assert (found["low"], found["likely"], found["high"]) == (1, None, None)


def test_a_firing_names_the_facts_that_it_used_and_added_by_number() -> None:
    trace = loaded(example())["trace"]
    firing = trace["firings"][0]
    assert firing["rule"] == "PERF-101"
    assert [trace["facts"][n]["fact"] for n in firing["used"]] == ["class", "candidate"]
    assert trace["facts"][firing["added"][0]] == {
        "fact": "verdict",
        "candidate": "l4",
        "decision": "serving_accelerator",
        "verdict": "exclude",
    }


def test_hostile_answers_are_inert_ascii_and_come_back_unchanged() -> None:
    hostile = "<script>\x1b[31m\u202eevil\x9b0m=cmd|' /C calc'!A0"
    text = plan_json(with_answers(example(), {"note": (hostile, Source.GIVEN)}))
    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text)["answers"]["note"]["value"] == hostile
