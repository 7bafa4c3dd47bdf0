"""Explanations in words: how a decision was reached, and what stands against a candidate."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.analysis.fact_words import fact_words
from advisor.domain.plan import Decision, Plan, Reason, Rejected
from advisor.domain.rule import Fact, Firing, RuleSpec
from advisor.planning.line import Line
from advisor.planning.words import as_it

INDENT = "  "
DEPTH = 4
"""Levels of the tree that are printed; deeper support repeats answers already shown."""


def explain_decision(plan: Plan, line: Line, decision: str) -> str:
    """Return how the decision was reached: reasons, the firings below them, and the losers."""
    found = plan.decisions[decision]
    lines = [f"{found.name}: {found.chosen_name}", ""]
    for reason in found.because:
        lines += [f"{INDENT}{_cited(reason)}", *_support(line, reason, found)]
    if found.alternatives:
        lines += ["", f"{INDENT}Possible, but not first:"]
        lines += [f"{INDENT * 2}{a.name}: {a.why_not_first}" for a in found.alternatives]
    if found.rejected:
        lines += ["", f"{INDENT}Ruled out:"]
        lines += [f"{INDENT * 2}{r.name}: {_cited(r.reasons[0], r)}" for r in found.rejected]
    return "\n".join([*lines, ""])


def _cited(reason: Reason, beside: Rejected | None = None) -> str:
    """Return a reason with what it rests on; "it" is the candidate that it stands beside."""
    text = as_it(reason.text, beside.name, beside.id) if beside else reason.text
    return f"{text} [{reason.rule or 'worked out'}]"


def _support(line: Line, reason: Reason, decision: Decision) -> Iterator[str]:
    """Yield the tree below a rule's reason: its rationale, source, and the facts it used."""
    if not reason.rule:
        return
    rule = line.kit.rules[reason.rule]
    if rule.rationale:
        yield f"{INDENT * 2}true because {rule.rationale.strip()}"
    for ref in rule.references:
        yield f"{INDENT * 2}source: {ref.title} {ref.locator} ({ref.as_of})"
    firing = _firing_for(line, reason, decision)
    for fact in firing.used if firing else ():
        yield from tree(line, fact, rule, 2)


def _firing_for(line: Line, reason: Reason, decision: Decision) -> Firing | None:
    """Return the firing that gave the reason: one of its rule in its words, best of all about a
    choice of the decision."""
    mine = [f for f in line.session.firings() if f.rule == reason.rule]
    found = [f for f in mine if line.read(f).reason.text == reason.text] or mine
    about = (f for f in found if any(_speaks_for(fact, decision) for fact in f.added))
    return next(about, found[0] if found else None)


def _speaks_for(fact: Fact, decision: Decision) -> bool:
    return fact.get("decision") == decision.id and fact.get("candidate") in decision.ids


def tree(line: Line, fact: Fact, rule: RuleSpec, depth: int) -> Iterator[str]:
    """Yield a fact that a rule used and what it rests on, down to what was given."""
    if said := fact_words(line, fact, rule):
        yield f"{INDENT * depth}{said}"
    if depth >= DEPTH:
        return
    for firing in line.session.supports(fact)[:1]:
        yield f"{INDENT * (depth + 1)}by {firing.rule}: {line.read(firing).reason.text}"
        for used in firing.used:
            yield from tree(line, used, line.kit.rules[firing.rule], depth + 2)


def why_not(plan: Plan, line: Line, decision: str, candidate: str) -> str:
    """Return what stands against a candidate, and what would have to be different."""
    found = plan.decisions[decision]
    name = line.called.names.get(candidate, candidate)
    if candidate in found.ids:
        return f"{found.name}: {name} is what the plan chose.\n"
    for lost in found.rejected:
        if lost.id == candidate:
            lines = [f"{found.name}: {name} is ruled out."]
            for reason in lost.reasons:
                lines.append(f"{INDENT}{_cited(reason, lost)}")
                lines += _would_change(line, reason, candidate)
            return "\n".join([*lines, ""])
    for other in found.alternatives:
        if other.id == candidate:
            return f"{found.name}: {name} was possible. {other.why_not_first}\n"
    return f"{found.name}: {name} was not considered; nothing asked for what it does.\n"


def _would_change(line: Line, reason: Reason, candidate: str) -> Iterator[str]:
    """Yield the answers that the excluding firing rests on: changing one of them lifts it."""
    for firing in line.session.firings():
        about = any(a.get("candidate") == candidate for a in firing.added)
        if firing.rule == reason.rule and about:
            rule = line.kit.rules[reason.rule]
            rests = sorted({fact_words(line, f, rule) for f in _answers_below(line, firing, 6)})
            if rests:
                yield f"{INDENT * 2}rests on: {'; '.join(rests)}"
            return


def _answers_below(line: Line, firing: Firing, depth: int) -> Iterator[Fact]:
    for fact in firing.used:
        if fact.type == "answer":
            yield fact
        elif depth:
            for support in line.session.supports(fact)[:1]:
                yield from _answers_below(line, support, depth - 1)
