"""Does advice still stand on another day? What flips, and which fact moved it.

Three plans are held side by side: the one in the file, one with today's library on the day of the
file, and one with today's library on the day asked about. What differs between the first two is
the library's doing, what differs between the last two that of the calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from advisor.analysis.plan_again import Kept, again
from advisor.analysis.whatif import LIBRARY, Change, Difference, difference
from advisor.domain.offers import AREAS, Offer
from advisor.domain.plan import Decision, Plan, Reason
from advisor.domain.rule import Fact, Firing
from advisor.frozen import dataclass, replace
from advisor.planning.line import Line

PRICED = ("serving_", "training_")
"""Starts of decisions that prices settle."""
PRICES = (
    "instances", "api-prices", "hosted-prices", "accelerators", "commitments", "datacentre",
    "providers", "storage", "region-ratios", "policy", "measured",
)  # fmt: skip
"""Kinds of entries that sizes and costs rest on, the nearest first."""
MOST_FACTS = 8


@dataclass(frozen=True, slots=True)
class Flip:
    """One decision that falls differently: why, what moved it, and whose doing that is.

    `rules` are those that its reasons cite on either side.
    """

    change: Change
    doing: str
    why: tuple[str, ...]
    moved: tuple[str, ...]
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recheck:
    """What became of a plan on a day; `prices` took effect between the two days."""

    now: Plan
    changed: Difference
    flips: tuple[Flip, ...]
    prices: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Return whether no decision flips and the plan meets every must as before."""
        before, after = self.changed.feasible
        return not self.flips and before == after


def recheck(found: Kept, line: Line, as_of: str) -> Recheck:
    """Return what the line says of a kept plan on the day `as_of`."""
    between = again(found, line, found.plan.as_of)
    now = again(found, line, as_of)
    changed = difference(found.plan, now)
    prices = tuple(_new_prices(line.kit.library.offers.values(), found.plan.as_of, as_of))
    plans = found.plan, between, now
    flips = [_flip(c, plans, changed, prices) for c in changed.parts["decisions"]]
    return Recheck(now, changed, tuple(_linked(flip, flips, line) for flip in flips), prices)


def _linked(flip: Flip, flips: Iterable[Flip], line: Line) -> Flip:
    """Return the flip with the earlier flips that its rules read, where nothing else moved it."""
    if flip.moved:
        return flip
    specs = (line.kit.rules[rule] for rule in flip.rules if rule in line.kit.rules)
    read = {
        test.operand
        for spec in specs
        for clause in (*spec.when, *spec.none)
        for test in clause.tests
        if clause.fact == "choice" and test.field == "decision"
    }
    found = tuple(f"{f.change.name} flips" for f in flips if f.change.id in read and f is not flip)
    return replace(flip, moved=found)


def _new_prices(offers: Iterable[Offer], then: str, now: str) -> Iterator[str]:
    """Yield the on-demand prices that are others on one day than on the other."""
    for offer in offers:
        for area in AREAS:
            old, new = (offer.price("on_demand", area, day) for day in (then, now))
            if old and new and old.usd_per_hour != new.usd_per_hour:
                yield (
                    f"price of {offer.id} ({area}): ${old.usd_per_hour} an hour of "
                    f"{old.effective} -> ${new.usd_per_hour} of {new.effective}"
                )


def _flip(
    change: Change,
    plans: tuple[Plan, Plan, Plan],
    changed: Difference,
    prices: tuple[str, ...],
) -> Flip:
    """Return the flip of a decision; `plans` are those of then, of today's library, and of now."""
    (before, between, now), id_ = plans, change.id
    old, new = before.decisions.get(id_), now.decisions.get(id_)
    if old is None or new is None:
        return Flip(change, "the library", ("this decision is not made in both",), ())
    same_day = between.decisions.get(id_)
    doing = "the day" if same_day and same_day.ids == old.ids else "the library"
    lost = [c for c in old.ids if c not in new.ids]
    gained = [c for c in new.ids if c not in old.ids]
    fates = [(c, _fate(new, c)) for c in lost]
    rises = [(c, _fate(old, c)) for c in gained]
    why = [f"{_name(old, c)} now: {_said(fate)}" for c, fate in fates]
    why += [f"{_name(new, c)} then: {_said(fate)}" for c, fate in rises]
    cited = {r.rule for _, r in (*fates, *rises) if r and r.rule}
    cited |= {r.rule for r in (*old.because, *new.because) if r.rule}
    moved = dict.fromkeys(
        (
            *_entries(changed, cited, id_, (*lost, *gained)),
            *(prices if id_.startswith(PRICED) else ()),
            *_facts(before, now, id_, (*lost, *gained)),
        )
    )
    return Flip(change, doing, tuple(why), tuple(moved)[:MOST_FACTS], tuple(sorted(cited)))


