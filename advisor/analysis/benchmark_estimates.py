"""Scores the estimators on measurements, as they stand or refitted without each source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from advisor.analysis import score_inference, score_training
from advisor.analysis.calibrate_inference import calibrate
from advisor.analysis.calibrate_training import evidence_of, left_out
from advisor.analysis.estimate_table import TRAINING, Estimators
from advisor.analysis.leave_out import Grouping, grouping
from advisor.analysis.training_predictions import predict
from advisor.frozen import dataclass, replace
from advisor.library.calibration import inference_priors, training_priors

Row = dict[str, str]
HEADS = ("group", "n", "sources", "median", "p90", "macro", "inside 80 %", "refused")


@dataclass(frozen=True, slots=True)
class Line:
    """Scores of one group, as shares; `bias` is the median signed error of each source."""

    group: str
    n: int
    sources: int
    median: float
    p90: float
    macro: float
    coverage: float
    refused: float
    bias: dict[str, float]


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """Scores by group, and how well "fits" is told from "out of memory"."""

    lines: tuple[Line, ...]
    oom_rows: int
    oom_recall: float
    ran_rows: int
    false_alarms: float

    def plain(self) -> dict[str, Any]:
        """Return the scores as plain data."""
        return asdict(self)


def scoreboard(
    rows: Sequence[Row], kind: str, estimators: Estimators, leave_out: str = ""
) -> Scoreboard:
    """Return the scores on measured rows; with `leave_out`, one of `SPLITS`, no row's own source,
    device generation, model family or engine was fitted."""
    group = grouping(leave_out, estimators.training.accelerators) if leave_out else None
    if kind == TRAINING:
        return _training(rows, estimators, group)
    return _inference(rows, estimators, group)


def _training(rows: Sequence[Row], estimators: Estimators, group: Grouping | None) -> Scoreboard:
    catalogue, constants = estimators.training, estimators.training_constants
    if group:
        priors = training_priors(estimators.knowledge / "calibration" / "training.yaml")
        found = left_out(evidence_of(rows, catalogue, constants, priors, group), constants)
    else:
        found = [predict(row, catalogue, constants) for row in rows]
    refused = score_training.refusals(found)
    groups = score_training.scores(score_training.compare(rows, found))
    fit = score_training.fit_score(rows, found)
    lines = tuple(
        Line(name, s.n, s.sources, s.median, s.p90, s.macro, s.coverage, refused, dict(s.bias))
        for name, s in groups.items()
    )
    return Scoreboard(lines, fit.oom_rows, fit.recall, fit.ran_rows, fit.false_alarms)


def _inference(rows: Sequence[Row], estimators: Estimators, group: Grouping | None) -> Scoreboard:
    catalogue = estimators.inference
    predictor = estimators.predictor("inference")
    if group:
        path = estimators.knowledge / "calibration" / "inference.yaml"
        found = calibrate(rows, replace(catalogue, constants=inference_priors(path)), group)
        unseen = score_inference.unseen_predictor(catalogue, found, group)
        items = score_inference.compare(rows, unseen)
        fit = score_inference.fit_recall(rows, unseen)
    else:
        items = score_inference.compare(rows, predictor)
        fit = score_inference.fit_recall(rows, predictor)
    lines = tuple(
        Line(s.group, s.n, s.sources, s.median, s.p90, s.macro, s.coverage, s.refused, dict(s.bias))
        for s in score_inference.scores(items)
    )
    return Scoreboard(lines, fit.out_of_memory, fit.recall, fit.ran, fit.false_alarms)


def table(board: Scoreboard) -> str:
    """Return the scores as a Markdown table, the misses of single sources below it."""
    lines = [f"| {' | '.join(HEADS)} |", "| --- |" + " ---: |" * (len(HEADS) - 1)]
    for one in board.lines:
        shares = (one.median, one.p90, one.macro, one.coverage, one.refused)
        cells = " | ".join(f"{100 * share:.0f} %" for share in shares)
        lines.append(f"| {one.group} | {one.n} | {one.sources} | {cells} |")
    return "\n".join([*lines, "", _fit(board), "", *_biased(board)])


def _fit(board: Scoreboard) -> str:
    return (
        f"Out of memory: {board.oom_recall:.0%} of {board.oom_rows} rows foreseen; "
        f"{board.false_alarms:.0%} false alarms among {board.ran_rows} rows that ran."
    )


def _biased(board: Scoreboard) -> list[str]:
    """Return the sources that a group misses by more than a quarter, worst first."""
    found = [
        (abs(bias), f"{one.group}: {source} {bias:+.0%}")
        for one in board.lines
        for source, bias in one.bias.items()
        if abs(bias) > 0.25 and not one.group.startswith("all")
    ]
    worst = [text for _, text in sorted(found, reverse=True)[:20]]
    return ["Signed bias above 25 %, by source:", *(f"- {text}" for text in worst)] if worst else []
