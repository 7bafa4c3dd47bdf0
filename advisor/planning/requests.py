"""What one request of a workload takes: operations, CPU seconds, and a month of scoring rounds."""

from __future__ import annotations

from advisor.frozen import dataclass, replace
from advisor.planning.words import figure
from advisor.planning.workload import Number, Workload
from advisor.sizing.classical import (
    NODE_VISIT_S,
    ONE_ROW_VISIT_S,
    TAIL,
    VCPU_FLOPS,
    network_serving_gb,
    network_threads,
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `cpu_seconds` on one vCPU, over up to `threads` of them, and `overhead_s`
    besides; `scored` counts the items of a month of scoring rounds, `scored_seconds` what one of
    them takes of a vCPU where many are read together; `memory_gb` is what each machine holds."""

    cpu_seconds: float
    threads: int
    overhead_s: float
    scored: float
    scored_seconds: float
    arithmetic: str
    scored_arithmetic: str = ""
    memory_gb: float = 0.0
    scored_words: str = ""
    """The items of a month of scoring rounds, and where their number comes from."""

    @property
    def together(self) -> Request:
        """Return the same where many are read together."""
        text = self.scored_arithmetic or self.arithmetic
        overhead = 0.0 if self.scored_arithmetic else self.overhead_s
        return replace(self, cpu_seconds=self.scored_seconds, overhead_s=overhead, arithmetic=text)

    @property
    def batch_hours(self) -> float:
        """Return vCPU-hours of a month of scoring rounds."""
        return self.scored * self.scored_seconds / 3600


def request_of(workload: Workload, number: Number) -> Request | None:
    """Return the request of a workload, None for language models, which have their own formulas.

    A network must know its item.
    """
    if workload.family == "llm":
        return None
    overhead = number("item.overhead_ms") / 1e3
    rounds = workload.serving.batch_units_a_month if workload.serving else 0.0
    counted = workload.serving.batch_items if workload.serving else 0.0
    if workload.classical:
        items = counted or rounds * number("per_gb.row")
        return replace(_row(workload, number, items), scored_words=_words(workload, items))
    if workload.item is None:
        return None
    read = rounds * number(f"per_gb.{UNIT[workload.family]}") / _unit_size(workload, number)
    items = counted or read
    seconds = workload.item.flop / VCPU_FLOPS
    held = network_serving_gb(workload.item.params)
    text = workload.item.arithmetic
    words = _words(workload, items)
    threads = network_threads(workload.item.flop)
    return Request(
        seconds, threads, overhead, items, seconds, text, memory_gb=held, scored_words=words
    )


def _words(workload: Workload, items: float) -> str:
    """Return how many items are scored in a month, and what that rests on."""
    load = workload.serving
    if load is None or not items:
        return ""
    what = f"{figure(items)} {ITEM.get(workload.family, 'rows')}"
    if load.batch_items:
        return what
    source = (
        "a month's share of the yearly growth" if load.reads_once else "a part of it each round"
    )
    return f"{what} (not counted: taken from the stored data, {source})"


ITEM = {"vision": "pictures", "encoder": "texts", "speech": "half minutes of sound"}
"""What one item is, where it is no row."""


def _row(workload: Workload, number: Number, scored: float) -> Request:
    """Return one row to score with trees: over the network, or inside the process that asks
    where the time allowed is shorter than that takes."""
    visits = number("tables.trees") * number("tables.depth")
    alone, together = visits * ONE_ROW_VISIT_S, visits * NODE_VISIT_S
    text = f"{visits:,.0f} node visits x {ONE_ROW_VISIT_S * 1e9:.0f} ns"
    many = f"{visits:,.0f} node visits x {NODE_VISIT_S * 1e9:.0f} ns a row"
    load = workload.serving
    service = alone + number("item.overhead_ms") / 1e3
    if load and 0 < load.latency_ms < 1e3 * service * TAIL:
        inside = number("item.in_process_ms")
        text += f" and {inside:g} ms of features and rules, inside the process that asks"
        return Request(alone + inside / 1e3, 1, 0.0, scored, together, text, many)
    text += f" and {number('item.overhead_ms'):g} ms to read the request, features and the answer"
    return Request(service, 1, 0.0, scored, together, text, many)


UNIT = {
    "vision": "image",
    "encoder": "token",
    "speech": "audio_hour",
    "recommender": "row",
    "simulation": "row",
    "network": "row",
}


def _unit_size(workload: Workload, number: Number) -> float:
    """Return units of data in one item: an encoder reads many tokens at once."""
    if workload.family == "encoder":
        return number("item.encoder_tokens")
    return 1 / 120 if workload.family == "speech" else 1.0
