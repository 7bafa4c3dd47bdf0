"""80 % intervals of training figures, from errors on measurements that a fit has not seen.

Each regime's interval is a pair of weighted quantiles. A regime borrows errors from the wider one
that it is part of, as if by two more sources: the fewer sources it has, the more.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from advisor.sizing.serving_constants import Spread
from advisor.sizing.training_work import Array

TAIL = 0.06
"""Share left out at each end: 80 % intervals with a margin for sources that are not in the file."""
BORROWED = 2.0
"""Sources that the wider regime counts for."""
SOURCE_POWER = 0.5
"""A source counts as its rows to the power of one minus this: they are not independent."""


@dataclass(frozen=True, slots=True)
class Residual:
    """log(measured / predicted) of one figure of one row; regimes from the narrowest."""

    quantity: str
    regimes: tuple[str, ...]
    source: str
    error: float


@dataclass(frozen=True, slots=True)
class _Sample:
    """Errors with their weights, which add up to the number of sources."""

    errors: Array
    weights: Array

    def with_part_of(self, wider: _Sample | None) -> _Sample:
        """Return the sample with `BORROWED` sources' weight of the wider regime's errors."""
        if wider is None:
            return self
        borrowed = wider.weights * (BORROWED / wider.weights.sum())
        errors = np.concatenate([self.errors, wider.errors])
        return _Sample(errors, np.concatenate([self.weights, borrowed]))


def spreads_of(found: Sequence[Residual]) -> dict[str, Spread]:
    """Return the 80 % interval factors of every quantity and regime that was measured."""
    groups: dict[str, list[Residual]] = {}
    wider: dict[str, str] = {}
    for item in found:
        names = [item.quantity, *(f"{item.quantity}.{name}" for name in item.regimes[::-1])]
        for name in names:
            groups.setdefault(name, []).append(item)
        wider |= dict(zip(names[1:], names[:-1], strict=True))
    samples: dict[str, _Sample] = {}
    for name in sorted(groups, key=lambda name: _depth(name, wider)):
        samples[name] = _sample(groups[name]).with_part_of(samples.get(wider.get(name, "")))
    return {name: _spread(samples[name], groups[name]) for name in sorted(groups)}


def _depth(name: str, wider: Mapping[str, str]) -> int:
    return 1 + _depth(wider[name], wider) if name in wider else 0


def _sample(items: Sequence[Residual]) -> _Sample:
    counts = Counter(item.source for item in items)
    weights = np.array([counts[item.source] ** -SOURCE_POWER for item in items])
    return _Sample(
        np.array([item.error for item in items]), weights * (len(counts) / weights.sum())
    )


def _spread(sample: _Sample, items: Sequence[Residual]) -> Spread:
    low = weighted_quantile(sample.errors, sample.weights, TAIL)
    high = weighted_quantile(sample.errors, sample.weights, 1.0 - TAIL)
    sources = len({item.source for item in items})
    return Spread(math.exp(min(low, 0.0)), math.exp(max(high, 0.0)), len(items), sources)


def weighted_quantile(values: Array, weights: Array, share: float) -> float:
    """Return the value below which `share` of the weight lies, interpolated."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    places = (total - 0.5 * weights[order]) / total[-1]
    return float(np.interp(share, places, values[order]))
