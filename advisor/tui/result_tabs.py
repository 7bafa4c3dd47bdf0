"""The tabs of the result: which there are for a plan, and what each shows as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual.content import Content

from advisor.domain.plan import Alternative, Decision, Plan
from advisor.report.build import report_of
from advisor.report.model import Block, Paragraph, Section, Table, Words
from advisor.report.text import counted, usd
from advisor.tui import ink
from advisor.tui.charts import cost_bars, frontier, memory_stack
from advisor.tui.report_page import section_lines
from advisor.tui.tab import OPTIONS, SENSITIVITY, WHY, Tab

TITLES = {
    "summary": "Summary",
    OPTIONS: "Options",
    WHY: "Why",
    SENSITIVITY: "Sensitivity",
    "hardware": "Sizing",
    "controls": "Controls",
    "artefacts": "Deploy",
    "findings": "Risks",
    "cost": "Cost",
}
"""The first tabs, in this order, with short titles; every other chapter follows under its own."""
SHORTER = {
    "limits": "Targets",
    "lifetime": "Life",
    "scaling": "Scaling",
    "retraining": "Retraining",
    "exit": "Exit",
}
"""Shorter titles of later tabs; other chapters keep their own."""


def tabs_of(plan: Plan) -> tuple[Tab, ...]:
    """Return the tabs of a plan; what the plan does not have has no tab."""
    report = report_of(plan)
    sections = {s.id: s for s in (report.page_one, *report.chapters) if s.blocks or s.sections}
    if options := options_section(plan):
        sections[OPTIONS] = options
    found = [
        Tab(id_, title, sections.get(id_))
        for id_, title in TITLES.items()
        if id_ in sections or id_ == SENSITIVITY
    ]
    return (
        *found,
        *(
            Tab(id_, SHORTER.get(id_, s.title), s)
            for id_, s in sections.items()
            if id_ not in TITLES
        ),
    )


def page(tab: Tab, plan: Plan, width: int) -> Content:
    """Return the text of a tab, its charts first, wrapped to the width."""
    charts: dict[str, Callable[[], Iterator[str]]] = {
        "cost": lambda: cost_bars(plan, width),
        OPTIONS: lambda: frontier(plan, width),
        "hardware": lambda: (line for use in plan.hardware for line in memory_stack(use, width)),
    }
    drawn = charts[tab.id]() if tab.id in charts else iter(())
    text = section_lines(tab.section, max(20, width)) if tab.section else iter(())
    return ink.lines((*drawn, *text))


# --- options ------------------------------------------------------------------------------

SHOWN = 6
"""Options of a decision that are laid out."""
HEAD = ("Option", "Cost a month", "Preferences", "Why not first")
AMOUNTS = (1, 2)
"""Columns that are set right."""


def options_section(plan: Plan) -> Section | None:
    """Return every decision that had a choice: criteria, weights, and why not the others."""
    sections = tuple(_options(plan, d) for d in plan.decisions.values() if d.alternatives)
    if not sections:
        return None
    intro = Paragraph(
        "Options that meet every must. The lowest likely cost of the life decides; preferences "
        "are worth the percentage of that cost shown, more where their consideration is ranked "
        "high. Those ruled out stand under Why."
    )
    weights = Section("weights", "The five considerations", tuple(_weights(plan)))
    return Section(OPTIONS, "Options and why not first", (intro,), (weights, *sections))


def _weights(plan: Plan) -> Iterator[Block]:
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (c.id, c.asked, c.given, c.margin) for c in plan.considerations
    )
    yield Table(("Criterion", "Asked", "Given", "Margin"), rows)


def _options(plan: Plan, decision: Decision) -> Section:
    chosen = (decision.chosen_name, _month_of(plan, decision), "", "chosen")
    rows = (chosen, *(_row(decision, a) for a in decision.alternatives[:SHOWN]))
    more = len(decision.alternatives) - SHOWN
    rest = (
        (Paragraph(f"... and {counted(more, 'option')} more; Why lists all."),) if more > 0 else ()
    )
    blocks = (_without_empty(rows), *rest)
    return Section(f"options-{decision.id}", decision.name, blocks)


def _without_empty(rows: tuple[tuple[str, ...], ...]) -> Table:
    """Return the options as a table of the columns that say anything."""
    kept = [n for n in range(len(HEAD)) if any(row[n] for row in rows)]
    cells = tuple(tuple(row[n] for n in kept) for row in rows)
    numbers = frozenset(at for at, n in enumerate(kept) if n in AMOUNTS)
    return Table(tuple(HEAD[n] for n in kept), cells, numbers)


def _row(decision: Decision, other: Alternative) -> tuple[str, ...]:
    cost = usd(other.month_usd) if other.month_usd else ""
    weight = f"{other.support_pct:+.0f} %" if other.support_pct else ""
    known = f"{decision.chosen_name} is preferred: "
    return other.name, cost, weight, other.why_not_first.removeprefix(known)


def _month_of(plan: Plan, decision: Decision) -> str:
    """Return what the use of a hardware decision costs a month."""
    use = "serving" if decision.id == "hosted_service" else decision.id.partition("_")[0]
    if decision.ids == ("none",):
        return ""
    items = [i for i in plan.cost.items if i.id == use and i.month.likely]
    priced = any(a.month_usd for a in decision.alternatives)
    return usd(items[0].month.likely) if items and priced else ""
