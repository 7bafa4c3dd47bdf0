"""Page one's options: what was chosen, the next best, and why that one is not first."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.plan import Decision, Plan, Reason, Rejected
from advisor.planning.words import as_it
from advisor.report.model import Block, Cite, Paragraph, Strong, Table, Words
from advisor.report.naming import NOTHING, basis_of, shown_choice
from advisor.report.text import sentence

ORDER = (
    "serving_pattern",
    "hosted_service",
    "serving_accelerator",
    "serving_host",
    "training_pattern",
    "training_accelerator",
    "training_host",
    "adaptation",
    "orchestrator",
    "approach",
)
"""Decisions that carry the plan, those that move most money first."""
SHOWN = 6
LESS = "Less speaks for it."
LONGEST = 150
"""Characters of a reason on page one; the chapter on decisions has the whole."""


def options_table(plan: Plan) -> Iterator[Block]:
    """Yield the decisions that had a choice, and what their amounts hold."""
    contested = [plan.decisions[d] for d in ORDER if _contested(plan, d)]
    shown = sorted(contested, key=lambda d: d.alternatives == ())[:SHOWN]
    rows = tuple(_option(d) for d in contested if d in shown)
    if rows:
        yield Table(("Decision", "Chosen", "Because", "Next best", "Why not first"), rows)
        yield Paragraph(
            "Amounts compare options at the load of today, with the people that each takes at "
            "least. The chapter on decisions has every candidate."
        )


def _contested(plan: Plan, id_: str) -> bool:
    """Return whether something could have been chosen instead: doing without what serves or
    trains is no option, and what lost for nothing but preference says nothing here."""
    found = plan.decisions.get(id_)
    if found is None:
        return False
    if found.alternatives:
        why = found.alternatives[0].why_not_first
        return found.ids[0] != "ml" or _why_not(found.because[0], why) != LESS
    near = min(found.rejected, key=_nearness, default=None)
    return found.ids[0] not in NOTHING and (near is None or near.id not in NOTHING)


def _nearness(rejected: Rejected) -> tuple[int, str]:
    return len(rejected.reasons), rejected.id


def _option(decision: Decision) -> tuple[Words, ...]:
    first = decision.because[0]
    chosen, because = (Strong(shown_choice(decision)),), _short(first)
    if decision.alternatives:
        other = decision.alternatives[0]
        return decision.name, chosen, because, other.name, _why_not(first, other.why_not_first)
    if decision.rejected:
        near = min(decision.rejected, key=_nearness)
        why = _short(near.reasons[0], as_it(near.reasons[0].text, near.name, near.id))
        return decision.name, chosen, because, f"{near.name} (ruled out)", why
    return decision.name, chosen, because, "no other candidate", ""


def _why_not(reason: Reason, why_not: str) -> str:
    """Return why the next best lost; where it is the reason beside, that is not said twice."""
    if sentence(why_not).endswith(sentence(reason.text)):
        return LESS
    return sentence(shortened(why_not))


def _short(reason: Reason, said: str = "") -> Words:
    return sentence(shortened(said or reason.text)), " ", Cite(basis_of(reason))


def shortened(text: str) -> str:
    """Return a long text up to the last clause that fits, else to the last word, marked as cut:
    at a comma it would break lists and comparisons."""
    if len(text) <= LONGEST:
        return text
    end = max(text.rfind(mark, 0, LONGEST) for mark in ("; ", ". "))
    return text[:end] if end > 0 else f"{text[:LONGEST].rpartition(' ')[0]} …"
