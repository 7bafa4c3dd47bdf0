"""Decision records (MADR 4), one for each decision, from the same sections as the report."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.plan import Decision, Plan
from advisor.report.decision_chapter import LOSERS_SHOWN
from advisor.report.markdown import render_section
from advisor.report.model import Block, Bullets, Cite, Link, Paragraph, Section, Words
from advisor.report.naming import CONSIDERATIONS, USES, cited, flat, shown_choice
from advisor.report.text import interval, phrase, sentence, usd_range, words_of


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
        Section("pros", "Pros and Cons of the Options", (), tuple(_pros_and_cons(decision))),
        Section("more", "More Information", tuple(_more(plan, decision))),
    )
    title = f"{decision.name}: {shown_choice(decision)}"
    return front + render_section(Section("record", title, (), sections), 1)


def _context(plan: Plan, decision: Decision) -> Iterator[Block]:
    problem = plan.answer_words.get("problem_type")
    what = f" The system produces {problem.shown}." if problem else ""
    yield Paragraph(f"Which {decision.name.lower()} does the architecture need?{what}")


def _drivers(plan: Plan) -> Bullets:
    return Bullets(
        tuple(f"{CONSIDERATIONS.get(c.id, c.id)}: {phrase(c.asked)}" for c in plan.considerations)
    )


def _options(decision: Decision) -> Bullets:
    names = [shown_choice(decision), *(a.name for a in decision.alternatives)]
    out = f"{len(decision.rejected)} candidates that a must rules out"
    return Bullets((*names, out) if decision.rejected else tuple(names))


def _outcome(decision: Decision) -> tuple[Block, ...]:
    name = shown_choice(decision)
    reason = _because(name, cited(decision.because[0]))
    return (Paragraph((f'Chosen option: "{name}", ', *flat(reason))),)


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
    if figures and decision.chosen != "none":
        expected = "; ".join(f"{f.name}: {interval(f.value, f.unit)}" for f in figures)
        return Paragraph(f"Confirmed by a load test of {USES[use].lower()}. {sentence(expected)}")
    return Paragraph(
        "Confirmed by advisor recheck PLAN.json --as-of DATE, which makes this decision again with "
        "the prices, statuses and law of that day and exits with 1 where it turns out otherwise."
    )


def _pros_and_cons(decision: Decision) -> Iterator[Section]:
    """Yield the chosen option with what speaks for it, then what decided against others."""
    name = shown_choice(decision)
    good = tuple(_weighed("Good", name, cited(reason)) for reason in decision.because)
    yield Section("chosen", name, (Bullets(good),))
    for n, other in enumerate(decision.alternatives[:LOSERS_SHOWN]):
        bad = _weighed("Bad", other.name, (sentence(other.why_not_first),))
        yield Section(f"option-{n}", other.name, (Bullets((bad,)),))
    nearest = sorted(decision.rejected, key=lambda r: (len(r.reasons), r.id))
    for n, lost in enumerate(nearest[:LOSERS_SHOWN]):
        bad_ones = tuple(_weighed("Bad", lost.name, cited(reason)) for reason in lost.reasons)
        yield Section(f"out-{n}", f"{lost.name} (ruled out)", (Bullets(bad_ones),))


def _weighed(word: str, name: str, reason: Words) -> Words:
    return f"{word}, ", *flat(_because(name, reason))


def _because(name: str, reason: Words) -> Words:
    """Return a reason in the middle of a sentence; names and abbreviations keep their capital."""
    first, *rest = flat(reason)
    text = first if isinstance(first, str) else first.text
    named = text[1:2].isupper() or text.split(maxsplit=1)[:1] == name.split(maxsplit=1)[:1]
    return f"because {text if named else text[:1].lower() + text[1:]}", *rest


def _more(plan: Plan, decision: Decision) -> Iterator[Block]:
    """Yield the documents behind the rules that spoke for the choice."""
    yield Paragraph(
        f"Planned for {plan.as_of} with library {plan.library.version} "
        f"(fingerprint {plan.library.fingerprint})."
    )
    found = {
        (ref.title, ref.locator): ref
        for rule in decision.rules
        for ref in plan.references.get(rule, ())
    }
    items = tuple(
        (Link(ref.title, ref.url), f", {ref.locator} (as of {ref.as_of}, {ref.evidence})")
        for _, ref in sorted(found.items())
    )
    if items:
        yield Bullets(items)
