"""What `advisor whatif` and `advisor sensitivity` print reads as sentences and says no more than
the plans do."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.analysis.sensitivity import sensitivity
from advisor.analysis.sensitivity_words import sensitivity_lines
from advisor.analysis.whatif import WhatIf
from advisor.cli import main
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line

SCENARIOS = Path("tests/scenarios")
DAY = ["--as-of", "2026-11-22"]


def _printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main.run([*arguments, *DAY], lambda *_: 1) == 0
    return capsys.readouterr().out


def test_a_changed_answer_stands_behind_its_question(capsys: pytest.CaptureFixture[str]) -> None:
    said = _printed(capsys, "whatif", str(SCENARIOS / "churn.yaml"), "--set", "ml_staff=9")
    assert "?:" not in said
    assert "ML engineers)? 2 people -> 9 people\n" in said


def test_a_range_without_any_effect_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    sweep = "latency_p99_ms=100:2000:log:3"
    said = _printed(capsys, "whatif", str(SCENARIOS / "churn.yaml"), "--sweep", sweep)
    assert said.endswith("Nothing changes over these values.\n")


def test_sensitivity_quotes_options_and_says_which_way_a_number_goes(kit: Kit) -> None:
    answers = read_answers(SCENARIOS / "churn.yaml", kit.questions, kit.shapes.keys())
    lines = list(sensitivity_lines(sensitivity(WhatIf(Line(kit), answers, DAY[1])), kit))
    flips = [line for line in lines if " it changes " in line]
    assert any("or more it changes" in line or "or less it changes" in line for line in flips)
    assert any('; with "' in line for line in flips)
