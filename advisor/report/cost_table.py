"""The bill line by line, with what each amount rests on."""

from __future__ import annotations

from advisor.domain.plan import Cost, CostItem, Money, Plan
from advisor.report.charts import cost_chart
from advisor.report.model import Paragraph, Section, Table, Words
from advisor.report.naming import age
from advisor.report.text import counted, phrase, usd

NOTHING_TO_PAY = Paragraph("No line of the bill applies.")


def cost_chapter(plan: Plan) -> Section:
    """Return every line with its range and basis, the chart, and how old the prices are."""
    cost = plan.cost
    if not cost.items:
        return Section("cost", "Cost", (NOTHING_TO_PAY,))
    months = ("Low a month", "Likely a month", "High a month")
    head = ("Item", *months, "Once", _over(cost), "Rests on")
    rows = (*(_row(i, cost) for i in cost.items), _total(cost))
    table = Table(head, rows, frozenset(range(1, 6)), total=True)
    return Section("cost", "Cost", (table, *cost_chart(cost), Paragraph(_dates(plan))))


def lifetime_of(item: CostItem, cost: Cost) -> Money:
    """Return what an item costs over the months of the plan."""
    return item.one_off + item.month.times(cost.months)


def _over(cost: Cost) -> str:
    return f"Over {counted(cost.months, 'month')}"


def _row(item: CostItem, cost: Cost) -> tuple[Words, ...]:
    dated = f" (price of {item.price_date}, {item.source})" if item.price_date else ""
    amounts = _amounts(item.month, item.one_off, lifetime_of(item, cost))
    return item.name, *amounts, f"{phrase(item.basis)}{dated}"


def _total(cost: Cost) -> tuple[Words, ...]:
    return "Total", *_amounts(cost.month, cost.one_off, cost.lifetime), ""


def _amounts(month: Money, once: Money, lifetime: Money) -> tuple[str, ...]:
    return (
        usd(month.low),
        usd(month.likely),
        usd(month.high),
        usd(once.likely),
        usd(lifetime.likely),
    )


def _dates(plan: Plan) -> str:
    """Return how old the prices are, and what the range means."""
    cost = plan.cost
    oldest = f"The oldest price is of {cost.price_date}" if cost.price_date else "No price is dated"
    since = age(plan, cost.price_date)
    old = f", {since} before the day of this plan" if since else ""
    return (
        f"{oldest}{old}. Low and high add up the low and the high ends of all lines, so the total "
        "is more likely to lie inside than either end suggests."
    )
