"""What each term of the training formulas is worth on sources that it was not fitted on.

One term is taken out, the rest refitted without each source in turn; a term stays only as long as
the macro error without it is higher.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch

from advisor.analysis.calibrate_training import evidence_of, unseen
from advisor.analysis.estimate_table import Estimators
from advisor.analysis.score_training import LLM_TASKS, compare, score
from advisor.library.calibration import training_priors
from advisor.sizing.training_constants import Prior

Row = dict[str, str]
METRIC = "tokens_per_s_per_gpu"
TERMS: Mapping[str, Mapping[str, float]] = {
    "nothing: all terms": {},
    "small matrices lose efficiency": {"small_matrix": 0.0},
    "small experts lose efficiency": {"small_expert": 0.0},
    "attention slower than matrices": {"attention_efficiency.*": 1.0, "attention_family.*": 1.0},
    "vector time apart": {"vector_traffic.*": 0.0},
    "launch floor": {"launch_seconds.*": 0.0},
    "adapter traffic and launches": {"adapter_*": 0.0},
    "unpacking of 4-bit weights": {"unpack_bytes.*": 0.0},
    "routing waits for the host": {"expert_wait_s": 0.0},
    "exposed tensor parallel": {"exposed.tensor": 0.0},
    "exposed all-to-all": {"exposed.expert": 0.0},
    "exposed data parallel": {"exposed.data": 0.0},
    "scale-out loss": {"scale_out": 0.0},
}
"""Terms, with the constants by pattern and the values at which they have no effect."""
PRIORS_ALONE = "the fit itself (priors only)"
STIFF = 1e-6


@dataclass(frozen=True, slots=True)
class Worth:
    """Errors of LLM tokens/s, as shares, without one term."""

    term: str
    n: int
    median: float
    p90: float
    macro: float


def worths(rows: Sequence[Row], estimators: Estimators) -> Iterator[Worth]:
    """Yield the errors without each term, all terms first."""
    measured = [row for row in rows if row["task"] in LLM_TASKS and row.get(METRIC)]
    for term, neutral in TERMS.items():
        yield _worth(term, measured, estimators, neutral)
    yield _worth(PRIORS_ALONE, measured, estimators, {})


def _worth(
    term: str, rows: Sequence[Row], estimators: Estimators, neutral: Mapping[str, float]
) -> Worth:
    start = estimators.training_constants
    priors = training_priors(estimators.knowledge / "calibration" / "training.yaml")
    fixed = {
        name: value
        for pattern, value in neutral.items()
        for name in start.values
        if fnmatch(name, pattern)
    }
    free = {name: _held(prior, term) for name, prior in priors.items() if name not in fixed}
    begin = replace(start, values={**start.values, **fixed})
    points = unseen(evidence_of(rows, estimators.training, begin, free), begin)
    found = score([one for one in compare(rows, points) if one.metric == METRIC])
    return Worth(term, found.n, found.median, found.p90, found.macro)


def _held(prior: Prior, term: str) -> Prior:
    """Return a prior, so stiff that nothing moves it where the fit itself is what is taken out."""
    return replace(prior, sigma=STIFF) if term == PRIORS_ALONE else prior


def table(found: Sequence[Worth]) -> str:
    """Return the errors as a Markdown table."""
    lines = ["| without | n | median | p90 | macro |", "| --- | ---: | ---: | ---: | ---: |"]
    for one in found:
        cells = " | ".join(f"{100 * share:.1f} %" for share in (one.median, one.p90, one.macro))
        lines.append(f"| {one.term} | {one.n} | {cells} |")
    return "\n".join(lines)
