"""The bill: short for page one, and line by line with what each amount rests on."""

from __future__ import annotations

from advisor.domain.lifetime import INFRASTRUCTURE
from advisor.domain.plan import Cost, CostItem, Money, Plan
from advisor.report.charts import cost_chart
from advisor.report.model import Block, Paragraph, Section, Strong, Table, Words
from advisor.report.naming import age
from advisor.report.text import counted, listed, phrase, usd, usd_range

NOTHING_TO_PAY = Paragraph("No line of the bill applies.")


def cost_summary(plan: Plan) -> tuple[Block, ...]:
    """Return the bill with ranges, its date and what it leaves out."""
    cost = plan.cost
    date = f"Prices as of {cost.price_date} or later, in US dollars. " if cost.price_date else ""
    left_out = Paragraph((date, Strong("Left out: "), f"{listed(map(phrase, cost.excluded))}."))
    if not cost.items:
        return NOTHING_TO_PAY, left_out
    head = ("Item", "Likely a month (low to high)", "Once", _over(cost))
    lines = [(i.name, i.month, i.one_off, lifetime_of(i, cost)) for i in cost.items]
    lines.append(("Total", cost.month, cost.one_off, cost.lifetime))
    rows = tuple(
        (name, usd_range(month), usd(once.likely), usd_range(lifetime))
        for name, month, once, lifetime in lines
    )
    bill = Table(head, rows, frozenset({1, 2, 3}), total=True)
    return bill, *_with_growth(plan), left_out


def _with_growth(plan: Plan) -> tuple[Paragraph, ...]:
    """Return the total of the life, so that no other total stands only in a later chapter."""
    life = plan.life
    if life is None or not life.components:
        return ()
    bill = Strong(usd_range(life.of(INFRASTRUCTURE)))
    whole = Strong(usd_range(life.total))
    told = "The bill holds the load of today. Over the life, with growth, infrastructure comes to "
    people = ", and with the people who build and keep it, labels, compliance and the end, all to "
    return (Paragraph((told, bill, people, whole, ".")),)


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
