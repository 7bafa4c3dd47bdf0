"""Value of information: which open question could still change the plan, for how little effort.

For each answer that a question's prior makes likely, the plan is made anew. What is at stake is the
share of the whole-life cost that moves once a choice or a size does, an upper bound of the regret
of having assumed wrongly, and for each choice that changes the percentage that the policy lets a
`should` weigh. The expectation over the prior, divided by the effort, orders the questions.

To be quick also where nearly everything is open, the most promising questions are first asked by
their most telling answer, with sizes looked for among the accelerators near the plan; the best are
then asked by all their likely answers. The count of plans bounds the work, never the clock. That
nothing more is worth asking is only said where every likely answer was tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from advisor.analysis.question_promise import Promise
from advisor.analysis.question_worth import QuestionValue
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import Outcome, differing
from advisor.domain.answers import Source, Value
from advisor.domain.questions import Question
from advisor.domain.rule import Fact, Strength
from advisor.planning.brief import Brief, interpret
from advisor.planning.kit import Kit

NEAREST = 1
"""Accelerators of each use, the cheapest first, among which sizes are looked for."""
ASKED = 8
"""Questions, the most promising first, that are asked by their most telling answer."""
MOST_PLANS = 12
"""Plans until the best are asked by all their likely answers. Over twelve briefs the question that
comes first is worth as much as with twice these plans (0.97 of the best of a ranking without
bounds, on the mean), and the first three nearly (0.79, for 0.83)."""
MOST_OPTIONS = 3
"""Other options that are tried of one question, the likeliest first."""
SMALLEST = 1e-3
"""What zero counts as where numbers are compared by their factor."""
SWANSON = {"low": 0.3, "likely": 0.4, "high": 0.3}
"""Weights of 10th, 50th and 90th percentile (Swanson's rule; Hurst, Brown and Swanson 2000)."""


def open_questions(kit: Kit, ask: WhatIf) -> tuple[Question, ...]:
    """Return the questions that apply and that nobody answered, in their order."""
    brief = brief_of(ask)
    assumed = (Source.DEFAULT, Source.UNKNOWN)
    return tuple(
        q
        for q in kit.questions
        if q.id not in ask.answers.values
        and q.applies(brief.values)
        and brief.sources.get(q.id, Source.DEFAULT) in assumed
    )


def brief_of(ask: WhatIf) -> Brief:
    """Return the answers with everything that is assumed."""
    kit = ask.line.kit
    return interpret(ask.answers, kit.questions, kit.shapes.get(ask.answers.model))


def rank_each(ask: WhatIf, questions: Iterable[Question]) -> Iterator[QuestionValue]:
    """Yield the value of each question, the most promising first; the caller may stop any time.

    Questions that are asked by all their likely answers come a second time: that value holds.
    """
    near = ask.near(NEAREST)
    promise = near.promise()
    found: dict[str, QuestionValue] = {}
    plans = 0
    for question, likely, hope in _promising(near, promise, questions):
        tried = likely if hope and plans < ASKED else ()
        plans += len(tried)
        found[question.id] = _value(near, question, tried, hope, sure=not hope)
        yield found[question.id]
    while open_ := [value for value in found.values() if not value.sure]:
        best = min(open_, key=_order)
        likely = likely_values(best.question, promise.brief)
        plans += len(likely)
        if plans > MOST_PLANS and any(value.worth for value in found.values()):
            return
        found[best.question.id] = _value(near, best.question, likely, best.promise, sure=True)
        yield found[best.question.id]


Telling = tuple[tuple[Value, float], ...]
"""Likely answers with their weights."""


def _promising(
    ask: WhatIf, promise: Promise, questions: Iterable[Question]
) -> list[tuple[Question, Telling, float]]:
    """Return the questions with their most telling answer and what that could touch for a unit
    of effort, the most first."""
    resting = ask.line.kit.program.resting
    found = []
    for question in questions:
        likely = _telling(question, promise.brief, lambda fact: resting(fact).bit_count())
        hope = sum(weight * promise.of({question.id: value}) for value, weight in likely)
        found.append((question, likely, hope / question.effort))
    return sorted(found, key=lambda each: (-each[2], each[0].order))


def ranked_questions(ask: WhatIf, questions: Iterable[Question]) -> tuple[QuestionValue, ...]:
    """Return the questions by what they are worth, the best first, ties in their order."""
    found = {value.question.id: value for value in rank_each(ask, questions)}
    return tuple(sorted(found.values(), key=_order))


def _order(value: QuestionValue) -> tuple[float, bool, float, int]:
    return -value.worth, value.sure, -value.promise, value.question.order


def likely_values(question: Question, brief: Brief) -> tuple[tuple[Value, float], ...]:
    """Return what the answer may be besides what is assumed, with weights that sum to at most 1.

    Numbers take their prior's low, likely and high; without a prior half and double of what is
    assumed. Options weigh as in the prior, alike without one.
    """
    assumed = brief.values.get(question.id)
    if question.options:
        return _options(question, assumed)
    if prior := question.prior_of(brief.values):
        weighed = {_number(question, prior[k]): w for k, w in SWANSON.items()}
        return tuple((value, weight) for value, weight in weighed.items() if value != assumed)
    ends = (SWANSON["low"], SWANSON["high"])
    return tuple(zip(_around(assumed), ends, strict=False))


def _options(question: Question, assumed: Value | None) -> tuple[tuple[Value, float], ...]:
    weights: Mapping[str, float] = question.prior or {o.id: 1.0 for o in question.options}
    total = sum(weights.values())
    single = question.type == "single"
    values: list[tuple[Value, float]] = [
        (o.id if single else (o.id,), weights.get(o.id, 0.0) / total) for o in question.options
    ]
    others = [(v, w) for v, w in values if w and v not in (assumed, (assumed,))]
    return tuple(sorted(others, key=lambda pair: -pair[1])[:MOST_OPTIONS])


def _telling(
    question: Question, brief: Brief, reach: Callable[[Fact], int]
) -> tuple[tuple[Value, float], ...]:
    """Return the one likely answer that tells most: of options the one that most rules rest on,
    by weight; of numbers the farthest from what is assumed, weighed for all."""
    likely = likely_values(question, brief)
    assumed = brief.values.get(question.id)
    if not likely:
        return ()
    if question.options:
        return (max(likely, key=lambda pair: pair[1] * (1 + _reached(question, pair[0], reach))),)
    value = max((value for value, _ in likely), key=_far(assumed))
    return ((value, sum(weight for _, weight in likely)),)


def _reached(question: Question, value: Value, reach: Callable[[Fact], int]) -> int:
    many = value if isinstance(value, tuple) else (value,)
    return sum(reach(Fact.of("answer", question=question.id, value=one)) for one in many)


def _far(assumed: Value | None) -> Callable[[Value], float]:
    """Return how many times a number, or the first of a pair, is what is assumed or the reverse."""

    def factor(value: Value) -> float:
        one, other = (max(_first(v), SMALLEST) for v in (value, assumed))
        return max(one / other, other / one)

    return factor


def _first(value: Value | None) -> float:
    number = value[0] if isinstance(value, tuple) and value else value
    return float(number) if isinstance(number, int | float) else 0.0


def _around(assumed: Value | None) -> tuple[Value, ...]:
    many = assumed if isinstance(assumed, tuple) else (assumed,)
    numbers = [v for v in many if isinstance(v, int | float)]
    if not numbers:
        return ()
    halves, doubles = (tuple(max(1, round(v * f)) for v in numbers) for f in (0.5, 2))
    return (halves, doubles) if isinstance(assumed, tuple) else (halves[0], doubles[0])


def _number(question: Question, value: float) -> int | float:
    return round(value) if question.counts else value


def _value(
    ask: WhatIf, question: Question, likely: Telling, promise: float, *, sure: bool
) -> QuestionValue:
    should, base = float(ask.line.kit.tolerance[Strength.SHOULD]), ask.outcome({})
    worth, most = 0.0, 0.0
    decisions: dict[str, None] = {}
    for value, weight in likely:
        other = ask.outcome({question.id: value})
        new = differing(base, other)
        moved = moved_pct(base, other) if new or base.devices != other.devices else 0.0
        worth += weight * (moved + should * len(new))
        most = max(most, moved)
        decisions.update(dict.fromkeys(new))
    worth /= question.effort
    return QuestionValue(question, worth, tuple(decisions), most, promise, sure)


def moved_pct(base: Outcome, other: Outcome) -> float:
    """Return by how many percent of the larger the likely whole-life costs differ."""
    larger = max(base.lifetime_usd, other.lifetime_usd)
    return float(100 * abs(base.lifetime_usd - other.lifetime_usd) / larger) if larger else 0.0
