"""What to watch and to do: findings, what would change the plan, and the rollout."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.plan import Finding, Limit, Plan
from advisor.report.charts import limit_chart
from advisor.report.model import Block, Bullets, Paragraph, Section, Strong, Table, Words
from advisor.report.naming import USES, ruled
from advisor.report.text import interval, number, phrase, sentence

STEPS = ("confirm", "missing", "next_step")
WHEN = {
    "high": ("rollout-first", "First week"),
    "medium": ("rollout-release", "Before the first release"),
    "low": ("rollout-later", "Later"),
}

KINDS = {
    "risk": "Risks",
    "missing": "Missing pieces",
    "underinvest": "Too little invested",
    "overspend": "Too much invested",
    "wish": "Wishes overruled",
    "confirm": "To confirm",
    "next_step": "Next steps",
}


def finding_chapter(plan: Plan) -> Section:
    """Return the findings by kind, the severest first."""
    sections = tuple(
        Section(f"findings-{kind}", title, (_findings(plan, kind),))
        for kind, title in KINDS.items()
        if any(f.kind == kind for f in plan.findings)
    )
    none = () if sections else (Paragraph("The rules found nothing to warn of."),)
    return Section("findings", "Findings", none, sections)


def _findings(plan: Plan, kind: str) -> Bullets:
    return Bullets(tuple(_finding(f) for f in plan.findings if f.kind == kind))


def _finding(finding: Finding) -> Words:
    return Strong(f"{finding.severity.capitalize()}: "), *ruled(finding.text, finding.rule)


def limit_chapter(plan: Plan) -> Section:
    """Return the constraints with their margins."""
    return Section("limits", "What would change the plan", tuple(_limits(plan)))


def _limits(plan: Plan) -> Iterator[Block]:
    limits = (*plan.infeasible_because, *plan.limits)
    if not limits:
        yield Paragraph("No budget, time or latency limit was stated, so none can be missed.")
        return
    yield Table(
        ("Constraint", "Margin", "Does it bind?", "If it moves"),
        tuple(_limit(limit) for limit in limits),
    )
    yield from limit_chart(plan.limits)


def _limit(limit: Limit) -> tuple[Words, ...]:
    binds = "yes: a small change matters" if limit.binding else "no"
    return sentence(limit.text), limit.margin, binds, sentence(limit.relaxation)


def rollout_chapter(plan: Plan) -> Section:
    """Return the first week, the load test that confirms or refutes, and what to watch."""
    sections = (
        *_steps(plan),
        Section("rollout-test", "The test that confirms or refutes", tuple(_test(plan))),
    )
    return Section("rollout", "Rollout", (), sections)


def _steps(plan: Plan) -> Iterator[Section]:
    """Yield what to do, by how soon it counts."""
    asked = tuple(f"Find out: {phrase(a.text)} (assumed for now)" for a in plan.assumptions[:3])
    found = {s: [f for f in plan.findings if f.severity == s and f.kind in STEPS] for s in WHEN}
    for severity, (id_, title) in WHEN.items():
        steps = tuple(ruled(f.text, f.rule) for f in found[severity])
        items = (*(asked if severity == "high" else ()), *steps)
        if items:
            yield Section(id_, title, (Bullets(items, numbered=True),))


def _test(plan: Plan) -> Iterator[Block]:
    rows: list[tuple[Words, ...]] = [
        (
            USES.get(use.use, use.use),
            figure.name,
            f"{number(figure.value.likely)} {figure.unit}",
            interval(figure.value, figure.unit),
        )
        for use in plan.hardware
        for figure in use.figures
    ]
    if not rows:
        yield Paragraph("The plan sizes no hardware; there is nothing to confirm by load.")
        return
    yield Paragraph(
        "Measure each quantity on one machine of the chosen kind with a day of real requests or "
        "data. Inside the range the plan stands; outside it, put the measured value into the "
        "answers and plan again. The same ranges are the first alarms."
    )
    head = ("Use", "Quantity", "Expected", "Plan again if outside")
    yield Table(head, tuple(rows), frozenset({2, 3}))
