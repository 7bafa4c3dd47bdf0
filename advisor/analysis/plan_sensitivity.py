"""A plan with what each answer does to it, for reports."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.analysis.flips import Flip
from advisor.analysis.question_value import brief_of
from advisor.analysis.sensitivity import Influence, sensitivity
from advisor.analysis.whatif import WhatIf
from advisor.domain.answers import Value
from advisor.domain.plan import Plan
from advisor.domain.sensitivity import FlipPoint, Sensitivity, Swing
from advisor.frozen import replace
from advisor.planning.answer_words import answer_words


def with_sensitivity(plan: Plan, ask: WhatIf) -> Plan:
    """Return the plan with its sensitivity, which takes some hundred plans."""
    found = sensitivity(ask)
    telling = [i for i in found.influences if i.decisions or i.low_usd != i.high_usd]
    still = tuple(i.question.id for i in found.influences if i not in telling)
    swings = tuple(_swing(ask, plan, one) for one in telling)
    to_check = tuple(one.question.id for one in found.to_check)
    return replace(plan, sensitivity=Sensitivity(found.lifetime_usd, swings, still, to_check))


def _swing(ask: WhatIf, plan: Plan, one: Influence) -> Swing:
    return Swing(
        one.question.id,
        one.question.text,
        _shown(ask, one, one.value),
        one.source,
        one.low_usd,
        one.high_usd,
        tuple(_flips(ask, plan, one)),
    )


def _flips(ask: WhatIf, plan: Plan, one: Influence) -> Iterator[FlipPoint]:
    if one.below:
        yield _flip(ask, plan, one, "below", one.below)
    if one.above:
        side = "above" if one.question.type == "number" else "other"
        yield _flip(ask, plan, one, side, one.above)


def _flip(ask: WhatIf, plan: Plan, one: Influence, side: str, flip: Flip) -> FlipPoint:
    names = tuple(plan.decisions[id_].name for id_ in flip.decisions)
    return FlipPoint(side, _shown(ask, one, flip.value), names)


def _shown(ask: WhatIf, one: Influence, value: Value) -> str:
    values = {**brief_of(ask).values, one.question.id: value}
    return answer_words(ask.line.kit.questions, values)[one.question.id].shown
