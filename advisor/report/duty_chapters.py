"""What must be done: controls that law and contract ask for, and practices of the plan."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.plan import Control, Plan
from advisor.report.model import Block, Bullets, Paragraph, Section, Strong, Table, Words
from advisor.report.naming import ruled
from advisor.report.text import counted, listed, phrase, sentence, words_of

STRENGTHS = ("must", "should", "could")


def control_chapter(plan: Plan) -> Section:
    """Return the controls by regime."""
    regimes = sorted({c.regime for c in plan.controls})
    if not regimes:
        none = Paragraph("The answers name no law or contract that asks for a control.")
        return Section("controls", "Controls", (none,))
    intro = Paragraph(
        f"These clauses count for the plan: {len(plan.controls)} of "
        f"{counted(len(regimes), 'regime')}. The list is a planning aid and no legal advice; the "
        "legal owner confirms it. The last column says whether the clause was read in its source "
        "or written down from memory."
    )
    sections = tuple(
        Section(f"controls-{n}", words_of(regime), tuple(_regime(plan, regime)))
        for n, regime in enumerate(regimes, 1)
    )
    return Section("controls", "Controls", (intro,), sections)


def _regime(plan: Plan, regime: str) -> Iterator[Block]:
    clauses = (c for c in plan.controls if c.regime == regime)
    mine = sorted(clauses, key=lambda c: STRENGTHS.index(c.strength))
    head = ("Clause", "Control", "What it asks", "Binding", "Text")
    yield Table(head, tuple(map(_control, mine)))
    asked: dict[str, list[str]] = {}
    for control in mine:
        if control.confirm:
            asked.setdefault(phrase(control.confirm), []).append(control.clause)
    if asked:
        yield Paragraph((Strong("To confirm with the owner:"),))
        yield Bullets(tuple(_asked(*pair) for pair in asked.items()))


def _asked(question: str, clauses: list[str]) -> str:
    which = counted(len(clauses), "clause") if len(clauses) > 2 else listed(clauses)
    return sentence(f"{question}, for {which}")


def _control(control: Control) -> tuple[Words, ...]:
    period = f" ({control.period})" if control.period else ""
    return (
        control.clause,
        (Strong(control.name),),
        f"{sentence(control.text)}{period}",
        control.strength,
        {"recalled": "from memory"}.get(control.evidence, control.evidence),
    )


def practice_chapter(plan: Plan) -> Section:
    """Return the practices with what calls for each; those that one sentence calls for together."""
    called: dict[tuple[str, str], list[str]] = {}
    for practice in plan.practices:
        called.setdefault((practice.because, practice.rule), []).append(phrase(practice.name))
    items = tuple(
        (Strong(sentence(_practices(names)) + " "), *ruled(*because))
        for because, names in called.items()
    )
    block = Bullets(items) if items else Paragraph("No practice beyond the usual is called for.")
    return Section("practices", "Practices", (block,))


def _practices(names: list[str]) -> str:
    """Return the names inside one sentence: what begins with a capital alone keeps it."""
    rest = (n if n[:2].isupper() else n[:1].lower() + n[1:] for n in names[1:])
    return listed([names[0], *rest])
