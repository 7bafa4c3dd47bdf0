"""Targets and margins: what binds, what flips the plan, and what each answer does to the cost."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.plan import Limit, Plan
from advisor.domain.sensitivity import Sensitivity, Swing
from advisor.report.charts import limit_chart
from advisor.report.model import Block, Bullets, Paragraph, Section, Table, Words
from advisor.report.naming import SOURCES
from advisor.report.text import counted, listed, phrase, sentence, usd
from advisor.report.tornado import tornado_chart

FLIPS_NAMED = 3
SIDES = {"below": "down to", "above": "up to", "other": "with"}


def target_chapter(plan: Plan) -> Section:
    """Return the constraints with their margins, and the answers that would change the plan."""
    return Section("limits", "Targets and margins", tuple(_limits(plan)), (_flips(plan),))


def _limits(plan: Plan) -> Iterator[Block]:
    limits = (*plan.infeasible_because, *plan.limits)
    if not limits:
        yield Paragraph("No budget, time or latency limit was stated, so none can be missed.")
        return
    head = ("Constraint", "Margin", "Does it bind?", "If it moves")
    filled = any(limit.relaxation for limit in limits)
    rows = tuple(_limit(limit) for limit in limits)
    yield Table(head, rows) if filled else Table(head[:3], tuple(row[:3] for row in rows))
    yield from limit_chart(plan.limits)


def _limit(limit: Limit) -> tuple[Words, ...]:
    binds = "yes: a small change matters" if limit.binding else "no"
    if limit.used > 1:
        binds = "missed"
    return sentence(limit.text), phrase(limit.margin), binds, sentence(limit.relaxation)


def _flips(plan: Plan) -> Section:
    """Return the answers that move the plan, most telling first, or how to learn them."""
    title = "What would change the plan"
    if plan.sensitivity is None:
        told = (
            "Which answers move the cost, and at which value the plan chooses otherwise, takes "
            "many plans: advisor recommend ANSWERS --with sensitivity adds it here."
        )
        return Section("flips", title, (Paragraph(told),))
    return Section("flips", title, tuple(_blocks(plan.sensitivity)))


def _blocks(found: Sensitivity) -> Iterator[Block]:
    intro = (
        f"Each answer is varied over its likely range while the others stay; whole-life costs are "
        f"at the load of today, {usd(found.lifetime_usd)} as planned."
    )
    yield Paragraph(intro)
    yield from tornado_chart(found)
    texts = {s.question: s.text for s in found.swings}
    if found.to_check:
        yield Paragraph("Worth checking before signing, in this order:")
        yield Bullets(tuple(texts[q] for q in found.to_check if q in texts), numbered=True)
    head = ("Answer", "Now", "Whole life, low to high", "The plan chooses otherwise")
    if found.swings:
        yield Table(head, tuple(map(_swing, found.swings)), frozenset({2}))
    if found.still:
        yield Paragraph(f"Without any effect over their likely range: {listed(found.still)}.")


def _swing(swing: Swing) -> tuple[Words, ...]:
    marks = {"default": f" ({SOURCES['default']})", "unknown": f" ({SOURCES['unknown']})"}
    span = f"{usd(swing.low_usd)} to {usd(swing.high_usd)}"
    if swing.low_usd == swing.high_usd:
        span = usd(swing.low_usd)
    return (
        swing.text,
        f"{swing.shown}{marks.get(swing.source.value, '')}",
        span,
        sentence("; ".join(flip_words(swing))) or "nowhere in the range",
    )


def flip_words(swing: Swing) -> Iterator[str]:
    """Yield each flip point: the value, and the decisions that are settled anew."""
    for flip in swing.flips:
        names = [name.lower() for name in flip.decisions[:FLIPS_NAMED]]
        more = len(flip.decisions) - len(names)
        also = [counted(more, "more decision")] if more else []
        yield f"{SIDES[flip.side]} {flip.shown}: {listed([*names, *also])}"
