"""Scores predictions of training against measurements: error, bias, coverage, fit or no fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from advisor.analysis.training_observations import Row, measured
from advisor.analysis.training_predictions import QUANTITY, Prediction
from advisor.analysis.training_rows import Refusal
from advisor.frozen import dataclass

LLM_TASKS = ("pretrain", "full_ft", "lora", "qlora", "adapter")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure of one row: absolute and signed relative error, and whether it was covered."""

    metric: str
    task: str
    source: str
    ape: float
    signed: float | None
    covered: bool


@dataclass(frozen=True, slots=True)
class Score:
    """Errors of one group as shares (0.1 = 10 %); `bias` is the median signed error by source."""

    n: int
    sources: int
    median: float
    p90: float
    macro: float
    coverage: float
    bias: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class FitScore:
    """Recall of out-of-memory rows and false alarms among rows that ran, as shares."""

    oom_rows: int
    ran_rows: int
    recall: float
    false_alarms: float


def compare(rows: Sequence[Row], found: Sequence[Prediction | Refusal]) -> list[Comparison]:
    """Return every comparison that the rows allow; a missing prediction counts 100 %."""
    result = []
    for row, one in zip(rows, found, strict=True):
        for metric in QUANTITY:
            value = measured(row, metric)
            if value is not None:
                result.append(_comparison(row, one, metric, value))
    return result


def _comparison(row: Row, one: Prediction | Refusal, metric: str, value: float) -> Comparison:
    interval = None if isinstance(one, Refusal) else one.figures.get(metric)
    task, source = row.get("task", ""), row["source_id"]
    if interval is None:
        return Comparison(metric, task, source, 1.0, None, covered=False)
    signed = interval.likely / value - 1.0
    covered = interval.low <= value <= interval.high
    return Comparison(metric, task, source, abs(signed), signed, covered)


def score(items: Sequence[Comparison]) -> Score:
    """Return the score of a non-empty group of comparisons."""
    errors = np.array([item.ape for item in items])
    by_source: dict[str, list[Comparison]] = {}
    for item in items:
        by_source.setdefault(item.source, []).append(item)
    macro = np.mean([np.mean([item.ape for item in group]) for group in by_source.values()])
    bias = []
    for name, group in sorted(by_source.items()):
        signed = [item.signed for item in group if item.signed is not None]
        bias.append((name, float(np.median(signed)) if signed else float("nan")))
    return Score(
        len(items),
        len(by_source),
        float(np.median(errors)),
        float(np.quantile(errors, 0.9)),
        float(macro),
        float(np.mean([item.covered for item in items])),
        tuple(bias),
    )


def scores(items: Sequence[Comparison]) -> dict[str, Score]:
    """Return scores by group: each metric, LLM throughput, and the coverage of every task."""
    groups: dict[str, list[Comparison]] = {}
    for item in items:
        groups.setdefault(item.metric, []).append(item)
        groups.setdefault(f"task {item.task}", []).append(item)
        groups.setdefault("all", []).append(item)
        if item.metric == "tokens_per_s_per_gpu" and item.task in LLM_TASKS:
            groups.setdefault("LLM throughput", []).append(item)
    return {name: score(group) for name, group in sorted(groups.items())}


def fit_score(rows: Sequence[Row], found: Sequence[Prediction | Refusal]) -> FitScore:
    """Return how well "fits" is told: over OOM rows, and over rows that state a batch and ran."""
    oom: list[bool] = []
    ran: list[bool] = []
    for row, one in zip(rows, found, strict=True):
        said_no = not isinstance(one, Refusal) and not one.fits
        if row.get("outcome") == "oom":
            oom.append(said_no)
        elif row.get("micro_batch") and row.get("kind") == "measured":
            ran.append(said_no)
    return FitScore(len(oom), len(ran), _share(oom), _share(ran))


def _share(said: Sequence[bool]) -> float:
    return sum(said) / len(said) if said else 0.0


def refusals(found: Sequence[Prediction | Refusal]) -> float:
    """Return the share of rows without a prediction."""
    return sum(isinstance(one, Refusal) for one in found) / max(len(found), 1)


def table(groups: Mapping[str, Score]) -> str:
    """Return the scores as a markdown table, percentages rounded to whole numbers."""
    lines = [
        "| group | n | sources | median | p90 | macro | inside 80 % |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, one in groups.items():
        figures = (one.median, one.p90, one.macro, one.coverage)
        cells = " | ".join(f"{100 * figure:.0f} %" for figure in figures)
        lines.append(f"| {name} | {one.n} | {one.sources} | {cells} |")
    return "\n".join(lines)
