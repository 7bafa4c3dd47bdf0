"""The estimators on published sources that no constant was fitted on (tests/evidence)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from advisor.analysis.benchmark_estimates import Line, scoreboard
from advisor.analysis.estimate_table import Estimators

FOLDER = Path(__file__).parents[1] / "evidence"


def scores(kind: str) -> tuple[dict[str, Line], float]:
    with (FOLDER / f"unseen-{kind}.csv").open(encoding="utf-8", newline="") as stream:
        board = scoreboard(list(csv.DictReader(stream)), kind, Estimators.built_in())
    return {line.group: line for line in board.lines}, board.false_alarms


def test_training_of_unseen_sources_is_met() -> None:
    found, false_alarms = scores("training")
    assert found["LLM throughput"].median < 0.2
    assert found["peak_mem_gib_per_gpu"].median < 0.15
    assert found["all"].coverage > 0.8
    assert false_alarms < 0.1


@pytest.mark.parametrize(
    ("group", "most"),
    [
        ("decode, fused", 0.2),
        ("online tokens_per_s_total, concurrency given", 0.2),
        ("diffusion items_per_s", 0.2),
        ("all", 0.3),
    ],
)
def test_inference_of_unseen_sources_is_met(group: str, most: float) -> None:
    found, _ = scores("inference")
    assert found[group].median < most
    assert found["all"].coverage > 0.72
