"""Figures of devices that the user measured: their interval is that of the own runs."""

from __future__ import annotations

from advisor.domain.interval import Interval
from advisor.domain.own_runs import OwnMeasurements, OwnRuns
from advisor.domain.plan import Figure
from advisor.frozen import replace
from advisor.planning.options import Option

RATES = ("rate",)
TIMES = ("step", "hours", "gpu_hours", "batch", "tpot", "ttft")


def figures_here(option: Option, own: OwnMeasurements) -> tuple[Figure, ...]:
    """Return the figures of an option; those that own runs measured say so."""
    runs = own.of(option.use, option.accelerator)
    if runs is None:
        return option.figures
    return tuple(_here(figure, runs) for figure in option.figures)


def _here(figure: Figure, runs: OwnRuns) -> Figure:
    if figure.id not in RATES + TIMES:
        return figure
    down, up = runs.down, runs.up
    if figure.id in TIMES:
        down, up = 1 / up, 1 / down
    likely = figure.value.likely
    basis = f"measured here: {runs.rows} run{'s' if runs.rows > 1 else ''} on this device"
    return replace(figure, value=Interval(likely * down, likely, likely * up), basis=basis)
