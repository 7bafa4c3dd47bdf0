"""Weight formats: stored bits a parameter, and the precision that the matrix units run in.

GGUF figures are whole-file averages from the table of the llama.cpp `quantize` tool; the others
follow from the format: group-wise int4 keeps a 16-bit scale and a 4-bit zero for 128 weights,
NF4 a 32-bit scale for 64, MXFP4 an 8-bit scale for 32, NVFP4 an 8-bit scale for 16.
"""

from __future__ import annotations

from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class WeightFormat:
    """How weights are stored and multiplied.

    `bits` counts the scales; `head_bits` is for the embedding and the output matrix, which most
    quantisers leave alone. `compute` is the precision of the matrix units (`16` = the native
    16-bit type of the model, `mxfp4` = 4-bit units where there are any, else 16 bits). `kernel`
    groups formats whose kernels reach the same share of the bandwidth: `plain`, `fp8`, `int8`,
    `int4`, `fp4`, `bnb`, `gguf`.
    """

    name: str
    bits: float
    head_bits: float
    compute: str
    kernel: str

    @property
    def quantised(self) -> bool:
        """Whether weights take fewer than 16 bits."""
        return self.bits < 16


def _gguf(name: str, bits: float) -> WeightFormat:
    return WeightFormat(name, bits, bits, "16", "gguf")


_FORMATS = (
    WeightFormat("fp32", 32, 32, "fp32", "plain"),
    WeightFormat("tf32", 32, 32, "tf32", "plain"),
    WeightFormat("fp16", 16, 16, "16", "plain"),
    WeightFormat("bf16", 16, 16, "16", "plain"),
    WeightFormat("fp8", 8, 16, "fp8", "fp8"),
    WeightFormat("int8", 8, 16, "16", "int8"),
    WeightFormat("int8-w8a8", 8, 16, "int8", "int8"),
    WeightFormat("int8-gptq", 8.16, 16, "16", "int8"),
    WeightFormat("bnb-int8", 8, 16, "16", "bnb"),
    WeightFormat("int4", 4.16, 16, "16", "int4"),
    WeightFormat("int4-awq", 4.16, 16, "16", "int4"),
    WeightFormat("int4-gptq", 4.16, 16, "16", "int4"),
    WeightFormat("bnb-nf4", 4.5, 16, "16", "bnb"),
    WeightFormat("bnb-nf4-dq", 4.13, 16, "16", "bnb"),
    WeightFormat("bnb-fp4", 4.5, 16, "16", "bnb"),
    WeightFormat("bnb-fp4-dq", 4.13, 16, "16", "bnb"),
    WeightFormat("fp4", 4.5, 16, "fp4", "fp4"),
    WeightFormat("mxfp4", 4.25, 16, "mxfp4", "fp4"),
    _gguf("iq2_xs", 2.43),
    _gguf("q2_k", 3.16),
    _gguf("iq3_xs", 3.5),
    _gguf("q3_k_s", 3.64),
    _gguf("q3_k_m", 4.0),
    _gguf("q3_k_l", 4.3),
    _gguf("iq4_xs", 4.46),
    _gguf("q4_0", 4.66),
    _gguf("q4_k_s", 4.67),
    _gguf("q4_k_m", 4.89),
    _gguf("q4_k_xl", 4.95),
    _gguf("q5_0", 5.59),
    _gguf("q5_k_s", 5.57),
    _gguf("q5_k_m", 5.7),
    _gguf("q6_k", 6.56),
    _gguf("q8_0", 8.5),
    _gguf("q8_k_xl", 9.4),
)
FORMATS = {entry.name: entry for entry in _FORMATS}
"""Every format by name."""

OWN_KERNELS = ("fp8", "fp4", "bnb")
"""Groups of kernels whose speed says little of other formats of the same width."""


def stored(fmt: WeightFormat) -> str:
    """Return the group of formats that measurements carry over between."""
    if fmt.kernel in OWN_KERNELS:
        return fmt.kernel
    width = next(bits for bits in (4, 8, 16, 32) if fmt.bits < 1.5 * bits)
    return f"{width}-bit"


KV_BYTES = {
    "fp32": 4.0,
    "fp16": 2.0,
    "bf16": 2.0,
    "fp8": 1.0,
    "int8": 1.0,
    "fp4": 0.56,
    "int4": 0.56,
}
"""Bytes of one stored key or value element."""
