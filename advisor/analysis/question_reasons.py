"""Why a question is asked: what it bears on, and the rules that read its answer, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.domain.rule import Reference, RuleSpec
from advisor.engine.explain import why


def why_asked(question: Question, rules: Iterable[RuleSpec], plan: Plan | None) -> str:
    """Return the reasons behind a question; rules at work in the plan come first, marked."""
    firing = {f.rule for f in plan.trace} if plan else set()
    found = sorted(why(question.id, rules), key=lambda r: (r.id not in firing, r.id))
    lines = [
        question.text,
        "",
        f"Why it matters: {question.why}.",
        f"It bears on: {', '.join(question.considerations) or 'the whole plan'}.",
        f"How to find out: {question.find_out}",
        f"If you do not know: {question.unknown.note}.",
        "",
    ]
    if not found:
        return "\n".join([*lines, "No rule reads it directly; the sizing and the costs do."])
    lines.append(f"Rules that read the answer: {len(found)}; those that act now come first.")
    return "\n".join([*lines, *_told(found, firing)])


def _told(rules: Iterable[RuleSpec], firing: set[str]) -> Iterator[str]:
    for rule in rules:
        yield ""
        mark, now = ("◆", "; acts now") if rule.id in firing else ("·", "")
        yield f"{mark} {rule.title} ({rule.id}, a {rule.strength}{now})"
        if rule.rationale:
            yield f"    {' '.join(rule.rationale.split())}"
        yield from dict.fromkeys(map(_source, rule.references))  # two may name one place


def _source(reference: Reference) -> str:
    where = " ".join(p for p in (reference.title, reference.locator) if p)
    return f"    Source: {where} ({reference.as_of})"
