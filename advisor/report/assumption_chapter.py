"""What nobody gave: the value assumed, and what happens if it is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from advisor.domain.answers import Source
from advisor.domain.plan import Assumption, Plan
from advisor.domain.sensitivity import Swing
from advisor.frozen import replace
from advisor.report.model import Block, Paragraph, Section, Strong, Table, Words
from advisor.report.naming import shown_answer
from advisor.report.text import sentence, usd, words_of

ALIKE = 3
"""Assumptions with one consequence in common from which on it is said once."""


def assumption_chapter(plan: Plan) -> Section:
    """Return every assumption, those on which most rests first."""
    if not plan.assumptions:
        none = Paragraph("Every question that applies was answered; nothing was assumed.")
        return Section("assumptions", "Assumptions", (none,))
    return Section("assumptions", "Assumptions", tuple(_blocks(plan, ranked(plan))))


def _blocks(plan: Plan, found: list[Assumption]) -> Iterator[Block]:
    """Yield the assumptions with their consequences, then those that share one."""
    yield Paragraph("Nobody gave these values; the plan takes what is usual, or what is safe.")
    table = assumption_table(plan, found)
    counts = Counter(row[2] for row in table.rows)
    own = tuple(row for row in table.rows if counts[row[2]] < ALIKE)
    if own:
        yield replace(table, rows=own)
    for text, count in counts.items():
        if count >= ALIKE:
            yield Paragraph((Strong(f"{text}"),))
            same = tuple(row[:2] for row in table.rows if row[2] == text)
            yield Table(table.head[:2], same)


def ranked(plan: Plan) -> list[Assumption]:
    """Return the assumptions: those to settle first, then by what they do to the cost where that
    is known, then those that were asked and not known, then by the choices that rest on them."""
    first = (*(t.question for t in plan.to_settle), *(s.question for s in _swings(plan)))
    telling = {question: n for n, question in enumerate(dict.fromkeys(first))}
    last = len(telling)

    def place(found: Assumption) -> tuple[int, bool, int]:
        asked = found.source is Source.UNKNOWN
        return telling.get(found.question, last), not asked, -len(found.decisions)

    return sorted(plan.assumptions, key=place)


def assumption_table(plan: Plan, found: Iterable[Assumption]) -> Table:
    """Return question, value and consequence."""
    rows = tuple(_row(plan, assumption) for assumption in found)
    return Table(("Question", "Assumed", "If wrong, then"), rows)


def _row(plan: Plan, found: Assumption) -> tuple[Words, ...]:
    value = shown_answer(plan, found.question)
    mark = " (asked, not known)" if found.source is Source.UNKNOWN else ""
    words = plan.answer_words.get(found.question)
    area = f"{sentence(words_of(words.section))[:-1]}: " if words else ""
    question = f"{area}{found.text}"
    swing = next((s for s in _swings(plan) if s.question == found.question), None)
    cost = ""
    if swing and swing.low_usd != swing.high_usd:
        cost = f" Whole life: {usd(swing.low_usd)} to {usd(swing.high_usd)}."
    return question, f"{value}{mark}", f"{sentence(found.if_wrong)}{cost}"


def moving(plan: Plan) -> frozenset[str]:
    """Return the questions whose answers move the cost, where that was worked out."""
    return frozenset(s.question for s in _swings(plan) if s.low_usd != s.high_usd)


def _swings(plan: Plan) -> tuple[Swing, ...]:
    return plan.sensitivity.swings if plan.sensitivity else ()
