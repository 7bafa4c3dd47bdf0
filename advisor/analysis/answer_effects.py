"""What the answer to a question would change, before it is given."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from advisor.analysis.flips import Search, likely_axis
from advisor.analysis.question_value import brief_of, likely_values
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import NO_DEVICE, Outcome, differing, usd
from advisor.domain.answers import Value
from advisor.domain.questions import Question
from advisor.frozen import dataclass
from advisor.planning.answer_words import answer_words
from advisor.planning.words import counted

NOTHING = "no likely answer changes what is recommended now"
UNTRIED = ("ranking", "pair")
NAMED = 2
"""Changed choices up to which they are named."""
SAME_COST = Decimal("0.05")
"""Share of a cost by which it may differ and still be called the same."""
ALIKE = "no choice changes, and no cost by more than 5 %"


@dataclass(frozen=True, slots=True)
class Effect:
    """An answer and the plan that it leads to; `side` says where a flip of a number lies."""

    value: Value
    outcome: Outcome
    changes: tuple[str, ...]
    side: str = ""


def effects(ask: WhatIf, question: Question) -> tuple[Effect, ...]:
    """Return each option, or the nearest values of a number on both sides that change something.

    Where nothing changes on a side, its end of the likely range is returned, for the cost there.
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
        return tuple(_numbers(ask, question, value))
    return tuple(_effect(ask, question, v) for v, _ in likely_values(question, brief_of(ask)))


def _numbers(ask: WhatIf, question: Question, value: float) -> Iterator[Effect]:
    axis = likely_axis(question, value)
    ends = axis.values[0], axis.values[-1]
    flips = Search(ask, question, turned).around(axis, value)
    for flip, end, side in zip(flips, ends, ("down", "up"), strict=True):
        if flip:
            yield _effect(ask, question, flip.value, side)
        elif end != value:
            yield _effect(ask, question, end)


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
    """Return what each answer would change or cost, in words; one line where nothing would.

    Empty where nothing can be tried: a ranking, a pair.
    """
    if question.type in UNTRIED:
        return ()
    found = effects(ask, question)
    told = tuple(effect for effect in found if effect.changes or _costs(ask, effect))
    rest = tuple(effect for effect in found if effect not in told)
    alike = NOTHING if all(_is_now(ask, effect) for effect in rest) else ALIKE
    if not told:
        return (alike,)
    lines = tuple(_line(ask, question, effect) for effect in told)
    if not rest or question.type == "number":
        return lines
    same = "no change" if alike == NOTHING else ALIKE
    return (*lines, f"{counted(len(rest), 'other answer')}: {same}")


def _line(ask: WhatIf, question: Question, effect: Effect) -> str:
    told = changes_told(ask, effect.outcome, effect.changes)
    same = () if effect.changes else ("the same choices",)
    return f"{_answer(ask, question, effect)}: {', '.join((*same, *told))}"


def _costs(ask: WhatIf, effect: Effect) -> bool:
    """Return whether an answer moves a cost so far that it is to be said."""
    return any(abs(then - now) > SAME_COST * now for now, then in _costs_of(ask, effect))


def _is_now(ask: WhatIf, effect: Effect) -> bool:
    return all(round(now) == round(then) for now, then in _costs_of(ask, effect))


def _costs_of(ask: WhatIf, effect: Effect) -> tuple[tuple[Decimal, Decimal], ...]:
    now, then = ask.outcome({}), effect.outcome
    return (now.month_usd, then.month_usd), (now.one_off_usd, then.one_off_usd)


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
