"""The fit finds constants that made its data and keeps priors without data."""

from dataclasses import replace

import numpy as np
import pytest

from advisor.analysis.fit_inference import fit, residuals
from advisor.analysis.inference_measurements import Measurement, Term
from advisor.analysis.robust_fit import Floats, Problem, solve
from advisor.analysis.score_inference import compare, scores
from advisor.sizing.serving_constants import InferenceConstants
from advisor.sizing.serving_decode import decode_load
from advisor.sizing.serving_job import ServingJob
from advisor.sizing.serving_step import step_time
from tests.sizing.serving_cases import H100, LLAMA2_70B, LLAMA3_8B, shipped


def _made(constants: InferenceConstants, source: str) -> list[Measurement]:
    rows = []
    for shape, tp in ((LLAMA3_8B, 1), (LLAMA2_70B, 4), (LLAMA3_8B, 2)):
        for context in (128, 2048, 16_384):
            job = ServingJob(shape, H100, tp, tp, input_len=context)
            load = decode_load(context, 1)
            seconds = float(step_time(job, load, constants).total_s)
            rows.append(Measurement("c", source, "tpot", seconds, (Term(job, load, 1.0),)))
    return rows


def test_a_fit_follows_several_sources_that_agree() -> None:
    true = shipped()
    slower = replace(true, values=dict(true.values) | {"layer_us.vllm": 250.0})
    rows = [row for source in "abcd" for row in _made(slower, source)]
    found = fit(rows, true)
    assert abs(residuals(rows, found)).max() < 0.03
    assert found.values["layer_us.vllm"] > 1.5 * true.values["layer_us.vllm"]


def test_constants_without_rows_keep_their_ratio_to_their_parent() -> None:
    start = shipped()
    found = fit(_made(start, "a"), start)
    ratio = start.values["layer_us.litgpt"] / start.values["layer_us.eager"]
    assert found.values["layer_us.litgpt"] / found.values["layer_us.eager"] == pytest.approx(ratio)


def test_scores_count_refused_rows_as_wholly_wrong_and_leave_odd_rows_out() -> None:
    base = {"task": "llm_decode", "engine": "vLLM", "source": "s", "notes": "", "tpot_ms": "10"}
    rows = [
        base | {"case_id": "a"},
        base | {"case_id": "b"},
        base | {"case_id": "c", "notes": "ODD: wrong"},
    ]
    good = {"pred_tpot_ms": "11", "pred_tpot_ms_low": "9", "pred_tpot_ms_high": "12"}
    items = compare(rows, lambda row: good if row["case_id"] == "a" else {})
    found = next(line for line in scores(items) if line.group == "decode, fused")
    assert (found.n, found.refused, found.coverage) == (2, 0.5, 1.0)
    assert found.median == pytest.approx((0.1 + 1.0) / 2)


def test_a_share_that_reaches_its_peak_does_not_swing_around_it() -> None:
    """Beyond the peak nothing gets faster, so that only the pull has a slope there."""
    wanted = np.full(9, 1.4)

    def misses(theta: Floats) -> Floats:
        missed: Floats = np.log(wanted / np.minimum(np.exp(theta[0]), 0.97))
        return missed

    found = solve(
        Problem(
            names=["share"],
            start=np.log(np.array([0.5])),
            free=np.array([True]),
            pulls=np.array([1.5]),
            parents=np.array([-1]),
            weights=np.ones(9),
            residuals=misses,
        )
    )
    assert found["share"] == pytest.approx(0.97, rel=0.03)
