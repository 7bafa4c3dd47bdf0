"""Answers that cannot all hold: what fails, which answers and rules clash, and the ways out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field

from advisor.analysis.clashes import OVERRULED
from advisor.analysis.question_value import brief_of
from advisor.analysis.relaxations import Relaxation, relaxations
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import usd
from advisor.domain.answers import Source
from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.domain.rule import RuleSpec
from advisor.engine.explain import why
from advisor.frozen import dataclass
from advisor.planning.answer_words import answer_words

MUST = "must"
RULES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Way:
    """Answers that, given together, end the clash; what they say and what their plan costs."""

    relaxation: Relaxation = field(hash=False)
    text: str
    cost: str


def ways_out(ask: WhatIf) -> tuple[Way, ...]:
    """Return the smallest changes of demands that make a plan possible, the cheapest first."""
    found = sorted(relaxations(ask), key=lambda r: (r.outcome.lifetime_usd, len(r.changes)))
    return tuple(_way(ask, one) for one in found)


def _way(ask: WhatIf, one: Relaxation) -> Way:
    shown = answer_words(ask.line.kit.questions, {**brief_of(ask).values, **one.changes})
    each = [f"{shown[id_].question.rstrip('?')}: {shown[id_].shown}" for id_ in one.changes]
    cost = f"{usd(one.outcome.month_usd)} a month, {usd(one.outcome.lifetime_usd)} in all"
    return Way(one, "; and ".join(each), cost)


def blamed(ask: WhatIf, ways: Iterable[Way], plan: Plan) -> tuple[str, ...]:
    """Return the answers that clash, each with the musts that read it and act on the plan.

    They are those that some way out changes, or that an overruled wish rests on.
    """
    changed = {id_ for way in ways for id_ in way.relaxation.changes}
    brief, kit = brief_of(ask), ask.line.kit
    given = {q.id for q in kit.questions if brief.sources.get(q.id) in (Source.GIVEN, Source.FILE)}
    wishes = {f.rule for f in plan.findings if f.kind == OVERRULED}
    firing = {f.rule for f in plan.trace}
    shown = answer_words(kit.questions, brief.values)
    lines = []
    for question in kit.questions:
        rules = why(question.id, kit.library.rules)
        wished = any(rule.id in wishes for rule in rules)
        if question.id in given and (question.id in changed or wished):
            acting = [r for r in rules if r.id in firing and (r.strength == MUST or r.id in wishes)]
            answer = f"{question.text} {shown[question.id].shown}"
            lines += [answer, *_rules(acting)]
    return tuple(lines)


def _rules(acting: list[RuleSpec]) -> Iterator[str]:
    for rule in acting[:RULES_SHOWN]:
        yield f"  rule {rule.id}: {rule.title}"


def wished(ask: WhatIf, plan: Plan) -> tuple[Question, ...]:
    """Return the questions whose answers are overruled."""
    rules = {f.rule for f in plan.findings if f.kind == OVERRULED}
    said = ask.answers.values
    return tuple(
        q
        for q in ask.line.kit.questions
        if q.id in said and any(r.id in rules for r in why(q.id, ask.line.kit.library.rules))
    )
