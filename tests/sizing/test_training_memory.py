"""Peak memory: derived parts, published peaks and the mistakes of other calculators."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.domain.hardware import GIB
from advisor.sizing.training_memory import (
    adapter_bytes,
    layer_bytes,
    peak_memory,
    reserved_memory,
    score_bytes,
    state_bytes,
)
from advisor.sizing.training_work import trained_parameters, work_of
from tests.sizing.training_cases import CONSTANTS, GPT_7B, LLAMA_8B, MISTRAL_7B, MIXTRAL, job


def peak_gib(**changes: object) -> float:
    return float(peak_memory(work_of([job(**changes)]), CONSTANTS).total()[0]) / GIB


def test_a_gpt_layer_keeps_34_bytes_a_token_and_width_and_five_a_score() -> None:
    # Korthikanti 2022 (arXiv 2205.05198) equation 1: s b h (34 + 5 a s / h)
    work = work_of([job(family="legacy", flash_attention=False)])
    assert layer_bytes(work)[0] == pytest.approx(34 * 2048 * 4096)
    assert score_bytes(work)[0] == pytest.approx(5 * 32 * 2048**2)


def test_mixed_precision_states_are_sixteen_bytes_a_parameter() -> None:
    weights, gradients, optimizer, _ = state_bytes(work_of([job()]))
    assert weights[0] + gradients[0] + optimizer[0] == pytest.approx(16 * 6.9e9)


def test_zero_stages_shard_what_they_name() -> None:
    def states(sharding: str) -> list[float]:
        work = work_of([job(sharding=sharding, dp=8, n_gpus=8)])
        return [float(part[0]) for part in state_bytes(work)[:3]]

    plain = states("ddp")
    assert states("zero1") == pytest.approx([plain[0], plain[1], plain[2] / 8])
    assert states("zero2") == pytest.approx([plain[0], plain[1] / 8, plain[2] / 8])
    assert states("zero3")[1:] == pytest.approx([plain[1] / 8, plain[2] / 8])
    assert states("zero3")[0] < plain[0] / 4


def test_a_bf16_model_in_the_hf_trainer_peaks_in_the_update() -> None:
    # IBM fms-acceleration, A100 80GB, Mistral-7B full tuning, batch 4: torch peak 67.46 GiB
    found = peak_gib(
        shape=MISTRAL_7B, family="huggingface", recompute="full", seq_len=4096, micro_batch=4
    )
    assert found == pytest.approx(67.46, rel=0.03)


def test_lora_memory_holds_the_logits_of_a_large_vocabulary() -> None:
    # IBM fms-acceleration, A100 80GB, Llama-3-8B LoRA rank 16, batch 8: torch peak 54.96 GiB,
    # and 31.26 GiB with a fused loss
    stated: dict[str, object] = {
        "shape": LLAMA_8B,
        "method": "lora",
        "task": "lora",
        "family": "tuned",
        "recompute": "full",
        "seq_len": 4096,
        "micro_batch": 8,
    }
    assert peak_gib(**stated) == pytest.approx(54.96, rel=0.05)
    assert peak_gib(**stated, fused_loss=True) == pytest.approx(31.26, rel=0.05)


def test_four_bit_weights_leave_the_embeddings_in_sixteen_bits() -> None:
    stated: dict[str, object] = {
        "shape": LLAMA_8B,
        "method": "qlora",
        "task": "qlora",
        "base_bits": 4.5,
    }
    weights = state_bytes(work_of([job(**stated)]))[0][0]
    tables = 2 * 128256 * 4096
    assert weights > (8.03e9 - tables) * 0.56 + 2 * tables


def test_a_mixture_needs_memory_for_every_expert() -> None:
    dense = replace(MIXTRAL, experts=0, experts_per_token=0, params=MIXTRAL.active_params)
    assert peak_gib(shape=MIXTRAL) > 3 * peak_gib(shape=dense)


@pytest.mark.parametrize("shape", [GPT_7B, LLAMA_8B, MISTRAL_7B, MIXTRAL])
@pytest.mark.parametrize("family", ["torch", "huggingface", "tuned", "fused"])
def test_lora_never_needs_more_than_full_tuning(shape: object, family: str) -> None:
    full = peak_gib(shape=shape, family=family, recompute="full")
    lora = peak_gib(shape=shape, family=family, recompute="full", method="lora", lora_rank=64)
    assert lora < full


@pytest.mark.parametrize("recompute", ["none", "selective", "full"])
@pytest.mark.parametrize("sharding", ["ddp", "zero1", "zero3"])
def test_more_layers_never_need_less_memory(recompute: str, sharding: str) -> None:
    peaks = []
    for layers in (8, 16, 32, 64):
        params = 6.9e9 / 32 * layers
        shape = replace(GPT_7B, layers=layers, params=params, active_params=params)
        peaks.append(peak_gib(shape=shape, recompute=recompute, sharding=sharding, dp=4, n_gpus=4))
    assert peaks == sorted(peaks)


def test_memory_of_several_cards_is_not_summed() -> None:
    one, eight = peak_gib(), peak_gib(sharding="ddp", dp=8, n_gpus=8)
    assert eight == pytest.approx(one)


def test_recomputation_saves_activations_in_order() -> None:
    stated: dict[str, object] = {"family": "legacy", "flash_attention": False, "micro_batch": 4}
    peaks = [peak_gib(recompute=name, **stated) for name in ("none", "selective", "full")]
    assert peaks == sorted(peaks, reverse=True)


@pytest.mark.parametrize(
    ("measured", "stated"),
    [
        (77.0, {"dp": 8, "n_gpus": 8, "micro_batch": 2, "recompute": "selective"}),
        (62.0, {"dp": 128, "n_gpus": 128, "micro_batch": 2, "recompute": "selective"}),
        (83.9, {"dp": 8, "n_gpus": 8, "seq_len": 32768, "recompute": "full"}),
    ],
)
def test_llama_in_plain_fsdp_needs_what_torchtitan_measured(
    measured: float, stated: dict[str, object]
) -> None:
    # torchtitan benchmarks/llama3_h100_202412: Llama 3.1 8B, 8,192 tokens, with torch.compile
    usual: dict[str, object] = {"shape": LLAMA_8B, "seq_len": 8192, "sharding": "zero3"}
    assert peak_gib(**{**usual, "family": "torch", **stated}) == pytest.approx(measured, rel=0.1)


def test_pytorch_repeats_half_a_forward_pass_where_megatron_repeats_attention_alone() -> None:
    stated: dict[str, object] = {"family": "torch", "sharding": "zero3", "dp": 64, "n_gpus": 64}
    none, half, full = (
        peak_gib(recompute=name, **stated) for name in ("none", "selective", "full")
    )
    assert none > half > full
    fused = [peak_gib(recompute=name, family="fused") for name in ("none", "selective")]
    assert fused[0] == fused[1]


def test_sharded_weights_and_gradients_stay_whole_in_a_pipeline() -> None:
    def states(pp: int) -> tuple[float, float]:
        stated: dict[str, object] = {"family": "torch", "sharding": "zero3", "dp": 8}
        weights, gradients, _, _ = state_bytes(work_of([job(pp=pp, n_gpus=8 * pp, **stated)]))
        return float(weights[0]), float(gradients[0])

    alone, piped = states(1), states(8)
    assert piped[1] > alone[1] * 0.9
    assert piped[0] > GPT_7B.params / 8 * 2.0


def test_a_pipeline_keeps_its_stages_in_flight() -> None:
    full = peak_gib(pp=4, n_gpus=4, grad_accum=16)
    assert full > peak_gib(pp=4, n_gpus=4, grad_accum=1)


def test_adapters_are_a_small_share_of_the_parameters() -> None:
    rank8 = trained_parameters(job(method="lora", lora_rank=8))
    assert trained_parameters(job(method="lora", lora_rank=16)) == pytest.approx(2 * rank8)
    assert rank8 < 0.01 * GPT_7B.params
    assert trained_parameters(job()) == GPT_7B.params


def test_transformers_keep_eighteen_bytes_a_logit_at_the_loss() -> None:
    # Unsloth docs: QLoRA of Llama-3.1-8B with Hugging Face and flash attention, batch 1; each GB
    # more holds 1 / 2.47 MB more tokens, of 24, 40 and 80 GB
    def gib(tokens: int) -> float:
        return peak_gib(
            shape=LLAMA_8B, method="qlora", task="qlora", base_bits=4.5, family="huggingface",
            recompute="full", seq_len=tokens, lora_rank=32,
        )  # fmt: skip

    assert (gib(28_454) - gib(12_264)) * GIB / (28_454 - 12_264) == pytest.approx(2.47e6, rel=0.08)


def test_offloaded_weights_leave_what_a_layer_needs() -> None:
    # torchtune README: full tuning of Llama-3.1-70B on 8 A100, all in the host's memory: 13.9 GiB
    stated: dict[str, object] = {"sharding": "zero3", "dp": 8, "n_gpus": 8, "recompute": "full"}
    here = state_bytes(work_of([job(**stated, offload=True)]))
    away = state_bytes(work_of([job(**stated, offload=True, offload_weights=True)]))
    assert here[1][0] > away[1][0] == 0.0
    assert 0.0 < away[0][0] < 0.5 * here[0][0]


def test_autocast_keeps_the_casts_and_scores_in_32_bits() -> None:
    """An encoder in the HF Trainer on one device: 32-bit weights, their 16-bit casts."""
    bert = replace(GPT_7B, kind="encoder")
    plain, cast = (
        work_of([job(shape=shape, family="huggingface", flash_attention=False)])
        for shape in (GPT_7B, bert)
    )
    assert state_bytes(cast)[0][0] == pytest.approx(6 * 6.9e9)
    assert layer_bytes(cast)[0] > layer_bytes(plain)[0]
    assert score_bytes(cast)[0] == pytest.approx(7 / 5 * score_bytes(plain)[0])


def test_an_optimizer_of_another_size_replaces_the_moments() -> None:
    full, small = (work_of([job(optimizer_bytes=size)]) for size in (None, 0.0))
    assert state_bytes(full)[2][0] > state_bytes(small)[2][0] == 0.0


def test_peft_keeps_a_copy_of_what_each_adapter_reads() -> None:
    """Four inputs of the width, that of the output projection, the feed-forward's: 5 bytes each."""
    adapters, plain = (
        work_of([job(family=family, method="lora")]) for family in ("huggingface", "torch")
    )
    assert adapter_bytes(adapters)[0] == pytest.approx(5 * 2048 * (5 * 4096 + 16384))
    assert adapter_bytes(plain)[0] == 0.0


