"""Rows of training configurations: read, normalised, predicted, refused."""

from __future__ import annotations

import pytest

from advisor.analysis.device_labels import find_device
from advisor.analysis.sample_rows import image_side
from advisor.analysis.training_labels import (
    family_of,
    network_of,
    precision_of,
    recompute_of,
    sharding_of,
    unfused_attention_in,
)
from advisor.analysis.training_predictions import COLUMNS, predict_training_row
from advisor.analysis.training_rows import Refusal, job_of
from advisor.sizing.parameters import parameters
from advisor.sizing.training_job import TrainingJob
from tests.analysis.training_measurements import CATALOGUE, CONSTANTS, row

MEASURED = {
    "tokens_per_s_per_gpu": "12000",
    "samples_per_s_total": "9",
    "mfu_pct": "50",
    "step_time_s": "3",
    "peak_mem_gib_per_gpu": "70",
    "total_gpu_hours": "1000",
    "outcome": "oom",
    "kind": "reported_total",
    "score_metrics": "mfu_pct",
    "flags": "odd",
    "notes": "a note",
    "source_id": "another",
}


def predicted(**cells: str) -> dict[str, str]:
    return predict_training_row(row(**cells), CATALOGUE, CONSTANTS)


def job(**cells: str) -> TrainingJob:
    found = job_of(row(**cells), CATALOGUE)
    assert isinstance(found, TrainingJob)
    return found


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"task": "qlora", "precision": "nf4+bf16"},
        {"gpu": "Unknown-96GB", "gpu_mem_gb": "96"},
        {"task": "vision_train", "model": "ResNet-50", "image_size": "224", "seq_len": ""},
        {"task": "gbdt_train", "model": "xgboost", "samples_total": "1000000"},
    ],
)
def test_measured_columns_and_ids_change_nothing(cells: dict[str, str]) -> None:
    plain = predicted(**cells)
    assert predicted(**cells, **MEASURED) == plain
    renamed = predicted(**cells, case_id="other")
    assert renamed == plain | {"case_id": "other"}


def test_a_prediction_has_every_column_and_ordered_intervals() -> None:
    found = predicted()
    assert tuple(found) == COLUMNS
    for name in ("tokens_per_s_per_gpu", "step_time_s", "mfu_pct", "peak_mem_gib_per_gpu"):
        low, likely, high = (float(found[f"pred_{name}{end}"]) for end in ("_low", "", "_high"))
        assert low < likely < high
    assert found["pred_fits"] in ("yes", "no")
    assert found["refused"] == ""


def test_a_row_is_read_with_its_layout() -> None:
    found = job(tp="4", pp="2", dp="8", recompute="", activation_ckpt="full", micro_batch="2")
    assert (found.tp, found.pp, found.dp, found.micro_batch) == (4, 2, 8, 2)
    assert (found.recompute, found.sharding, found.family) == ("full", "zero1", "fused")


def test_only_what_identifies_no_work_is_refused() -> None:
    assert predicted(model="Mystery", params_b="")["refused"]
    assert predicted(gpu="", gpu_mem_gb="")["refused"]
    assert predicted(model="Mystery-13B", params_b="")["refused"] == ""
    assert predicted(model="Mystery", params_b="13")["refused"] == ""
    assert (
        predicted(
            precision="",
            framework="",
            zero_stage_or_fsdp="",
            tp="",
            pp="",
            dp="",
            micro_batch="",
            grad_accum="",
            activation_ckpt="",
        )["refused"]
        == ""
    )


def test_an_unknown_device_is_taken_as_the_nearest_and_widens_the_interval() -> None:
    known, unknown = predicted(), predicted(gpu="H999-80GB", gpu_mem_gb="80")
    width = [
        float(one["pred_tokens_per_s_per_gpu_high"]) / float(one["pred_tokens_per_s_per_gpu_low"])
        for one in (known, unknown)
    ]
    assert "taken as" in unknown["basis"]
    assert width[1] > width[0]


