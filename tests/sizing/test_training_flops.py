"""FLOPs of a pass against hand-worked counts."""

from __future__ import annotations

import pytest

from advisor.sizing.training_flops import model_flops_per_token, pass_flops
from advisor.sizing.training_work import work_of
from tests.sizing.training_cases import GPT_7B, MIXTRAL, job

MATRICES = 32 * (4 * 4096**2 + 2 * 4096 * 16384)
TOKENS = 2048


def test_full_tuning_costs_six_flops_a_matrix_parameter_and_token() -> None:
    flops = pass_flops(work_of([job()]))
    assert flops.dense[0] == pytest.approx(6 * MATRICES * TOKENS)
    assert flops.head[0] == pytest.approx(6 * 50304 * 4096 * TOKENS)


def test_full_recomputation_adds_one_forward_pass_of_the_layers() -> None:
    flops = pass_flops(work_of([job(recompute="full")]))
    assert flops.dense[0] == pytest.approx(8 * MATRICES * TOKENS)
    assert flops.head[0] == pytest.approx(6 * 50304 * 4096 * TOKENS)


def test_frozen_weights_cost_four_flops() -> None:
    flops = pass_flops(work_of([job(method="lora", task="lora")]))
    assert flops.dense[0] == pytest.approx(4 * MATRICES * TOKENS)


def test_causal_flash_attention_is_three_and_a_half_half_squares() -> None:
    # forward 4 x (s/2) x width a token and layer; backward 2.5 times that
    flops = pass_flops(work_of([job()]))
    assert flops.attention[0] == pytest.approx(3.5 * 4 * 1024 * 4096 * 32 * TOKENS)


def test_attention_grows_with_the_square_of_the_sequence() -> None:
    short = pass_flops(work_of([job(seq_len=4096)])).attention[0]
    assert pass_flops(work_of([job(seq_len=8192)])).attention[0] == pytest.approx(4 * short)


def test_tensor_and_pipeline_ranks_share_the_work() -> None:
    whole = pass_flops(work_of([job()])).total()[0]
    split = pass_flops(work_of([job(tp=4, pp=2, n_gpus=8)])).total()[0]
    assert split == pytest.approx(whole / 8)


def test_a_mixture_computes_its_active_experts_only() -> None:
    flops = pass_flops(work_of([job(shape=MIXTRAL)]))
    assert flops.expert[0] == pytest.approx(6 * 32 * 2 * 3 * 4096 * 14336 * TOKENS)


def test_reported_utilisation_counts_6n_and_full_attention() -> None:
    per_token = model_flops_per_token(work_of([job()]))[0]
    assert per_token == pytest.approx(6 * (MATRICES + 50304 * 4096) + 12 * 32 * 4096 * 2048)
    assert per_token == pytest.approx(6 * GPT_7B.params, rel=0.1)
