"""Rows of inference tables: labels, jobs, predictions that read the configuration only."""

from pathlib import Path

import pytest

from advisor.analysis.device_labels import find_device
from advisor.analysis.estimate_table import Estimators
from advisor.analysis.inference_labels import (
    engine_of,
    precision_of,
)
from advisor.analysis.inference_predictions import COLUMNS, predict_inference_row
from advisor.analysis.inference_rows import CONFIGURATION, UnidentifiedError, job_of_row
from advisor.analysis.model_labels import model_key, nearest_model, size_from_name
from advisor.analysis.network_rows import network_job_of_row
from advisor.sizing.serving_format import FORMATS

CATALOGUE = Estimators(Path(__file__).parents[2] / "knowledge").inference
ROW = dict.fromkeys(CONFIGURATION, "") | {
    "case_id": "x-1",
    "task": "llm_decode",
    "model": "Llama-3-8B",
    "params_b": "8.03",
    "weight_precision": "q4_k_m",
    "engine": "llama.cpp",
    "gpu": "RTX 4090-24GB",
    "gpu_mem_gb": "24",
    "n_gpus": "1",
    "batch_or_concurrency": "1",
    "input_len": "1024",
    "output_len": "1024",
}
MEASURED = {
    "tpot_ms": "7.83",
    "tokens_per_s_total": "127.7",
    "mem_gib": "6",
    "source": "s",
    "source_locator": "l",
    "source_date": "2024",
    "verified": "read",
    "notes": "n",
}


@pytest.mark.parametrize(
    ("label", "memory", "found"),
    [
        ("A100-80GB", "80", "a100-sxm4-80gb"),
        ("A100-PCIe-40GB", "40", "a100-pcie-40gb"),
        ("NVIDIA H100 80GB HBM3", "80", "h100-sxm5-80gb"),
        ("H100-PCIe-80GB", "80", "h100-pcie-80gb"),
        ("NVIDIA GeForce RTX 4090", "24", "rtx4090"),
        ("AMD Instinct MI300X", "192", "mi300x"),
        ("L40S-48GB", "48", "l40s"),
        ("T4", "", "t4"),
    ],
)
def test_a_printed_device_finds_its_product(label: str, memory: str, found: str) -> None:
    device, guesses = find_device(label, float(memory or 0) or None, CATALOGUE.devices)
    assert device is not None
    assert (device.id, guesses) == (found, ())


def test_a_blank_device_is_not_guessed() -> None:
    assert find_device("", None, CATALOGUE.devices)[0] is None


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("TensorRT-LLM v1.0", ("tensorrt-llm", False)),
        ("ollama/llama.cpp", ("llama.cpp", False)),
        ("SGLang (disaggregated)", ("sglang", False)),
        ("Optimum Habana (Gaudi)", ("vllm", False)),
        ("gpt-fast (torch.compile)", ("gpt-fast", False)),
        ("MLX (vllm-mlx)", ("mlx", False)),
        ("vLLM 0.6.3", ("vllm", False)),
        ("vLLM v0.21", ("vllm-v1", False)),
        ("some new server", ("vllm", True)),
    ],
)
def test_engines_are_known_by_a_word_in_their_label(label: str, found: tuple[str, bool]) -> None:
    assert engine_of(label) == found


@pytest.mark.parametrize(
    ("label", "found"),
    [("AWQ-INT4", "int4-awq"), ("nvfp4", "fp4"), ("Q4_K_M", "q4_k_m"), ("bfloat16", "bf16"),
     ("EXL2 4.0 bpw", "q3_k_m"), ("2.5bpw", "iq2_xs"), ("", "bf16")],
)  # fmt: skip
def test_precisions_are_normalised(label: str, found: str) -> None:
    assert precision_of(label, FORMATS, "bf16")[0] == found


def test_names_lose_owner_tuning_and_quantisation() -> None:
    assert model_key("meta-llama/Meta-Llama-3-8B-Instruct") == "llama-3-8b"
    assert model_key("gemma-4-26B-A4B-it-UD-Q4_K_XL") == "gemma-4-26b-a4b"
    assert nearest_model("Qwen2.5-7B-Instruct-AWQ", CATALOGUE.models) == ("qwen2.5-7b", False)


def test_sizes_are_read_from_names() -> None:
    assert size_from_name("Qwen3-30B-A3B") == (30e9, 3e9)
    assert size_from_name("Foo-350M") == (350e6, 350e6)
    assert size_from_name("no size") is None


