"""The bill as a table: every line with its range, what it rests on, and what is left out."""

from __future__ import annotations

from advisor.domain.plan import Cost, CostItem, Money, Plan
from advisor.report.charts import cost_chart
from advisor.report.model import Block, Paragraph, Strong, Table, Words
from advisor.report.naming import age
from advisor.report.text import counted, listed, phrase, usd


def cost_blocks(plan: Plan) -> tuple[Block, ...]:
    """Return table, chart, dates and exclusions of the bill."""
    cost = plan.cost
    left_out = Paragraph((Strong("Left out: "), f"{listed(map(phrase, cost.excluded))}."))
    if not cost.items:
        return Paragraph("No line of the bill applies."), left_out
    head = (
        "Item", "Low a month", "Likely a month", "High a month", "Once",
        f"Over {counted(cost.months, 'month')}", "Rests on",
    )
    rows = (*(_row(i, cost.months) for i in cost.items), _total(cost))
    table = Table(head, rows, frozenset(range(1, 6)), total=True)
    return table, *cost_chart(cost), Paragraph(_dates(plan)), left_out


def _row(item: CostItem, months: int) -> tuple[Words, ...]:
    dated = f" (price of {item.price_date}, {item.source})" if item.price_date else ""
    lifetime = item.one_off + item.month.times(months)
    return item.name, *_amounts(item.month, item.one_off, lifetime), f"{phrase(item.basis)}{dated}"


def _total(cost: Cost) -> tuple[Words, ...]:
    return "Total", *_amounts(cost.month, cost.one_off, cost.lifetime), ""


def _amounts(month: Money, once: Money, lifetime: Money) -> tuple[str, ...]:
    return (
        usd(month.low), usd(month.likely), usd(month.high), usd(once.likely), usd(lifetime.likely)
    )


def _dates(plan: Plan) -> str:
    """Return how old the prices are, and what the range means."""
    cost = plan.cost
    oldest = f"The oldest price is of {cost.price_date}" if cost.price_date else "No price is dated"
    since = age(plan, cost.price_date)
    old = f", {since} before the day of this plan" if since else ""
    return (
        f"{oldest}{old}. Low and high add up the low and the high ends of all lines, so the total "
        "is more likely to lie inside than either end suggests. Amounts are in US dollars."
    )
