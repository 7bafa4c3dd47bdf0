"""Hosted models: who may be called under a cloud policy, and when calling beats running."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.domain.plan import Plan
from advisor.library.answers import read_answers
from advisor.library.load import load_library
from advisor.planning.kit import Kit
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
