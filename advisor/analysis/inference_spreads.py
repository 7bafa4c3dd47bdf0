"""80 % intervals from the errors of predictions on sources that a fit has not seen.

A source differs from the model by a shift of its own (release, protocol, tuning) and its rows
scatter around that shift. Both deviations are estimated for every regime and drawn towards those
of the regime that it is part of, the more the fewer sources it has: thin evidence, wide interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from statistics import median

from advisor.sizing.serving_constants import Spread, regimes_of

Z = 1.4
"""Student quantile of 90 % at eight degrees of freedom: most regimes have few sources."""
DRAW = 1.0
"""Sources that the enclosing regime counts for."""
MAD_TO_SIGMA = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""
MEAN_TO_SIGMA = 1.2533
"""Standard deviation of a normal distribution over its mean absolute deviation."""


@dataclass(frozen=True, slots=True)
class Miss:
    """One error on an unseen source: log(measured / predicted), with where it belongs."""

    case_id: str
    source: str
    regime: str
    log_ratio: float


@dataclass(frozen=True, slots=True)
class _Deviation:
    """Mean size of the shifts of sources, and of the scatter of rows around their source's."""

    between: float
    within: float


def _by_source(misses: Sequence[Miss]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for miss in misses:
        found.setdefault(miss.source, []).append(miss.log_ratio)
    return found


def _deviation(misses: Sequence[Miss], parent: _Deviation | None) -> _Deviation:
    """Return the deviations of a regime, drawn towards its parent's."""
    shifts, scatters = [], []
    for logs in _by_source(misses).values():
        shift = median(logs)
        shifts.append(abs(shift))
        scatters.append(MAD_TO_SIGMA * median(abs(log - shift) for log in logs))
    if parent is None:
        return _Deviation(sum(shifts) / len(shifts), sum(scatters) / len(scatters))
    count = len(shifts) + DRAW
    return _Deviation(
        (sum(shifts) + DRAW * parent.between) / count,
        (sum(scatters) + DRAW * parent.within) / count,
    )


def spreads(misses: Sequence[Miss]) -> Mapping[str, Spread]:
    """Return the interval of every regime that was measured and of all that it is part of."""
    groups: dict[str, list[Miss]] = {}
    for miss in misses:
        for regime in regimes_of(miss.regime):
            groups.setdefault(regime, []).append(miss)
    found: dict[str, _Deviation] = {}
    for regime in sorted(groups, key=lambda name: (name != "all", name.count("."), name)):
        parent = None if regime == "all" else found[regimes_of(regime)[1]]
        found[regime] = _deviation(groups[regime], parent)
    return {name: _spread(found[name], groups[name]) for name in sorted(groups)}


def _spread(deviation: _Deviation, misses: Sequence[Miss]) -> Spread:
    width = Z * sqrt((MEAN_TO_SIGMA * deviation.between) ** 2 + deviation.within**2)
    sources = len({miss.source for miss in misses})
    return Spread(exp(-width), exp(width), len(misses), sources)