def test_sxm_and_pcie_labels_find_their_own_card() -> None:
    def device(label: str) -> str:
        found, _ = find_device(label, 80.0, CATALOGUE.accelerators)
        assert found is not None
        return found.id

    assert device("H100-80GB-SXM") == "h100-sxm5-80gb"
    assert device("H100-80GB-PCIe") == "h100-pcie-80gb"
    assert device("H100") == "h100-sxm5-80gb"
    assert device("NVIDIA A100-SXM4-80GB") == "a100-sxm4-80gb"


@pytest.mark.parametrize(
    ("label", "family"),
    [
        ("NeMo/Megatron-Core", "fused"),
        ("Megatron-LM", "legacy"),
        ("llm-foundry/Composer FSDP", "torch"),
        ("HF Trainer + peft + DeepSpeed", "huggingface"),
        ("Unsloth", "tuned"),
        ("MaxText", "compiled"),
        ("HF Trainer (fms-hf-tuning) foak-fast-kernels", "tuned"),
        ("PyTorch", "torch"),
    ],
)
def test_frameworks_belong_to_families(label: str, family: str) -> None:
    assert family_of(label, "pretrain") == (family, "")


def test_megatron_without_flash_attention_is_that_of_older_devices() -> None:
    assert job(framework="Megatron-LM", gpu="A100-80GB-SXM").family == "legacy"
    assert job(framework="Megatron-LM").family == "fused"


def test_a_mixture_of_unknown_framework_is_trained_where_experts_are_split() -> None:
    found = job(model="Mixtral-8x7B", params_b="", framework="", ep="", tp="", pp="", dp="")
    assert found.family == "fused"
    assert job(framework="").family == "torch"


def test_an_unknown_framework_is_assumed_by_task_and_said() -> None:
    assert family_of("homegrown", "lora")[0] == "huggingface"
    assert "homegrown" in family_of("homegrown", "pretrain")[1]


@pytest.mark.parametrize(
    ("label", "compute", "bits"),
    [
        ("bf16", "bf16", 16.0),
        ("fp16(AMP)", "fp16", 16.0),
        ("mxfp8", "fp8", 16.0),
        ("nvfp4", "fp4", 16.0),
        ("nf4+bf16", "bf16", 4.5),
        ("nf4-dq+bf16", "bf16", 4.127),
        ("int4(GPTQ)+fp16", "fp16", 4.16),
        ("tf32", "tf32", 16.0),
        ("fp32", "fp32", 16.0),
    ],
)
def test_precision_labels_give_compute_type_and_storage(
    label: str, compute: str, bits: float
) -> None:
    found, note = precision_of(label)
    assert (found.compute, found.base_bits, note) == (compute, bits, "")


@pytest.mark.parametrize(
    ("label", "stage"),
    [
        ("FSDP-FULL_SHARD", "zero3"),
        ("FSDP SHARD_GRAD_OP", "zero2"),
        ("ZeRO-1 group 8", "zero1"),
        ("distributed-optimizer", "zero1"),
        ("DDP", "ddp"),
        ("none", "none"),
        ("Megatron-FSDP", "zero3"),
        ("HSDP", "zero3"),
        ("0", "ddp"),
        ("", None),
    ],
)
def test_sharding_labels(label: str, stage: str | None) -> None:
    assert sharding_of(label)[0] == stage


def test_recomputation_that_is_not_stated_stays_open() -> None:
    assert recompute_of("unknown") is None
    assert recompute_of("selective") == "selective"


@pytest.mark.parametrize(
    ("label", "rate"),
    [
        ("NVLink3 + 4x Omni-Path 100 Gb/s", 6.25),
        ("RoCE 1600 Gb/s per node", 25.0),
        ("NVLink3+8x IB HDR200 (Selene)", 25.0),
        ("NVLink4+IB NDR400", 50.0),
        ("NVLink5 + RoCE 400 Gb/s per GPU (A4)", 50.0),
        ("NVLink; 400 Gbit/s per GPU", 50.0),
        ("NVLink5 NVL72", None),
        ("PCIe", None),
    ],
)
def test_network_labels_give_a_rate_for_each_device(label: str, rate: float | None) -> None:
    assert network_of(label, 8) == rate


