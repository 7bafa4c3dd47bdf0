"""Sheets of a workbook on the life of a plan: months by component, assumptions, failures."""

from __future__ import annotations

from collections.abc import Iterable

from advisor.domain.lifetime import Lifetime
from advisor.domain.plan import Plan
from advisor.report.assumption_chapter import assumption_table, ranked
from advisor.report.model import Words
from advisor.report.naming import flat

Cell = str | int | float
Row = tuple[Cell, ...]
Sheet = tuple[str, tuple[str, ...], list[Row]]


def life_sheets(plan: Plan) -> Iterable[Sheet]:
    """Yield the sheets for which the plan has data."""
    if plan.assumptions:
        table = assumption_table(plan, ranked(plan))
        rows: list[Row] = [tuple(_text(cell) for cell in row) for row in table.rows]
        yield "Assumptions", table.head, rows
    if plan.findings:
        head = ("Kind", "Severity", "Finding", "Rule")
        yield "Findings", head, [(f.kind, f.severity, f.text, f.rule) for f in plan.findings]
    if plan.outlook and plan.outlook.failures:
        head = ("Part", "What fails", "What happens", "What to do")
        found = plan.outlook.failures
        yield "Failures", head, [(f.part, f.event, f.effect, f.answer) for f in found]
    if plan.sensitivity:
        ends = ("Whole life low (USD)", "Whole life high (USD)")
        yield "Sensitivity", ("Question", "Now", *ends, "Flips at"), _swings(plan)


def month_rows(life: Lifetime) -> list[Row]:
    """Return the likely amount of each component in each month."""
    return [
        (name, *(float(c.months[n].likely) for c in life.components))
        for n, name in enumerate(life.calendar)
    ]


def _swings(plan: Plan) -> list[Row]:
    found = plan.sensitivity.swings if plan.sensitivity else ()
    return [
        (
            s.text,
            s.shown,
            float(s.low_usd),
            float(s.high_usd),
            "; ".join(f"{f.shown}: {', '.join(f.decisions)}" for f in s.flips),
        )
        for s in found
    ]


def _text(words: Words) -> str:
    return "".join(p if isinstance(p, str) else p.text for p in flat(words))