def test_frozen_weights_that_are_sharded_spare_more_with_peft() -> None:
    layout = {"sharding": "zero3", "dp": 8, "n_gpus": 8, "method": "lora"}
    spares = []
    for family in ("torch", "huggingface"):
        work = work_of([job(family=family, **layout)])
        spares.append(reserved_memory(work, CONSTANTS)[0] / peak_memory(work, CONSTANTS).total()[0])
    assert 1.0 < spares[0] < spares[1]


@pytest.mark.parametrize("ep", [2, 4, 8])
def test_experts_on_several_ranks_are_sharded_over_the_rest_alone(ep: int) -> None:
    # ep ranks of dp already hold different experts: a rank keeps one share in dp of each either way
    whole, split = (
        state_bytes(work_of([job(shape=MIXTRAL, n_gpus=8, dp=8, ep=one, sharding="zero1")]))
        for one in (1, ep)
    )
    assert float(split[2][0]) == pytest.approx(float(whole[2][0]))
    assert float(split[0][0]) < float(whole[0][0])


def test_offloaded_activations_leave_the_states_where_they_are() -> None:
    # torchtune README: offloading what is kept of Llama 3.2 3B at 2 x 4,096 tokens saves 1.3 GiB
    plain, spilled = (
        peak_memory(
            work_of([job(recompute="full", micro_batch=8, offload_activations=offloaded)]),
            CONSTANTS,
        )
        for offloaded in (False, True)
    )
    assert spilled.activations[0] < plain.activations[0]
    assert spilled.optimizer[0] == plain.optimizer[0]


def test_a_paged_optimizer_gives_way_before_memory_runs_out() -> None:
    # torchtune README: full tuning of Llama 3.1 8B with paged 8-bit AdamW takes 18.9 GiB on a card
    # of 24 GB and 37.4 GiB on one of 48 GB
    card = replace(job().device, memory_gb=24)
    stated = {
        "shape": LLAMA_8B,
        "family": "torch",
        "recipe": "eight_bit_in_backward",
        "recompute": "full",
        "fused_loss": True,
        "task": "full_ft",
    }
    assert peak_gib(**stated, device=card) > 24
    assert 16 < peak_gib(**stated, device=card, paged_optimizer=True) < 24
    assert peak_gib(**stated, paged_optimizer=True) == pytest.approx(peak_gib(**stated))
