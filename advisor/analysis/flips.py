"""Flip points: the nearest values of a number at which a plan turns out otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from advisor.analysis.sweep_values import Axis, between, number_axis, numbers
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import Outcome
from advisor.domain.answers import Value
from advisor.domain.questions import Question
from advisor.frozen import dataclass

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


@dataclass(frozen=True, slots=True)
class Search:
    """What is varied, what counts as a flip, and to which share of its value one is found."""

    ask: WhatIf
    question: Question
    differs: Differs
    closeness: float = CLOSENESS

    def around(self, axis: Axis, value: float) -> tuple[Flip | None, Flip | None]:
        """Return the nearest flips below and above a value, None where nothing changes.

        They are flips of the plan with that value stated: where it is assumed, stating it may
        change the plan, and then no value near it is to blame.
        """
        tried = numbers(axis)
        base = self.ask.outcome({self.question.id: value})
        below = self._nearest([n for n in tried if n < value][::-1], value, base)
        return below, self._nearest([n for n in tried if n > value], value, base)

    def at(self, value: Value) -> Flip | None:
        """Return the flip that a value is, None where it changes nothing."""
        return self._from(self.ask.outcome({}), value)

    def _from(self, base: Outcome, value: Value) -> Flip | None:
        new = self.differs(base, self.ask.outcome({self.question.id: value}))
        return Flip(value, new) if new else None

    def _nearest(self, outward: Iterable[float], value: float, base: Outcome) -> Flip | None:
        near = value
        for far in outward:
            if found := self._from(base, _typed(self.question, far)):
                return self._bisected(near, found, base)
            near = far
        return None

    def _bisected(self, near: float, flip: Flip, base: Outcome) -> Flip:
        """Return the flip that is nearest to `near`."""
        while True:
            far = float(flip.value) if isinstance(flip.value, int | float) else near
            low, high = min(near, far), max(near, far)
            middle = between(self.question, low, high, self.closeness * high)
            if middle is None:
                return flip
            found = self._from(base, middle)
            if found is None:
                near = middle
            else:
                flip = found


def _typed(question: Question, value: float) -> int | float:
    return int(value) if question.counts or float(value).is_integer() else value
