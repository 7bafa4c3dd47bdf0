"""Decisions that take several choices, against what the rules would have, part by part."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.analysis.standing import NONE, Standing, by_law, needless, urgency
from advisor.domain.plan import Decision, Reason
from advisor.domain.review import SEVERITIES, ReviewFinding
from advisor.domain.rule import Strength

UNASKED = (Reason("no answer asks for what it does", estimate="needs"),)
SOURCES = "data_sources"
"""A decision that says where data come from; nothing is built for it."""


def several(stands: Standing, preferred: Decision, ids: tuple[str, ...]) -> Iterator[ReviewFinding]:
    """Yield what is ruled out, what nothing asks for, and what is missing, slot by slot."""
    held = [i for i in ids if i != NONE]
    wanted = [i for i in preferred.ids if i not in held]
    slot = {c.id: c.slot for c in stands.candidates[preferred.id].values()}
    spec = stands.kit.decisions[preferred.id]
    single = {s.id for s in spec.slots if s.pick == "one"}
    for candidate in (i for i in held if i not in preferred.ids):
        rival = next((w for w in wanted if slot[w] == slot[candidate]), "")
        rival = rival if slot[candidate] in single else ""
        excluded = stands.excluded(preferred.id, candidate) or _lost(preferred, candidate)
        if excluded:
            yield _ruled_out(stands, preferred, candidate, rival, excluded)
        elif rival:
            yield from _rivals(stands, preferred, candidate, rival)
        else:
            yield needless(stands, preferred, candidate, (Reason("nothing asks for what it does"),))
    filled = {slot[i] for i in held if slot[i] in single}
    for candidate in (w for w in wanted if slot[w] not in filled):
        yield _missing(stands, preferred, candidate)


def _lost(preferred: Decision, candidate: str) -> tuple[Reason, ...]:
    return next((lost.reasons for lost in preferred.rejected if lost.id == candidate), ())


def _ruled_out(
    stands: Standing, preferred: Decision, held: str, rival: str, reasons: tuple[Reason, ...]
) -> ReviewFinding:
    if not rival and not by_law(stands, reasons):
        return needless(stands, preferred, held, reasons)
    return ReviewFinding(
        f"{preferred.id}.breaks_must.{held}",
        preferred.id,
        "breaks_must",
        "high",
        f"{preferred.name}: {stands.name(preferred.id, held)} breaks a must.",
        reasons,
        stands.name(preferred.id, rival) if rival else "doing without",
        _need(stands, preferred.id, rival) if rival else (),
    )


def _rivals(
    stands: Standing, preferred: Decision, held: str, rival: str
) -> Iterator[ReviewFinding]:
    if stands.support(preferred.id, rival) <= stands.support(preferred.id, held):
        return
    against = [v for v in stands.said(preferred.id, held) if v.kind == "avoid"]
    other = stands.name(preferred.id, rival)
    why = _for(stands, preferred.id, rival)
    better = f"{other} is preferred" + (f": {why[0].text}" if why else "")
    yield ReviewFinding(
        f"{preferred.id}.weaker.{held}",
        preferred.id,
        "weaker",
        "medium" if any(v.strength is Strength.SHOULD for v in against) else "low",
        f"{preferred.name}: {stands.name(preferred.id, held)} would not be first.",
        tuple(v.reason for v in against) or (Reason(better, cost="choice"),),
        other,
    )


def _missing(stands: Standing, preferred: Decision, wanted: str) -> ReviewFinding:
    """Return what is missing; how badly, by the strongest rule that asks for it."""
    own = [v for v in stands.said(preferred.id, wanted) if v.kind in ("require", "prefer")]
    need = _need(stands, preferred.id, wanted)
    rules = [stands.kit.rules[v.rule] for v in own if not v.general]
    rules += [stands.kit.rules[r.rule] for r in need if r.rule]
    ranks = [urgency(rule) for rule in rules]
    name = stands.name(preferred.id, wanted)
    return ReviewFinding(
        f"{preferred.id}.missing.{wanted}",
        preferred.id,
        "missing",
        "low" if preferred.id == SOURCES else min(ranks, key=SEVERITIES.index, default="low"),
        f"{preferred.name}: {name} is missing.",
        need or tuple(v.reason for v in own if not v.general) or tuple(v.reason for v in own[:1]),
        name,
        tuple(v.reason for v in own if not v.general)[:1] if need else (),
    )


def _need(stands: Standing, decision: str, candidate: str) -> tuple[Reason, ...]:
    """Return why the part of a decision that a candidate fills is there at all."""
    slot = stands.candidates[decision][candidate].slot
    for spec in stands.kit.decisions[decision].slots:
        if spec.id == slot and spec.need in stands.needs:
            return (stands.needs[spec.need],)
    return ()


def _for(stands: Standing, decision: str, candidate: str) -> tuple[Reason, ...]:
    found = stands.said(decision, candidate)
    return tuple(v.reason for v in found if v.kind in ("require", "prefer"))
