"""Minimal relaxations: the smallest sets of demands whose change makes a plan feasible."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product
from math import ceil

from advisor.analysis.question_value import brief_of
from advisor.analysis.sweep_values import between
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import Outcome, differing, usd
from advisor.domain.answers import Source, Value
from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.planning.answer_words import answer_words
from advisor.planning.limits import BUDGET

DEMANDS = (
    "adaptation", "availability_slo", "budget_monthly", "capex_ok", "cloud_policy",
    "deadline_weeks", "edge_constraints", "interruption_ok", "isolation", "key_custody",
    "latency_p99_ms", "licence_policy", "lock_in", "model_params_b", "platform_staff",
    "regions_served", "residency", "train_hours_target",
)  # fmt: skip
"""Questions that say what is wanted; the others say what is, and wishes do not change it."""
LOOSEST_FIRST = {
    "availability_slo": ("best_effort", "99", "99.9", "99.99"),
    "capex_ok": ("yes_large", "yes_small", "no"),
    "interruption_ok": ("yes", "training_only", "no"),
    "isolation": (
        "shared_cloud_ok", "private_network", "dedicated_hosts_or_bare_metal",
        "operator_must_not_see_data",
    ),
    "key_custody": ("no_requirement", "provider", "customer_managed", "own_hsm_or_external"),
    "lock_in": ("not_important", "some", "critical"),
    "residency": ("no_limit", "country_or_bloc", "own_premises", "air_gapped"),
}  # fmt: skip
"""Answers of demands that can be told apart by how much they ask for: who asks for more gets no
way out."""
LESS = ("model_params_b", "regions_served")
"""Numbers that ask for less as they fall; the others do as they rise."""
FACTORS = (1.5, 2.0, 4.0, 10.0, 100.0)
"""By how much a number is relaxed before the exact value is sought."""
CLOSENESS = 0.01
"""A relaxed number is found to this share of its value."""
MOST_PAIRS = 400
"""Pairs that are tried at most where no single change helps."""
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Answers that, changed together, make a plan feasible, and what that plan is."""

    changes: Mapping[str, Value]
    outcome: Outcome


def relaxations(ask: WhatIf) -> tuple[Relaxation, ...]:
    """Return the smallest sets of changed demands that give a feasible plan, cheapest first.

    Sets of two come where no single change helps, and where a smaller budget is enough once
    another demand gives way. Empty where the plan is feasible as it is, or where no one or two
    demands are to blame.
    """
    if ask.outcome({}).feasible:
        return ()
    questions = _demands(ask)
    with_money = list(_with_money(ask, questions))  # first: each change beside the same with money
    found = [r for question in questions if (r := _alone(ask, question))]
    cheapest = min((r.outcome.lifetime_usd for r in found), default=None)
    alone = next((_paid(r) for r in found if BUDGET in r.changes), None)
    found += [
        r
        for r in with_money
        if (cheapest is None or r.outcome.lifetime_usd < cheapest)
        and (alone is None or _paid(r) < alone)
    ]
    if not found:
        found = list(_pairs(ask, questions))
    first = {_plan_of(one): one for one in sorted(found, key=_order, reverse=True)}
    return tuple(sorted(first.values(), key=_order)[:SHOWN])


def _paid(one: Relaxation) -> float:
    """Return the budget that the changes ask for."""
    value = one.changes[BUDGET]
    return float(value) if isinstance(value, int | float) else 0.0


def _plan_of(one: Relaxation) -> Hashable:
    """Return what tells plans apart: of two ways to the same machines and costs one is enough."""
    plan = one.outcome
    return plan.month_usd, plan.lifetime_usd, *sorted(plan.devices.items())


HEADING = "A plan that meets every must is possible with:"


def relaxation_lines(ask: WhatIf) -> tuple[str, ...]:
    """Return the relaxations in words with what their plans cost; empty where there are none."""
    found = ways_out(ask)
    return (HEADING, *(f"  {way}" for way in found)) if found else ()


def with_ways_out(plan: Plan, ask: WhatIf) -> Plan:
    """Return the plan with what would have to give way where it is not feasible."""
    return plan if plan.feasible else replace(plan, ways_out=ways_out(ask))


def ways_out(ask: WhatIf) -> tuple[str, ...]:
    """Return each relaxation in words: the changed answers, and what their plan costs."""
    return tuple(
        f"{'; and '.join(_words(ask, one))} "
        f"(own people included {usd(one.outcome.month_usd)} a month, "
        f"{usd(one.outcome.lifetime_usd)} in all)"
        for one in relaxations(ask)
    )