def _name(decision: Decision, candidate: str) -> str:
    known = {c.id: c.name for c in decision.rejected}
    known |= {c.id: c.name for c in decision.alternatives}
    if candidate in known:
        return known[candidate]
    return decision.chosen_name if len(decision.ids) == 1 else candidate


def _fate(decision: Decision, candidate: str) -> Reason | None:
    """Return why a decision did not choose a candidate, None where it was not in question."""
    for lost in decision.rejected:
        if lost.id == candidate:
            return lost.reasons[0]
    for other in decision.alternatives:
        if other.id == candidate:
            return Reason(other.why_not_first)
    return None


def _said(fate: Reason | None) -> str:
    if fate is None:
        return "nothing asks for it"
    return f"{fate.text.removesuffix('.')} [{fate.rule}]" if fate.rule else fate.text


def _entries(
    changed: Difference, cited: set[str], decision: str, candidates: tuple[str, ...]
) -> Iterator[str]:
    """Yield the changed entries of the library that bear on a decision."""
    by_kind: dict[str, list[Change]] = {}
    for change in changed.parts[LIBRARY]:
        by_kind.setdefault(change.name, []).append(change)
    near = {*cited, *candidates, *(f"{decision}/{candidate}" for candidate in candidates)}
    for kind, entries in by_kind.items():
        yield from (_entry(kind, e) for e in entries if (e.after or e.before) in near)
    if decision.startswith(PRICED):
        for kind in PRICES:
            yield from (_entry(kind, e) for e in by_kind.get(kind, ()))


def _entry(kind: str, change: Change) -> str:
    what = "changed" if change.before and change.after else "is new" if change.after else "is gone"
    return f"{kind} {change.after or change.before} {what}"


def _facts(before: Plan, now: Plan, decision: str, candidates: tuple[str, ...]) -> Iterator[str]:
    """Yield the facts below what rules say of the candidates that stand on one side alone."""
    for plan, other, sign in ((now, before, "now"), (before, now, "no more")):
        known = {fact for firing in other.trace for fact in (*firing.used, *firing.added)}
        makers = {fact: firing for firing in plan.trace for fact in firing.added}
        for firing in plan.trace:
            if any(_about(fact, decision, candidates) for fact in firing.added):
                yield from _leaves(firing, makers, known, sign, set())


def _about(fact: Fact, decision: str, candidates: tuple[str, ...]) -> bool:
    mine = fact.get("decision") == decision and fact.get("candidate") in candidates
    return fact.type == "verdict" and mine


def _leaves(
    firing: Firing,
    makers: Mapping[Fact, Firing],
    known: set[Fact],
    sign: str,
    seen: set[Fact],
) -> Iterator[str]:
    """Yield the given facts and choices below a firing that the other plan does not know."""
    for fact in firing.used:
        if fact in known or fact in seen:
            continue
        seen.add(fact)
        if fact in makers:
            yield from _leaves(makers[fact], makers, known, sign, seen)
        else:
            yield f"{sign}: {_worded(fact)}"


def _worded(fact: Fact) -> str:
    fields = dict(fact.fields)
    if fact.type == "choice":
        return f"{fields['decision']} is {fields['id']}"
    if fact.type == "clause":
        return f"clause {fields['id']} binds within the planned life"
    inside = ", ".join(f"{k} {v}" for k, v in fields.items())
    return f"{fact.type} ({inside})"
