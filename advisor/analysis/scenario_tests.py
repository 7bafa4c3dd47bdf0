"""Expectations against a plan: what holds, what does not, and which rule or figure decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from advisor.domain.expectations import Demand, Expectation
from advisor.domain.plan import CostItem, Decision, Plan, Reason
from advisor.frozen import dataclass
from advisor.library.expectations import ExpectedWords
from advisor.planning.kit import Kit

NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Held:
    """One expectation with whether it holds, what the plan has instead, and what decided."""

    expectation: Expectation
    holds: bool
    found: str
    decided_by: tuple[str, ...]


def expected_words(kit: Kit) -> ExpectedWords:
    """Return what expectations may name with this library."""
    asserted = (a for rule in kit.library.rules for a in rule.then if a.fact == "finding")
    return ExpectedWords(
        {d: sorted({NOTHING, *(c.id for c in cs)}) for d, cs in kit.candidates.items()},
        sorted(kit.library.practices),
        sorted({str(dict(a.fields)["id"]) for a in asserted}),
    )


def hold_against(plan: Plan, expectations: Iterable[Expectation]) -> tuple[Held, ...]:
    """Return every expectation with its outcome, in the order of the file."""
    return tuple(_held(plan, expectation) for expectation in expectations)


def _held(plan: Plan, expectation: Expectation) -> Held:
    if expectation.usd is not None:
        return _held_amount(plan, expectation)
    has = _present(plan, expectation.subject)
    found = ", ".join(has) if expectation.subject in plan.decisions else ""
    return Held(expectation, _fits(expectation, has), found, tuple(_decided(plan, expectation)))


def _present(plan: Plan, subject: str) -> tuple[str, ...]:
    if subject == "feasible":
        return ("yes" if plan.feasible else "no",)
    if subject == "practices":
        return tuple(practice.id for practice in plan.practices)
    if subject == "findings":
        return tuple(dict.fromkeys(finding.id for finding in plan.findings))
    return plan.decisions[subject].ids or (NOTHING,)


def _fits(expectation: Expectation, has: tuple[str, ...]) -> bool:
    wanted = [word in has for word in expectation.words]
    if expectation.demand is Demand.HAS:
        return all(wanted)
    return any(wanted) is (expectation.demand is Demand.ONE_OF)


def _held_amount(plan: Plan, expectation: Expectation) -> Held:
    limit = expectation.usd or Decimal(0)
    months = None if expectation.subject == "month_usd" else plan.cost.months
    likely = (plan.cost.month if months is None else plan.cost.lifetime).likely
    holds = likely <= limit if expectation.demand is Demand.AT_MOST else likely >= limit
    largest = max(plan.cost.items, key=lambda item: _share(item, months), default=None)
    because = [f"{largest.name}, ${_share(largest, months):,.0f} of it"] if largest else []
    return Held(expectation, holds, f"likely ${likely:,.0f}", tuple(because))


def _share(item: CostItem, months: int | None) -> Decimal:
    """Return what an item costs: a month, or over `months` with what is paid once."""
    return (item.month if months is None else item.one_off + item.month.times(months)).likely


def _decided(plan: Plan, expectation: Expectation) -> list[str]:
    """Return the rules and figures that decided, with what stands against the words wanted."""
    subject, words = expectation.subject, expectation.words
    if subject == "feasible":
        return [f"{limit.text}: {limit.margin}" for limit in plan.infeasible_because]
    if subject == "practices":
        practices = {p.id: f"{p.because} [{p.rule}]" for p in plan.practices}
        return _asked(practices, expectation)
    if subject == "findings":
        return _asked({f.id: f"{f.text} [{f.rule}]" for f in plan.findings}, expectation)
    decision = plan.decisions[subject]
    chosen = _cited(decision.because[0])
    if expectation.demand is Demand.NOT:
        return [chosen]
    missing = [word for word in words if word not in (*decision.ids, NOTHING)]
    return [chosen, *(f"not {word}: {_against(decision, word)}" for word in missing)]


def _asked(said: Mapping[str, str], expectation: Expectation) -> list[str]:
    """Return why each word is in the plan, or that nothing asks for it."""
    nothing = "" if expectation.demand is Demand.NOT else "nothing in the plan asks for it"
    found = {word: said.get(word, nothing) for word in expectation.words}
    return [f"{word}: {text}" for word, text in found.items() if text]


def _cited(reason: Reason) -> str:
    return f"{reason.text} [{reason.rule or reason.estimate or reason.cost}]"


def _against(decision: Decision, candidate: str) -> str:
    """Return why a candidate is not chosen."""
    for lost in decision.rejected:
        if lost.id == candidate:
            return _cited(lost.reasons[0])
    for other in decision.alternatives:
        if other.id == candidate:
            return other.why_not_first
    return "nothing asked for what it does"