def _words(ask: WhatIf, one: Relaxation) -> tuple[str, ...]:
    """Return each change in words: the question and its new answer."""
    values = {**brief_of(ask).values, **one.changes}
    shown = answer_words(ask.line.kit.questions, values)
    return tuple(f"{shown[id_].question} {shown[id_].shown}" for id_ in one.changes)


def _order(one: Relaxation) -> tuple[int, Decimal, str]:
    return len(one.changes), *_cost(one)


def _cost(one: Relaxation) -> tuple[Decimal, str]:
    return one.outcome.lifetime_usd, str(sorted(one.changes.items()))


def _demands(ask: WhatIf) -> list[Question]:
    """Return the demands that somebody stated."""
    brief = brief_of(ask)
    given = (Source.GIVEN, Source.FILE)
    return [
        q for q in ask.line.kit.questions if q.id in DEMANDS and brief.sources.get(q.id) in given
    ]


def _others(ask: WhatIf, question: Question) -> list[Value]:
    """Return answers that ask for less than a demand, where that is known: options, or the number
    by factors, nearest first."""
    value = brief_of(ask).values[question.id]
    if question.id in LOOSEST_FIRST:
        known = LOOSEST_FIRST[question.id]
        return list(known[: known.index(str(value))])
    if question.options:
        single = question.type == "single"
        each: list[Value] = [o.id if single else (o.id,) for o in question.options]
        return [v for v in each if v != value]
    if not isinstance(value, int | float):
        return []
    start = value or 1.0
    factors = [1 / f if question.id in LESS else f for f in FACTORS]
    return list(dict.fromkeys(_kept(question, start * f) for f in factors))


def _kept(question: Question, value: float) -> int | float:
    """Return the number within the hard limits of its question."""
    low, high = question.hard_minimum, question.hard_maximum
    value = max(value, low) if low is not None else value
    value = min(value, high) if high is not None else value
    return round(value) if question.counts else float(f"{value:.4g}")


def _alone(ask: WhatIf, question: Question) -> Relaxation | None:
    """Return the cheapest change of one demand that helps, of a number the smallest."""
    if question.id == BUDGET:
        return _enough_money(ask, {})
    found = [
        Relaxation({question.id: value}, outcome)
        for value in _others(ask, question)
        if (outcome := ask.outcome({question.id: value})).feasible
    ]
    if not found:
        return None
    if question.options:
        return min(found, key=_cost)
    return _smallest(ask, question, found[0].changes[question.id])


def _with_money(ask: WhatIf, questions: list[Question]) -> Iterator[Relaxation]:
    """Yield changes of another demand together with the budget that is enough then."""
    if not any(q.id == BUDGET for q in questions):
        return
    for question in questions:
        tried = _others(ask, question) if question.id != BUDGET else []
        found = [r for value in tried if (r := _enough_money(ask, {question.id: value}))]
        if found:
            yield min(found, key=_cost)


def _enough_money(ask: WhatIf, changes: Mapping[str, Value]) -> Relaxation | None:
    """Return the changes with the budget that their plan needs, None where that is not enough."""
    short = ask.outcome(changes)
    if set(short.failures) != {BUDGET}:
        return None
    needed = brief_of(ask).number(BUDGET) * short.budget_used
    paid = {**changes, BUDGET: float(ceil(needed))}
    outcome = ask.outcome(paid)
    return Relaxation(paid, outcome) if outcome.feasible else None


def _smallest(ask: WhatIf, question: Question, helps: Value) -> Relaxation:
    """Return the change of a number nearest to what was asked that still helps."""
    near = brief_of(ask).number(question.id)
    far = float(helps) if isinstance(helps, int | float) else near
    while True:
        low, high = min(near, far), max(near, far)
        middle = between(question, low, high, CLOSENESS * high)
        if middle is None:
            return Relaxation({question.id: far}, ask.outcome({question.id: far}))
        if ask.outcome({question.id: middle}).feasible:
            far = middle
        else:
            near = middle


def _pairs(ask: WhatIf, questions: list[Question]) -> Iterator[Relaxation]:
    """Yield pairs of changes that help together, of those that change anything on their own."""
    base = ask.outcome({})
    telling = {q.id: [v for v in _others(ask, q) if _tells(ask, q, v, base)] for q in questions}
    tried = 0
    for one, two in combinations([q.id for q in questions], 2):
        for first, second in product(telling[one], telling[two]):
            tried += 1
            if tried > MOST_PAIRS:
                return
            changes = {one: first, two: second}
            outcome = ask.outcome(changes)
            if outcome.feasible:
                yield Relaxation(changes, outcome)
                break


def _tells(ask: WhatIf, question: Question, value: Value, base: Outcome) -> bool:
    other = ask.outcome({question.id: value})
    return bool(differing(base, other)) or other.lifetime_usd != base.lifetime_usd
