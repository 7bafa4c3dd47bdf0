"""What it costs, short: the bill of a month now, and one total for the whole life."""

from __future__ import annotations

from decimal import Decimal

from advisor.domain.lifetime import Component, Lifetime
from advisor.domain.plan import NOTHING, Cost, CostItem, Money, Plan
from advisor.report.cost_table import NOTHING_TO_PAY, lifetime_of
from advisor.report.model import Block, Paragraph, Strong, Table, Words
from advisor.report.text import counted, listed, phrase, usd, usd_range

WORTH_SAYING = Decimal("0.01")
"""Share of the cost from which old prices are named on page one."""
PARTS = {"training": ("first_training", "retraining", "tuning")}
"""Components of a life that one line of the bill holds; other lines are components themselves."""
NAMED = 3
"""Components beside the bill that are named, the dearest first."""


def price_summary(plan: Plan) -> tuple[Block, ...]:
    """Return the lines of the bill and what stands beside it, with date and what is left out.

    Amounts over the life hold growth and the people who build and keep the model, where the plan
    was laid out over its months, so that one total stands on the page."""
    cost, life = plan.cost, _life(plan)
    date = f"Prices as of {cost.price_date} or later, in US dollars. " if cost.price_date else ""
    excluded = life.excluded if life else cost.excluded
    left_out = Paragraph(
        (f"{date}{_overdue(cost)}", Strong("Left out: "), f"{listed(map(phrase, excluded))}.")
    )
    if not cost.items:
        return NOTHING_TO_PAY, left_out
    head = ("Item", "Likely a month now (low to high)", "Once", span_of(plan).capitalize())
    rows: list[tuple[Words, ...]] = [
        (i.name, usd_range(i.month), usd(i.one_off.likely), usd_range(_life_of(life, plan, i)))
        for i in cost.items
    ]
    beside = _beside(life, plan) if life else []
    if beside:
        total = sum((c.total for c in beside), NOTHING)
        rows.append((_names(beside), "", "", usd_range(total)))
    totals = (usd_range(cost.month), usd(cost.one_off.likely), usd_range(whole_life(plan)))
    rows.append(("Total", *totals))
    return Table(head, tuple(rows), frozenset({1, 2, 3}), total=True), left_out


def _overdue(cost: Cost) -> str:
    """Return the share of the cost that rests on prices older than they are trusted, in words."""
    priced = (i for i in cost.items if i.id != "operations" and lifetime_of(i, cost).likely)
    old = [i for i in priced if i.overdue_days]
    whole = cost.lifetime.likely
    share = sum((lifetime_of(i, cost).likely for i in old), Decimal(0)) / whole if whole else 0
    if share < WORTH_SAYING:
        return ""
    named = listed(f"{i.name} by {counted(i.overdue_days, 'day')}" for i in old)
    told = f"{share:.0%} of the bill rests on prices past their shelf life ({named})"
    return f"{told}: ask for today's before you rely on it. "


def whole_life(plan: Plan) -> Money:
    """Return what the life costs, growth and people included where it was worked out."""
    life = _life(plan)
    return life.total if life else plan.cost.lifetime


def span_of(plan: Plan) -> str:
    """Return the months that the whole life has: `over 5 months of building and 18 of use`."""
    life = _life(plan)
    if life is None or not life.lead:
        return f"over {counted(life.months_of_use if life else plan.cost.months, 'month')}"
    return f"over {counted(life.lead, 'month')} of building and {life.months_of_use:,} of use"


def _life(plan: Plan) -> Lifetime | None:
    return plan.life if plan.life and plan.life.components else None


def _ids(item: CostItem) -> tuple[str, ...]:
    return (item.id, *PARTS.get(item.id, ()))


def _life_of(life: Lifetime | None, plan: Plan, item: CostItem) -> Money:
    """Return what an item of the bill costs over the life."""
    if life is None:
        return lifetime_of(item, plan.cost)
    return sum((c.total for c in life.components if c.id in _ids(item)), NOTHING)


def _beside(life: Lifetime, plan: Plan) -> list[Component]:
    """Return the components that no line of the bill holds, the dearest first."""
    billed = {id_ for item in plan.cost.items for id_ in _ids(item)}
    found = [c for c in life.components if c.id not in billed and c.total != NOTHING]
    return sorted(found, key=lambda c: (-c.total.likely, c.id))


def _names(beside: list[Component]) -> str:
    names = [f"{c.name[:1].lower()}{c.name[1:]}" for c in beside]
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return f"Beside the bill: {listed([*names[:NAMED], *more])}"
