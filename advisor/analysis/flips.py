"""Flip points: the nearest values of a number at which a plan turns out otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from advisor.analysis.sweep_values import Axis, between, number_axis, numbers
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import Outcome
from advisor.domain.answers import Value
from advisor.domain.questions import Question

POINTS = 5
"""Values over the range of a number between which flips are looked for."""
CLOSENESS = 0.01
"""Flip points are found to this share of their value."""

Differs = Callable[[Outcome, Outcome], tuple[str, ...]]
"""Names what differs between two outcomes."""


@dataclass(frozen=True, slots=True)
class Flip:
    """The nearest value at which the plan turns out otherwise, and what does."""

    value: Value
    decisions: tuple[str, ...]


def likely_axis(question: Question, value: float) -> Axis:
    """Return values over the prior, widened to a tenth and ten times the value at its ends."""
    prior = question.prior
    low = min(prior.get("low", value / 10), value / 2)
    high = max(prior.get("high", value * 10), value * 2, low + 1)
    if question.hard_minimum is not None:
        low = max(low, question.hard_minimum)
    if question.hard_maximum is not None:
        high = min(high, question.hard_maximum)
    return number_axis(question, low, max(high, low + 1), points=POINTS)


def around(
    ask: WhatIf, question: Question, axis: Axis, value: float, differs: Differs
) -> tuple[Flip | None, Flip | None]:
    """Return the nearest flips below and above a value, None where nothing changes."""
    tried = numbers(axis)
    below = _nearest(ask, question, [n for n in tried if n < value][::-1], value, differs)
    return below, _nearest(ask, question, [n for n in tried if n > value], value, differs)


def flip_at(ask: WhatIf, question: Question, value: Value, differs: Differs) -> Flip | None:
    """Return the flip that a value is, None where it changes nothing."""
    new = differs(ask.outcome({}), ask.outcome({question.id: value}))
    return Flip(value, new) if new else None


def _nearest(
    ask: WhatIf, question: Question, outward: Iterable[float], value: float, differs: Differs
) -> Flip | None:
    near = value
    for far in outward:
        if found := flip_at(ask, question, _typed(question, far), differs):
            return _bisected(ask, question, near, found, differs)
        near = far
    return None


def _bisected(ask: WhatIf, question: Question, near: float, flip: Flip, differs: Differs) -> Flip:
    """Return the flip that is nearest to `near`, to a hundredth of its value."""
    while True:
        far = float(flip.value) if isinstance(flip.value, int | float) else near
        low, high = min(near, far), max(near, far)
        middle = between(question, low, high, CLOSENESS * high)
        if middle is None:
            return flip
        found = flip_at(ask, question, middle, differs)
        if found is None:
            near = middle
        else:
            flip = found


def _typed(question: Question, value: float) -> int | float:
    return int(value) if question.integer or float(value).is_integer() else value
