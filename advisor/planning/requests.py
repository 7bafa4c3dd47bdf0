"""What one request of a workload takes: operations, CPU seconds, and a month of scoring rounds."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.planning.workload import Number, Workload
from advisor.sizing.classical import NODE_VISIT_S, VCPU_FLOPS

WHISPER_WINDOW = 1500
"""Encoder frames of a 30-second window (Radford et al. 2022)."""
VISION_TOKENS = 197
"""Tokens of one image (Dosovitskiy et al. 2020, ViT-B/16 at 224 pixels)."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `flop` operations (0 for trees), `cpu_seconds` on one vCPU, over up to
    `threads` of them; `batch_hours` are vCPU-hours of a month of scoring rounds."""

    flop: float
    cpu_seconds: float
    threads: int
    overhead_s: float
    batch_hours: float
    arithmetic: str


def request_of(workload: Workload, number: Number) -> Request | None:
    """Return the request of a workload, None for language models, which have their own formulas."""
    if workload.family == "llm":
        return None
    overhead = number("item.overhead_ms") / 1e3
    rounds = workload.serving.batch_units_a_month if workload.serving else 0.0
    if workload.classical:
        visits = number("tables.trees") * number("tables.depth")
        seconds = visits * NODE_VISIT_S
        items = rounds * number("per_gb.row")
        text = f"{visits:,.0f} node visits x {NODE_VISIT_S * 1e9:.0f} ns a row"
        return Request(0.0, seconds + overhead, 1, 0.0, items * seconds / 3600, text)
    flop, text = _flop(workload, number)
    seconds = flop / VCPU_FLOPS
    items = rounds * number(f"per_gb.{UNIT[workload.family]}") / _unit_size(workload, number)
    return Request(flop, seconds, 4, overhead, items * seconds / 3600, text)


UNIT = {
    "vision": "image",
    "encoder": "token",
    "speech": "audio_hour",
    "recommender": "row",
    "simulation": "row",
}


def _unit_size(workload: Workload, number: Number) -> float:
    """Return units of data in one item: an encoder reads many tokens at once."""
    if workload.family == "encoder":
        return number("item.encoder_tokens")
    return 1 / 120 if workload.family == "speech" else 1.0


def _flop(workload: Workload, number: Number) -> tuple[float, str]:
    """Return forward operations of one request, and how they were worked out."""
    params = workload.shape.active_params
    if workload.family == "recommender":
        return number("item.recommender_gflop") * 1e9, "500 candidates x 2 MFLOP"
    if workload.family == "simulation":
        return number("item.simulation_gflop") * 1e9, "a small policy network"
    tokens = {
        "vision": float(VISION_TOKENS),
        "encoder": number("item.encoder_tokens"),
        "speech": float(WHISPER_WINDOW),
    }[workload.family]
    return 2 * params * tokens, f"2 x {params:.3g} parameters x {tokens:,.0f} tokens"
