"""Language models on the processors of phones: speed from bandwidth, size from memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.domain.plan import Plan
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line

PHONE = """
answers:
  problem_type: llm_app_rag
  adaptation: rag
  consumers: [devices_on_site]
  inference_mode: [edge_on_device]
  edge_constraints: [phone, offline]
"""


def _plan(kit: Kit, folder: Path, model: str) -> Plan:
    path = folder / "answers.yaml"
    path.write_text(f"model: {model}\n{PHONE}", encoding="utf-8")
    return advise(read_answers(path, kit.questions, kit.shapes.keys()), Line(kit), "2026-11-22")


def test_a_phone_runs_a_small_model_as_fast_as_it_reads_the_weights(
    kit: Kit, tmp_path: Path
) -> None:
    plan = _plan(kit, tmp_path, "llama-3.2-1b")
    assert plan.decisions["serving_pattern"].chosen == "edge"
    assert plan.decisions["serving_host"].chosen == "device"
    speed = next(f for use in plan.hardware for f in use.figures if f.id == "tokens")
    # 1.24e9 weights of 4.16 bits are 0.643 GB; 50 GB/s read them 78 times a second
    assert speed.value.likely == pytest.approx(77.8, rel=0.02)


def test_a_large_model_does_not_fit_a_phone(kit: Kit, tmp_path: Path) -> None:
    plan = _plan(kit, tmp_path, "llama-3.1-70b")
    assert not plan.feasible
