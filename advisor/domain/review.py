"""What a review of an architecture says: findings, what to improve, and what it saves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

from advisor.domain.architecture import Suppression
from advisor.domain.interval import Interval
from advisor.domain.plan import Control, Money, Plan, Reason
from advisor.frozen import dataclass

SEVERITIES = ("high", "medium", "low")
KINDS = {
    "breaks_must": "Breaks a must",
    "misses": "Misses what is asked",
    "too_little": "Too little",
    "missing": "Missing",
    "over_budget": "Over the budget",
    "too_much": "Too much",
    "needless": "Needless",
    "weaker": "Weaker than another choice",
    "follows": "What follows from these choices",
}
"""Kinds of findings, in the order in which they are told within a severity."""


@dataclass(frozen=True, slots=True)
class ReviewFinding:
    """One thing that is wrong, or not as good as it could be, with what would be chosen instead.

    `id` is what a suppression names; `subject` a decision id, or serving_machines,
    training_machines, practices, controls, budget, rules. `lapsed` is a suppression that is past
    its day, so that the finding stands again.
    """

    id: str
    subject: str
    kind: str
    severity: str
    text: str
    reasons: tuple[Reason, ...] = ()
    instead: str = ""
    why: tuple[Reason, ...] = ()
    accepted: Suppression | None = None
    lapsed: Suppression | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """A choice that holds: nothing better is known under these answers."""

    decision: str
    name: str
    chosen: str
    because: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One choice that a step changes; `before` or `after` may be a count of machines."""

    decision: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """One improvement: what changes together, what it solves, what it saves and what it takes.

    `month` and `lifetime` are savings in US dollars; a low end below zero may cost more.
    `days` are person-days of the change, `migration` what they cost. `worth` says whether it
    pays, or must be done; other steps wait until the part is touched anyway. Where what stands
    cannot be sized, a step is not `priced`.
    """

    changes: tuple[Changed, ...]
    solves: tuple[str, ...]
    severity: str
    month: Money
    lifetime: Money
    days: Interval
    migration: Money
    worth: bool
    why: str
    priced: bool = True

    @property
    def payback_months(self) -> Decimal | None:
        """Return after how many months the likely saving has paid the change, None if never."""
        if self.month.likely < 1 or not self.priced:
            return None
        return (self.migration.likely / self.month.likely).quantize(Decimal("0.1"))


@dataclass(frozen=True, slots=True)
class Target:
    """What stands after all steps that are worth it."""

    month: Money
    lifetime: Money
    saving_month: Money
    saving_lifetime: Money
    migration: Money
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """The whole review. `plan` is what stands, priced; `best` what would be planned from nothing.

    `open_decisions` were not stated and are taken as the plan would choose them; `unpriced` are
    uses whose hardware cannot be sized; `idle` are suppressions that match nothing.
    """

    name: str
    plan: Plan
    best: Plan
    findings: tuple[ReviewFinding, ...]
    steps: tuple[Step, ...]
    target: Target | None
    sound: tuple[Sound, ...]
    open_decisions: Mapping[str, str] = field(hash=False)
    controls: tuple[Control, ...] = ()
    unpriced: tuple[str, ...] = ()
    idle: tuple[Suppression, ...] = ()

    @property
    def standing(self) -> tuple[ReviewFinding, ...]:
        """Return the findings that nobody has accepted."""
        return tuple(f for f in self.findings if f.accepted is None)

    def count(self, severity: str) -> int:
        """Return how many findings of a severity stand."""
        return sum(f.severity == severity for f in self.standing)
