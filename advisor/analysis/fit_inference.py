"""Refits the inference constants on measured rows.

The constants that `values` names are fitted in logarithms by damped Gauss-Newton on robust
residuals. Each is pulled towards its parent (`layer_us.vllm` towards `layer_us.server`, else
`layer_us.all`), or towards its starting value where it has none: data of one source move a
constant only as far as they are worth. Sources weigh by the root of their rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from advisor.analysis.inference_measurements import Measurement, Term
from advisor.sizing.serving_constants import InferenceConstants
from advisor.sizing.serving_engine import EAGER, ENGINES
from advisor.sizing.serving_step import StepRates, rate_keys, step_seconds
from advisor.sizing.serving_work import StepWork, step_work

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PULL = 0.35
"""Standard deviation, in logarithms, that a constant may differ from its parent for free."""
ROBUST = 0.06
"""Residual from which an error counts linearly instead of squared."""
ROUNDS = 25
MODIFIERS = ("format_", "expert_", "layer_scale", "layer_format", "layer_experts")
"""Families of factors on another constant: their `all` and `plain` stay 1, or nothing is unique."""
RATES = tuple(name for name in StepRates.__slots__ if name != "eager")


@dataclass(frozen=True, slots=True)
class _Design:
    """All steps of all measurements as arrays: work, factor indices, owners."""

    work: StepWork
    eager: NDArray[np.bool_]
    factors: Mapping[str, tuple[Ints, ...]]
    owner: Ints
    times: Floats
    seconds: Floats


def _chosen(family: str, keys: tuple[str, ...], index: Mapping[str, int]) -> int:
    """Return the position of the constant that a chain of keys resolves to."""
    names = [f"{family}.{key}" for key in keys] + [f"{family}.all"]
    return next(index[name] for name in names if name in index)


def _design(rows: Sequence[Measurement], index: Mapping[str, int]) -> _Design:
    terms: list[Term] = [term for row in rows for term in row.terms]
    works = [step_work(term.job, term.load) for term in terms]
    columns = {name: np.array([getattr(w, name) for w in works]) for name in StepWork.__slots__}
    keys = [rate_keys(term.job) for term in terms]
    factors = {
        name: tuple(
            np.array([_chosen(*step[name][place], index) for step in keys])
            for place in range(len(keys[0][name]))
        )
        for name in RATES
    }
    return _Design(
        work=StepWork(**columns),
        eager=np.array([ENGINES[term.job.engine].kind == EAGER for term in terms]),
        factors=factors,
        owner=np.repeat(np.arange(len(rows)), [len(row.terms) for row in rows]),
        times=np.array([term.times for term in terms]),
        seconds=np.array([row.seconds for row in rows]),
    )


def _residuals(design: _Design, theta: Floats) -> Floats:
    """Return log(modelled / measured) of every measurement."""
    values = {
        name: np.exp(sum(theta[place] for place in places))
        for name, places in design.factors.items()
    }
    total = step_seconds(design.work, StepRates(**values, eager=design.eager)).total_s
    modelled = np.bincount(design.owner, total * design.times, len(design.seconds))
    return np.log(modelled / design.seconds)


def _parents(names: Sequence[str], index: Mapping[str, int]) -> Ints:
    """Return the position of each constant's parent, -1 where it has none."""
    found = []
    for name in names:
        family, key = name.split(".", 1)
        tail = key.rsplit(".", 1)[0] if "." in key else ""
        kind = ENGINES[key].kind if key in ENGINES else ""
        options = [f"{family}.{part}" for part in (tail, kind, "all") if part]
        found.append(next((index[o] for o in options if o in index and o != name), -1))
    return np.array(found)


def _free(names: Sequence[str]) -> NDArray[np.bool_]:
    """Return which constants are fitted: all but the reference of every modifier family."""
    return np.array(
        [not (name.startswith(MODIFIERS) and name.endswith((".all", ".plain"))) for name in names]
    )


def _weights(rows: Sequence[Measurement]) -> Floats:
    """Return the weight of every measurement: its source weighs by the root of its rows."""
    count = Counter(row.source for row in rows)
    return np.array([count[row.source] ** -0.5 for row in rows])


def _pull(theta: Floats, start: Floats, parents: Ints) -> tuple[Floats, Floats]:
    """Return the residuals of the pull to the parents and their Jacobian."""
    size = len(theta)
    jacobian = np.eye(size)
    rows = np.flatnonzero(parents >= 0)
    jacobian[rows, parents[rows]] -= 1.0
    target = np.where(parents >= 0, 0.0, start)
    return (jacobian @ theta - target) / PULL, jacobian / PULL


def _slopes(design: _Design, theta: Floats, base: Floats) -> Floats:
    """Return the Jacobian of the residuals by forward differences."""
    step = 1e-4
    columns = []
    for place in range(len(theta)):
        moved = theta.copy()
        moved[place] += step
        columns.append((_residuals(design, moved) - base) / step)
    return np.array(columns).T


def fit(rows: Sequence[Measurement], start: InferenceConstants) -> InferenceConstants:
    """Return `start` with its values refitted on `rows`; spreads are left alone.

    Constants that no row touches keep their parent's or starting value.
    """
    names = sorted(start.values)
    index = {name: place for place, name in enumerate(names)}
    design = _design(rows, index)
    origin = np.log(np.array([start.values[name] for name in names]))
    parents, weights, theta = _parents(names, index), _weights(rows), origin.copy()
    free = _free(names)
    for _ in range(ROUNDS):
        base = _residuals(design, theta)
        worth = weights / np.maximum(np.abs(base), ROBUST)
        slopes = _slopes(design, theta, base)
        drag, drag_slopes = _pull(theta, origin, parents)
        normal = (slopes.T * worth) @ slopes + drag_slopes.T @ drag_slopes
        gradient = slopes.T @ (worth * base) + drag_slopes.T @ drag
        move = np.linalg.solve(normal[np.ix_(free, free)], -gradient[free])
        theta[free] += np.clip(move, -0.3, 0.3)
    fitted = {name: float(np.exp(theta[index[name]])) for name in names}
    return replace(start, values=fitted)
