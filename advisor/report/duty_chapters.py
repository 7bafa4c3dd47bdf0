"""What must be done: controls that law and contract ask for, and practices of the plan."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.plan import Control, Plan
from advisor.report.model import Block, Bullets, Paragraph, Section, Strong, Table, Words
from advisor.report.naming import ruled
from advisor.report.text import counted, phrase, sentence, words_of

EVIDENCE = {
    "read": "read in the source", "recalled": "from memory, check the text",
}


def control_chapter(plan: Plan) -> Section:
    """Return the controls by regime."""
    regimes = sorted({c.regime for c in plan.controls})
    if not regimes:
        none = Paragraph("The answers name no law or contract that asks for a control.")
        return Section("controls", "Controls", (none,))
    intro = Paragraph(
        f"{counted(len(plan.controls), 'clause')} of {counted(len(regimes), 'regime')} apply. This "
        "list is a planning aid and no legal advice: the owner named in each regime confirms it."
    )
    sections = tuple(
        Section(f"controls-{n}", words_of(regime), tuple(_regime(plan, regime)))
        for n, regime in enumerate(regimes, 1)
    )
    return Section("controls", "Controls", (intro,), sections)


def _regime(plan: Plan, regime: str) -> Iterator[Block]:
    head = ("Clause", "Control", "What it asks", "Binding", "To confirm", "Text")
    mine = [c for c in plan.controls if c.regime == regime]
    yield Table(head, tuple(_control(c) for c in mine))


def _control(control: Control) -> tuple[Words, ...]:
    period = f" ({control.period})" if control.period else ""
    return (
        control.clause,
        (Strong(control.name),),
        f"{sentence(control.text)}{period}",
        control.strength,
        control.confirm or "nothing",
        EVIDENCE.get(control.evidence, control.evidence),
    )


def practice_chapter(plan: Plan) -> Section:
    """Return the practices with what calls for each."""
    items: tuple[Words, ...] = tuple(
        (Strong(f"{phrase(p.name)[:1].upper()}{phrase(p.name)[1:]}. "), *ruled(p.because, p.rule))
        for p in plan.practices
    )
    block = Bullets(items) if items else Paragraph("No practice beyond the usual is called for.")
    return Section("practices", "Practices", (block,))
