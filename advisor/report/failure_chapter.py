"""Risks and failure: what was found, and what happens when a part fails."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.plan import Finding, Plan
from advisor.report.model import Block, Bullets, Paragraph, Section, Strong, Table, Words
from advisor.report.naming import ruled
from advisor.report.text import sentence

KINDS = {
    "risk": "Risks",
    "underinvest": "Too little invested",
    "overspend": "Too much invested",
    "wish": "Wishes overruled",
}
"""Kinds of findings; what is to be confirmed or done stands in the rollout, by when."""


def failure_chapter(plan: Plan) -> Section:
    """Return failure behaviour first, then the findings by kind, the severest first."""
    sections = (*_failures(plan), *_kinds(plan))
    none = () if sections else (Paragraph("The rules found nothing to warn of."),)
    return Section("findings", "Risks and failure behaviour", none, sections)


def _failures(plan: Plan) -> Iterator[Section]:
    found = plan.outlook.failures if plan.outlook else ()
    if not found:
        return
    head = ("Part", "What fails", "What happens", "What to do")
    rows = tuple((f.part, sentence(f.event), sentence(f.effect), sentence(f.answer)) for f in found)
    yield Section("failures", "When a part fails", (Table(head, rows),))


def _kinds(plan: Plan) -> Iterator[Section]:
    for kind, title in KINDS.items():
        mine = dict.fromkeys(_finding(f) for f in plan.findings if f.kind == kind)
        items: tuple[Words, ...] = tuple(mine)
        items += tuple(_invested(plan, kind))
        if items:
            blocks: tuple[Block, ...] = (Bullets(items),)
            yield Section(f"findings-{kind}", title, blocks)


def _finding(finding: Finding) -> Words:
    return Strong(f"{finding.severity.capitalize()}: "), *ruled(finding.text, finding.rule)


def _invested(plan: Plan, kind: str) -> Iterator[Words]:
    """Yield what the cost of the life says beside the rules."""
    for found in plan.outlook.investments if plan.outlook else ():
        if found.kind == kind:
            yield Strong("Worked out: "), sentence(found.text)
