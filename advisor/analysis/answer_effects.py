"""What the answer to a question would change, before it is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from advisor.analysis.flips import Search, likely_axis
from advisor.analysis.question_value import brief_of, likely_values
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import NO_DEVICE, Outcome, differing, usd
from advisor.domain.answers import Value
from advisor.domain.questions import Question
from advisor.planning.answer_words import answer_words
from advisor.planning.words import counted

NOTHING = "no likely answer changes what is recommended now"
UNTRIED = ("ranking", "pair")
NAMED = 2
"""Changed choices up to which they are named."""


@dataclass(frozen=True, slots=True)
class Effect:
    """An answer and the plan that it leads to; `side` says where a flip of a number lies."""

    value: Value
    outcome: Outcome
    changes: tuple[str, ...]
    side: str = ""


def effects(ask: WhatIf, question: Question) -> tuple[Effect, ...]:
    """Return each option, or the nearest values of a number on both sides that change something.

    What counts is held against the plan as it stands, with what is assumed now.
    """
    if question.type in UNTRIED:
        return ()
    value = brief_of(ask).values.get(question.id)
    if question.options:
        single = question.type == "single"
        each: list[Value] = [o.id if single else (o.id,) for o in question.options]
        return tuple(_effect(ask, question, v) for v in each)
    if question.type == "number" and isinstance(value, int | float):
        flips = Search(ask, question, turned).around(likely_axis(question, value), value)
        return tuple(
            _effect(ask, question, flip.value, side)
            for flip, side in zip(flips, ("down", "up"), strict=True)
            if flip
        )
    return tuple(_effect(ask, question, v) for v, _ in likely_values(question, brief_of(ask)))


def turned(one: Outcome, other: Outcome) -> tuple[str, ...]:
    """Return the decisions and the uses of hardware that differ."""
    uses = dict.fromkeys([*one.devices, *other.devices])
    resized = [use for use in uses if one.devices.get(use) != other.devices.get(use)]
    blocked = ["feasible"] if one.feasible != other.feasible else []
    return (*blocked, *differing(one, other), *resized)


def _effect(ask: WhatIf, question: Question, value: Value, side: str = "") -> Effect:
    outcome = ask.outcome({question.id: value})
    return Effect(value, outcome, turned(ask.outcome({}), outcome), side)


def effect_lines(ask: WhatIf, question: Question) -> tuple[str, ...]:
    """Return what each answer would change, in words; one line where nothing would.

    Empty where nothing can be tried: a ranking, a pair.
    """
    if question.type in UNTRIED:
        return ()
    found = effects(ask, question)
    if not any(effect.changes for effect in found):
        return (NOTHING,)
    return tuple(_lines(ask, question, found))


def _lines(ask: WhatIf, question: Question, found: tuple[Effect, ...]) -> Iterator[str]:
    for effect in found:
        if effect.changes:
            told = changes_told(ask, effect.outcome, effect.changes)
            yield f"{_answer(ask, question, effect)}: {', '.join(told)}"
    same = sum(not effect.changes for effect in found)
    if same:
        yield f"{counted(same, 'other answer')}: no change"


def _answer(ask: WhatIf, question: Question, effect: Effect) -> str:
    values = {**brief_of(ask).values, question.id: effect.value}
    shown = answer_words(ask.line.kit.questions, values)[question.id].shown
    return f"{shown} and {effect.side}" if effect.side else shown


def changes_told(ask: WhatIf, then: Outcome, changes: tuple[str, ...]) -> Iterator[str]:
    """Yield what becomes otherwise: feasibility, machines, cost, choices by name or number."""
    now = ask.outcome({})
    if not then.feasible:
        yield "no plan meets every must"
        return
    if not now.feasible:
        yield "every must is met"
    for use in dict.fromkeys([*now.devices, *then.devices]):
        if use in changes:
            gone = then.machines(use) in NO_DEVICE
            yield f"{use} without a machine of its own" if gone else f"{use} {then.machines(use)}"
    for words, before, after in (
        ("a month", now.month_usd, then.month_usd),
        ("once", now.one_off_usd, then.one_off_usd),
    ):
        if difference := round(after) - round(before):
            sign = "+" if difference > 0 else "-"
            yield f"{usd(after)} {words} ({sign}{usd(Decimal(abs(difference)))})"
    choices = [c for c in changes if c in then.names]
    if len(choices) > NAMED:
        first = ask.line.kit.decisions[choices[0]].name
        yield f"{counted(len(choices), 'choice')} change, {first} to {then.names[choices[0]]}"
    else:
        yield from (f"{ask.line.kit.decisions[d].name}: {then.names[d]}" for d in choices)
