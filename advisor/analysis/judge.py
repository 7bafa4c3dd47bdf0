"""Every choice of an architecture against what the rules would have, everything else as it stands.

The line ran with the choices held. For each of them it also noted what it would have preferred at
that point: what stands is then sound, or lost to a must, to a figure, or to something better.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from advisor.analysis.judge_lists import several
from advisor.analysis.standing import NONE, Standing, by_law, needless
from advisor.domain.plan import Alternative, Decision, Reason
from advisor.domain.review import ReviewFinding, Sound
from advisor.domain.rule import Strength
from advisor.frozen import dataclass
from advisor.planning.decide import UNRESOLVED
from advisor.planning.held_hardware import USUAL_COUNT
from advisor.planning.select import TIE
from advisor.planning.verdicts import Verdict

AMOUNT = re.compile(r"\$[\d,.]+\d")
DEVICE = "_accelerator"
WITHOUT_ACCELERATOR = {"cpu", NONE, "in_database", "one_machine", "many_models"}
SIZED = ("training_pattern",)
"""Decisions that follow from a count: what is more than needed is judged as a size."""


def judged(stands: Standing) -> tuple[tuple[ReviewFinding, ...], tuple[Sound, ...]]:
    """Return the findings about the held choices, and those choices that are sound."""
    findings: list[ReviewFinding] = []
    sound: list[Sound] = []
    for decision, ids in stands.held.choices.items():
        preferred = stands.preferred[decision]
        single = isinstance(preferred.chosen, str)
        found = list(_one(stands, preferred, ids[0]) if single else several(stands, preferred, ids))
        findings += found
        if not found:
            name = ", ".join(stands.name(decision, i) for i in ids if i != NONE) or "none"
            sound.append(Sound(decision, preferred.name, name, _because(preferred, ids)))
    return tuple(findings), tuple(sound)


def _because(preferred: Decision, ids: tuple[str, ...]) -> str:
    if set(preferred.ids) == set(ids) or not preferred.because:
        return preferred.because[0].text if preferred.because else ""
    return "as good as any other choice under these answers"


# --- a decision with one choice ------------------------------------------------------------


def _one(stands: Standing, preferred: Decision, held: str) -> Iterator[ReviewFinding]:
    if held in preferred.ids:
        return
    for lost in preferred.rejected:
        if lost.id == held:
            yield from _rejected(stands, preferred, held, lost.reasons)
            return
    for other in preferred.alternatives:
        if other.id == held:
            yield from _second(stands, preferred, other)
            return
    excluded = stands.excluded(preferred.id, held)
    if excluded:
        yield from _rejected(stands, preferred, held, excluded)
    elif preferred.ids != (UNRESOLVED,):
        yield needless(stands, preferred, held, _instead(preferred).because)


def _rejected(
    stands: Standing, preferred: Decision, held: str, reasons: tuple[Reason, ...]
) -> Iterator[ReviewFinding]:
    """Yield why what stands is ruled out; what only follows from another finding is left to it."""
    mine = tuple(r for r in reasons if not _elsewhere(stands, preferred.id, r))
    ruled = tuple(r for r in mine if r.rule)
    if not mine:
        return
    spare = _without(preferred) and not _accelerates(preferred.id, held)
    if ruled and spare and not by_law(stands, ruled):
        yield needless(stands, preferred, held, ruled)
        return
    better = _instead(preferred)
    kind, severity, text = _ruling(stands, preferred, held, ruled)
    why = ruled or tuple(_why_no_option(stands, preferred.id, held, r) for r in mine)
    yield ReviewFinding(
        f"{preferred.id}.{kind}",
        preferred.id,
        kind,
        severity,
        text,
        why,
        better.name,
        better.because,
    )


def _ruling(
    stands: Standing, preferred: Decision, held: str, ruled: tuple[Reason, ...]
) -> tuple[str, str, str]:
    """Return kind, severity and sentence of a choice that is ruled out.

    Accelerators where processors would do are too much, not wrong, unless the law says so.
    """
    name = stands.name(preferred.id, held)
    if held == NONE:
        severity = "high" if by_law(stands, ruled) else "medium"
        return "missing", severity, f"{preferred.name}: nothing is there, and something is needed."
    if not ruled:
        return "misses", "high", f"{preferred.name}: {name} does not do what is asked."
    spared = {*preferred.ids} <= WITHOUT_ACCELERATOR
    if spared and _accelerates(preferred.id, held) and not by_law(stands, ruled):
        return "too_much", "medium", f"{preferred.name}: {name} is more than the work needs."
    return "breaks_must", "high", f"{preferred.name}: {name} breaks a must."


def _accelerates(decision: str, held: str) -> bool:
    return decision.endswith(DEVICE) or (decision in SIZED and held in USUAL_COUNT)


def _without(preferred: Decision) -> bool:
    return set(preferred.ids) <= {NONE}


def _elsewhere(stands: Standing, decision: str, reason: Reason) -> bool:
    """Return whether a reason only repeats what is said elsewhere: a host without hardware that
    is settled, a pattern of training that is a count, an accelerator under another pattern."""
    if not reason.estimate.endswith("_options"):
        return False
    pattern = f"{decision.removesuffix(DEVICE)}_pattern"
    held = stands.held.choices.get(pattern)
    other = held is not None and held != stands.preferred[pattern].ids
    return decision.endswith("_host") or decision in SIZED or (decision.endswith(DEVICE) and other)


def _why_no_option(stands: Standing, decision: str, held: str, reason: Reason) -> Reason:
    """Return the reason in full where no layout of a device that is on offer does the work."""
    use = decision.removesuffix(DEVICE)
    if reason.estimate != f"{use}_options" or held in (NONE, "cpu") or use == decision:
        return reason
    device = stands.kit.devices[held]
    text = (
        f"no layout of {device.name} ({device.memory_gb:,.0f} GB a device) does this work, or "
        "nobody whom the answers allow offers it"
    )
    return Reason(text, estimate=reason.estimate)


@dataclass(frozen=True, slots=True)
class _Better:
    """What would be chosen, and why."""

    name: str
    because: tuple[Reason, ...]


def _instead(preferred: Decision) -> _Better:
    if preferred.ids == (UNRESOLVED,):
        return _Better("", preferred.because)
    return _Better(preferred.chosen_name, preferred.because)


def _second(stands: Standing, preferred: Decision, other: Alternative) -> Iterator[ReviewFinding]:
    """Yield what speaks against a choice that is possible, but not first; nothing for a tie."""
    if preferred.ids == (NONE,):
        yield needless(stands, preferred, other.id, (Reason(other.why_not_first, cost="choice"),))
        return
    if preferred.id in SIZED and other.id in USUAL_COUNT and preferred.ids[0] in USUAL_COUNT:
        return  # a count, which is judged as such
    best = preferred.ids[0]
    gap = stands.support(preferred.id, best) - stands.support(preferred.id, other.id)
    against = [v for v in stands.said(preferred.id, other.id) if v.kind == "avoid"]
    if other.why_not_first.endswith(TIE) or (gap <= 0 and other.month_usd is None):
        return
    name = stands.name(preferred.id, other.id)
    strong = any(v.strength is Strength.SHOULD for v in against)
    kind = "missing" if other.id == NONE else "weaker"
    what = "nothing is there" if other.id == NONE else f"{name} would not be first"
    yield ReviewFinding(
        f"{preferred.id}.{kind}",
        preferred.id,
        kind,
        "medium" if strong else "low",
        f"{preferred.name}: {what}.",
        (
            Reason(other.why_not_first),
            *(v.reason for v in against if v.text != other.why_not_first),
        ),
        preferred.chosen_name,
        preferred.because,
    )


def _preference(stands: Standing, preferred: Decision, held: str) -> tuple[Reason, ...]:
    """Return what a rule of this decision says for the better choice and not for what stands."""
    mine = {v.rule for v in stands.said(preferred.id, held) if v.kind == "prefer"}
    own = (v for v in stands.said(preferred.id, preferred.ids[0]) if v.kind == "prefer")
    return tuple(v.reason for v in own if not v.general and v.rule not in mine)[:1]


def _once(text: str, against: Iterable[Verdict]) -> tuple[Reason, ...]:
    """Return why a choice was not first and the verdicts against it, each once; two equal
    amounts say nothing."""
    said = tuple(v.reason for v in against if v.text not in text or v.text == text)
    amounts = AMOUNT.findall(text)
    idle = len(amounts) == 2 and amounts[0] == amounts[1]
    if idle or any(r.text == text for r in said):
        return said
    return Reason(text, cost="choice"), *said
