"""What chosen things are called: names of decisions, hardware, answers and money in sentences."""

from __future__ import annotations

import datetime
import re

from advisor.domain.plan import DEVICE_PROCESSOR, Decision, HardwareUse, Plan, Reason
from advisor.domain.provenance import earliest_day
from advisor.report.model import Cite, Piece, Words
from advisor.report.text import counted, sentence

NOTHING = ("none", "unresolved")

CONSIDERATIONS = {
    "performance": "Performance",
    "scalability": "Scalability",
    "lifecycle": "Lifecycle duration",
    "cost": "Cost",
    "security": "Security and compliance",
}
SOURCES = {
    "given": "given",
    "file": "from a file",
    "default": "assumed",
    "unknown": "not known, assumed",
}
_BRACKETS = re.compile(r"\s*\([^()]*\)")
CLOUDS = {"aws": "AWS", "azure": "Azure", "gcp": "Google Cloud"}
"""The clouds that hold data, by what answers call them."""
USES = {"training": "Training", "serving": "Serving"}


def is_chosen(plan: Plan, decision: str) -> bool:
    """Return whether the decision settled on something other than nothing."""
    found = plan.decisions.get(decision)
    return bool(found and [i for i in found.ids if i not in NOTHING])


def name_of(plan: Plan, decision: str) -> str:
    """Return what was chosen, by name."""
    found = plan.decisions.get(decision)
    return found.chosen_name if found else "not decided"


def short_name(plan: Plan, decision: str) -> str:
    """Return the names chosen without what they say in brackets."""
    return _BRACKETS.sub("", name_of(plan, decision))


def shown_choice(decision: Decision) -> str:
    """Return the choice as it stands beside the decision's name."""
    if decision.chosen == "unresolved":
        return "nothing is left"
    return decision.chosen_name


def use_of(plan: Plan, use: str) -> HardwareUse | None:
    """Return what a use runs on, None where it runs on nothing of one's own."""
    found = next((u for u in plan.hardware if u.use == use), None)
    return None if found is None or found.accelerator == "none" else found


def machines(use: HardwareUse) -> str:
    """Return count, device, nodes, instance and provider."""
    rented = f"at {use.rented_at}" if use.rented_at else ""
    where = " ".join(x for x in (use.instance, rented) if x)
    if not use.count:
        return f"{processors(use)} ({where})" if where else processors(use)
    nodes = counted(use.nodes, "node") if use.nodes else "devices of one's own"
    inside = ", ".join(x for x in (nodes, where) if x)
    return f"{use.count:,} x {use.accelerator_name} ({inside})"


def processors(use: HardwareUse) -> str:
    """Return the count of what has no accelerator: machines, or devices that run the model."""
    noun = "device" if use.instance == DEVICE_PROCESSOR else "CPU machine"
    return counted(max(1, use.nodes), noun)


def shown_answer(plan: Plan, question: str) -> str:
    """Return an answer in words; the bare value where the plan carries no words for it."""
    if question in plan.answer_words:
        return plan.answer_words[question].shown
    value = plan.answers[question][0] if question in plan.answers else "not stated"
    values = value if isinstance(value, tuple) else (value,)
    return ", ".join(str(v).replace("_", " ") for v in values)


def flat(words: Words) -> tuple[Piece, ...]:
    """Return the pieces of a sentence."""
    return (words,) if isinstance(words, str) else words


def cited(reason: Reason) -> Words:
    """Return a reason as a sentence with what it rests on."""
    return sentence(reason.text), " ", Cite(basis_of(reason))


def basis_of(reason: Reason) -> str:
    """Return what a reason rests on: its rule, an estimate or the cost."""
    return reason.rule or ("estimate" if reason.estimate else "cost")


def ruled(text: str, rule: str) -> Words:
    """Return a sentence with the rule that said it."""
    return (sentence(text), " ", Cite(rule)) if rule else (sentence(text),)


def age(plan: Plan, as_of: str) -> str:
    """Return how old a date is on the day of the plan, "" where it is no date."""
    try:
        days = (datetime.date.fromisoformat(plan.as_of) - earliest_day(as_of)).days
    except ValueError:
        return ""
    return counted(days, "day") if days < 61 else counted(round(days / 30.44), "month")
