"""Scores inference predictions against measurements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from advisor.analysis.calibrate_inference import Calibration
from advisor.analysis.inference_labels import engine_of
from advisor.analysis.inference_measurements import ODD
from advisor.analysis.inference_predictions import METRICS, predict_inference_row
from advisor.analysis.inference_rows import InferenceCatalogue, Row, number
from advisor.analysis.leave_out import Grouping, source_of
from advisor.frozen import dataclass, replace
from advisor.sizing.serving_constants import InferenceConstants
from advisor.sizing.serving_engine import EAGER, ENGINES

OUT_OF_MEMORY = "FIT=OOM"
ODD_TOO = ", odd rows too"
UNFUSED = ("transformers", "litgpt", "accelerate", "onnx", "ctranslate2", "flexgen", "eager")


@dataclass(frozen=True, slots=True)
class InferenceComparison:
    """One measured figure beside its prediction; a refused row has an error of 1."""

    case_id: str
    group: str
    task: str
    metric: str
    source: str
    error: float
    signed_log: float | None
    covered: bool
    odd: bool


@dataclass(frozen=True, slots=True)
class InferenceScore:
    """Errors of one group as shares.

    `bias` is each source's median log(predicted / measured); above 0 = predicted too fast (or,
    for memory, too large).
    """

    group: str
    n: int
    sources: int
    median: float
    p90: float
    macro: float
    coverage: float
    refused: float
    bias: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class FitRecall:
    """Share of out-of-memory rows that were foreseen, and of rows that ran but were refused."""

    out_of_memory: int
    recall: float
    ran: int
    false_alarms: float


def group_of(row: Row, metric: str) -> str:
    """Return the line of the score table that a figure belongs to."""
    task, batch = row["task"], number(row, "batch_or_concurrency")
    if task == "llm_decode" and metric in {"tpot_ms", "tokens_per_s_total", "requests_per_s"}:
        return "decode, fused" if is_fused(row) else "decode, other"
    if metric == "ttft_ms":
        return "ttft, single stream" if task == "llm_decode" else f"ttft, {task[12:]}"
    if task == "llm_serving_online":
        return f"online {metric}, {'concurrency given' if batch else 'load only'}"
    if task == "llm_serving_offline" and metric in {"tokens_per_s_total", "requests_per_s"}:
        return "offline throughput"
    return f"{task} {metric}"


def is_fused(row: Row) -> bool:
    """Return whether a row is one request of at most 2,048 prompt tokens on a fused engine."""
    label = row["engine"].lower()
    eager = any(word in label for word in UNFUSED) or (ENGINES[engine_of(label)[0]].kind == EAGER)
    short = number(row, "input_len") <= 2048.0
    return (
        not eager
        and short
        and number(row, "batch_or_concurrency") <= 1.0
        and ODD not in row["notes"]
    )


def compare(
    rows: Iterable[Row], predict: Callable[[Row], Mapping[str, str]]
) -> list[InferenceComparison]:
    """Return every measured figure of `rows` beside what `predict` gives for its row.

    Requests a second repeat tokens a second where both are printed, so that only one counts.
    """
    found = []
    for row in rows:
        cells: Mapping[str, str] | None = None
        for metric in METRICS:
            measured = number(row, metric)
            repeated = metric == "requests_per_s" and number(row, "tokens_per_s_total")
            if not measured or repeated:
                continue
            cells = cells or predict(row)
            found.append(_comparison(row, metric, cells))
    return found


def _comparison(row: Row, metric: str, cells: Mapping[str, str]) -> InferenceComparison:
    measured, likely = number(row, metric), number(cells, f"pred_{metric}")
    low, high = number(cells, f"pred_{metric}_low"), number(cells, f"pred_{metric}_high")
    return InferenceComparison(
        case_id=row["case_id"],
        group=group_of(row, metric),
        task=row["task"],
        metric=metric,
        source=row["source"],
        error=abs(likely / measured - 1.0) if likely else 1.0,
        signed_log=_signed_log(metric, likely / measured) if likely else None,
        covered=bool(likely) and low <= measured <= high,
        odd=ODD in row["notes"],
    )


def _signed_log(metric: str, ratio: float) -> float:
    """Return the logarithm of a ratio of speeds; times count reversed."""
    log = float(np.log(ratio))
    return -log if metric in {"ttft_ms", "tpot_ms"} else log


def score(group: str, items: Sequence[InferenceComparison]) -> InferenceScore:
    """Return the score of a group that is not empty."""
    errors = np.array([item.error for item in items])
    by_source: dict[str, list[InferenceComparison]] = {}
    for item in items:
        by_source.setdefault(item.source, []).append(item)
    bias = {
        source: float(np.median([i.signed_log for i in part if i.signed_log is not None] or [0.0]))
        for source, part in sorted(by_source.items())
    }
    answered = [item for item in items if item.signed_log is not None]
    return InferenceScore(
        group=group,
        n=len(items),
        sources=len(by_source),
        median=float(np.median(errors)),
        p90=float(np.quantile(errors, 0.9)),
        macro=float(np.mean([np.mean([i.error for i in part]) for part in by_source.values()])),
        coverage=float(np.mean([i.covered for i in answered])) if answered else 0.0,
        refused=1.0 - len(answered) / len(items),
        bias=bias,
    )


def scores(items: Sequence[InferenceComparison]) -> list[InferenceScore]:
    """Return the score of every group, of every task and of all: odd rows left out, and where
    there are some, with them."""
    groups: dict[str, list[InferenceComparison]] = {}
    for item in items:
        for name in (item.group, f"all of {item.task}", "all"):
            groups.setdefault(name + ODD_TOO, []).append(item)
            if not item.odd:
                groups.setdefault(name, []).append(item)
    told = {name: len(group) for name, group in groups.items()}
    return [
        score(name, group)
        for name, group in sorted(groups.items())
        if told.get(name.removesuffix(ODD_TOO)) != len(group) or not name.endswith(ODD_TOO)
    ]


def fit_recall(rows: Iterable[Row], predict: Callable[[Row], Mapping[str, str]]) -> FitRecall:
    """Return how well `pred_fits` tells rows that ran from rows that ran out of memory."""
    failed: list[bool] = []
    ran: list[bool] = []
    for row in rows:
        if not any(number(row, metric) for metric in METRICS) and OUT_OF_MEMORY not in row["notes"]:
            continue
        says_no = predict(row).get("pred_fits") == "no"
        (failed if OUT_OF_MEMORY in row["notes"] else ran).append(says_no)
    return FitRecall(
        len(failed),
        sum(failed) / max(len(failed), 1),
        len(ran),
        sum(ran) / max(len(ran), 1),
    )


def unseen_predictor(
    catalogue: InferenceCatalogue, found: Calibration, group: Grouping = source_of
) -> Callable[[Row], Mapping[str, str]]:
    """Return a predictor that uses, for each row, the fit that has not seen its group."""
    views = {s: replace(catalogue, constants=c) for s, c in found.without.items()}
    return lambda row: predict_inference_row(row, views[group(row)])


def plain_roofline(constants: InferenceConstants) -> InferenceConstants:
    """Return constants of a machine that reaches its peaks: the line to improve on.

    Shares and factors are 1, fixed times 0.
    """
    values = {name: 0.0 if "_us." in name else 1.0 for name in constants.values}
    return replace(constants, values=values)
