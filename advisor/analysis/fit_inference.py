"""Refits the constants of language-model serving on measured rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from advisor.analysis.inference_measurements import Measurement, Term
from advisor.analysis.robust_fit import Floats, Ints, Problem, solve, source_weights
from advisor.frozen import dataclass, replace
from advisor.sizing.serving_constants import InferenceConstants
from advisor.sizing.serving_engine import EAGER, ENGINES
from advisor.sizing.serving_step import StepRates, rate_keys, step_seconds, streams
from advisor.sizing.serving_work import StepWork, step_work

FREEDOM = 0.8
FREEDOMS = {"compute": 0.15, "format_compute": 0.15, "attention_compute": 0.15}
"""How far, in logarithms, a constant may leave its parent at one standard deviation.

Prompt rates of one device differ by a factor of two between releases of local runtimes, so that
matrix efficiencies stay near their usual values unless several sources agree.
"""
MODIFIERS = ("format_", "expert_", "layer_scale", "layer_format", "layer_experts")
"""Families of factors on another constant: their `all` and `plain` stay 1, or nothing is unique."""
RATES = tuple(name for name in StepRates.__slots__ if name not in ("eager", "streamed"))


@dataclass(frozen=True, slots=True)
class _Design:
    """All steps of all measurements as arrays: work, factor positions, owners."""

    work: StepWork
    eager: NDArray[np.bool_]
    streamed: NDArray[np.bool_]
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
        streamed=np.array([streams(term.job) for term in terms]),
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
    total = step_seconds(
        design.work, StepRates(**values, eager=design.eager, streamed=design.streamed)
    ).total_s
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


def _free(names: Sequence[str], held: frozenset[str]) -> NDArray[np.bool_]:
    """Return which constants are fitted: all but the reference of every modifier family."""
    fixed = [name.startswith(MODIFIERS) and name.endswith((".all", ".plain")) for name in names]
    return np.array(
        [not still and name not in held for name, still in zip(names, fixed, strict=True)]
    )


def fit(
    rows: Sequence[Measurement], priors: InferenceConstants, held: frozenset[str] = frozenset()
) -> InferenceConstants:
    """Return `priors` with its values but the `held` refitted on `rows`; spreads are left alone."""
    names = sorted(name for name in priors.values if not name.startswith("network_"))
    index = {name: place for place, name in enumerate(names)}
    design = _design(rows, index)
    problem = Problem(
        names=names,
        start=np.log(np.array([priors.values[name] for name in names])),
        free=_free(names, held),
        pulls=np.array([FREEDOMS.get(name.split(".")[0], FREEDOM) for name in names]),
        parents=_parents(names, index),
        weights=source_weights([row.source for row in rows]),
        residuals=lambda theta: _residuals(design, theta),
    )
    return replace(priors, values={**priors.values, **solve(problem)})


def residuals(rows: Sequence[Measurement], constants: InferenceConstants) -> Floats:
    """Return log(modelled / measured) of every row under `constants`."""
    names = sorted(name for name in constants.values if not name.startswith("network_"))
    index = {name: place for place, name in enumerate(names)}
    theta = np.log(np.array([constants.values[name] for name in names]))
    return _residuals(_design(rows, index), theta)
