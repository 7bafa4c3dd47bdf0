"""Refits what makes one's own devices fast to runs that were measured on them.

One factor for each use and device scales the constants that say which share of its peaks the
device reaches; it is set so that the median run is predicted exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import median

from advisor.analysis.device_labels import find_device
from advisor.analysis.estimate_table import TRAINING, Estimators
from advisor.analysis.evidence_selection import headline
from advisor.analysis.inference_predictions import predict_inference_row
from advisor.analysis.inference_rows import UnidentifiedError, device_of_row, job_of_row
from advisor.analysis.network_rows import network_job_of_row
from advisor.analysis.training_predictions import predict_training_row
from advisor.domain.evidence import SERVING
from advisor.domain.own_runs import OwnMeasurements, OwnRuns
from advisor.frozen import dataclass, replace
from advisor.sizing.network_inference import network_keys
from advisor.sizing.serving_step import rate_keys
from advisor.sizing.training_work import architecture_of

Row = dict[str, str]
Predictor = Callable[[Row], dict[str, str]]
TIMES = ("step_time_s", "total_gpu_hours", "tpot_ms", "ttft_ms")
RATES = (
    "tokens_per_s_per_gpu",
    "samples_per_s_total",
    "tokens_per_s_total",
    "items_per_s",
    "requests_per_s",
)
EFFICIENCIES = ("matrix_efficiency", "attention_efficiency", "sample_efficiency")
MOST = 4.0
"""Largest factor tried either way: beyond it the runs and the device do not belong together."""
HALVINGS = 30
INSIDE = 0.8
LEAST_SCATTER = 0.08
"""Runs of one machine repeat within some percent at best."""


@dataclass(frozen=True, slots=True)
class Refit:
    """What moved for one use and device: the factor, and the median error before and after.

    Errors are predicted over measured minus one, of rates.
    """

    runs: OwnRuns
    factor: float
    before: float
    after: float
    constants: Mapping[str, float]


def refit(rows: Sequence[Row], kind: str, estimators: Estimators) -> tuple[Refit, ...]:
    """Return one refit for each device of the measured rows, by device; rows without a
    measured rate or time are passed over."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        device = _device(row, kind, estimators)
        if device and _metric(row, kind):
            groups.setdefault(device, []).append(row)
    return tuple(_refit(device, groups[device], kind, estimators) for device in sorted(groups))


def combined(refits: Sequence[Refit], kind: str) -> OwnMeasurements:
    """Return the refits as measurements of a pack."""
    constants = {name: value for one in refits for name, value in one.constants.items()}
    runs = tuple(one.runs for one in refits)
    if kind == TRAINING:
        return OwnMeasurements(training=constants, runs=runs)
    return OwnMeasurements(serving=constants, runs=runs)


def _refit(device: str, rows: list[Row], kind: str, estimators: Estimators) -> Refit:
    levers = _levers(rows, kind, estimators)

    def errors(factor: float) -> list[float]:
        scaled = {name: value * factor for name, value in levers.items()}
        predict = _predictor(kind, estimators, scaled)
        return [_error(row, kind, predict) for row in rows]

    factor = _root(lambda log_factor: median(errors(math.exp(log_factor))))
    left = errors(factor)
    scatter = max(LEAST_SCATTER, sorted(map(abs, left))[math.ceil(INSIDE * len(left)) - 1])
    use = TRAINING if kind == TRAINING else SERVING
    runs = OwnRuns(use, device, len(rows), math.exp(-scatter), math.exp(scatter))
    before, after = (math.exp(median(found)) - 1.0 for found in (errors(1.0), left))
    constants = {name: value * factor for name, value in levers.items()}
    return Refit(runs, factor, before, after, constants)


def _root(middle: Callable[[float], float]) -> float:
    """Return the factor at which the median error is nil; rates grow with it."""
    low, high = -math.log(MOST), math.log(MOST)
    for _ in range(HALVINGS):
        half = (low + high) / 2
        low, high = (half, high) if middle(half) < 0.0 else (low, half)
    return math.exp((low + high) / 2)


def _error(row: Row, kind: str, predict: Predictor) -> float:
    """Return log(predicted / measured) of a rate; a time counts as its inverse."""
    metric = _metric(row, kind)
    predicted = predict(row).get(f"pred_{metric}", "")
    if not predicted:
        return 0.0
    error = math.log(float(predicted) / float(row[metric]))
    return -error if metric in TIMES else error


def _metric(row: Row, kind: str) -> str:
    """Return the measured rate or time of a row, "" where it has none."""
    offered = {**row, "score_metrics": ";".join((*RATES, *TIMES))}
    found = headline(offered, kind)
    return found if found in RATES + TIMES else ""


def _device(row: Row, kind: str, estimators: Estimators) -> str:
    if kind == TRAINING:
        memory = float(row.get("gpu_mem_gb") or 0) or None
        device, guesses = find_device(row.get("gpu", ""), memory, estimators.training.accelerators)
        return device.id if device and not guesses else ""
    try:
        found, guesses = device_of_row(row, estimators.inference)
    except UnidentifiedError:
        return ""
    return "" if guesses else found.id


def _levers(rows: list[Row], kind: str, estimators: Estimators) -> dict[str, float]:
    """Return the constants that say how much of its peaks the device of the rows reaches."""
    if kind == TRAINING:
        known = estimators.training.accelerators
        device = known[_device(rows[0], kind, estimators)]
        architecture = architecture_of(device.architecture)
        values = estimators.training_constants.values
        names = (f"{group}.{architecture}" for group in EFFICIENCIES)
        return {name: values[name] for name in names}
    found: dict[str, float] = {}
    for row in rows:
        found |= _serving_levers(row, estimators)
    return found


def _serving_levers(row: Row, estimators: Estimators) -> dict[str, float]:
    """Return the most specific constants of bandwidth and matrix rate that the row rests on."""
    catalogue = estimators.inference
    if row.get("task") in ("vision", "embedding", "diffusion"):
        factors = [network_keys(network_job_of_row(row, catalogue)[0])["compute"][1]]
    else:
        keys = rate_keys(job_of_row(row, catalogue).job)
        factors = [keys["bandwidth"][0], keys["compute"][0]]
    constants = catalogue.constants
    return {f"{family}.{keys[0]}": constants.get(family, *keys) for family, keys in factors}


def _predictor(kind: str, estimators: Estimators, changed: Mapping[str, float]) -> Predictor:
    if kind == TRAINING:
        base = estimators.training_constants
        constants = replace(base, values={**base.values, **changed})
        return lambda row: predict_training_row(row, estimators.training, constants)
    known = estimators.inference.constants
    own = replace(known, values={**known.values, **changed})
    catalogue = replace(estimators.inference, constants=own)
    return lambda row: predict_inference_row(row, catalogue)