def test_measured_columns_source_and_notes_change_nothing() -> None:
    assert predict_inference_row(ROW | MEASURED, CATALOGUE) == predict_inference_row(ROW, CATALOGUE)


def test_a_prediction_repeats_the_case_and_fills_its_columns() -> None:
    cells = predict_inference_row(ROW, CATALOGUE)
    assert tuple(cells) == COLUMNS
    assert cells["case_id"] == "x-1"
    assert cells["pred_fits"] == "yes"
    low, likely, high = (float(cells[f"pred_tpot_ms{end}"]) for end in ("_low", "", "_high"))
    assert low < likely < high


def test_a_published_measurement_lies_inside() -> None:
    """GPU-Benchmarks-on-LLM-Inference: 127.7 tokens/s for Llama 3 8B Q4_K_M on an RTX 4090."""
    cells = predict_inference_row(ROW, CATALOGUE)
    assert float(cells["pred_tokens_per_s_total_low"]) <= 127.7
    assert float(cells["pred_tokens_per_s_total_high"]) >= 127.7


def test_sixteen_bit_seventy_billion_parameters_do_not_fit_a_consumer_card() -> None:
    row = ROW | {"model": "Llama-3-70B", "params_b": "70.55", "weight_precision": "fp16"}
    assert predict_inference_row(row, CATALOGUE)["pred_fits"] == "no"


def test_an_unknown_label_widens_the_interval_and_is_named() -> None:
    row = ROW | {"engine": "vLLM", "weight_precision": "bf16"}
    known = predict_inference_row(row, CATALOGUE)
    guessed = predict_inference_row(row | {"weight_precision": "zzz"}, CATALOGUE)
    assert "precision taken as" in guessed["basis"]
    assert float(guessed["pred_tpot_ms_high"]) > float(known["pred_tpot_ms_high"])


def test_no_model_and_no_size_is_refused_in_words() -> None:
    cells = predict_inference_row(ROW | {"model": "", "params_b": ""}, CATALOGUE)
    assert "neither size nor known name" in cells["refused"]
    with pytest.raises(UnidentifiedError):
        job_of_row(ROW | {"gpu": ""}, CATALOGUE)


@pytest.mark.parametrize(
    ("task", "model", "engine"),
    [("vision", "resnet50", "PyTorch"), ("embedding", "bert-base", "TensorRT"),
     ("diffusion", "SDXL-base", "diffusers"), ("asr", "Whisper-large-v2", "faster-whisper")],
)  # fmt: skip
def test_other_tasks_get_items_a_second(task: str, model: str, engine: str) -> None:
    row = ROW | {
        "task": task,
        "model": model,
        "engine": engine,
        "params_b": "",
        "weight_precision": "fp16",
        "input_len": "",
        "output_len": "",
    }
    cells = predict_inference_row(row, CATALOGUE)
    assert float(cells["pred_items_per_s"]) > 0
    assert cells["pred_tpot_ms"] == ""


@pytest.mark.parametrize(
    ("model", "factor"),
    [("vit_base_patch16_384", (384 / 224) ** 2), ("resnet-152", 1.0), ("regnety_160", 1.0)],
)
def test_the_side_of_an_image_is_read_from_the_end_of_a_name(model: str, factor: float) -> None:
    row = ROW | {"task": "vision", "engine": "PyTorch", "weight_precision": "fp16"}
    plain = network_job_of_row(row | {"model": model.removesuffix("_384")}, CATALOGUE)[0]
    named = network_job_of_row(row | {"model": model}, CATALOGUE)[0]
    assert named.work.flops == pytest.approx(factor * plain.work.flops)


def test_a_detector_that_only_its_size_is_known_of_does_the_work_of_its_kind() -> None:
    """DAMO-YOLO-S: 16.3 million parameters, 37.8 GFLOP at 640 pixels (its README)."""
    row = ROW | {"task": "vision", "model": "DAMO-YOLO-S", "params_b": "0.0163"}
    found, guesses = network_job_of_row(row | {"engine": "TensorRT"}, CATALOGUE)
    assert found.work.flops == pytest.approx(37.8e9, rel=0.1)
    assert "work guessed from the size" in guesses


def test_memory_is_told_without_a_device() -> None:
    told = predict_inference_row(ROW | {"gpu": "", "gpu_mem_gb": "", "engine": "vLLM"}, CATALOGUE)
    assert told["refused"] == ""
    assert told["pred_tpot_ms"] == ""
    assert 4.0 < float(told["pred_mem_gib"]) < 12.0
    assert told["basis"] == "no device is named: memory alone"
