"""Step time: network formulas, bubbles, bounds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.sizing import training_network as network
from advisor.sizing.training_time import step_time
from advisor.sizing.training_work import work_of
from tests.sizing.training_cases import (
    A100,
    CONSTANTS,
    GPT_7B,
    H100,
    H100_PCIE,
    LLAMA_8B,
    MIXTRAL,
    job,
)


def seconds(**changes: object) -> float:
    return float(step_time(work_of([job(**changes)]), CONSTANTS).total()[0])


def test_tensor_parallel_sends_four_all_reduces_a_layer() -> None:
    # 4 x 32 layers x 2 (n-1)/n x 2 bytes x 2048 tokens x 4096, over 300 GB/s in one direction
    found = network.tensor_seconds(work_of([job(tp=4, n_gpus=4)]))[0]
    assert found == pytest.approx(4 * 32 * 2 * 0.75 * 2 * 2048 * 4096 / 300e9)


@pytest.mark.parametrize("sharding", ["zero1", "zero2"])
def test_sharding_gradients_adds_no_traffic(sharding: str) -> None:
    plain = network.gradient_seconds(work_of([job(sharding="ddp", dp=8, n_gpus=8)]))[0]
    sharded = network.gradient_seconds(work_of([job(sharding=sharding, dp=8, n_gpus=8)]))[0]
    assert sharded == pytest.approx(plain)
    assert plain == pytest.approx(2 * 2 * 6.9e9 * 7 / 8 / 300e9)


def test_zero3_gathers_twice_and_scatters_once_each_pass() -> None:
    work = work_of([job(sharding="zero3", dp=8, n_gpus=8)])
    assert network.gather_seconds(work)[0] == pytest.approx(3 * 2 * 6.9e9 * 7 / 8 / 300e9)
    assert network.gradient_seconds(work)[0] == 0.0


def test_data_parallel_over_nodes_uses_all_network_ports_of_a_node() -> None:
    two_nodes = network.data_rate(work_of([job(sharding="ddp", dp=16, n_gpus=16)]))[0]
    assert two_nodes == pytest.approx(8 * 25e9)


def test_tensor_parallel_over_nodes_falls_to_the_network() -> None:
    inside = network.tensor_seconds(work_of([job(tp=8, n_gpus=16)]))[0]
    assert network.tensor_seconds(work_of([job(tp=16, n_gpus=16)]))[0] > 10 * inside


def test_experts_inside_the_link_domain_do_not_use_the_network() -> None:
    inside = network.expert_seconds(work_of([job(shape=MIXTRAL, ep=8, dp=8, n_gpus=8)]))[0]
    # 4 rounds x 32 layers x 2 bytes x 2048 tokens x 4096 x 2 experts x 7/8 over 300 GB/s
    assert inside == pytest.approx(4 * 32 * 2 * 2048 * 4096 * 2 * 7 / 8 / 300e9)


def test_the_bubble_is_the_idle_share_of_the_pipeline() -> None:
    parts = step_time(work_of([job(pp=4, n_gpus=4, grad_accum=12)]), CONSTANTS)
    busy = parts.total()[0] - parts.bubble[0] - parts.optimizer[0]
    assert parts.bubble[0] / busy == pytest.approx(3 / 12, rel=0.02)
    interleaved = step_time(work_of([job(pp=4, vp=4, n_gpus=4, grad_accum=12)]), CONSTANTS)
    assert interleaved.bubble[0] == pytest.approx(parts.bubble[0] / 4)


def test_only_the_matrix_part_gets_faster_with_fp8() -> None:
    stated: dict[str, object] = {"device": H100, "shape": LLAMA_8B, "micro_batch": 2}
    half = step_time(work_of([job(**stated)]), CONSTANTS)
    eight = step_time(work_of([job(**stated, precision="fp8")]), CONSTANTS)
    assert eight.matrix[0] < 0.7 * half.matrix[0]
    assert eight.vector[0] == half.vector[0]
    assert eight.attention[0] == half.attention[0]
    assert 0.5 * half.total()[0] < eight.total()[0] < half.total()[0]


def test_pcie_and_sxm_cards_of_one_name_differ() -> None:
    stated: dict[str, object] = {"shape": LLAMA_8B, "tp": 2, "n_gpus": 2}
    assert seconds(device=H100_PCIE, **stated) > 1.3 * seconds(device=H100, **stated)


def test_small_work_is_bound_by_launches() -> None:
    tiny = replace(
        GPT_7B,
        d_model=256,
        ffn=1024,
        heads=4,
        head_dim=64,
        vocab=1000,
        params=3e7,
        active_params=3e7,
    )
    stated: dict[str, object] = {"shape": tiny, "family": "huggingface"}
    short, double = seconds(seq_len=128, **stated), seconds(seq_len=256, **stated)
    assert double < 1.1 * short


def test_a_quantised_base_costs_time_to_unpack() -> None:
    lora = seconds(method="lora", family="huggingface", seq_len=512)
    qlora = seconds(
        method="qlora", family="huggingface", seq_len=512, base_bits=4.16, base_format="gptq"
    )
    assert qlora > 1.5 * lora


@pytest.mark.parametrize("device", [A100, H100, H100_PCIE])
@pytest.mark.parametrize("precision", ["bf16", "fp8", "fp32"])
@pytest.mark.parametrize("family", ["fused", "torch", "huggingface", "legacy", "tuned", "compiled"])
def test_no_step_is_faster_than_the_peak(device: object, precision: str, family: str) -> None:
    work = work_of([job(device=device, precision=precision, family=family, micro_batch=8)])
    flops = 6 * (work.linear + work.head) * 8 * 2048
    assert step_time(work, CONSTANTS).total()[0] > (flops / work.peak)[0]


def test_more_nodes_lose_a_little_to_scale() -> None:
    few = seconds(sharding="zero1", dp=16, n_gpus=16, grad_accum=8)
    many = seconds(sharding="zero1", dp=1024, n_gpus=1024, grad_accum=8)
    assert few < many < 1.3 * few


def test_context_parallel_ranks_share_states_as_data_parallel_ones_do() -> None:
    stated: dict[str, object] = {"sharding": "zero3", "n_gpus": 8, "offload": True}
    data, context = (work_of([job(**stated, **{name: 8})]) for name in ("dp", "cp"))
    for seconds_of in (network.gather_seconds, network.gradient_seconds):
        assert seconds_of(context)[0] == pytest.approx(seconds_of(data)[0])
    # EasyContext README: Llama-2-7B, 64K tokens over a ring of 8 A100, 977 tokens/s each
    long = job(**stated, cp=8, seq_len=65_536, recompute="full", family="huggingface")
    step = float(step_time(work_of([long]), CONSTANTS).total()[0])
    assert 65_536 / 8 / step == pytest.approx(977, rel=0.25)


def test_cards_for_games_reach_more_of_their_printed_peak() -> None:
    """The same chip under another name: matrices take less time, and nothing takes more."""
    server, game = (
        step_time(work_of([job(device=replace(A100, name=name))]), CONSTANTS)
        for name in ("A100 SXM4 80GB", "GeForce RTX 3090")
    )
    assert game.matrix[0] < server.matrix[0]
    assert game.vector[0] == server.vector[0]


def test_a_pipeline_gathers_its_stage_once_a_step() -> None:
    layout = {"n_gpus": 64, "pp": 8, "dp": 8, "sharding": "zero3"}
    short, long = (
        network.gather_seconds(work_of([job(**layout, grad_accum=n)])) * n for n in (8, 64)
    )
    assert float(short[0]) == pytest.approx(float(long[0]))


def test_torch_compile_spares_vector_time_alone() -> None:
    plain, fused = (
        step_time(work_of([job(family="torch", compiled=compiled)]), CONSTANTS)
        for compiled in (False, True)
    )
    assert fused.vector[0] < plain.vector[0]
    assert fused.matrix[0] == plain.matrix[0]
