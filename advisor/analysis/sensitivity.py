"""Sensitivity: for each answer the nearest value that changes a choice, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from advisor.analysis.flips import Flip, Search, likely_axis
from advisor.analysis.question_value import brief_of, likely_values
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import Outcome, differing
from advisor.domain.answers import Source, Value
from advisor.domain.questions import Question
from advisor.domain.rule import Strength
from advisor.frozen import dataclass
from advisor.planning.brief import Brief

TO_CHECK = 3
BY_HEART = 1
"""Effort of a question that people answer by heart: such answers need no check."""


@dataclass(frozen=True, slots=True)
class Influence:
    """What one answer does to the plan over its likely range.

    `below` and `above` are the nearest flips of a number; of options, `above` is the first that
    changes a choice. `low_usd` and `high_usd` bound the likely whole-life cost of plans that meet
    every must, where the plan itself does; `decisions` are those that change anywhere in the range.
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
    return summed_up(ask, influences(ask))


def summed_up(ask: WhatIf, each: Iterable[Influence]) -> Sensitivity:
    """Return influences in order, with those worth checking."""
    base = ask.outcome({})
    should = ask.line.kit.tolerance[Strength.SHOULD]

    def score(one: Influence) -> Decimal:
        """Return the span of costs and choices in percent of the whole-life cost."""
        span = 100 * (one.high_usd - one.low_usd) / max(base.lifetime_usd, Decimal(1))
        return span + should * len(one.decisions)

    found = sorted(each, key=lambda i: (-score(i), i.question.order))
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
            yield influence(ask, question, brief, base)


def _taken(outcome: Outcome, question: Question, value: Value) -> bool:
    """Return whether an answer that is a wish is granted: one that a must overrules is nothing
    that this problem could use."""
    chosen = outcome.choices.get(question.id)
    return chosen is None or value in chosen


def influence(ask: WhatIf, question: Question, brief: Brief, base: Outcome) -> Influence:
    """Return what one answer does to the plan over its likely range."""
    value = brief.values[question.id]
    below = above = None
    search = Search(ask, question, differing)
    if question.type == "number" and isinstance(value, int | float):
        axis = likely_axis(question, value)
        below, above = search.around(axis, value)
        tried: Sequence[Value] = axis.values
    else:
        likely = (v for v, _ in likely_values(question, brief))
        tried = [v for v in likely if _taken(ask.outcome({question.id: v}), question, v)]
        above = next((flip for v in tried if (flip := search.at(v))), None)
    outcomes = [ask.outcome({question.id: v}) for v in tried]
    counted = [o.lifetime_usd for o in outcomes if o.feasible or not base.feasible]
    costs = [base.lifetime_usd, *counted]
    changed = dict.fromkeys(d for o in outcomes for d in differing(base, o))
    source = brief.sources[question.id]
    return Influence(question, value, source, below, above, min(costs), max(costs), tuple(changed))
