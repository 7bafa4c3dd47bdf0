"""80 % intervals from the errors of predictions on sources that a fit has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.sizing.serving_constants import Spread

LEVEL = 0.10
"""Share of measurements that may fall below, and above, the interval."""
MIN_ROWS = 12
MIN_SOURCES = 2
THIN_WIDENING = 1.25
"""Factor on the width, in logarithms, of a regime that only one source has measured."""


@dataclass(frozen=True, slots=True)
class Miss:
    """One error on an unseen source: log(measured / predicted), with where it belongs."""

    case_id: str
    source: str
    regime: str
    log_ratio: float


def _parents(regime: str) -> list[str]:
    """Return a regime and everything that it is part of: `a.b.c`, `a.b`, `a`, `all`."""
    parts = regime.split(".")
    return [".".join(parts[:size]) for size in range(len(parts), 0, -1)] + ["all"]


def weighted_quantile(
    values: NDArray[np.float64], weights: NDArray[np.float64], level: float
) -> float:
    """Return the smallest value that a share `level` of the weight does not exceed."""
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order]) / weights.sum()
    place = min(int(np.searchsorted(share, level)), len(values) - 1)
    return float(values[order][place])


def _spread(misses: Sequence[Miss]) -> Spread:
    """Return the interval of a regime; a source weighs by the root of its rows."""
    count = Counter(miss.source for miss in misses)
    values = np.array([miss.log_ratio for miss in misses])
    weights = np.array([count[miss.source] ** -0.5 for miss in misses])
    width = THIN_WIDENING if len(count) < MIN_SOURCES else 1.0
    low = min(0.0, weighted_quantile(values, weights, LEVEL)) * width
    high = max(0.0, weighted_quantile(values, weights, 1.0 - LEVEL)) * width
    return Spread(float(np.exp(low)), float(np.exp(high)), len(misses), len(count))


def spreads(misses: Sequence[Miss]) -> Mapping[str, Spread]:
    """Return the interval of every regime with enough rows, and of everything it is part of."""
    groups: dict[str, list[Miss]] = {}
    for miss in misses:
        for regime in _parents(miss.regime):
            groups.setdefault(regime, []).append(miss)
    return {
        regime: _spread(group)
        for regime, group in sorted(groups.items())
        if regime == "all" or len(group) >= MIN_ROWS
    }
