"""The review of an architecture that stands: the same line, with its choices held and judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from advisor.advise import advise
from advisor.analysis.improve import Improver
from advisor.analysis.judge import judged
from advisor.analysis.judge_beside import beside
from advisor.analysis.judge_sizes import DEARER, sizes_judged
from advisor.analysis.standing import standing_of
from advisor.domain.answers import Answers
from advisor.domain.architecture import Architecture, Held, Suppression
from advisor.domain.plan import Finding, Plan, Reason
from advisor.domain.review import KINDS, SEVERITIES, Review, ReviewFinding, Step
from advisor.frozen import replace
from advisor.library.architecture import ArchitectureWords
from advisor.planning.kit import Kit
from advisor.planning.line import Line

OF_CHOICES = ("risk", "missing", "underinvest", "overspend")
"""Kinds of rule findings that a choice can bring about."""


def architecture_words(kit: Kit) -> ArchitectureWords:
    """Return what an architecture may name with this library."""
    return ArchitectureWords(
        {d: tuple(dict.fromkeys(("none", *ids) if lists else ids)) for d, ids, lists in _ids(kit)},
        frozenset(d for d, spec in kit.decisions.items() if spec.is_list),
        sorted(kit.library.practices),
        sorted(kit.library.controls),
    )


def _ids(kit: Kit) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    for id_, candidates in kit.candidates.items():
        yield id_, tuple(c.id for c in candidates), kit.decisions[id_].is_list


def review(
    name: str, answers: Answers, architecture: Architecture, line: Line, as_of: str
) -> Review:
    """Return the review of an architecture called `name` under its answers on a day."""
    line.held = Held()
    best = advise(answers, line, as_of)
    line.held = architecture.held
    plan = advise(answers, line, as_of)
    stands = standing_of(line, plan)
    about, sound = judged(stands)
    found = [*about, *sizes_judged(stands), *_budget(plan), *beside(stands, architecture)]
    found += _followed(plan, best)
    marked = [_suppressed(f, architecture.suppressions, as_of) for f in found]
    improver = Improver(line, answers, stands, [f for f in marked if f.accepted is None])
    steps = improver.steps()
    target = improver.target(steps)
    line.held = Held()
    return Review(
        name,
        plan,
        best,
        tuple(sorted((_weighed(f, steps, plan) for f in marked), key=_order)),
        steps,
        target,
        sound,
        {
            id_: decision.chosen_name
            for id_, decision in plan.decisions.items()
            if id_ not in architecture.held.choices
        },
        plan.controls if architecture.controls is None else (),
        improver.unpriced,
        tuple(s for s in architecture.suppressions if not any(_about(s, f) for f in found)),
    )


def _budget(plan: Plan) -> Iterator[ReviewFinding]:
    for limit in plan.infeasible_because:
        if limit.id == "budget_monthly":
            text = f"{limit.text.replace('The cheapest plan that meets every must', 'It')}"
            yield ReviewFinding(
                "budget.over_budget",
                "budget",
                "over_budget",
                "high",
                "The budget is exceeded.",
                (Reason(f"{text.removesuffix('.')}: {limit.margin}", cost="month"),),
            )


def _followed(plan: Plan, best: Plan) -> Iterator[ReviewFinding]:
    """Yield what rules find wrong with these choices and would not with the best ones."""
    known = {(f.id, f.text) for f in best.findings}
    for finding in plan.findings:
        if finding.kind in OF_CHOICES and (finding.id, finding.text) not in known:
            yield _rule_finding(finding)


def _rule_finding(finding: Finding) -> ReviewFinding:
    return ReviewFinding(
        f"rules.{finding.id}",
        "rules",
        "follows",
        finding.severity,
        finding.text,
        (Reason(finding.text, rule=finding.rule),),
    )


def _weighed(finding: ReviewFinding, steps: Iterable[Step], plan: Plan) -> ReviewFinding:
    """Return a finding that costs a fifth of the bill or more as more than a trifle."""
    if finding.severity != "low":
        return finding
    total = max(plan.cost.lifetime.likely, Decimal(1))
    dear = any(finding.id in s.solves and s.lifetime.likely / total >= DEARER for s in steps)
    return replace(finding, severity="medium") if dear else finding


def _suppressed(
    finding: ReviewFinding, suppressions: Iterable[Suppression], as_of: str
) -> ReviewFinding:
    for suppression in suppressions:
        if _about(suppression, finding):
            if suppression.until >= as_of:
                return replace(finding, accepted=suppression)
            finding = replace(finding, lapsed=suppression)
    return finding


def _about(suppression: Suppression, finding: ReviewFinding) -> bool:
    return suppression.about in (finding.id, finding.subject)


def _order(finding: ReviewFinding) -> tuple[int, int, str]:
    return SEVERITIES.index(finding.severity), list(KINDS).index(finding.kind), finding.id
