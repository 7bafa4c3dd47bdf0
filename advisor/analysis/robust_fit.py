"""Fits positive constants in logarithms: Levenberg-Marquardt on robust residuals.

Each constant is pulled towards what its parent suggests (`layer_us.vllm` follows
`layer_us.server` at the ratio of their starting values), or towards its own starting value where
it has no parent: data of one source move a constant only as far as they are worth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from advisor.frozen import dataclass

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROBUST = 0.06
"""Residual from which an error counts linearly instead of squared."""
ROUNDS = 40
TRIES = 10
"""Most rounds, and most steps that are tried in one before it counts as the last."""
GAIN = 1e-4
"""Share of the loss below which a round gains nothing more."""
LONGEST = 0.5
"""Longest step of one constant in one round, in logarithms."""
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


def _loss(problem: Problem, base: Floats, drag: Floats) -> float:
    """Return what is made small: residuals, squared near zero and absolute beyond, and pulls."""
    size = np.abs(base)
    robust = np.where(size > ROBUST, size - ROBUST / 2.0, base**2 / (2.0 * ROBUST))
    return float(np.sum(problem.weights * robust) + 0.5 * np.sum(drag**2))


def solve(problem: Problem) -> Mapping[str, float]:
    """Return the fitted constants by name; those that no row touches stay where they are drawn.

    A step that does not lower the loss is tried again shorter: shares that reach their peak have
    no slope there, and a full step would jump between both sides of it for ever.
    """
    pull, free = _pull(problem), np.flatnonzero(problem.free)
    rounds = ROUNDS if len(free) else 0
    theta = problem.start.copy()
    base = problem.residuals(theta)
    loss, damping = _loss(problem, base, pull @ (theta - problem.start)), 1e-3
    for _ in range(rounds):
        before = loss
        normal, gradient = _slope(problem, theta, base, pull)
        for _ in range(TRIES):
            stiff = normal + damping * np.diag(np.diag(normal))
            tried = theta.copy()
            tried[free] -= np.clip(np.linalg.solve(stiff, gradient), -LONGEST, LONGEST)
            found = problem.residuals(tried)
            reached = _loss(problem, found, pull @ (tried - problem.start))
            if reached < loss:
                theta, base, loss, damping = tried, found, reached, max(damping / 5.0, 1e-4)
                break
            damping *= 5.0
        if before - loss < GAIN * loss:
            break
    return {name: float(np.exp(value)) for name, value in zip(problem.names, theta, strict=True)}


def _slope(problem: Problem, theta: Floats, base: Floats, pull: Floats) -> tuple[Floats, Floats]:
    """Return the normal matrix and the gradient of the loss for the constants that are free."""
    free = np.flatnonzero(problem.free)
    worth = problem.weights / np.maximum(np.abs(base), ROBUST)
    slopes = _slopes(problem, theta, base)[:, free]
    pulled = pull[:, free]
    normal: Floats = (slopes.T * worth) @ slopes + pulled.T @ pulled
    gradient: Floats = slopes.T @ (worth * base) + pulled.T @ (pull @ (theta - problem.start))
    return normal, gradient
