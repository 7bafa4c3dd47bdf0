"""What an estimate of training is said to rest on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.sizing.near_measurements import support_of
from advisor.sizing.serving_constants import Measured
from advisor.sizing.training_estimate import estimate_training
from advisor.sizing.training_job import FAMILIES, TrainingJob
from advisor.sizing.training_kind import PROGRAMS, kind_of_training
from tests.sizing.training_cases import CONSTANTS, H100, LLAMA_8B, MISTRAL_7B, job

EIGHT = job(shape=LLAMA_8B, family="torch", sharding="zero3", n_gpus=8, dp=8)
ROWS = replace(
    CONSTANTS,
    measured=Measured(support=support_of([(kind_of_training(EIGHT), name) for name in "aab"])),
)


def basis(one: TrainingJob) -> str:
    return estimate_training(one, ROWS).basis


@pytest.mark.parametrize(
    "changes", [{}, {"shape": MISTRAL_7B}, {"n_gpus": 4, "dp": 4}, {"precision": "fp16"}]
)
def test_what_is_alike_is_counted(changes: dict[str, object]) -> None:
    assert basis(replace(EIGHT, **changes)).startswith("calibrated on 3 measurements of 2 sources")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "other"),
    [
        ({"shape": replace(LLAMA_8B, params=70e9, active_params=70e9)}, "size"),
        ({"precision": "fp32"}, "precision"),
        ({"device": H100}, "device"),
        ({"n_gpus": 64, "dp": 64}, "device"),
        ({"family": "fused", "sharding": "zero1"}, "software"),
        ({"task": "full_ft"}, "task"),
    ],
)
def test_what_is_not_alike_is_extrapolated_and_said(changes: dict[str, object], other: str) -> None:
    said = basis(replace(EIGHT, **changes))  # type: ignore[arg-type]
    assert said.startswith("extrapolated: no measurement near in kind")
    assert f"differ in {other} alone" in said


def test_every_family_has_words() -> None:
    assert set(PROGRAMS) == set(FAMILIES)
