"""Fits positive constants in logarithms: damped Gauss-Newton on robust residuals.

Each constant is pulled towards what its parent suggests (`layer_us.vllm` follows
`layer_us.server` at the ratio of their starting values), or towards its own starting value where
it has no parent: data of one source move a constant only as far as they are worth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROBUST = 0.06
"""Residual from which an error counts linearly instead of squared."""
ROUNDS = 20
SOURCE_POWER = 0.5
"""A source weighs by its rows to the power of one minus this: its rows are not independent."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is fitted: constants by name, which are free, and how freely each may move.

    `pulls` are standard deviations in logarithms. `parents` are positions, -1 for none.
    `residuals` returns log(modelled / measured) of every row under logarithms of the constants.
    """

    names: Sequence[str]
    start: Floats
    free: NDArray[np.bool_]
    pulls: Floats
    parents: Ints
    weights: Floats
    residuals: Callable[[Floats], Floats]


def source_weights(sources: Sequence[str]) -> Floats:
    """Return the weight of every row from the source that it belongs to."""
    count = Counter(sources)
    return np.array([count[source] ** -SOURCE_POWER for source in sources])


def _pull(problem: Problem) -> Floats:
    """Return the matrix that maps constants to their distance from their parents."""
    matrix = np.eye(len(problem.names))
    rows = np.flatnonzero(problem.parents >= 0)
    matrix[rows, problem.parents[rows]] -= 1.0
    scaled: Floats = matrix / problem.pulls[:, None]
    return scaled


def _slopes(problem: Problem, theta: Floats, base: Floats) -> Floats:
    """Return the Jacobian of the residuals by forward differences."""
    step = 1e-4
    columns = []
    for place in range(len(theta)):
        moved = theta.copy()
        moved[place] += step
        columns.append((problem.residuals(moved) - base) / step)
    return np.array(columns).T


def solve(problem: Problem) -> Mapping[str, float]:
    """Return the fitted constants by name; those that no row touches stay where they are drawn."""
    theta, free, pull = problem.start.copy(), problem.free, _pull(problem)
    for _ in range(ROUNDS):
        base = problem.residuals(theta)
        worth = problem.weights / np.maximum(np.abs(base), ROBUST)
        slopes = _slopes(problem, theta, base)
        drag = pull @ (theta - problem.start)
        normal = (slopes.T * worth) @ slopes + pull.T @ pull
        gradient = slopes.T @ (worth * base) + pull.T @ drag
        move = np.linalg.solve(normal[np.ix_(free, free)], -gradient[free])
        theta[free] += np.clip(move, -0.3, 0.3)
    return {name: float(np.exp(value)) for name, value in zip(problem.names, theta, strict=True)}
