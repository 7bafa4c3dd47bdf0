"""Scores, intervals and refits on measurements made from the formulas themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.analysis.calibrate_training import evidence_of, left_out, refit
from advisor.analysis.calibration_document import training_document
from advisor.analysis.score_training import compare, fit_score, refusals, score, scores, table
from advisor.analysis.training_predictions import Prediction, predict
from advisor.analysis.training_rows import Refusal
from advisor.domain.interval import Interval
from tests.analysis.training_measurements import CATALOGUE, CONSTANTS, PRIORS, row


def prediction(likely: float) -> Prediction:
    figures = {"tokens_per_s_per_gpu": Interval(likely * 0.8, likely, likely * 1.25)}
    return Prediction(figures, fits=True, basis="", regimes=("pretrain",))


def measurement(value: float, source: str = "s1", **cells: str) -> dict[str, str]:
    return row(
        tokens_per_s_per_gpu=str(value),
        score_metrics="tokens_per_s_per_gpu",
        source_id=source,
        **cells,
    )


def test_errors_are_relative_to_the_measurement() -> None:
    rows = [measurement(100.0), measurement(200.0)]
    found = compare(rows, [prediction(110.0), prediction(150.0)])
    assert [item.ape for item in found] == pytest.approx([0.10, 0.25])
    assert [item.covered for item in found] == [True, False]


def test_a_refused_row_counts_a_hundred_percent() -> None:
    found = compare([measurement(100.0)], [Refusal("no device")])
    assert (found[0].ape, found[0].covered) == (1.0, False)
    assert refusals([Refusal("no device"), prediction(1.0)]) == 0.5


def test_the_macro_error_weighs_sources_alike() -> None:
    rows = [measurement(100.0, "many")] * 9 + [measurement(100.0, "one")]
    found = score(compare(rows, [prediction(110.0)] * 9 + [prediction(150.0)]))
    assert found.median == pytest.approx(0.10)
    assert found.macro == pytest.approx(0.30)
    assert dict(found.bias) == pytest.approx({"many": 0.10, "one": 0.50})


def test_out_of_memory_recall_and_false_alarms_have_their_own_rows() -> None:
    says_no = replace(prediction(1.0), fits=False)
    rows = [row(outcome="oom"), row(outcome="oom"), row(), row(), row(micro_batch="")]
    found = fit_score(rows, [says_no, prediction(1.0), says_no, prediction(1.0), says_no])
    assert (found.oom_rows, found.ran_rows) == (2, 2)
    assert (found.recall, found.false_alarms) == (0.5, 0.5)


def test_the_table_has_a_line_for_each_group() -> None:
    groups = scores(compare([measurement(100.0)], [prediction(110.0)]))
    assert "| LLM throughput | 1 | 1 | 10 % | 10 % | 10 % | 100 % |" in table(groups)


def synthetic(efficiency: float) -> list[dict[str, str]]:
    """Rows whose rates are those of the formulas at another matrix efficiency of Hopper."""
    values = {**CONSTANTS.values, "matrix_efficiency.hopper": efficiency}
    truth = replace(CONSTANTS, values=values)
    rows = []
    for place in range(12):
        cells = {
            "micro_batch": str(1 + place % 3),
            "seq_len": str(2048 << (place % 3)),
            "case_id": f"c{place}",
        }
        found = predict(row(**cells), CATALOGUE, truth)
        assert isinstance(found, Prediction)
        rate = found.figures["tokens_per_s_per_gpu"].likely
        rows.append(measurement(rate, f"s{place % 4}", **cells))
    return rows


def test_a_refit_moves_a_constant_towards_what_was_measured() -> None:
    evidence = evidence_of(synthetic(0.60), CATALOGUE, CONSTANTS, PRIORS)
    found = refit(evidence, CONSTANTS)["matrix_efficiency.hopper"]
    assert 0.60 < found < PRIORS["matrix_efficiency.hopper"].value - 0.03


def test_a_left_out_source_does_not_shape_its_own_prediction() -> None:
    rows = synthetic(0.70)
    spoiled = [
        one | {"tokens_per_s_per_gpu": "1"} if one["source_id"] == "s0" else one for one in rows
    ]
    honest = left_out(evidence_of(rows, CATALOGUE, CONSTANTS, PRIORS), CONSTANTS)
    after = left_out(evidence_of(spoiled, CATALOGUE, CONSTANTS, PRIORS), CONSTANTS)
    for one, before, now in zip(rows, honest, after, strict=True):
        assert isinstance(before, Prediction)
        assert isinstance(now, Prediction)
        rates = [found.figures["tokens_per_s_per_gpu"].likely for found in (before, now)]
        assert (rates[0] == rates[1]) == (one["source_id"] == "s0")


def test_the_calibration_file_says_what_a_constant_rests_on() -> None:
    evidence = evidence_of(synthetic(0.60), CATALOGUE, CONSTANTS, PRIORS)
    text = training_document(evidence, CONSTANTS)
    line = next(one for one in text.splitlines() if one.startswith("  matrix_efficiency.hopper:"))
    assert "moves 12 rows of 4 sources" in line
