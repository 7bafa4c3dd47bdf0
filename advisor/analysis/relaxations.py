"""Minimal relaxations: the smallest sets of demands whose change makes a plan feasible."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, product
from math import ceil

from advisor.analysis.demands import Demand, demands
from advisor.analysis.question_value import brief_of
from advisor.analysis.sweep_values import between
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import Outcome, differing, usd
from advisor.domain.answers import Value
from advisor.domain.plan import Plan
from advisor.frozen import dataclass, replace
from advisor.planning.answer_words import answer_words
from advisor.planning.limits import BUDGET

CLOSENESS = 0.01
"""A relaxed number is found to this share of its value."""
MOST_PAIRS = 400
"""Pairs that are tried at most where no single change helps."""
SHOWN = 5
WORTH_A_SECOND = 0.95
"""Share of the money alone below which a second demand that gives way is worth naming."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Answers that, changed together, make a plan feasible, and what that plan is."""

    changes: Mapping[str, Value]
    outcome: Outcome


def relaxations(ask: WhatIf) -> tuple[Relaxation, ...]:
    """Return the smallest sets of changed demands that give a feasible plan, cheapest first.

    Sets of two come where no single change helps, and where a clearly smaller budget is enough
    once another demand gives way. Empty where the plan is feasible as it is, or where no one or two
    demands are to blame.
    """
    if ask.outcome({}).feasible:
        return ()
    wanted = demands(brief_of(ask), ask.line.kit.questions)
    money = _enough_money(ask, {}) if any(d.question.id == BUDGET for d in wanted) else None
    others = [d for d in wanted if d.question.id != BUDGET or money is None]
    each = [_eased(ask, demand, money) for demand in others]
    found = [one for one in (money, *each) if one]
    alone = [one.outcome.lifetime_usd for one in found if len(one.changes) == 1]
    found = [
        one
        for one in found
        if len(one.changes) == 1 or not alone or one.outcome.lifetime_usd < min(alone)
    ] or list(_pairs(ask, wanted))
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


def _order(one: Relaxation) -> tuple[int, Decimal]:
    return len(one.changes), one.outcome.lifetime_usd


def _eased(ask: WhatIf, demand: Demand, money: Relaxation | None) -> Relaxation | None:
    """Return the best change of a demand: one that helps alone, else one that helps with clearly
    less money than `money` asks for. What its loosest value does not do, no other does."""
    id_ = demand.question.id
    if ask.outcome({id_: demand.loosest}).feasible and demand.is_number:
        helps = next(v for v in demand.looser if ask.outcome({id_: v}).feasible)
        return _smallest(ask, demand, helps)
    best: Relaxation | None = None
    for value in _loosest_first(ask, demand, money):
        outcome = ask.outcome({id_: value})
        if _overruled(outcome, id_, value):
            continue
        if outcome.feasible:
            found: Relaxation | None = Relaxation({id_: value}, outcome)
        else:
            found = _enough_money(ask, {id_: value}, money) if id_ != BUDGET else None
        if found is None or (best and _order(best) < _order(found)):
            break  # what asks for more costs no less
        best = found
    return best


def _overruled(outcome: Outcome, demand: str, value: Value) -> bool:
    """Return whether a demand is a decision that came out otherwise than was asked."""
    return demand in outcome.choices and value not in outcome.choices[demand]


def _loosest_first(ask: WhatIf, demand: Demand, money: Relaxation | None) -> Iterator[Value]:
    """Yield the values that may help, the loosest first; of numbers the nearest alone where it
    gives what the loosest does, as then all between them do."""
    nearest, loosest = ({demand.question.id: v} for v in (demand.looser[0], demand.loosest))
    far = ask.outcome(loosest)
    if not far.feasible and _budget(ask, loosest, money) is None:
        return
    if demand.is_number:
        near = ask.outcome(nearest)
        if (near.failures, near.lifetime_usd) == (far.failures, far.lifetime_usd):
            yield demand.looser[0]
            return
    yield from reversed(demand.looser)


def _budget(ask: WhatIf, changes: Mapping[str, Value], below: Relaxation | None) -> float | None:
    """Return the budget that the plan of the changes needs; None where that is not all it lacks,
    or not clearly less than what `below` asks for."""
    short = ask.outcome(changes)
    if set(short.failures) != {BUDGET}:
        return None
    budget = float(ceil(brief_of(ask).number(BUDGET) * short.budget_used))
    return None if below and budget > _paid(below) * WORTH_A_SECOND else budget


def _enough_money(
    ask: WhatIf, changes: Mapping[str, Value], below: Relaxation | None = None
) -> Relaxation | None:
    """Return the changes with the budget that their plan needs; None where that is not enough,
    or not clearly less than what `below` asks for."""
    budget = _budget(ask, changes, below)
    if budget is None:
        return None
    paid = {**changes, BUDGET: budget}
    outcome = ask.outcome(paid)
    return Relaxation(paid, outcome) if outcome.feasible else None


def _smallest(ask: WhatIf, demand: Demand, helps: Value) -> Relaxation:
    """Return the change of a number nearest to what was asked that still helps."""
    id_ = demand.question.id
    near = brief_of(ask).number(id_)
    far = float(helps) if isinstance(helps, int | float) else near
    while True:
        low, high = min(near, far), max(near, far)
        middle = between(demand.question, low, high, CLOSENESS * high)
        if middle is None:
            return Relaxation({id_: far}, ask.outcome({id_: far}))
        if ask.outcome({id_: middle}).feasible:
            far = middle
        else:
            near = middle


def _pairs(ask: WhatIf, wanted: Sequence[Demand]) -> Iterator[Relaxation]:
    """Yield pairs of changes that help together, of those that change anything on their own."""
    tried = 0
    for one, two in combinations([d for d in wanted if _tells(ask, d)], 2):
        ids = one.question.id, two.question.id
        if ids[0] == ids[1] or not _together(ask, ids, (one.loosest, two.loosest)):
            continue
        for values in product(one.looser, two.looser):
            tried += 1
            if tried > MOST_PAIRS:
                return
            if found := _together(ask, ids, values):
                yield found
                break


def _together(ask: WhatIf, ids: tuple[str, str], values: tuple[Value, Value]) -> Relaxation | None:
    changes = dict(zip(ids, values, strict=True))
    outcome = ask.outcome(changes)
    return Relaxation(changes, outcome) if outcome.feasible else None


def _tells(ask: WhatIf, demand: Demand) -> bool:
    base, other = ask.outcome({}), ask.outcome({demand.question.id: demand.loosest})
    return bool(differing(base, other)) or other.lifetime_usd != base.lifetime_usd
