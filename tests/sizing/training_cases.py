"""Shapes, devices and constants that the training tests share."""

from __future__ import annotations

from pathlib import Path

from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.library.calibration import training_constants
from advisor.sizing.training_job import TrainingJob

CALIBRATION = Path(__file__).parents[2] / "knowledge" / "calibration"
CONSTANTS = training_constants(CALIBRATION / "training.yaml")

A100 = Accelerator(
    "a100-sxm4-80gb",
    "A100 SXM4 80GB",
    "nvidia",
    "ampere",
    "sxm4",
    80,
    2039,
    {"fp32": 19.5, "tf32": 156, "fp16": 312, "bf16": 312},
    600,
    16,
    4,
    400,
    2020,
)
H100 = Accelerator(
    "h100-sxm5-80gb",
    "H100 SXM5 80GB",
    "nvidia",
    "hopper",
    "sxm5",
    80,
    3350,
    {"fp32": 66.9, "tf32": 494.5, "fp16": 989.4, "bf16": 989.4, "fp8": 1979},
    900,
    8,
    5,
    700,
    2022,
)
H100_PCIE = Accelerator(
    "h100-pcie-80gb",
    "H100 PCIe 80GB",
    "nvidia",
    "hopper",
    "pcie",
    80,
    2000,
    {"fp32": 51.2, "tf32": 378, "fp16": 756.5, "bf16": 756.5, "fp8": 1513},
    0,
    1,
    5,
    350,
    2022,
)
GPT_7B = ModelShape(
    "gpt-7b",
    "decoder",
    6.9e9,
    6.9e9,
    layers=32,
    d_model=4096,
    ffn=16384,
    heads=32,
    kv_heads=32,
    head_dim=128,
    vocab=50304,
    gated_ffn=False,
    tied_embeddings=True,
)
LLAMA_8B = ModelShape(
    "llama-3-8b",
    "decoder",
    8_030_261_248,
    8_030_261_248,
    layers=32,
    d_model=4096,
    ffn=14336,
    heads=32,
    kv_heads=8,
    head_dim=128,
    vocab=128256,
)
MISTRAL_7B = ModelShape(
    "mistral-7b",
    "decoder",
    7_241_732_096,
    7_241_732_096,
    layers=32,
    d_model=4096,
    ffn=14336,
    heads=32,
    kv_heads=8,
    head_dim=128,
    vocab=32000,
)
MIXTRAL = ModelShape(
    "mixtral-8x7b",
    "decoder",
    46_702_792_704,
    12_879_925_248,
    layers=32,
    d_model=4096,
    ffn=14336,
    heads=32,
    kv_heads=8,
    head_dim=128,
    vocab=32000,
    experts=8,
    experts_per_token=2,
    expert_ffn=14336,
)


def job(**changes: object) -> TrainingJob:
    """Return a fully stated bf16 job of the 7B GPT on one A100, with `changes`."""
    stated: dict[str, object] = {
        "shape": GPT_7B,
        "device": A100,
        "seq_len": 2048,
        "n_gpus": 1,
        "gpus_per_node": 8,
        "network_gb_s": 25.0,
        "tp": 1,
        "pp": 1,
        "vp": 1,
        "dp": 1,
        "cp": 1,
        "ep": 1,
        "sharding": "none",
        "recompute": "none",
        "micro_batch": 1,
        "grad_accum": 1,
        "family": "fused",
    }
    return TrainingJob(**{**stated, **changes})  # type: ignore[arg-type]
