"""What each term of the formulas is worth on sources that it was not fitted on.

One term is taken out, the rest refitted without each source in turn; a term stays only as long as
the macro error of a figure that it is for is higher without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from fnmatch import fnmatch

from advisor.analysis import score_inference
from advisor.analysis.calibrate_inference import Calibration, refits
from advisor.analysis.calibrate_training import evidence_of, unseen
from advisor.analysis.estimate_table import TRAINING, Estimators
from advisor.analysis.fit_networks import TASKS
from advisor.analysis.leave_out import source_of
from advisor.analysis.score_training import LLM_TASKS, compare, score
from advisor.frozen import dataclass, replace
from advisor.library.calibration import inference_priors, training_priors
from advisor.sizing.training_constants import Prior

Row = dict[str, str]
NOTHING = "nothing: all terms"
PRIORS_ALONE = "the fit itself (priors only)"
NEXT_TO_NOTHING = 1e-6
STIFF = 1e-6


@dataclass(frozen=True, slots=True)
class Term:
    """Constants by pattern: with the values at which they have no effect, or left to the one
    that they refine (`bandwidth.hbm` to `bandwidth.all`)."""

    fixed: Mapping[str, float] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()

    def value(self, name: str) -> float | None:
        """Return the value at which a constant is held, None where it is free."""
        return next((held for p, held in self.fixed.items() if fnmatch(name, p)), None)

    def drops(self, name: str) -> bool:
        """Return whether a constant is left to the one that it refines."""
        return not name.endswith(".all") and any(fnmatch(name, p) for p in self.dropped)


TOKENS = "LLM tokens/s"
TRAINING_TERMS: Mapping[str, Term] = {
    NOTHING: Term(),
    "small matrices lose efficiency": Term({"small_matrix": 0.0}),
    "small experts lose efficiency": Term({"small_expert": 0.0}),
    "attention slower than matrices": Term({"attention_efficiency.*": 1, "attention_family.*": 1}),
    "vector time apart": Term({"vector_traffic.*": 0.0}),
    "launch floor": Term({"launch_seconds.*": 0.0}),
    "adapter traffic and launches": Term({"adapter_*": 0.0}),
    "unpacking of 4-bit weights": Term({"unpack_bytes.*": 0.0}),
    "routing waits for the host": Term({"expert_wait_s": 0.0}),
    "exposed tensor parallel": Term({"exposed.tensor": 0.0}),
    "exposed all-to-all": Term({"exposed.expert": 0.0}),
    "exposed data parallel": Term({"exposed.data": 0.0}),
    "scale-out loss": Term({"scale_out": 0.0}),
    "cards for games reach more": Term({"game_card": 1.0}),
    "torch.compile spares vector time": Term({"compiled_traffic": 1.0}),
}
LANGUAGE_GROUPS = ("decode, fused", "decode, other", "offline throughput", "ttft, single stream")
LANGUAGE_TERMS: Mapping[str, Term] = {
    NOTHING: Term(),
    "time per layer": Term({"layer_us.*": NEXT_TO_NOTHING}),
    "time per layer by engine": Term(
        dropped=tuple(f"layer_us.{name}" for name in ("vllm", "vllm-v1", "sglang", "lmdeploy"))
        + tuple(f"layer_us.{name}" for name in ("litgpt", "tensorrt-llm", "fastertransformer"))
        + tuple(f"layer_us.{name}" for name in ("autoawq", "llama.cpp", "tinychat", "transformers"))
    ),
    "time per layer of experts": Term(dropped=("layer_experts.*",)),
    "time per layer by format": Term(dropped=("layer_format.*",)),
    "time per layer by device class": Term(dropped=("layer_scale.*",)),
    "bandwidth by device class": Term(dropped=("bandwidth.*",)),
    "bandwidth by format": Term(dropped=("format_bandwidth.*",)),
    "bandwidth of the cache": Term({"cache_bandwidth.*": 0.7}),
    "time per step": Term({"step_us.*": NEXT_TO_NOTHING}),
    "time per sequence": Term({"sequence_us.*": NEXT_TO_NOTHING}),
    "matrix efficiency by device": Term(dropped=("compute.*",)),
    "matrix efficiency by format": Term(dropped=("format_compute.*",)),
    "efficiency of experts": Term(dropped=("expert_compute.*",)),
    "efficiency of attention": Term({"attention_compute.*": 0.6}),
    "latency of collectives": Term({"reduce_us.*": NEXT_TO_NOTHING, "hop_us.*": NEXT_TO_NOTHING}),
}
NETWORK_GROUPS = ("vision items_per_s", "embedding items_per_s", "diffusion items_per_s")
NETWORK_TERMS: Mapping[str, Term] = {
    NOTHING: Term(),
    "matrix efficiency by kind": Term(dropped=("network_compute.*",)),
    "matrix efficiency by device": Term(dropped=("network_device.*",)),
    "matrix efficiency by precision": Term(dropped=("network_precision.*",)),
    "repeated passes over activations": Term({"network_traffic.*": 1.0}),
    "passes by kind and engine": Term(dropped=("network_traffic.*",)),
    "time per kernel": Term({"network_kernel_us.*": NEXT_TO_NOTHING}),
    "time per kernel by kind and engine": Term(dropped=("network_kernel_us.*",)),
}


@dataclass(frozen=True, slots=True)
class Worth:
    """Errors of one group of figures, as shares, without one term."""

    group: str
    term: str
    n: int
    median: float
    p90: float
    macro: float


def worths(rows: Sequence[Row], kind: str, estimators: Estimators) -> Iterator[Worth]:
    """Yield the errors without each term, all terms first."""
    if kind == TRAINING:
        yield from _trained(rows, estimators)
        return
    served = [row for row in rows if row["task"].startswith("llm_")]
    networks = [row for row in rows if row["task"] in TASKS]
    if served:
        yield from _inferred(served, LANGUAGE_TERMS, LANGUAGE_GROUPS, estimators)
    if networks:
        yield from _inferred(networks, NETWORK_TERMS, NETWORK_GROUPS, estimators)


def _trained(rows: Sequence[Row], estimators: Estimators) -> Iterator[Worth]:
    metric = "tokens_per_s_per_gpu"
    measured = [row for row in rows if row["task"] in LLM_TASKS and row.get(metric)]
    start = estimators.training_constants
    priors = training_priors(estimators.knowledge / "calibration" / "training.yaml")
    for name in (*TRAINING_TERMS, PRIORS_ALONE):
        term = TRAINING_TERMS.get(name, Term())
        held = {one: term.value(one) for one in start.values}
        fixed = {one: value for one, value in held.items() if value is not None}
        free = {one: _held(prior, name) for one, prior in priors.items() if one not in fixed}
        begin = replace(start, values={**start.values, **fixed})
        points = unseen(evidence_of(measured, estimators.training, begin, free), begin)
        found = score([one for one in compare(measured, points) if one.metric == metric])
        yield Worth(TOKENS, name, found.n, found.median, found.p90, found.macro)


def _held(prior: Prior, term: str) -> Prior:
    """Return a prior, so stiff that nothing moves it where the fit itself is what is taken out."""
    return replace(prior, sigma=STIFF) if term == PRIORS_ALONE else prior


def _inferred(
    rows: Sequence[Row],
    terms: Mapping[str, Term],
    groups: Sequence[str],
    estimators: Estimators,
) -> Iterator[Worth]:
    path = estimators.knowledge / "calibration" / "inference.yaml"
    priors = inference_priors(path)
    for name in (*terms, PRIORS_ALONE):
        term = terms.get(name, Term())
        values = {one: value for one, value in priors.values.items() if not term.drops(one)}
        held = {one: term.value(one) for one in values}
        fixed = {one: value for one, value in held.items() if value is not None}
        start = replace(priors, values=values | fixed)
        catalogue = replace(estimators.inference, constants=start)
        still = frozenset(values if name == PRIORS_ALONE else fixed)
        calibration = Calibration(*refits(rows, catalogue, source_of, still))
        predict = score_inference.unseen_predictor(catalogue, calibration)
        yield from _scored(name, rows, groups, predict)


def _scored(
    term: str,
    rows: Sequence[Row],
    groups: Sequence[str],
    predict: Callable[[Mapping[str, str]], Mapping[str, str]],
) -> Iterator[Worth]:
    items = [one for one in score_inference.compare(rows, predict) if not one.odd]
    for group in groups:
        part = [one for one in items if one.group == group]
        if part:
            found = score_inference.score(group, part)
            yield Worth(group, term, found.n, found.median, found.p90, found.macro)


def table(found: Sequence[Worth]) -> str:
    """Return the errors as Markdown tables, one for figures that share their terms."""
    parts: dict[tuple[str, ...], dict[str, list[Worth]]] = {}
    for group in dict.fromkeys(one.group for one in found):
        own = [one for one in found if one.group == group]
        parts.setdefault(tuple(one.term for one in own), {})[group] = own
    return "\n\n".join(_part(terms, groups) for terms, groups in parts.items())


def _part(terms: Sequence[str], groups: Mapping[str, Sequence[Worth]]) -> str:
    heads = " | ".join(f"{group} ({own[0].n})" for group, own in groups.items())
    lines = [f"| without | {heads} |", "| --- |" + " ---: |" * len(groups)]
    for place, term in enumerate(terms):
        cells = " | ".join(_cell(own[place]) for own in groups.values())
        lines.append(f"| {term} | {cells} |")
    return "\n".join(lines)


def _cell(one: Worth) -> str:
    return " / ".join(f"{100 * share:.1f}" for share in (one.median, one.p90, one.macro))
