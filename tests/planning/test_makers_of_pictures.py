"""Systems that make pictures: steps of a generator, not one pass over a photograph."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.advise import advise
from advisor.domain.answers import Answers, Source, Value
from advisor.domain.plan import HardwareUse, Plan
from advisor.planning.kit import Kit
from advisor.planning.line import Line

ASKED: dict[str, Value] = {
    "problem_type": "vision",
    "vision_output": "pictures",
    "inference_mode": ("async_minutes",),
    "peak_rps": 0.5,
    "personal_data": "none",
}


def planned(kit: Kit, values: dict[str, Value], model: str = "") -> Plan:
    answers = Answers(values, dict.fromkeys(values, Source.GIVEN))
    if model:
        answers = replace(answers, model=model, shape=kit.shapes[model])
    return advise(answers, Line(kit), "2026-11-23")


def used(plan: Plan, use: str) -> HardwareUse:
    return next(h for h in plan.hardware if h.use == use)


def rate(use: HardwareUse) -> float:
    return next(f.value.likely for f in use.figures if f.unit == "requests/s")


def test_a_generator_of_a_size_is_like_the_named_one_of_that_size(kit: Kit) -> None:
    unnamed = used(planned(kit, ASKED), "serving")
    named = used(planned(kit, ASKED, "sdxl-base"), "serving")
    assert (unnamed.accelerator, unnamed.count) == (named.accelerator, named.count)
    assert rate(unnamed) == pytest.approx(rate(named), rel=0.01)


def test_reading_pictures_takes_a_hundredth_of_making_them(kit: Kit) -> None:
    reads = planned(kit, {**ASKED, "vision_output": "readings"})
    makes = planned(kit, ASKED)
    assert used(reads, "serving").accelerator == "cpu"
    assert float(makes.cost.month.likely) > 2 * float(reads.cost.month.likely)
    assert {"few-step-models"} <= {f.id for f in makes.findings}
    assert "few-step-models" not in {f.id for f in reads.findings}


def test_adapters_of_a_generator_see_pictures_of_its_size(kit: Kit) -> None:
    """A picture of a step takes forward and backward passes of 6 TFLOP each (SDXL)."""
    values: dict[str, Value] = {**ASKED, "adaptation": "lora_finetune", "train_volume": 100_000}
    training = used(planned(kit, values, "sdxl-base"), "training")
    each = next(f for f in training.figures if f.id == "rate")
    pictures_s = each.value.likely / 4096
    peak = kit.library.accelerators[training.accelerator].accelerator.tflops["bf16"]
    assert 0.02 * peak < pictures_s * 12 < peak
    assert "no measurement" in each.basis
