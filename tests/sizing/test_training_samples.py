"""Item-counted training: vision, latents, recurrent tokens, boosted trees."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.domain.hardware import Accelerator
from advisor.library.calibration import sample_models
from advisor.sizing.training_samples import (
    SampleJob,
    SampleWork,
    item_rate,
    sample_columns,
    sample_memory,
    usual_batch,
)
from advisor.sizing.training_trees import TreeJob, tree_hours, tree_memory
from tests.sizing.training_cases import A100, CALIBRATION, CONSTANTS, H100

V100 = Accelerator(
    "v100-sxm2-16gb",
    "V100 SXM2 16GB",
    "nvidia",
    "volta",
    "sxm2",
    16,
    900,
    {"fp32": 15.7, "fp16": 125},
    300,
    8,
    3,
)
RESNET = SampleJob(
    SampleWork(8.2e9, 11.1e6, 224.0), 25.6e6, V100, "vision_train", "fp16", micro_batch=256
)


def rate(job: SampleJob) -> float:
    return float(item_rate(sample_columns([job]), CONSTANTS)[0])


def test_resnet_50_on_a_v100_trains_near_the_published_rate() -> None:
    # NVIDIA DeepLearningExamples, ResNet-50 v1.5, V100-16GB mixed precision: 1,156 images/s
    assert rate(RESNET) == pytest.approx(1156, rel=0.35)


def test_work_grows_with_the_square_of_the_side() -> None:
    double = RESNET.work.at(448.0)
    assert double.flops == pytest.approx(4 * RESNET.work.flops)
    assert rate(replace(RESNET, work=double)) < rate(RESNET) / 3


def test_no_item_rate_beats_the_peak_or_the_bandwidth() -> None:
    for device in (V100, A100, H100):
        for precision in ("fp16", "fp32", "tf32"):
            job = replace(RESNET, device=device, precision=precision)
            columns = sample_columns([job])
            assert rate(job) * 3 * RESNET.work.flops < columns.peak[0]


def test_small_batches_are_bound_by_launches() -> None:
    assert rate(replace(RESNET, micro_batch=2)) < rate(RESNET) / 4


def test_grouped_convolutions_are_slower() -> None:
    grouped = replace(RESNET, work=replace(RESNET.work, grouped=True))
    assert rate(grouped) < 0.7 * rate(RESNET)


def test_memory_grows_with_the_batch_and_the_usual_batch_fits() -> None:
    small = sample_memory(sample_columns([replace(RESNET, micro_batch=32)]), CONSTANTS)[0]
    large = sample_memory(sample_columns([RESNET]), CONSTANTS)[0]
    assert small < large
    job = replace(RESNET, micro_batch=None)
    filled = sample_columns([replace(job, micro_batch=usual_batch(job))])
    assert sample_memory(filled, CONSTANTS)[0] < V100.memory_bytes


def test_every_named_model_has_work() -> None:
    samples = sample_models(CALIBRATION / "samples.yaml")
    assert len(samples) > 70
    assert all(work.flops > 0 and work.activations > 0 for _, work in samples)


def test_boosted_trees_take_a_start_and_a_cost_a_row() -> None:
    # szilard/GBM-perf, p3.2xlarge (V100): XGBoost 10 M rows 5 s; 100 M rows 80 s, 6 GB
    ten = tree_hours(TreeJob("xgboost", 1e7, V100), CONSTANTS) * 3600
    hundred = tree_hours(TreeJob("xgboost", 1e8, V100), CONSTANTS) * 3600
    assert ten == pytest.approx(5, rel=0.5)
    assert hundred == pytest.approx(80, rel=0.5)
    held = tree_memory(TreeJob("xgboost", 1e8, V100), CONSTANTS) / 2**30
    assert held == pytest.approx(6, rel=0.2)


def test_a_faster_memory_shortens_boosting() -> None:
    slow = tree_hours(TreeJob("lightgbm", 1e8, V100), CONSTANTS)
    assert tree_hours(TreeJob("lightgbm", 1e8, H100), CONSTANTS) < slow / 2
