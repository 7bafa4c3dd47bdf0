"""Accelerators as the sizing formulas see them: rates, sizes and links of one device."""

from __future__ import annotations

from dataclasses import field

from advisor.frozen import dataclass

GB = 1_000_000_000
"""Bytes in a gigabyte (vendor memory and bandwidth figures)."""
GIB = 1_073_741_824
"""Bytes in a gibibyte (what allocators and `nvidia-smi` report)."""


@dataclass(frozen=True, slots=True)
class Accelerator:
    """One accelerator product; rates are dense vendor peaks, never sparse ones.

    `tflops` maps a precision (`fp32 tf32 fp16 bf16 fp8 int8 fp4`) to dense TFLOP/s (TOP/s for
    int8); a precision without hardware support is absent. `link_gb_s` is the scale-up link per
    accelerator with both directions added (0 = PCIe only).
    """

    id: str
    name: str
    vendor: str
    architecture: str
    form_factor: str
    memory_gb: float
    memory_gb_s: float
    tflops: dict[str, float] = field(hash=False)
    link_gb_s: float = 0.0
    scaleup_domain: int = 1
    pcie_gen: int = 4
    tdp_w: float = 0.0
    launch_year: int = 0

    def peak(self, precision: str) -> float | None:
        """Return the dense peak in FLOP/s for `precision`, or None where it is not supported."""
        rate = self.tflops.get(precision)
        return None if rate is None else rate * 1e12

    @property
    def memory_bytes(self) -> float:
        """Usable-by-name memory in bytes, counted in GiB as allocators do for HBM parts."""
        return self.memory_gb * GIB

    @property
    def has_fast_link(self) -> bool:
        """Whether devices of this type talk over a scale-up link rather than PCIe."""
        return self.link_gb_s > 0
