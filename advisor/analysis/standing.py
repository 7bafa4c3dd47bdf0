"""What the line found about an architecture, taken down, and what findings have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from advisor.domain.architecture import Held
from advisor.domain.plan import Decision, Plan, Reason
from advisor.domain.review import ReviewFinding
from advisor.domain.rule import RuleSpec, Strength
from advisor.frozen import dataclass
from advisor.planning.candidates import Candidate
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.planning.options import Option
from advisor.planning.verdicts import Verdict
from advisor.planning.weights import Worth

NONE = "none"
SEVERITY = {Strength.MUST: "high", Strength.SHOULD: "medium", Strength.COULD: "low"}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the line found with the choices held, taken down before it runs again."""

    kit: Kit
    worth: Worth
    plan: Plan
    held: Held
    preferred: Mapping[str, Decision]
    verdicts: Mapping[str, Mapping[str, tuple[Verdict, ...]]]
    candidates: Mapping[str, Mapping[str, Candidate]]
    uses: Mapping[str, Option]
    needed: Mapping[str, Option]
    first: Mapping[str, Option]
    needs: Mapping[str, Reason]

    def name(self, decision: str, candidate: str) -> str:
        """Return what a candidate is called."""
        found = self.candidates[decision].get(candidate)
        return found.name if found else candidate

    def said(self, decision: str, candidate: str) -> tuple[Verdict, ...]:
        """Return what rules say of a candidate."""
        return self.verdicts.get(decision, {}).get(candidate, ())

    def excluded(self, decision: str, candidate: str) -> tuple[Reason, ...]:
        """Return the musts against a candidate."""
        return tuple(v.reason for v in self.said(decision, candidate) if v.kind == "exclude")

    def support(self, decision: str, candidate: str) -> Decimal:
        """Return what preferences are worth for a candidate, in percent."""
        total = Decimal(0)
        for verdict in self.said(decision, candidate):
            if verdict.kind in ("prefer", "avoid"):
                value = self.worth.of(verdict)
                total += value if verdict.kind == "prefer" else -value
        return total


def standing_of(line: Line, plan: Plan) -> Standing:
    """Return what the line knows of the plan that it has just made."""
    candidates = {d: {c.id: c for c in cs} for d, cs in line.called.candidates.items()}
    first = line.lessons["choices of hardware"].uses
    return Standing(
        line.kit,
        line.worth,
        plan,
        line.held,
        line.preferred,
        {d: line.trace.opinion(d).verdicts for d in candidates},
        candidates,
        line.uses,
        line.needed,
        dict(first),
        dict(line.trace.reasons("need")),
    )


def by_law(stands: Standing, reasons: Iterable[Reason]) -> bool:
    """Return whether one of the reasons is a rule of law, contract or security."""
    return any(r.rule and stands.kit.rules[r.rule].area == "compliance" for r in reasons)


def urgency(rule: RuleSpec) -> str:
    """Return how badly something is missing that a rule asks for: severe only where the law, a
    contract or security does."""
    if rule.area == "compliance":
        return SEVERITY[rule.strength]
    return "low" if rule.strength is Strength.COULD else "medium"


def _ruled(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(r for r in reasons if r.rule)


def needless(
    stands: Standing, preferred: Decision, held: str, why: tuple[Reason, ...]
) -> ReviewFinding:
    """Return the finding that nothing asks for what stands; medium where it takes people."""
    candidate = stands.candidates[preferred.id].get(held)
    people = candidate.people if candidate else 0
    against = [v for v in stands.said(preferred.id, held) if v.kind == "avoid"]
    effort: tuple[Reason, ...] = ()
    if people:
        text = f"it takes {people} {'person' if people == 1 else 'people'} who can run it"
        effort = (Reason(text, cost="effort"),)
    strong = people or any(v.strength is Strength.SHOULD for v in against)
    strong = strong or any(reason.rule for reason in why)
    suffix = f".{held}" if not isinstance(preferred.chosen, str) else ""
    return ReviewFinding(
        f"{preferred.id}.needless{suffix}",
        preferred.id,
        "needless",
        "medium" if strong else "low",
        f"{preferred.name}: nothing in the answers asks for {stands.name(preferred.id, held)}.",
        tuple(dict.fromkeys((*_ruled(why), *(v.reason for v in against), *effort))) or why,
        preferred.chosen_name if isinstance(preferred.chosen, str) else "doing without",
        (),
    )
