"""Memory of a deployment, worked by hand; each test is a mistake that a public tool has made."""

from dataclasses import replace

import pytest

from advisor.domain.hardware import GIB
from advisor.sizing.serving_format import FORMATS
from advisor.sizing.serving_job import ServingJob
from advisor.sizing.serving_memory import (
    fits,
    kv_bytes_per_token,
    kv_split,
    largest_batch,
    memory_parts,
    routed_params,
    weight_bytes,
)
from tests.sizing.serving_cases import H100, LLAMA2_70B, LLAMA3_8B, MIXTRAL


def test_sixteen_bit_weights_take_two_bytes_of_every_parameter() -> None:
    assert weight_bytes(LLAMA3_8B, FORMATS["bf16"]) == 2 * 8_030_261_248


def test_a_mixture_stores_all_experts_not_the_active_ones() -> None:
    assert weight_bytes(MIXTRAL, FORMATS["fp16"]) == 2 * 46_702_792_704


def test_routed_parameters_of_mixtral_are_its_eight_feed_forward_blocks() -> None:
    by_hand = 32 * 8 * 3 * 4096 * 14336
    assert routed_params(MIXTRAL) == pytest.approx(by_hand, rel=0.001)


def test_grouped_heads_shrink_the_cache() -> None:
    job = ServingJob(LLAMA2_70B, H100, 4, 4)
    assert kv_bytes_per_token(job) == 2 * 80 * 8 * 128 * 2
    full_heads = replace(LLAMA2_70B, kv_heads=64, kv_elements_per_token=0)
    assert kv_bytes_per_token(replace(job, shape=full_heads)) == 8 * kv_bytes_per_token(job)


def test_int4_leaves_embedding_and_output_matrix_at_sixteen_bits() -> None:
    head = 2 * 128256 * 4096
    by_hand = (8_030_261_248 - head) * 4.16 / 8 + head * 2
    assert weight_bytes(LLAMA3_8B, FORMATS["int4-awq"]) == pytest.approx(by_hand)


def test_tensor_ranks_beyond_the_cached_heads_hold_copies() -> None:
    assert kv_split(ServingJob(LLAMA2_70B, H100, 16, 16)) == 8


def test_memory_of_cards_is_not_added_up() -> None:
    """128.5 GiB of weights fit two 80 GB cards only where the layout splits them."""
    assert not fits(ServingJob(LLAMA2_70B, H100, n_gpus=2), 1)
    assert not fits(ServingJob(LLAMA2_70B, H100, n_gpus=8), 1)
    assert fits(ServingJob(LLAMA2_70B, H100, n_gpus=2, tp=2), 1)


def test_largest_batch_is_the_room_beside_the_weights_over_one_cache() -> None:
    job = ServingJob(LLAMA3_8B, H100, input_len=1024, output_len=1024)
    room = 80 * GIB * 0.90 - 1.03 * 2 * 8_030_261_248
    assert largest_batch(job) == pytest.approx(room / (1536 * 131072), rel=0.05)


def test_weights_that_do_not_fit_leave_room_for_nobody() -> None:
    assert largest_batch(ServingJob(LLAMA2_70B, H100)) == 0


@pytest.mark.parametrize("precision", sorted(FORMATS))
def test_a_bigger_model_never_needs_less_memory(precision: str) -> None:
    job = ServingJob(LLAMA3_8B, H100, weight_precision=precision)
    bigger = replace(job, shape=replace(LLAMA3_8B, params=9e9, active_params=9e9))
    assert memory_parts(bigger, 1).device_gib > memory_parts(job, 1).device_gib
