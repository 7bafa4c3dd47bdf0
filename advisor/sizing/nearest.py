"""Which published measurements are most like a job, and how to name them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import log2

from advisor.domain.evidence import PublishedFigure, Setup

OTHER_KIND, OTHER_TASK, OTHER_DEVICE, OTHER_GENERATION = 6.0, 1.0, 1.0, 2.0
OTHER_PRECISION = 0.5
COUNT_WEIGHT, LENGTH_WEIGHT, BATCH_WEIGHT = 0.5, 0.25, 0.25
"""Distances beside one for each doubling of the parameters: judgement of how far a figure
carries. Efficiency changes less with the count of devices, the length and what is in flight than
with the size."""
KINDS = {
    "vision": "image",
    "vision_train": "image",
    "diffusion": "diffusion",
    "diffusion_pretrain": "diffusion",
    "embedding": "encoder",
    "asr": "speech",
    "gbdt_train": "trees",
    "seq2seq_train": "recurrent",
    "legacy_lm_train": "recurrent",
}
"""What is computed, by task of the evidence tables; tasks not listed are of language models."""
UNITS = {
    "tokens_per_s_per_gpu": "tokens/s a device",
    "samples_per_s_total": "samples/s",
    "step_time_s": "s a step",
    "total_gpu_hours": "device-hours",
    "peak_mem_gib_per_gpu": "GiB a device",
    "mfu_pct": "% of the peak FLOPs",
    "tokens_per_s_total": "tokens/s",
    "tpot_ms": "ms a token",
    "ttft_ms": "ms to the first token",
    "requests_per_s": "requests/s",
    "items_per_s": "items/s",
    "mem_gib": "GiB",
}
"""Unit of each column of the evidence tables."""


def distance(one: Setup, other: Setup) -> float:
    """Return how unlike two runs are; 0 for the same."""
    apart = _doublings(one.params, other.params)
    apart += COUNT_WEIGHT * _doublings(one.count, other.count)
    apart += LENGTH_WEIGHT * _doublings(one.length, other.length)
    apart += BATCH_WEIGHT * _doublings(one.batch, other.batch)
    apart += OTHER_TASK * (one.task != other.task)
    apart += OTHER_KIND * (_kind(one.task) != _kind(other.task))
    apart += OTHER_PRECISION * (_width(one.precision) != _width(other.precision))
    if one.device != other.device:
        apart += OTHER_DEVICE + OTHER_GENERATION * (one.architecture != other.architecture)
    return apart


def nearest(
    wanted: Setup, known: Iterable[PublishedFigure], count: int = 3
) -> tuple[PublishedFigure, ...]:
    """Return the `count` measurements of the same use that are most like `wanted`, nearest first.

    No more than one of the same model, device, count and metric, so that a series does not fill
    the list.
    """
    mine = (figure for figure in known if figure.setup.use == wanted.use)
    order = sorted(mine, key=lambda f: (distance(wanted, f.setup), f.source, f.locator, f.measured))
    found: dict[tuple[str, str, int, str], PublishedFigure] = {}
    for figure in order:
        setup = figure.setup
        found.setdefault((setup.model, setup.device, setup.count, figure.metric), figure)
        if len(found) == count:
            break
    return tuple(found.values())


def likeness(wanted: Setup, known: Iterable[PublishedFigure]) -> tuple[str, ...]:
    """Return the three measurements most like a run in words, and whether its device has any."""
    figures = tuple(known)
    found = [words(figure) for figure in nearest(wanted, figures)]
    if not any(f.setup.use == wanted.use and f.setup.device == wanted.device for f in figures):
        found.append("None of the measurements at hand is of this device: it is extrapolated.")
    return tuple(found)


def words(figure: PublishedFigure) -> str:
    """Return a measurement as a reader sees it: what ran, what was measured, what we predict."""
    setup, unit = figure.setup, UNITS[figure.metric]
    device = figure.device_name or "a device that is not named"
    parts = [setup.model, f"{setup.count} x {device}"]
    parts += [setup.precision] if setup.precision else []
    parts += [f"{setup.length:,.0f} tokens"] if setup.length else []
    parts += [f"{setup.batch:,.0f} at once"] if setup.batch > 1 else []
    predicted = f"; we predict {_short(figure.predicted)}" if figure.predicted else ""
    dated = f", {figure.date}" if figure.date else ""
    return (
        f"{', '.join(parts)}: {_short(figure.measured)} {unit}{predicted} ({figure.source}{dated})"
    )


WIDTHS = (("4", ("fp4", "nf4", "int4", "q4", "awq", "gptq")), ("8", ("8",)), ("16", ("16",)))
"""Bits of a stored weight by what its label holds, in order of precedence."""


@lru_cache(maxsize=256)
def _width(precision: str) -> str:
    low = precision.lower()
    return next((bits for bits, marks in WIDTHS if any(mark in low for mark in marks)), low)


def _kind(task: str) -> str:
    return KINDS.get(task, "language model")


def _doublings(one: float, other: float) -> float:
    """Return how often one doubles to reach the other; two where only one of them is known."""
    if one <= 0.0 or other <= 0.0:
        return 0.0 if one == other else 2.0
    return abs(log2(one / other))


def _short(value: float) -> str:
    """Return a figure with three digits, without an exponent."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
