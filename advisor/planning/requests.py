"""What one request of a workload takes: operations, CPU seconds, and a month of scoring rounds."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.planning.workload import Number, Workload
from advisor.sizing.classical import NODE_VISIT_S, VCPU_FLOPS


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `cpu_seconds` on one vCPU, over up to `threads` of them, and `overhead_s`
    besides; `scored` counts the items of a month of scoring rounds."""

    cpu_seconds: float
    threads: int
    overhead_s: float
    scored: float
    arithmetic: str

    @property
    def batch_hours(self) -> float:
        """Return vCPU-hours of a month of scoring rounds."""
        return self.scored * self.cpu_seconds / 3600


def request_of(workload: Workload, number: Number) -> Request | None:
    """Return the request of a workload, None for language models, which have their own formulas.

    A network must know its item.
    """
    if workload.family == "llm":
        return None
    overhead = number("item.overhead_ms") / 1e3
    rounds = workload.serving.batch_units_a_month if workload.serving else 0.0
    if workload.classical:
        visits = number("tables.trees") * number("tables.depth")
        seconds = visits * NODE_VISIT_S
        rows = rounds * number("per_gb.row")
        text = f"{visits:,.0f} node visits x {NODE_VISIT_S * 1e9:.0f} ns a row"
        return Request(seconds + overhead, 1, 0.0, rows, text)
    if workload.item is None:
        return None
    items = rounds * number(f"per_gb.{UNIT[workload.family]}") / _unit_size(workload, number)
    seconds = workload.item.flop / VCPU_FLOPS
    return Request(seconds, 4, overhead, items, workload.item.arithmetic)


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
