"""80 % intervals from errors on measurements that a fit has not seen, by regime.

Split conformal prediction (Vovk 2005; Lei 2018, arXiv 1604.04173): the interval is the quantile of
the size of unseen errors, taken a little higher the fewer of them there are. Rows of one source
are alike, so that a source weighs, and is counted, as its effective rows: n / (1 + (n - 1) rho) of
n, rho being how alike (Kish 1965). A regime borrows errors from the wider one that it is part of,
as much as two large sources weigh.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from advisor.frozen import dataclass
from advisor.sizing.serving_constants import Spread

Array = NDArray[np.float64]
Intervals = tuple[dict[str, Spread], dict[str, float]]
"""Intervals by regime, and widenings on devices without measurements by figure."""
INSIDE = 0.8
MOST = 0.95
"""Highest quantile taken: beyond it a single row decides."""
ALIKE = 0.2
"""Correlation within a source of whether an error is among the largest fifth: the median of
eleven regimes of left-out errors, 0.04 to 0.40 (knowledge/calibration/README.md). However
many rows a source has, it counts as five independent ones at most."""
BORROWED = 2.0
"""Large sources that the wider regime lends the weight of."""
LEAST = 1.3
"""Least widening on a device that no measurement is of: as for a label that had to be guessed.
Generations that are left out ask for less, but they are of makers that the fit has seen."""


@dataclass(frozen=True, slots=True)
class Residual:
    """log(measured / predicted) of one figure of one row; regimes from the narrowest.

    Every name begins with the figure that it is of (`tokens.single.server`), but the widest,
    which may hold several.
    """

    regimes: tuple[str, ...]
    source: str
    error: float

    @property
    def figure(self) -> str:
        """Return the figure that the narrowest regime is of."""
        return self.regimes[0].split(".", maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class _Sample:
    """Sizes of errors, and weights that add up to the effective rows."""

    sizes: Array
    weights: Array

    def with_part_of(self, wider: _Sample | None, borrowed: float) -> _Sample:
        """Return the sample with `borrowed` effective rows of the wider regime, or all it has."""
        if wider is None:
            return self
        lent = min(1.0, borrowed / float(wider.weights.sum()))
        return _Sample(
            np.concatenate([self.sizes, wider.sizes]),
            np.concatenate([self.weights, wider.weights * lent]),
        )

    def width(self) -> float:
        """Return the size that holds 80 % of errors to come: (n + 1) / n of the quantile."""
        share = min(MOST, INSIDE * (1.0 + 1.0 / float(self.weights.sum())))
        return weighted_quantile(self.sizes, self.weights, share)


def spreads_of(found: Sequence[Residual], alike: float = ALIKE) -> dict[str, Spread]:
    """Return the interval of every regime that was measured and of all that it is part of;
    `alike` is how much the rows of one source resemble each other."""
    groups: dict[str, list[Residual]] = {}
    wider: dict[str, str] = {}
    for item in found:
        for name in item.regimes:
            groups.setdefault(name, []).append(item)
        wider |= dict(zip(item.regimes[:-1], item.regimes[1:], strict=True))
    samples: dict[str, _Sample] = {}
    for name in sorted(groups, key=lambda name: _depth(name, wider)):
        own = _sample(groups[name], alike)
        samples[name] = own.with_part_of(samples.get(wider.get(name, "")), BORROWED / alike)
    return {name: _spread(samples[name], groups[name]) for name in sorted(groups)}


def _depth(name: str, wider: Mapping[str, str]) -> int:
    return 1 + _depth(wider[name], wider) if name in wider else 0


def _sample(items: Sequence[Residual], alike: float) -> _Sample:
    rows = Counter(item.source for item in items)
    weights = np.array([1.0 / (1.0 + (rows[item.source] - 1) * alike) for item in items])
    return _Sample(np.array([abs(item.error) for item in items]), weights)


def _spread(sample: _Sample, items: Sequence[Residual]) -> Spread:
    width = sample.width()
    sources = len({item.source for item in items})
    return Spread(math.exp(-width), math.exp(width), len(items), sources)


def widenings(
    strange: Sequence[Residual], spreads: Mapping[str, Spread], alike: float = ALIKE
) -> dict[str, float]:
    """Return by figure how much wider intervals must be on devices that a fit has not seen.

    `strange` are errors on such devices, their sources being generations of devices; `spreads`
    the intervals where the device is known.
    """
    ratios: dict[str, list[Residual]] = {}
    for item in strange:
        known = next((spreads[name] for name in item.regimes if name in spreads), None)
        if known is not None:
            ratio = abs(item.error) / max(math.log(known.up), 1e-3)
            ratios.setdefault(item.figure, []).append(Residual((item.figure,), item.source, ratio))
    return {
        name: max(LEAST, _sample(items, alike).width()) for name, items in sorted(ratios.items())
    }


@dataclass(frozen=True, slots=True)
class Unseen:
    """Errors of every row on sources, and on generations of devices, that a fit had not seen."""

    sources: Sequence[Sequence[Residual]]
    devices: Sequence[Sequence[Residual]]
    alike: float = ALIKE

    def intervals(self, kept: Sequence[bool] | None = None) -> Intervals:
        """Return what the rows that are kept give."""
        stays = kept or [True] * len(self.sources)
        sources, devices = _joined(self.sources, stays), _joined(self.devices, stays)
        usual = spreads_of(_joined(self.sources, [True] * len(self.sources)), self.alike)
        return spreads_of(sources, self.alike), widenings(devices, usual, self.alike)


def _joined(errors: Sequence[Sequence[Residual]], kept: Sequence[bool]) -> list[Residual]:
    return [item for items, stays in zip(errors, kept, strict=True) if stays for item in items]


def weighted_quantile(values: Array, weights: Array, share: float) -> float:
    """Return the value below which `share` of the weight lies, interpolated."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    places = (total - 0.5 * weights[order]) / total[-1]
    return float(np.interp(share, places, values[order]))
