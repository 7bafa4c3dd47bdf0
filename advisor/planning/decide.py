"""Outcomes of selection -> decisions of the plan, each with reasons that cite what they rest on."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.domain.decisions import DecisionSpec, Slot
from advisor.domain.plan import Alternative, Decision, Reason, Rejected
from advisor.domain.rule import Fact
from advisor.frozen import dataclass
from advisor.planning.candidates import Candidate
from advisor.planning.select import (
    Offer,
    Outcome,
    Standing,
    alternatives,
    choose,
    standings,
    take_all,
)
from advisor.planning.trace import Opinion
from advisor.planning.weights import Worth
from advisor.planning.words import counted, dollars

UNRESOLVED = "unresolved"
"""What is chosen where musts leave nothing."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One decision with its candidates and everything said about them."""

    spec: DecisionSpec
    candidates: tuple[Candidate, ...]
    opinion: Opinion
    offers: Mapping[str, Offer]
    worth: Worth
    needs: Mapping[str, Reason]

    def rank(self, slot: str = "") -> tuple[Standing, ...]:
        """Return the standings of the slot's candidates."""
        mine = [c for c in self.candidates if c.slot == slot]
        return standings(mine, self.opinion, self.offers, self.worth)


def settle(panel: Panel) -> tuple[Decision, tuple[Fact, ...]]:
    """Return the decision and the facts that later stages read about it."""
    if panel.spec.is_list:
        return _settle_list(panel)
    return state(panel.spec, choose(panel.rank()))


def state(
    spec: DecisionSpec, outcome: Outcome, extra: tuple[Reason, ...] = ()
) -> tuple[Decision, tuple[Fact, ...]]:
    """Return a single choice as a decision; `extra` are reasons from estimates."""
    best = outcome.chosen[0] if outcome.chosen else None
    if best is None:
        because = outcome.conflicts or _why_nothing(outcome.rejected)
        decision = Decision(
            spec.id, spec.name, spec.stage, UNRESOLVED, UNRESOLVED, because, outcome.rejected
        )
        return decision, _facts(spec, (), outcome.rejected)
    decision = Decision(
        spec.id,
        spec.name,
        spec.stage,
        best.candidate.id,
        best.candidate.name,
        (*_why_not_without(best, outcome), *reasons(best, extra)),
        outcome.rejected,
        alternatives(best, outcome.others),
    )
    return decision, _facts(spec, outcome.chosen, outcome.rejected)


def _why_not_without(best: Standing, outcome: Outcome) -> tuple[Reason, ...]:
    """Return why doing without was ruled out: the need that the winner answers.

    Where costs decide, the figures say it better.
    """
    if best.offer.month_usd is not None:
        return ()
    without = (lost for lost in outcome.rejected if lost.id == "none")
    return tuple(reason for lost in without for reason in lost.reasons[:1] if reason.rule)


def reasons(best: Standing, extra: tuple[Reason, ...] = ()) -> tuple[Reason, ...]:
    """Return why the winner won; never empty, strongest first."""
    found = [*best.required, *(v.reason for v in best.speaks_for), *extra]
    found += [r for r in _cost_reason(best) if not extra]
    if not found:
        found = [_by_default(best)]
    return tuple(dict.fromkeys(found))


def _cost_reason(best: Standing) -> tuple[Reason, ...]:
    if best.offer.month_usd is None:
        return ()
    if best.candidate.id == "none":
        return (Reason("Nothing runs on machines of your own here.", estimate="pattern"),)
    amount = f"${best.offer.month_usd:,.0f} a month"
    if not best.offer.month_usd and best.offer.lifetime_usd:
        amount = f"{dollars(best.offer.lifetime_usd)} over its life"
    people = f" {best.offer.text}" if best.offer.text else ""
    text = f"likely {amount}{people}, the least of what meets every must"
    return (Reason(text, cost="month"),)


def _by_default(best: Standing) -> Reason:
    if best.candidate.id == "none":
        text = "Nothing in the answers asks for it, and doing without is free."
    else:
        people = counted(best.candidate.people, "person", "people") if best.candidate.people else ""
        text = f"{best.candidate.name} meets every must, nothing speaks for another, and it takes "
        text += f"{people} to run, the fewest." if people else "nobody to run."
    return Reason(text, cost="effort")


def _why_nothing(rejected: tuple[Rejected, ...]) -> tuple[Reason, ...]:
    """Return the first reason against each candidate, each reason once."""
    return tuple(dict.fromkeys(r.reasons[0] for r in rejected if r.reasons))


def _facts(
    spec: DecisionSpec, chosen: tuple[Standing, ...], rejected: tuple[Rejected, ...]
) -> tuple[Fact, ...]:
    taken = tuple(s.candidate.choice() for s in chosen)
    lost = tuple(Fact.of("rejected", decision=spec.id, id=r.id) for r in rejected)
    return (*taken, *lost)


def _settle_list(panel: Panel) -> tuple[Decision, tuple[Fact, ...]]:
    chosen: list[Standing] = []
    because: list[Reason] = []
    rejected: list[Rejected] = []
    others: list[Alternative] = []
    for slot in panel.spec.slots:
        outcome = _fill(panel, slot)
        if outcome is None:
            continue
        chosen += outcome.chosen
        rejected += outcome.rejected
        others += alternatives(outcome.chosen[0] if outcome.chosen else None, outcome.others)
        because += _slot_reasons(panel, slot, outcome)
    spec = panel.spec
    names = ", ".join(s.candidate.name for s in chosen) or "none"
    decision = Decision(
        spec.id,
        spec.name,
        spec.stage,
        tuple(s.candidate.id for s in chosen),
        names,
        tuple(dict.fromkeys(because)) or (_nothing_asked(),),
        tuple(rejected),
        tuple(others),
    )
    return decision, _facts(spec, tuple(chosen), tuple(rejected))


def _fill(panel: Panel, slot: Slot) -> Outcome | None:
    """Return the outcome of a slot, None where nothing needs it."""
    if slot.pick == "all":
        return take_all(panel.rank(slot.id))
    if slot.need and slot.need not in panel.needs:
        return None
    return choose(panel.rank(slot.id))


def _slot_reasons(panel: Panel, slot: Slot, outcome: Outcome) -> list[Reason]:
    asked = panel.needs.get(slot.need)
    found = [asked] if asked else []
    for standing in outcome.chosen:
        found += [*standing.required, *(v.reason for v in standing.speaks_for)]
    return found


def _nothing_asked() -> Reason:
    text = "Nothing in the answers asks for it, and doing without is free."
    return Reason(text, cost="effort")
