"""The choice among candidates: musts filter, then cost adjusted by preferences, then the id.

A `should` or `could` verdict is worth a tolerance in percent, weighed by its consideration: of the
likely lifetime cost where a candidate has one, otherwise the sum of these tolerances decides.
Nothing else is weighed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from decimal import Decimal
from functools import lru_cache

from advisor.domain.plan import Alternative, Reason, Rejected
from advisor.domain.rule import Strength
from advisor.frozen import dataclass
from advisor.planning.candidates import Candidate
from advisor.planning.trace import Opinion
from advisor.planning.verdicts import Verdict
from advisor.planning.weights import Worth
from advisor.planning.words import dollars

CHEAPER = "Cheaper, but not first"
"""How the reason ends where a preference decided against the lower cost."""
TIE = "either does: take the one that your people know"
"""How the reason ends where nothing but the name decided."""
FLOOR = Decimal("0.1")
"""Preferences never make a candidate look cheaper than a tenth of its cost."""

KINDS = ("exclude", "require", "prefer", "avoid")


@dataclass(frozen=True, slots=True)
class Offer:
    """What estimates say of one candidate: likely lifetime cost, or why it cannot be had."""

    lifetime_usd: Decimal | None = None
    month_usd: Decimal | None = None
    text: str = ""
    failures: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """One candidate with everything said about it."""

    candidate: Candidate
    musts_against: tuple[Reason, ...]
    required: tuple[Reason, ...]
    speaks_for: tuple[Verdict, ...]
    speaks_against: tuple[Verdict, ...]
    support_pct: Decimal
    offer: Offer

    @property
    def adjusted_usd(self) -> Decimal:
        """Return the lifetime cost after preferences, zero where cost does not apply."""
        cost = self.offer.lifetime_usd or Decimal(0)
        return cost * max(FLOOR, 1 - self.support_pct / 100)

    @property
    def key(self) -> tuple[Decimal, Decimal, bool, int, float, str]:
        """Return the sort key: cheapest adjusted cost, most support, none, fewest people, the
        smallest fee, id."""
        own = self.candidate
        some, fee = own.id != "none", own.fee_usd_month
        return self.adjusted_usd, -self.support_pct, some, own.people, fee, own.id


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one decision (or one slot); `chosen` is empty when nothing is left."""

    chosen: tuple[Standing, ...]
    others: tuple[Standing, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    conflicts: tuple[Reason, ...] = field(default=())


NO_OFFER = Offer()


def standings(
    candidates: Iterable[Candidate], opinion: Opinion, offers: Mapping[str, Offer], worth: Worth
) -> tuple[Standing, ...]:
    """Return each candidate with what is said of it and its offer (by id), unsorted."""
    said = _judged(opinion, worth)
    return tuple(
        [_standing(c, said.get(c.id, _UNSAID), offers.get(c.id, NO_OFFER)) for c in candidates]
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """What rules say of a candidate, by what it means for the choice."""

    excluded: tuple[Reason, ...] = ()
    required: tuple[Reason, ...] = ()
    speaks_for: tuple[Verdict, ...] = ()
    speaks_against: tuple[Verdict, ...] = ()
    support_pct: Decimal = Decimal(0)


_UNSAID = _Judged()


@lru_cache(maxsize=52)  # an opinion is held against many costs: two for each decision
def _judged(opinion: Opinion, worth: Worth) -> dict[str, _Judged]:
    """Return what is said of each candidate, by what it means for the choice."""
    return {id_: _sorted(verdicts, worth) for id_, verdicts in opinion.verdicts.items()}


def _sorted(verdicts: tuple[Verdict, ...], worth: Worth) -> _Judged:
    """Return the verdicts sorted by kind, own rules and the stronger first, and their sum."""
    ordered = sorted(verdicts, key=lambda v: (v.general, v.strength is not Strength.SHOULD))
    by_kind: dict[str, tuple[Verdict, ...]] = dict.fromkeys(KINDS, ())
    for verdict in ordered:
        by_kind[verdict.kind] += (verdict,)
    gained = sum(map(worth.of, by_kind["prefer"]), Decimal(0))
    lost = sum(map(worth.of, by_kind["avoid"]), Decimal(0))
    return _Judged(
        tuple(v.reason for v in by_kind["exclude"]),
        tuple(v.reason for v in by_kind["require"]),
        by_kind["prefer"],
        by_kind["avoid"],
        gained - lost,
    )


def _standing(candidate: Candidate, judged: _Judged, offer: Offer) -> Standing:
    return Standing(
        candidate,
        judged.excluded + offer.failures,
        judged.required,
        judged.speaks_for,
        judged.speaks_against,
        judged.support_pct,
        offer,
    )


def choose(group: tuple[Standing, ...]) -> Outcome:
    """Return the best of the candidates that meet every must, with every loser and its reason.

    Doing without comes first unless a rule speaks against it: that a product would fit is no
    reason to have one.
    """
    open_, rejected = _filter(group)
    ranked = tuple(sorted(open_, key=lambda s: (not _suffices(s), s.key)))
    return Outcome(ranked[:1], ranked[1:], rejected, _conflicts(group))


def _suffices(standing: Standing) -> bool:
    """Return whether this is doing without, and nothing speaks against that."""
    return standing.candidate.id == "none" and standing.support_pct >= 0


def take_all(group: tuple[Standing, ...]) -> Outcome:
    """Return every candidate that is required, or that a rule about this decision speaks for
    and the sum of verdicts does not speak against."""
    open_, rejected = _filter_each(group)
    ranked = sorted(open_, key=lambda s: s.key)
    taken = tuple(s for s in ranked if s.required or (_own(s) and s.support_pct > 0))
    return Outcome(taken, tuple(s for s in ranked if s not in taken), rejected, _conflicts(group))


def _own(standing: Standing) -> bool:
    """Return whether a rule about this very decision speaks for the candidate."""
    return any(not verdict.general for verdict in standing.speaks_for)


def _filter_each(group: tuple[Standing, ...]) -> tuple[list[Standing], tuple[Rejected, ...]]:
    """Return what may be taken where several may: a require does not push others out."""
    open_ = [s for s in group if not s.musts_against]
    lost = [s for s in group if s.musts_against]
    rejected = [Rejected(s.candidate.id, s.candidate.name, s.musts_against) for s in lost]
    return open_, tuple(sorted(rejected, key=lambda r: r.id))


def _filter(group: tuple[Standing, ...]) -> tuple[list[Standing], tuple[Rejected, ...]]:
    required = [s for s in group if s.required]
    because = tuple(dict.fromkeys(r for s in required for r in s.required))
    open_, rejected = [], []
    for standing in group:
        against = standing.musts_against
        if required and not standing.required:
            against = against or because
        if against:
            own = standing.candidate
            rejected.append(Rejected(own.id, own.name, against))
        else:
            open_.append(standing)
    return open_, tuple(sorted(rejected, key=lambda r: r.id))


def _conflicts(group: tuple[Standing, ...]) -> tuple[Reason, ...]:
    """Return both sides where one candidate is required and excluded by musts."""
    return tuple(
        dict.fromkeys(
            reason
            for s in group
            if s.required and s.musts_against
            for reason in (*s.required, *s.musts_against)
        )
    )


def alternatives(best: Standing | None, others: Iterable[Standing]) -> tuple[Alternative, ...]:
    """Return the runners-up with the sentence that says why each was not first."""
    return tuple(
        Alternative(
            s.candidate.id,
            s.candidate.name,
            why_not_first(best, s),
            float(s.support_pct),
            s.offer.month_usd,
        )
        for s in others
    )


def why_not_first(best: Standing | None, loser: Standing) -> str:
    """Return what decided between the winner and `loser`, in words."""
    if best is None:
        return _without_support(loser)
    if best.adjusted_usd != loser.adjusted_usd:
        return _dearer(best, loser)
    if best.support_pct != loser.support_pct:
        return _less_support(best, loser)
    return _equal(best, loser)


def _equal(best: Standing, loser: Standing) -> str:
    """Return what decided between two that cost the same and are as well supported."""
    if best.candidate.id == "none":
        return "nothing asks for it"
    if best.candidate.people != loser.candidate.people:
        return f"as well supported as {best.candidate.name}, but takes more people to run"
    if best.candidate.fee_usd_month != loser.candidate.fee_usd_month:
        fee = dollars(loser.candidate.fee_usd_month)
        return f"as well supported as {best.candidate.name}, but bills {fee} a month at rest"
    return f"as good as {best.candidate.name} on every count, so {TIE}"


def _without_support(loser: Standing) -> str:
    if loser.speaks_against:
        return loser.speaks_against[0].text
    return "no answer speaks for it"


def _dearer(best: Standing, loser: Standing) -> str:
    if loser.offer.month_usd is None or best.offer.month_usd is None:
        return _less_support(best, loser)
    mine, other = loser.offer.lifetime_usd or 0, best.offer.lifetime_usd or 0
    if dollars(mine) == dollars(other):
        return f"costs the same: {_less_support(best, loser)}"
    line = f"likely {dollars(mine)} over its life, {best.candidate.name} {dollars(other)}"
    if (loser.offer.lifetime_usd or 0) < (best.offer.lifetime_usd or 0):
        line = f"{_less_support(best, loser).removesuffix('.')}. {CHEAPER}: {line}"
    return line


def _less_support(best: Standing, loser: Standing) -> str:
    if loser.speaks_against:
        return loser.speaks_against[0].text
    if best.speaks_for:
        return f"{best.candidate.name} is preferred: {best.speaks_for[0].text}"
    return f"{best.candidate.name} has {best.support_pct - loser.support_pct:.0f} points more"
