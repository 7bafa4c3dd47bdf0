"""The one public entry: figures that agree with each other and with published runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.sizing.training_estimate import estimate_each, estimate_training
from advisor.sizing.training_job import TrainingJob
from tests.sizing.training_cases import A100, CONSTANTS, GPT_7B, H100, LLAMA_8B, MIXTRAL, job


def test_figures_agree_with_each_other() -> None:
    found = estimate_training(job(micro_batch=4, grad_accum=8), CONSTANTS)
    tokens = 4 * 8 * 2048
    assert found.step_time_s.likely == pytest.approx(tokens / found.tokens_per_s_per_gpu.likely)
    assert found.samples_per_s.likely == pytest.approx(found.tokens_per_s_per_gpu.likely / 2048)
    assert sum(part for _, part in found.time_parts) == pytest.approx(found.step_time_s.likely)
    assert sum(part for _, part in found.memory_parts) == pytest.approx(found.memory_gib.likely)


def test_every_interval_holds_its_likely_value() -> None:
    found = estimate_training(job(tokens_total=1e12), CONSTANTS)
    assert found.gpu_hours is not None
    for interval in (
        found.tokens_per_s_per_gpu,
        found.samples_per_s,
        found.step_time_s,
        found.mfu_pct,
        found.memory_gib,
        found.gpu_hours,
    ):
        assert interval.low < interval.likely < interval.high


def test_blanks_are_filled_by_a_layout_that_fits() -> None:
    found = estimate_training(
        TrainingJob(LLAMA_8B, H100, seq_len=8192, n_gpus=8, family="fused"), CONSTANTS
    )
    assert found.fits
    assert None not in (found.job.tp, found.job.pp, found.job.dp, found.job.micro_batch)
    assert "assumed" in found.basis


def test_a_prudent_job_holds_the_upper_end_of_its_memory() -> None:
    job = TrainingJob(LLAMA_8B, H100, task="lora", method="lora", seq_len=4096, n_gpus=1)
    tuned = estimate_training(job, CONSTANTS)
    planned = estimate_training(replace(job, prudent=True), CONSTANTS)
    assert tuned.memory_gib.high > H100.memory_gb >= planned.memory_gib.high
    assert planned.tokens_per_s_per_gpu.likely <= tuned.tokens_per_s_per_gpu.likely


def test_a_mixture_that_no_node_holds_is_spread_over_experts() -> None:
    found = estimate_training(
        TrainingJob(MIXTRAL, H100, seq_len=4096, n_gpus=64, family="fused"), CONSTANTS
    )
    assert found.fits


def test_a_model_that_cannot_fit_says_so() -> None:
    found = estimate_training(TrainingJob(GPT_7B, A100, n_gpus=1, family="fused"), CONSTANTS)
    assert not found.fits


def test_more_devices_never_lengthen_the_chosen_run() -> None:
    hours = []
    for count in (8, 16, 32, 64, 128):
        found = estimate_training(
            TrainingJob(
                LLAMA_8B,
                H100,
                seq_len=8192,
                n_gpus=count,
                global_batch=512,
                tokens_total=1e12,
                family="fused",
            ),
            CONSTANTS,
        )
        assert found.gpu_hours is not None
        hours.append(found.gpu_hours.likely / count)
    assert hours == sorted(hours, reverse=True)


def test_llama_2_cards_lie_inside_the_interval() -> None:
    # Llama 2 model card: 184,320 A100-80GB hours for the 7B model on 2 T tokens
    shape = LLAMA_8B.__class__(
        "llama-2-7b",
        "decoder",
        6_738_415_616,
        6_738_415_616,
        layers=32,
        d_model=4096,
        ffn=11008,
        heads=32,
        kv_heads=32,
        head_dim=128,
        vocab=32000,
    )
    found = estimate_training(
        TrainingJob(shape, A100, seq_len=4096, tokens_total=2e12, family="torch"), CONSTANTS
    )
    assert found.gpu_hours is not None
    assert found.gpu_hours.low < 184_320 < found.gpu_hours.high


def test_an_architecture_without_measurements_widens_the_interval_and_says_so() -> None:
    t4 = A100.__class__("t4", "T4", "nvidia", "turing", "board", 16, 320, {"fp16": 65}, 32, 0, 1)
    known = estimate_training(job(), CONSTANTS).tokens_per_s_per_gpu
    unknown = estimate_training(job(device=t4), CONSTANTS)
    rate = unknown.tokens_per_s_per_gpu
    assert "extrapolated" in unknown.basis
    assert rate.high / rate.low > known.high / known.low


def test_jobs_estimated_together_say_what_each_says_alone() -> None:
    jobs = [
        TrainingJob(shape, device, n_gpus=count, family=family, tokens_total=1e12)
        for shape in (GPT_7B, LLAMA_8B, MIXTRAL)
        for device in (A100, H100)
        for count, family in ((1, "huggingface"), (8, "torch"), (64, "fused"))
    ]
    jobs.append(job(tp=2, pp=2, dp=2, sharding="zero1", recompute="full", micro_batch=1))
    assert estimate_each(jobs, CONSTANTS) == [estimate_training(one, CONSTANTS) for one in jobs]
