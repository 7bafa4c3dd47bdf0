"""Refits every training constant and interval on a file of measurements, leaving sources out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from advisor.analysis.conformal import Intervals, Residual, Unseen
from advisor.analysis.fit_training import ItemRates, TokenRates, fitted
from advisor.analysis.leave_out import Grouping, grouping, source_of
from advisor.analysis.training_observations import (
    Row,
    item_rates,
    kinds_of,
    measured,
    residuals,
    token_rates,
)
from advisor.analysis.training_predictions import Prediction, predict
from advisor.analysis.training_rows import Catalogue, Refusal
from advisor.frozen import dataclass, replace
from advisor.sizing.near_measurements import support_of
from advisor.sizing.training_constants import Prior, TrainingConstants
from advisor.sizing.training_spread import ITEMS, NO_DEVICE, TRANSFORMERS
from advisor.sizing.training_work import ARCHITECTURES

RUN_FACTORS = ("whole_run_factor", "rlhf_passes", "sample_run_factor")
"""Factors from ideal to reported hours, each the shrunk mean of the log ratios of its rows."""
RATIO_SIGMA = 0.3
"""Spread of one source's log ratio of reported to ideal hours, about 35 %."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rows of measurements with what they are read against."""

    rows: Sequence[Row]
    catalogue: Catalogue
    priors: Mapping[str, Prior]
    tokens: TokenRates
    items: ItemRates
    group: Grouping = source_of

    def without(self, group: str) -> Evidence:
        """Return the evidence of every other group."""
        kept = [row for row in self.rows if self.group(row) != group]
        return replace(
            self, rows=kept, tokens=self.tokens.without(group), items=self.items.without(group)
        )


def evidence_of(
    rows: Sequence[Row],
    catalogue: Catalogue,
    start: TrainingConstants,
    priors: Mapping[str, Prior],
    group: Grouping = source_of,
) -> Evidence:
    """Return the evidence of `rows`; `start` only fills what their layouts leave open."""
    tokens = token_rates(rows, catalogue, at_priors(start, priors), group)
    return Evidence(rows, catalogue, priors, tokens, item_rates(rows, catalogue, group), group)


def at_priors(start: TrainingConstants, priors: Mapping[str, Prior]) -> TrainingConstants:
    """Return the constants with every fitted one at its prior value."""
    values = {name: prior.value for name, prior in priors.items()}
    return replace(start, values={**start.values, **values})


def refit(evidence: Evidence, start: TrainingConstants) -> TrainingConstants:
    """Return the constants fitted on `evidence`; intervals keep those of `start`."""
    found = at_priors(start, evidence.priors)
    items = {
        name: prior
        for name, prior in evidence.priors.items()
        if name.startswith("sample_") and name not in RUN_FACTORS
    }
    tokens = {
        name: prior
        for name, prior in evidence.priors.items()
        if name not in items and name not in RUN_FACTORS
    }
    if evidence.tokens.sources:
        found = fitted(evidence.tokens, found, tokens)
    if evidence.items.sources:
        found = fitted(evidence.items, found, items)
    measured = replace(start.measured, devices=_measured(evidence))
    return _with_run_factors(evidence, replace(found, measured=measured))


def _measured(evidence: Evidence) -> Mapping[str, frozenset[str]]:
    """Return the architectures of the rates that a fit learns from, by kind of work."""
    codes = {
        TRANSFORMERS: evidence.tokens.work.architecture,
        ITEMS: evidence.items.work.architecture,
    }
    return {
        kind: frozenset(ARCHITECTURES[int(code)] for code in found) for kind, found in codes.items()
    }


def _with_run_factors(evidence: Evidence, constants: TrainingConstants) -> TrainingConstants:
    """Return the constants with the factors from ideal to reported hours."""
    ratios: dict[str, dict[str, list[float]]] = {name: {} for name in RUN_FACTORS}
    for row in evidence.rows:
        hours = measured(row, "total_gpu_hours")
        if hours is None or row.get("task") == "gbdt_train":
            continue
        found = predict(row, evidence.catalogue, constants)
        if isinstance(found, Refusal) or "total_gpu_hours" not in found.figures:
            continue
        ratio = math.log(hours / found.figures["total_gpu_hours"].likely)
        ratios[factor_of(row)].setdefault(row["source_id"], []).append(ratio)
    values = {
        name: _shrunk(constants[name], evidence.priors[name], by_source)
        for name, by_source in ratios.items()
    }
    return replace(constants, values={**constants.values, **values})


