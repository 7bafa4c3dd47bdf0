"""Demands: answers that say what is wanted, and the values that would ask for less."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from advisor.domain.answers import Source, Value
from advisor.domain.questions import Question
from advisor.frozen import dataclass
from advisor.planning.brief import Brief

MORE_IS_LOOSER = (
    "budget_monthly", "deadline_weeks", "latency_p99_ms", "platform_staff", "train_hours_target",
)  # fmt: skip
LESS_IS_LOOSER = ("model_params_b", "regions_served")
FACTORS = (1.5, 2.0, 4.0, 10.0, 100.0)
"""By how much a number is relaxed before the exact value is sought."""
STRICTEST_FIRST = {
    "adaptation": (
        ("pretraining", "continued_pretraining", "full_finetune", "lora_finetune", "rag",
         "api_prompting"),
    ),
    "availability_slo": (("99.99", "99.9", "99", "best_effort"),),
    "capex_ok": (("no", "yes_small", "yes_large"),),
    "cloud_policy": (("aws", "gcp", "azure", "gpu_cloud", "any"), ("on_prem_only",)),
    "edge_constraints": (
        ("offline", "intermittent", "always_online"),
        ("microcontroller", "phone", "cpu_only", "gpu_module"),
    ),
    "interruption_ok": (("no", "training_only", "yes"),),
    "isolation": (
        ("operator_must_not_see_data", "dedicated_hosts_or_bare_metal", "private_network",
         "shared_cloud_ok"),
    ),
    "key_custody": (("own_hsm_or_external", "customer_managed", "provider", "no_requirement"),),
    "licence_policy": (("osi_only", "no_agpl", "no_saas", "approved_vendor_list", "none"),),
    "lock_in": (("critical", "some", "not_important"),),
    "residency": (("air_gapped", "own_premises", "country_or_bloc", "no_limit"),),
}  # fmt: skip
"""Options of demands in chains: the last of each allows whatever the others of it allow."""
DEMANDS = (*MORE_IS_LOOSER, *LESS_IS_LOOSER, *STRICTEST_FIRST)
"""Questions that say what is wanted; the others say what is, and wishes do not change it."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A demand with values that ask for less, nearest first: what the last does not make
    possible, none of them does."""

    question: Question
    looser: tuple[Value, ...]

    @property
    def loosest(self) -> Value:
        """Return the value that asks for least."""
        return self.looser[-1]

    @property
    def is_number(self) -> bool:
        """Return whether values between those tried are answers, too."""
        return not self.question.options


def demands(brief: Brief, questions: Iterable[Question]) -> tuple[Demand, ...]:
    """Return the demands that somebody stated and that could ask for less."""
    stated = (Source.GIVEN, Source.FILE)
    return tuple(
        Demand(question, chain)
        for question in questions
        if question.id in DEMANDS and brief.sources.get(question.id) in stated
        for chain in map(tuple, _chains(question, brief.values[question.id]))
        if chain
    )


def _chains(question: Question, value: Value) -> Iterator[Iterator[Value]]:
    """Yield the values that ask for less, in chains."""
    if isinstance(value, int | float):
        yield _numbers(question, value)
    for chain in STRICTEST_FIRST.get(question.id, ()):
        if isinstance(value, tuple):  # another of several is no stricter, only other
            yield ((option,) for option in chain if option not in value)
        else:
            start = chain.index(str(value)) + 1 if value in chain else 0
            yield (option for option in chain[start:])


def _numbers(question: Question, value: float) -> Iterator[Value]:
    start = value or 1.0
    up = question.id in MORE_IS_LOOSER
    found = (_kept(question, start * f if up else start / f) for f in FACTORS)
    yield from (v for v in dict.fromkeys(found) if v != value)


def _kept(question: Question, value: float) -> int | float:
    """Return the number within the hard limits of its question."""
    low, high = question.hard_minimum, question.hard_maximum
    value = max(value, low) if low is not None else value
    value = min(value, high) if high is not None else value
    return round(value) if question.counts else float(f"{value:.4g}")
