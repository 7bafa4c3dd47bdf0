"""A plan with its sensitivity: in words, in every format that reads it, and back from a file."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from advisor.analysis.plan_sensitivity import with_sensitivity
from advisor.analysis.whatif import WhatIf
from advisor.domain.plan import Plan
from advisor.library.answers import read_answers
from advisor.library.plan_file import read_plan
from advisor.planning.kit import Kit
from advisor.planning.lifetime_outlook import with_lifetime
from advisor.planning.line import Line
from advisor.report.formats import render

SCHEMA = Path("advisor/report/schema/plan.schema.json")


@pytest.fixture(scope="module")
def told(kit: Kit) -> Plan:
    path = Path("tests/scenarios/rules-are-enough.yaml")
    answers, line = read_answers(path, kit.questions, kit.shapes.keys()), Line(kit)
    ask = WhatIf(line, answers, "2026-11-22")
    return with_sensitivity(with_lifetime(ask.plan({}), line), ask)


def test_answers_that_flip_the_plan_are_named_in_words(told: Plan) -> None:
    assert told.sensitivity is not None
    swings = {s.question: s for s in told.sensitivity.swings}
    baseline = swings["baseline_exists"]
    assert baseline.high_usd > baseline.low_usd
    assert baseline.flips[0].side == "other"
    assert "Approach" in baseline.flips[0].decisions
    assert "_" not in baseline.shown


def test_the_report_draws_them_and_puts_them_beside_the_assumptions(told: Plan) -> None:
    page = render(told, "html").decode()
    assert 'id="chart-tornado"' in page
    assert "--with sensitivity adds it here" not in page


def test_a_plan_file_holds_them(told: Plan, tmp_path: Path) -> None:
    written = render(told, "json")
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_bytes())).validate(json.loads(written))
    path = tmp_path / "plan.json"
    path.write_bytes(written)
    assert read_plan(path).sensitivity == told.sensitivity
    assert render(read_plan(path), "json") == written
