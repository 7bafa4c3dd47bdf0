"""Sensitivity: for each answer the nearest value that changes a choice, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from advisor.analysis.question_value import brief_of, likely_values
from advisor.analysis.sweep_values import Axis, between, number_axis, numbers
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import Outcome, differing
from advisor.domain.answers import Source, Value
from advisor.domain.questions import Question
from advisor.domain.rule import Strength
from advisor.planning.brief import Brief

POINTS = 5
"""Values over the range of a number between which flips are looked for."""
CLOSENESS = 0.01
"""Flip points are found to this share of their value."""
TO_CHECK = 3
BY_HEART = 1
"""Effort of a question that people answer by heart: such answers need no check."""


@dataclass(frozen=True, slots=True)
class Flip:
    """The nearest value at which the plan chooses otherwise, and the decisions that do."""

    value: Value
    decisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Influence:
    """What one answer does to the plan over its likely range.

    `below` and `above` are the nearest flips of a number; of options, `above` is the first that
    changes a choice. `low_usd` and `high_usd` bound the likely whole-life cost; `decisions` are
    those that change anywhere in the range.
    """

    question: Question
    value: Value
    source: Source
    below: Flip | None
    above: Flip | None
    low_usd: Decimal
    high_usd: Decimal
    decisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Every answer, the most telling first; `to_check` are worth checking before signing."""

    lifetime_usd: Decimal
    influences: tuple[Influence, ...]
    to_check: tuple[Influence, ...]


def sensitivity(ask: WhatIf) -> Sensitivity:
    """Return what each answer and assumption does to the plan, all others staying as they are."""
    base = ask.outcome({})
    should = ask.line.kit.tolerance[Strength.SHOULD]

    def score(one: Influence) -> Decimal:
        """Return the span of costs and choices in percent of the whole-life cost."""
        span = 100 * (one.high_usd - one.low_usd) / max(base.lifetime_usd, Decimal(1))
        return span + should * len(one.decisions)

    found = sorted(influences(ask), key=lambda i: (-score(i), i.question.order))
    doubtful = [i for i in found if _doubtful(i) and score(i) > 0]
    return Sensitivity(base.lifetime_usd, tuple(found), tuple(doubtful[:TO_CHECK]))


def _doubtful(one: Influence) -> bool:
    assumed = one.source in (Source.DEFAULT, Source.UNKNOWN)
    return assumed or one.question.effort > BY_HEART


def influences(ask: WhatIf) -> Iterator[Influence]:
    """Yield the influence of each answer in question order; the caller may stop any time."""
    brief, base = brief_of(ask), ask.outcome({})
    for question in ask.line.kit.questions:
        if question.id in brief.values:
            yield _influence(ask, question, brief, base)


def _influence(ask: WhatIf, question: Question, brief: Brief, base: Outcome) -> Influence:
    value = brief.values[question.id]
    below = above = None
    if question.type == "number" and isinstance(value, int | float):
        axis = _range(question, value)
        below = _nearest(ask, question, [n for n in numbers(axis) if n < value][::-1], value)
        above = _nearest(ask, question, [n for n in numbers(axis) if n > value], value)
        tried: Sequence[Value] = axis.values
    else:
        tried = [v for v, _ in likely_values(question, brief)]
        above = next((f for v in tried if (f := _flip(ask, question, v, base))), None)
    outcomes = [ask.outcome({question.id: v}) for v in tried]
    costs = [base.lifetime_usd, *(o.lifetime_usd for o in outcomes)]
    changed = dict.fromkeys(d for o in outcomes for d in differing(base, o))
    source = brief.sources[question.id]
    return Influence(question, value, source, below, above, min(costs), max(costs), tuple(changed))


def _range(question: Question, value: float) -> Axis:
    """Return values over the prior, widened to a tenth and ten times the value at its ends."""
    prior = question.prior
    low = min(prior.get("low", value / 10), value / 2)
    high = max(prior.get("high", value * 10), value * 2, low + 1)
    if question.hard_minimum is not None:
        low = max(low, question.hard_minimum)
    if question.hard_maximum is not None:
        high = min(high, question.hard_maximum)
    return number_axis(question, low, max(high, low + 1), points=POINTS)


def _flip(ask: WhatIf, question: Question, value: Value, base: Outcome) -> Flip | None:
    new = differing(base, ask.outcome({question.id: value}))
    return Flip(value, new) if new else None


def _nearest(ask: WhatIf, question: Question, outward: list[float], value: float) -> Flip | None:
    """Return the nearest flip on one side, found by bisection, None where nothing changes."""
    base = ask.outcome({})
    near = value
    for far in outward:
        if found := _flip(ask, question, _typed(question, far), base):
            return _bisected(ask, question, near, found)
        near = far
    return None


def _bisected(ask: WhatIf, question: Question, near: float, flip: Flip) -> Flip:
    """Return the flip that is nearest to `near`, to a hundredth of its value."""
    base = ask.outcome({})
    while True:
        far = float(flip.value) if isinstance(flip.value, int | float) else near
        low, high = min(near, far), max(near, far)
        middle = between(question, low, high, CLOSENESS * high)
        if middle is None:
            return flip
        found = _flip(ask, question, middle, base)
        if found is None:
            near = middle
        else:
            flip = found


def _typed(question: Question, value: float) -> int | float:
    return int(value) if question.integer or float(value).is_integer() else value
