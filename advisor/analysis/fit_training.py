"""Refits the constants of the training formulas on measured rows.

Penalised least squares in logarithms: a robust loss on log(predicted / measured), each source
weighted by the square root of its rows, and a pull towards the prior value of every constant, so
that a constant that no row informs stays where physics puts it. Gauss-Newton with a numerical
Jacobian; deterministic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from advisor.frozen import dataclass, replace
from advisor.sizing.training_constants import Prior, TrainingConstants
from advisor.sizing.training_samples import SampleColumns, item_rate
from advisor.sizing.training_time import step_time
from advisor.sizing.training_work import Array, Work

ROUNDS = 12
STEP = 1e-3
NOISE = 0.4
HUBER = 0.25
"""Log error beyond which a row counts linearly: releases of one configuration differ by 7-15 %."""


class Observed(Protocol):
    """Measured rows with a formula that predicts them."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Source of each row."""

    def log_errors(self, constants: TrainingConstants) -> Array:
        """Return log(predicted / measured) of each row."""


@dataclass(frozen=True, slots=True)
class TokenRates:
    """Measured tokens/s per device of the entries of `work`."""

    work: Work
    rates: Array
    sources: tuple[str, ...]
    groups: tuple[str, ...]

    def log_errors(self, constants: TrainingConstants) -> Array:
        """Return log(predicted / measured) of each row."""
        work = self.work
        seconds = step_time(work, constants).total()
        tokens = work.micro_batch * work.accum * work.dp * work.seq / work.n_gpus
        return np.log(tokens / seconds / self.rates)

    def without(self, group: str) -> TokenRates:
        """Return the observations of every other group."""
        kept = _other(self.groups, group)
        return TokenRates(
            self.work.taken(kept),
            self.rates[kept],
            _taken(self.sources, kept),
            _taken(self.groups, kept),
        )


@dataclass(frozen=True, slots=True)
class ItemRates:
    """Measured items/s per device of the entries of `work`."""

    work: SampleColumns
    rates: Array
    sources: tuple[str, ...]
    groups: tuple[str, ...]

    def log_errors(self, constants: TrainingConstants) -> Array:
        """Return log(predicted / measured) of each row."""
        return np.log(item_rate(self.work, constants) / self.rates)

    def without(self, group: str) -> ItemRates:
        """Return the observations of every other group."""
        kept = _other(self.groups, group)
        return ItemRates(
            self.work.taken(kept),
            self.rates[kept],
            _taken(self.sources, kept),
            _taken(self.groups, kept),
        )


def _other(groups: Sequence[str], group: str) -> NDArray[np.bool_]:
    return np.array([name != group for name in groups], dtype=np.bool_)


def _taken(names: Sequence[str], kept: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(name for name, stays in zip(names, kept, strict=True) if stays)


def fitted(
    observed: Observed, start: TrainingConstants, priors: Mapping[str, Prior]
) -> TrainingConstants:
    """Return the constants that fit `observed`; names without a prior keep their value."""
    names = sorted(priors)
    centre = np.log(np.array([priors[name].value for name in names]))
    stiff = 1.0 / np.array([priors[name].sigma for name in names])
    weights = source_weights(observed.sources)
    point, best = centre.copy(), np.inf
    damping = 1e-2
    for _ in range(ROUNDS):
        residual = observed.log_errors(_at(start, names, point))
        loss = _loss(residual, weights) + float(np.sum(((point - centre) * stiff) ** 2))
        jacobian = _jacobian(observed, start, names, point)
        trust = weights / np.maximum(1.0, np.abs(residual) / HUBER)
        normal = jacobian.T @ (jacobian * trust[:, None]) + np.diag(stiff**2)
        slope = jacobian.T @ (trust * residual) + stiff**2 * (point - centre)
        step = np.linalg.solve(normal + damping * np.diag(np.diag(normal)), slope)
        point = point - np.clip(step, -0.5, 0.5)
        if abs(best - loss) < 1e-4 * abs(loss):
            break
        best = loss
    return _at(start, names, point)


def source_weights(sources: Sequence[str]) -> Array:
    """Return a weight a row so that a source counts as the square root of its rows."""
    counts = {name: sources.count(name) for name in set(sources)}
    return np.array([counts[name] ** -0.5 for name in sources]) / NOISE**2


def _loss(residual: Array, weights: Array) -> float:
    size = np.abs(residual)
    robust = np.where(size < HUBER, size**2, HUBER * (2 * size - HUBER))
    return float(np.sum(weights * robust))


def _jacobian(
    observed: Observed, start: TrainingConstants, names: Sequence[str], point: Array
) -> Array:
    columns = []
    for place in range(len(names)):
        shift = np.zeros(len(names))
        shift[place] = STEP
        above = observed.log_errors(_at(start, names, point + shift))
        below = observed.log_errors(_at(start, names, point - shift))
        columns.append((above - below) / (2 * STEP))
    return np.stack(columns, axis=1)


def _at(start: TrainingConstants, names: Sequence[str], point: Array) -> TrainingConstants:
    values = dict(zip(names, np.exp(point).tolist(), strict=True))
    return replace(start, values={**start.values, **values})