def factor_of(row: Row) -> str:
    """Return the run factor that applies to a row's reported hours."""
    if row.get("task") == "rlhf":
        return "rlhf_passes"
    return "whole_run_factor" if row.get("task") == "pretrain" else "sample_run_factor"


def _shrunk(value: float, prior: Prior, ratios: Mapping[str, Sequence[float]]) -> float:
    means = [sum(ratio) / len(ratio) for _, ratio in sorted(ratios.items())]
    weight = 1.0 / RATIO_SIGMA**2
    total = sum(math.log(value) + mean for mean in means) * weight
    held = math.log(prior.value) / prior.sigma**2
    return math.exp((total + held) / (len(means) * weight + 1.0 / prior.sigma**2))


def left_out(evidence: Evidence, start: TrainingConstants) -> list[Prediction | Refusal]:
    """Return a prediction a row, from constants and intervals fitted without the row's group.

    Neither the likely value nor the interval owes anything to that group.
    """
    errors = _unseen_errors(evidence, start)
    groups = [evidence.group(row) for row in evidence.rows]
    found = {
        name: _with(one, start, errors.intervals([group != name for group in groups]))
        for name, one in _refits(evidence, start).items()
    }
    return _points(evidence, found)


def _with(
    constants: TrainingConstants, start: TrainingConstants, found: Intervals
) -> TrainingConstants:
    """Return the constants with intervals; `start` has those of figures that nobody measured."""
    spreads, widening = found
    whole = {name: one for name, one in start.spreads.items() if "." not in name}
    measured = replace(constants.measured, widening=widening)
    return replace(constants, spreads=whole | spreads, measured=measured)


def _unseen_errors(evidence: Evidence, start: TrainingConstants) -> Unseen:
    rows, catalogue, priors = evidence.rows, evidence.catalogue, evidence.priors
    generation = grouping("device", catalogue.accelerators)
    sources = evidence_of(rows, catalogue, start, priors)
    devices = evidence_of(rows, catalogue, start, priors, generation)
    return Unseen(
        [_errors(*pair) for pair in zip(rows, unseen(sources, start), strict=True)],
        [
            [replace(item, source=generation(row)) for item in _errors(row, one)]
            if not isinstance(one, Refusal) and NO_DEVICE in one.basis
            else []
            for row, one in zip(rows, unseen(devices, start), strict=True)
        ],
    )


def _errors(row: Row, found: Prediction | Refusal) -> list[Residual]:
    return [] if isinstance(found, Refusal) else residuals(row, found)


def unseen(evidence: Evidence, start: TrainingConstants) -> list[Prediction | Refusal]:
    """Return a prediction a row from constants fitted without the row's group; the intervals are
    those of `start`."""
    return _points(evidence, _refits(evidence, start))


def _refits(evidence: Evidence, start: TrainingConstants) -> dict[str, TrainingConstants]:
    groups = sorted({evidence.group(row) for row in evidence.rows})
    return {group: refit(evidence.without(group), start) for group in groups}


def _points(
    evidence: Evidence, constants: Mapping[str, TrainingConstants]
) -> list[Prediction | Refusal]:
    catalogue, group = evidence.catalogue, evidence.group
    return [predict(row, catalogue, constants[group(row)]) for row in evidence.rows]


def calibrated(evidence: Evidence, start: TrainingConstants) -> TrainingConstants:
    """Return constants fitted on everything, with intervals from left-out residuals and the kinds
    of measurements that they rest on."""
    found = _with(refit(evidence, start), start, _unseen_errors(evidence, start).intervals())
    kinds = kinds_of(evidence.rows, evidence.catalogue)
    return replace(found, measured=replace(found.measured, support=support_of(kinds)))
