"""The two Python steps of a stage: estimates before rules judge, choices after."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.domain.plan import Decision
from advisor.domain.rule import Fact
from advisor.planning.candidates import Candidate
from advisor.planning.decide import Panel, settle
from advisor.planning.hardware_choice import choose_hardware
from advisor.planning.hardware_estimates import estimate_hardware
from advisor.planning.hold import held
from advisor.planning.host_estimates import estimate_hosts, placements, repriced
from advisor.planning.host_prices import with_host_prices
from advisor.planning.kit import Stage
from advisor.planning.line import Lesson, Line
from advisor.planning.select import Offer
from advisor.planning.trace import Opinion


def estimate(stage: Stage, line: Line) -> Lesson:
    """Return the estimates of a stage; a stage without hardware has none."""
    origin = f"estimates of {stage.id}"
    if stage.id == "hardware":
        return estimate_hardware(line, origin)
    if stage.id == "hosts":
        return estimate_hosts(line, origin)
    return Lesson(origin)


def choose(stage: Stage, line: Line) -> Lesson:
    """Return the choices of a stage, with the facts that later stages read."""
    origin = f"choices of {stage.id}"
    if stage.id == "hardware":
        return choose_hardware(line, origin)
    offers = line.lessons[f"estimates of {stage.id}"].offers
    settled = [_settle(line, spec.id, offers.get(spec.id, {})) for spec in stage.spec.decisions]
    preferred = tuple(decision for decision, _ in settled)
    stands = [held(line, decision, facts) for decision, facts in settled]
    decisions = tuple(decision for decision, _ in stands)
    facts = tuple(own for _, own in stands)
    uses = {}
    if stage.id == "hosts":
        uses = repriced(line, decisions)
        facts = (*facts, placements(line, uses))
        named = {decision.id: decision for decision in decisions}
        decisions = (*decisions, *with_host_prices(line, uses, named))
    return Lesson(origin, facts, decisions, uses=uses, preferred=preferred)


def _settle(
    line: Line, decision: str, offers: Mapping[str, Offer]
) -> tuple[Decision, tuple[Fact, ...]]:
    """Settle a decision, or take what was settled when the same was said about it before."""
    opinion = line.trace.opinion(decision)
    learns = line.chosen("approach") != "no_ml_yet"
    spec = line.kit.decisions[decision]
    asked = line.trace.reasons("need")
    needs = {slot.need: asked[slot.need] for slot in spec.slots if slot.need in asked}

    def work() -> tuple[Decision, tuple[Fact, ...]]:
        said, entries = opinion, line.called.candidates[decision]
        if not learns:
            said, entries = _without_ml(said, entries)
        return settle(Panel(spec, entries, said, offers, line.worth, needs))

    key = (decision, opinion, line.called, learns, line.worth, *needs.values(), *offers.values())
    return line.once("settled", key, work)


def _without_ml(
    opinion: Opinion, entries: tuple[Candidate, ...]
) -> tuple[Opinion, tuple[Candidate, ...]]:
    """Return what is left to say where no model is built yet: only doing without."""
    only = tuple(c for c in entries if c.id == "none")
    said = tuple(v for v in opinion.of("none") if v.kind != "exclude")
    return Opinion({"none": said}), only
