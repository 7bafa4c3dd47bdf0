"""How load and data change over a life: factors on today's, month by month."""

from __future__ import annotations

from advisor.domain.interval import Interval
from advisor.frozen import replace
from advisor.planning.line import Line
from advisor.planning.workload import depth_of, family_of, volume_of

YEAR = 12
Curve = tuple[Interval, ...]
"""One factor on today's amount for each month; the first month is today's."""


def load_growth(factor: float, months: int) -> Curve:
    """Return the load of each month over that of the first; `factor` is the growth of a year.

    The stated growth holds for the year it was stated for; likely the load stays there, and at
    the far end of the interval it goes on at the same pace for a second year.
    """
    found = []
    for month in range(months):
        stated = factor ** (min(month, YEAR) / YEAR)
        onward = factor ** (min(month, 2 * YEAR) / YEAR)
        found.append(Interval(min(stated, onward), stated, max(stated, onward)))
    return tuple(found)


def data_growth(percent: float, months: int) -> Curve:
    """Return the stored data of each month over that of the first; at the low end none is added."""
    factors = ((1 + percent / 100) ** (month / YEAR) for month in range(months))
    return tuple(Interval(min(1.0, f), f, f) for f in factors)


def training_growth(line: Line, data: Curve) -> Curve:
    """Return the work of a training run in each month over that of the first: what a run reads
    follows the stored data where its volume was not stated."""
    if line.brief.number("train_volume") > 0:
        return (Interval(1.0, 1.0, 1.0),) * len(data)
    first = _units(line, 1.0) or 1.0
    likely = [_units(line, f.likely) / first for f in data]
    return tuple(Interval(min(1.0, f), f, f) for f in likely)


def _units(line: Line, factor: float) -> float:
    """Return units that one run reads with `factor` times the stored data."""
    stored = line.brief.number("data_volume_gb", 1.0) * factor
    brief = replace(line.brief, values={**line.brief.values, "data_volume_gb": stored})
    adaptation, number = line.chosen("adaptation"), line.kit.number
    family = family_of(brief, adaptation, number)
    units, _ = volume_of(brief, family, depth_of(brief, family, adaptation), number)
    return units
