"""Decision records (MADR 4), one for each decision, from the same sections as the report."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.plan import Decision, Plan
from advisor.report.decision_chapter import decision_blocks
from advisor.report.markdown import render_section
from advisor.report.model import Block, Bullets, Cite, Paragraph, Section, Words
from advisor.report.naming import CONSIDERATIONS, USES, basis_of, shown_choice
from advisor.report.text import interval, listed, phrase, sentence, usd_range, words_of


def records(plan: Plan) -> dict[str, str]:
    """Return Markdown by file name, numbered in the order of settling."""
    return {
        f"{n:04d}-{decision.id.replace('_', '-')}.md": _record(plan, decision)
        for n, decision in enumerate(plan.decisions.values(), 1)
    }


def _record(plan: Plan, decision: Decision) -> str:
    status = "rejected" if decision.chosen == "unresolved" else "proposed"
    front = f"---\nstatus: {status}\ndate: {plan.as_of}\ndecision-makers: to be named\n---\n\n"
    sections = (
        Section("context", "Context and Problem Statement", tuple(_context(plan, decision))),
        Section("drivers", "Decision Drivers", (_drivers(plan),)),
        Section("options", "Considered Options", (_options(decision),)),
        Section(
            "outcome",
            "Decision Outcome",
            _outcome(decision),
            (
                Section("consequences", "Consequences", (_consequences(plan, decision),)),
                Section("confirmation", "Confirmation", (_confirmation(plan, decision),)),
            ),
        ),
        Section("more", "Pros and Cons of the Options", decision_blocks(decision)),
    )
    title = f"{decision.name}: {shown_choice(decision)}"
    return front + render_section(Section("record", title, (), sections), 1)


def _context(plan: Plan, decision: Decision) -> Iterator[Block]:
    problem = plan.answer_words.get("problem_type")
    what = f" The system produces {problem.shown}." if problem else ""
    yield Paragraph(f"Which {decision.name.lower()} does the architecture need?{what}")
    yield Paragraph(
        f"Planned for {plan.as_of} with library {plan.library.version} "
        f"(fingerprint {plan.library.fingerprint})."
    )


def _drivers(plan: Plan) -> Bullets:
    return Bullets(
        tuple(f"{CONSIDERATIONS.get(c.id, c.id)}: {phrase(c.asked)}" for c in plan.considerations)
    )


def _options(decision: Decision) -> Bullets:
    names = [shown_choice(decision), *(a.name for a in decision.alternatives)]
    out = f"{len(decision.rejected)} candidates that a must rules out"
    return Bullets((*names, out) if decision.rejected else tuple(names))


def _outcome(decision: Decision) -> tuple[Block, ...]:
    first = decision.because[0]
    chosen: Words = (
        f"Chosen: {shown_choice(decision)}, because: ",
        sentence(first.text),
        " ",
        Cite(basis_of(first)),
    )
    return (Paragraph(chosen),)


def _consequences(plan: Plan, decision: Decision) -> Block:
    """Return what the choice costs and what was found about it."""
    use = decision.id.split("_")[0]
    items: list[Words] = [
        f"{item.name}: {usd_range(item.month)} a month"
        for item in plan.cost.items
        if item.id == use
    ]
    subjects = {decision.id, *decision.ids}
    items += [
        (f"{words_of(f.kind)} ({f.severity}): ", sentence(f.text), " ", Cite(f.rule))
        for f in plan.findings
        if f.subject in subjects
    ]
    if not items:
        return Paragraph("No line of the bill and no finding hangs on it alone.")
    return Bullets(tuple(items))


def _confirmation(plan: Plan, decision: Decision) -> Block:
    """Return the test that would refute the decision."""
    use = decision.id.split("_")[0]
    figures = [f for u in plan.hardware if u.use == use for f in u.figures]
    if figures:
        expected = listed(f"{f.name} within {interval(f.value, f.unit)}" for f in figures)
        return Paragraph(f"Confirmed by a load test of {USES[use].lower()}: {expected}.")
    return Paragraph(
        "Confirmed by review: the reasons above still hold for the answers, and none of the "
        "options has become possible that was ruled out."
    )
