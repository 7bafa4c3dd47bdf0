"""Refits the constants of vision, embedding and diffusion inference on measured rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from advisor.analysis.inference_measurements import ODD
from advisor.analysis.inference_rows import InferenceCatalogue, Row, UnidentifiedError, number
from advisor.analysis.network_rows import network_job_of_row
from advisor.analysis.robust_fit import Floats, Ints, Problem, solve, source_weights
from advisor.frozen import dataclass, replace
from advisor.sizing.network_inference import (
    NetworkJob,
    NetworkRates,
    NetworkWork,
    network_keys,
    network_seconds,
    network_work,
)
from advisor.sizing.serving_constants import InferenceConstants

FREEDOM = 0.15
"""How far, in logarithms, a constant may leave its parent at one standard deviation: where the
errors on left-out sources are lowest (at 0.7 the median of embedding was 34 %, at 0.15 22 %)."""
TASKS = ("vision", "embedding", "diffusion")


@dataclass(frozen=True, slots=True)
class NetworkMeasurement:
    """One measured time of a batch, in seconds."""

    case_id: str
    source: str
    regime: str
    seconds: float
    job: NetworkJob


def network_measurements(
    rows: Iterable[Row], catalogue: InferenceCatalogue
) -> list[NetworkMeasurement]:
    """Return the measured batches of rows that are not marked odd."""
    found = []
    for row in rows:
        rate = number(row, "items_per_s")
        if row["task"] not in TASKS or not rate or ODD in row.get("notes", ""):
            continue
        try:
            job, _ = network_job_of_row(row, catalogue)
        except UnidentifiedError:
            continue
        regime = f"items.{job.kind}.{job.engine}"
        found.append(
            NetworkMeasurement(row["case_id"], row["source"], regime, job.batch / rate, job)
        )
    return found


def _positions(
    rows: Sequence[NetworkMeasurement], index: Mapping[str, int]
) -> Mapping[str, tuple[Ints, ...]]:
    keys = [network_keys(row.job) for row in rows]
    return {
        name: tuple(
            np.array([_chosen(*row[name][place], index) for row in keys])
            for place in range(len(keys[0][name]))
        )
        for name in NetworkRates.__slots__
    }


def _chosen(family: str, keys: tuple[str, ...], index: Mapping[str, int]) -> int:
    names = [f"{family}.{key}" for key in keys] + [f"{family}.all"]
    return next(index[name] for name in names if name in index)


@dataclass(frozen=True, slots=True)
class _Design:
    work: NetworkWork
    positions: Mapping[str, tuple[Ints, ...]]
    seconds: Floats

    def residuals(self, theta: Floats) -> Floats:
        """Return log(modelled / measured) of every row."""
        values = {
            name: np.exp(sum(theta[place] for place in places))
            for name, places in self.positions.items()
        }
        modelled = network_seconds(self.work, NetworkRates(**values))
        logs: Floats = np.log(modelled / self.seconds)
        return logs


def _design(rows: Sequence[NetworkMeasurement], index: Mapping[str, int]) -> _Design:
    works = [network_work(row.job) for row in rows]
    columns = {
        name: np.array([getattr(work, name) for work in works]) for name in NetworkWork.__slots__
    }
    seconds = np.array([row.seconds for row in rows])
    return _Design(NetworkWork(**columns), _positions(rows, index), seconds)


def fit_networks(
    rows: Sequence[NetworkMeasurement],
    priors: InferenceConstants,
    held: frozenset[str] = frozenset(),
) -> InferenceConstants:
    """Return `priors` with the `network_` values but the `held` refitted on `rows`."""
    names = sorted(name for name in priors.values if name.startswith("network_"))
    index = {name: place for place, name in enumerate(names)}
    parents = []
    for name in names:
        family, key = name.split(".", 1)
        options = [f"{family}.{key.rsplit('.', 1)[0]}"] if "." in key else []
        options.append(f"{family}.all")
        parents.append(next((index[o] for o in options if o in index and o != name), -1))
    problem = Problem(
        names=names,
        start=np.log(np.array([priors.values[name] for name in names])),
        free=np.array(
            [name not in {"network_device.all", "network_precision.all"} | held for name in names]
        ),
        pulls=np.full(len(names), FREEDOM),
        parents=np.array(parents),
        weights=source_weights([row.source for row in rows]),
        residuals=_design(rows, index).residuals,
    )
    return replace(priors, values={**priors.values, **solve(problem)})


def network_residuals(rows: Sequence[NetworkMeasurement], constants: InferenceConstants) -> Floats:
    """Return log(modelled / measured) of every row under `constants`."""
    names = sorted(name for name in constants.values if name.startswith("network_"))
    index = {name: place for place, name in enumerate(names)}
    theta = np.log(np.array([constants.values[name] for name in names]))
    return _design(rows, index).residuals(theta)
