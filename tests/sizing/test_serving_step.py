"""Step, prefill, decode and throughput, worked by hand on a machine that reaches its peaks."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.domain.model import ModelShape
from advisor.sizing.serving_decode import decode_time
from advisor.sizing.serving_estimate import estimate_serving
from advisor.sizing.serving_format import FORMATS
from advisor.sizing.serving_job import OFFLINE, ONLINE, ServingJob
from advisor.sizing.serving_memory import weight_bytes
from advisor.sizing.serving_prefill import prefill_time
from advisor.sizing.serving_throughput import mixed_load, running_requests, static_rate
from advisor.sizing.serving_work import (
    StepLoad,
    peak_flops,
    pipelined,
    spill_seconds,
    touched_bytes,
)
from tests.sizing.serving_cases import (
    H100,
    H100_PCIE,
    LLAMA2_70B,
    LLAMA3_8B,
    MIXTRAL,
    ideal,
    shipped,
)


def test_one_token_streams_all_matrices_but_the_input_embedding() -> None:
    by_hand = 2 * (8_030_261_248 - 128256 * 4096)
    assert touched_bytes(LLAMA3_8B, FORMATS["bf16"], 1) == pytest.approx(by_hand)


def test_one_token_of_a_mixture_streams_its_active_experts() -> None:
    by_hand = 2 * (12_879_925_248 - 32000 * 4096)
    assert touched_bytes(MIXTRAL, FORMATS["bf16"], 1) == pytest.approx(by_hand, rel=0.001)


def test_many_tokens_of_a_mixture_stream_every_expert() -> None:
    everything = 2 * (46_702_792_704 - 32000 * 4096)
    assert touched_bytes(MIXTRAL, FORMATS["bf16"], 500) == pytest.approx(everything, rel=0.001)


def test_a_decode_step_takes_its_bytes_over_the_bandwidth() -> None:
    """97 % is the most that a share may reach; the cache of 512 tokens is 64 MiB."""
    job = ServingJob(LLAMA3_8B, H100, input_len=512, output_len=0)
    weights = 2 * (8_030_261_248 - 128256 * 4096) / 3.35e12 / 0.97
    cache = 512 * 65536 * 2 / 3.35e12 / 0.97
    assert decode_time(job, 1, ideal()).total_s == pytest.approx(weights + cache, rel=0.01)


def test_a_long_prefill_takes_two_flops_a_parameter_and_token() -> None:
    job = ServingJob(LLAMA3_8B, H100, input_len=8192)
    body = 8_030_261_248 - 2 * 128256 * 4096
    flops = 2 * body * 8192 + 2 * 128256 * 4096
    attention = 4 * 8192 * 8192 / 2 * 32 * 4096
    weights = 2 * (8_030_261_248 - 128256 * 4096) / 3.35e12
    by_hand = ((flops + attention) / 989.4e12 + weights) / 0.97
    assert prefill_time(job, 1, ideal()).total_s == pytest.approx(by_hand, rel=0.01)


def test_a_processor_hides_its_matrices_behind_its_memory() -> None:
    cpu = replace(H100, vendor="cpu", tflops={"fp32": 100.0})
    job = ServingJob(LLAMA3_8B, cpu, input_len=1.0, output_len=2.0)
    step = decode_time(job, 1.0, ideal())
    assert step.compute_s > 0
    assert step.total_s == pytest.approx(max(step.weights_s + step.cache_s, step.compute_s))


def test_formats_of_four_bits_multiply_in_units_of_their_own_where_there_are_any() -> None:
    blackwell = replace(H100, tflops={**H100.tflops, "fp4": 10_000.0})
    assert peak_flops(blackwell, FORMATS["mxfp4"].compute) == 10_000e12
    assert peak_flops(H100, FORMATS["mxfp4"].compute) == H100.peak("bf16")


def test_tensor_ranks_share_the_bytes_and_pipeline_stages_do_not_speed_up_one_token() -> None:
    one = decode_time(ServingJob(LLAMA3_8B, H100), 1, ideal()).weights_s
    assert decode_time(ServingJob(LLAMA3_8B, H100, 4, 4), 1, ideal()).weights_s == one / 4
    assert decode_time(ServingJob(LLAMA3_8B, H100, 4, 1, 4), 1, ideal()).weights_s == one


def test_chunks_fill_the_pipeline() -> None:
    """Eight chunks pass two stages in nine stage times instead of sixteen."""
    assert pipelined(4096, 512, 2) == (8, 9 / 16)
    assert pipelined(1, 512, 4) == (1, 1.0)


def test_time_per_token_leaves_the_first_token_out() -> None:
    job = ServingJob(LLAMA3_8B, H100, input_len=4096, output_len=64)
    found = estimate_serving(job, ideal())
    whole = 64 / found.tokens_per_s.likely * 1e3
    assert whole == pytest.approx(found.ttft_ms.likely + 63 * found.tpot_ms.likely)


def test_a_static_batch_pays_its_prompts_before_its_answers() -> None:
    job = ServingJob(LLAMA3_8B, H100, batch=8, mode=OFFLINE, input_len=1024, output_len=128)
    rate = static_rate(job, 8, ideal())
    first = float(prefill_time(job, 8, ideal()).total_s)
    assert 8 / rate.requests_per_s == pytest.approx(first + 127 * rate.step_s)


def test_a_mixed_step_takes_in_prompts_at_the_rate_that_answers_end() -> None:
    job = ServingJob(LLAMA3_8B, H100, input_len=1000, output_len=100)
    load = mixed_load(job, 50)
    assert (load.tokens, load.sequences) == (50 + 50 / 100 * 1000, 50)
    assert load.cache_tokens == 50 * (1000 + 50)


def test_the_token_budget_bounds_the_batch() -> None:
    job = ServingJob(LLAMA3_8B, H100, engine="tensorrt-llm", input_len=2048, output_len=16)
    assert running_requests(job, 1e6) == pytest.approx(8192 / (1 + 2048 / 16))


def test_pcie_is_slower_than_sxm_at_the_same_name() -> None:
    sxm = estimate_serving(ServingJob(LLAMA2_70B, H100, 4, 4), shipped())
    pcie = estimate_serving(ServingJob(LLAMA2_70B, H100_PCIE, 4, 4), shipped())
    assert pcie.tpot_ms.likely > sxm.tpot_ms.likely
    assert pcie.decode.comm_s > 2 * sxm.decode.comm_s


def test_replicas_multiply_throughput_and_leave_latency() -> None:
    one = estimate_serving(ServingJob(LLAMA3_8B, H100, mode=ONLINE, batch=16), shipped())
    job = ServingJob(LLAMA3_8B, H100, n_gpus=4, mode=ONLINE, batch=64)
    four = estimate_serving(job, shipped())
    assert four.requests_per_s.likely == pytest.approx(4 * one.requests_per_s.likely)
    assert four.tpot_ms.likely == pytest.approx(one.tpot_ms.likely)


def test_an_unmeasured_regime_says_so() -> None:
    found = estimate_serving(ServingJob(LLAMA3_8B, H100), ideal())
    assert found.basis.startswith("extrapolated")


@settings(max_examples=60, deadline=None)
@given(
    precision=st.sampled_from(sorted(FORMATS)),
    engine=st.sampled_from(["vllm", "tensorrt-llm", "llama.cpp", "transformers"]),
    tp=st.sampled_from([1, 2, 8]),
    batch=st.integers(1, 256),
    prompt=st.integers(1, 32_000),
)
def test_no_step_beats_the_bandwidth_or_the_peak(
    precision: str, engine: str, tp: int, batch: int, prompt: int
) -> None:
    job = ServingJob(LLAMA2_70B, H100, tp, tp, 1, precision, engine=engine, input_len=prompt)
    step = float(decode_time(job, batch, shipped()).total_s)
    assert step >= touched_bytes(LLAMA2_70B, job.format, batch) / tp / 3.35e12
    flops = 2 * (LLAMA2_70B.params - 2 * 32000 * 8192) * prompt
    peak = peak_flops(H100, job.format.compute)
    assert float(prefill_time(job, 1, shipped()).total_s) >= flops / tp / peak


@settings(max_examples=30, deadline=None)
@given(growth=st.floats(1.01, 4.0), batch=st.integers(1, 64))
def test_a_bigger_model_is_never_faster_or_lighter(growth: float, batch: int) -> None:
    job = ServingJob(LLAMA3_8B, H100, batch=batch, mode=OFFLINE)
    params = LLAMA3_8B.params * growth
    big = replace(job, shape=replace(LLAMA3_8B, params=params, active_params=params))
    small_found, big_found = estimate_serving(job, shipped()), estimate_serving(big, shipped())
    assert big_found.tokens_per_s.likely < small_found.tokens_per_s.likely
    assert big_found.memory.total_gib > small_found.memory.total_gib
    assert weight_bytes(big.shape, big.format) > weight_bytes(job.shape, job.format)


def test_published_measurement_of_llama2_7b_class_decode_is_inside_the_interval() -> None:
    """TensorRT-LLM v0.5, GPT-J 6B, FP8, H100: 185 tokens/s at batch 1 (its performance page)."""
    gptj = replace(
        LLAMA3_8B, params=6_053_381_344, active_params=6_053_381_344, layers=28, kv_heads=16,
        heads=16, head_dim=256, vocab=50400, kv_elements_per_token=0,
    )  # fmt: skip
    job = ServingJob(
        gptj, H100, weight_precision="fp8", kv_precision="fp8", engine="tensorrt-llm",
        input_len=128, output_len=128,
    )  # fmt: skip
    found = estimate_serving(job, shipped())
    assert found.tpot_ms.low <= 1e3 / 185 <= found.tpot_ms.high


def test_requests_that_begin_at_once_wait_for_half_of_the_others_prompts() -> None:
    job = ServingJob(LLAMA3_8B, H100, mode=ONLINE, batch=33, input_len=2048)
    found = estimate_serving(job, shipped()).ttft_ms.likely
    assert found >= 1e3 * prefill_time(job, 17.0, shipped()).total_s
    assert estimate_serving(replace(job, batch=None), shipped()).ttft_ms.likely < found / 4


def test_a_loop_brings_in_what_its_card_cannot_hold() -> None:
    """FlexGen README: OPT-30B on a T4 with its cache in the host's memory, 7.32 tokens/s; OPT-175B
    beyond it on the disk, 0.69."""
    t4 = replace(H100, name="T4", memory_gb=16, memory_gb_s=320, tflops={"fp16": 65.0}, pcie_gen=3)

    def rate(shape: ModelShape, batch: int) -> float:
        job = ServingJob(
            shape, t4, weight_precision="fp16", engine="flexgen", mode=OFFLINE,
            batch=batch, input_len=512.0, output_len=32.0,
        )  # fmt: skip
        return estimate_serving(job, shipped()).tokens_per_s.likely

    small = ModelShape("opt-30b", "decoder", 30e9, 30e9, 48, 7168, 28672, 56, 56, 128, 50272)
    large = ModelShape("opt-175b", "decoder", 175e9, 175e9, 96, 12288, 49152, 96, 96, 128, 50272)
    assert rate(small, 144) == pytest.approx(7.32, rel=0.35)
    assert rate(large, 256) == pytest.approx(0.69, rel=0.35)
    assert spill_seconds(ServingJob(LLAMA3_8B, H100, engine="flexgen"), StepLoad(1, 1, 512)) == 0.0
    assert spill_seconds(ServingJob(small, t4), StepLoad(1, 1, 512)) == 0.0