def test_a_missing_architecture_is_guessed_from_the_size() -> None:
    found = job(model="Mystery", params_b="13")
    assert parameters(found.shape) == pytest.approx(13e9, rel=0.02)
    assert any("guessed" in note for note in found.notes)


def test_a_mixture_keeps_its_total_and_active_size() -> None:
    found = job(
        model="Mystery-MoE",
        params_b="314",
        active_params_b="84.6",
        n_layers="64",
        d_model="6144",
        n_heads="48",
        n_kv_heads="8",
        vocab="131072",
    )
    assert found.shape.experts == 8
    assert found.shape.params == 314e9


def test_the_catalogue_fills_what_the_row_leaves_out() -> None:
    assert job(model="Mixtral-8x7B", params_b="").shape.experts == 8
    assert job(params_b="").shape.params == 8_030_261_248


def test_image_sides_are_read_from_labels() -> None:
    assert image_side("224") == 224
    assert image_side("192x160") == pytest.approx((192 * 160) ** 0.5)
    assert image_side("160-192 progressive") == 176
    assert image_side("800-short-side") == 0


def test_a_batch_of_all_devices_is_read_as_such_only_where_it_cannot_fit() -> None:
    cells = {
        "task": "vision_train",
        "model": "ResNet-50",
        "image_size": "224",
        "seq_len": "",
        "n_gpus": "8",
        "gpu": "A100-80GB-SXM",
        "precision": "fp16",
        "params_b": "0.0256",
    }
    printed_total = predicted(**cells, micro_batch="8192")
    assert "batch read as that of all devices" in printed_total["basis"]
    assert "read as" not in predicted(**cells, micro_batch="256")["basis"]


def test_a_refusal_names_its_reason() -> None:
    found = job_of(row(model="Mystery", params_b=""), CATALOGUE)
    assert isinstance(found, Refusal)
    assert "model name" in found.reason


@pytest.mark.parametrize(
    ("framework", "kept"),
    [
        ("Pax (JAX)", True),
        ("Pax (JAX, Transformer Engine)", False),
        ("HF Trainer, eager attention", True),
        ("HF Trainer without flash", True),
        ("MaxText", False),
        ("HF Trainer", False),
    ],
)
def test_attention_without_a_fused_kernel_keeps_its_scores(framework: str, kept: bool) -> None:
    assert unfused_attention_in(framework) is kept
    assert job(framework=framework).flash_attention is not kept


def test_offloaded_activations_are_no_offloaded_optimizer() -> None:
    found = job(offload="activations")
    assert found.offload_activations
    assert not found.offload


@pytest.mark.parametrize(("kv_heads", "kept"), [("96", True), ("8", False)])
def test_a_decoder_of_today_has_a_fused_kernel_in_any_program(kv_heads: str, kept: bool) -> None:
    # GPT-3 of 2020 has neither gates nor shared keys
    shape = {"model": "GPT", "n_layers": "96", "d_model": "12288", "n_heads": "96"}
    found = job(**shape, n_kv_heads=kv_heads, framework="Megatron-LM", gpu="A100-80GB-SXM")
    assert found.flash_attention is not kept


def test_a_sparse_mixture_is_as_wide_as_its_active_parameters() -> None:
    # gpt-oss-20b: 24 layers of 2,880; a dense model of 20.9 billion has 44 of 6,144
    found = job(model="Mystery-MoE", params_b="20.9", active_params_b="3.6").shape
    assert found.layers == pytest.approx(24, rel=0.25)
    assert found.d_model == pytest.approx(2880, rel=0.25)
