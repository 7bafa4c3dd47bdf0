"""Devices, models and constants that the serving tests share, from published data sheets."""

from pathlib import Path

from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.library.calibration import inference_constants
from advisor.sizing.serving_constants import InferenceConstants, Spread

ROOT = Path(__file__).parents[2]
H100 = Accelerator(
    "h100-sxm5-80gb", "H100 SXM5 80GB", "nvidia", "hopper", "sxm5", 80, 3350,
    {"fp32": 66.9, "fp16": 989.4, "bf16": 989.4, "fp8": 1979.0}, 900, 8, 5,
)  # fmt: skip
H100_PCIE = Accelerator(
    "h100-pcie-80gb", "H100 PCIe 80GB", "nvidia", "hopper", "pcie", 80, 2000,
    {"fp32": 51.2, "fp16": 756.5, "bf16": 756.5, "fp8": 1513.0}, 0, 1, 5,
)  # fmt: skip
LLAMA3_8B = ModelShape(
    "llama-3-8b", "decoder", 8_030_261_248, 8_030_261_248, 32, 4096, 14336, 32, 8, 128,
    128256, 8192, 65536,
)  # fmt: skip
LLAMA2_70B = ModelShape(
    "llama-2-70b", "decoder", 68_976_648_192, 68_976_648_192, 80, 8192, 28672, 64, 8, 128,
    32000, 4096, 163840,
)  # fmt: skip
MIXTRAL = ModelShape(
    "mixtral-8x7b", "decoder", 46_702_792_704, 12_879_925_248, 32, 4096, 14336, 32, 8, 128,
    32000, 32768, 65536, experts=8, experts_per_token=2, expert_ffn=14336,
)  # fmt: skip


def shipped() -> InferenceConstants:
    """Return the constants of the repository."""
    return inference_constants(ROOT / "knowledge" / "calibration" / "inference.yaml")


def ideal() -> InferenceConstants:
    """Return constants of a perfect machine: full peaks, nothing but bytes and FLOPs costs time."""
    ones: tuple[str, ...] = (
        "bandwidth", "format_bandwidth", "cache_bandwidth", "compute", "format_compute",
    )  # fmt: skip
    ones += ("expert_compute", "attention_compute", "layer_scale", "layer_format")
    ones += ("layer_experts",)
    none = ("reduce_us", "hop_us", "layer_us", "step_us", "sequence_us")
    values = {f"{name}.all": 1.0 for name in ones} | {f"{name}.all": 0.0 for name in none}
    return InferenceConstants(values, {"all": Spread(0.5, 2.0, 0, 0)})
