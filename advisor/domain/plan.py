"""The plan: everything that the advisor says, as frozen values that reports render."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING

from advisor.domain.answers import AnswerWords, Source, Value
from advisor.domain.deployment import Setting
from advisor.domain.interval import Interval
from advisor.domain.model import ModelShape
from advisor.domain.rule import Firing, Reference
from advisor.frozen import dataclass

if TYPE_CHECKING:
    from advisor.domain.lifetime import Lifetime, Outlook
    from advisor.domain.sensitivity import Sensitivity

CONSIDERATIONS = ("performance", "scalability", "lifecycle", "cost", "security")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was concluded; exactly one of `rule`, `estimate`, `cost` is filled."""

    text: str
    rule: str = ""
    estimate: str = ""
    cost: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A candidate that failed a must or a stated target."""

    id: str
    name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """A candidate that was possible and lost, with what decided against it."""

    id: str
    name: str
    why_not_first: str
    support_pct: float = 0.0
    month_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One settled decision; `chosen` is one id, or several for a list decision."""

    id: str
    name: str
    stage: str
    chosen: str | tuple[str, ...]
    chosen_name: str
    because: tuple[Reason, ...]
    rejected: tuple[Rejected, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the chosen ids, also for a single choice."""
        return (self.chosen,) if isinstance(self.chosen, str) else self.chosen

    @property
    def rules(self) -> tuple[str, ...]:
        """Return the rules that spoke for the choice."""
        return tuple(sorted({r.rule for r in self.because if r.rule}))


@dataclass(frozen=True, slots=True)
class Money:
    """US dollars as low, likely and high."""

    low: Decimal
    likely: Decimal
    high: Decimal

    def __add__(self, other: Money) -> Money:
        return Money(self.low + other.low, self.likely + other.likely, self.high + other.high)

    def times(self, factor: Decimal | int) -> Money:
        """Return the amount `factor` times; `factor` is not negative."""
        return Money(self.low * factor, self.likely * factor, self.high * factor)


NOTHING = Money(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class CostItem:
    """One line of the bill: a monthly amount, a one-off amount, and what they rest on.

    `overdue_days` counts the days by which the price has outlived its shelf life on the plan's day.
    """

    id: str
    name: str
    month: Money
    one_off: Money
    basis: str
    price_date: str = ""
    source: str = ""
    overdue_days: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """The bill; `lifetime` is one-off plus months x month of every item, to the cent."""

    items: tuple[CostItem, ...]
    months: int
    price_date: str
    excluded: tuple[str, ...]

    @property
    def month(self) -> Money:
        """Return the sum of the monthly amounts."""
        return sum((i.month for i in self.items), NOTHING)

    @property
    def one_off(self) -> Money:
        """Return the sum of the one-off amounts."""
        return sum((i.one_off for i in self.items), NOTHING)

    @property
    def lifetime(self) -> Money:
        """Return what the stated life costs."""
        return self.one_off + self.month.times(self.months)


@dataclass(frozen=True, slots=True)
class Figure:
    """One estimated quantity with unit, interval, arithmetic and what it rests on.

    `parts` are the terms that add up to the likely value, by name and in the same unit.
    """

    id: str
    name: str
    value: Interval
    unit: str
    arithmetic: str = ""
    basis: str = ""
    parts: tuple[tuple[str, float], ...] = ()


DEVICE_PROCESSOR = "processor of the device"
"""What runs a model at the edge without an accelerator, in place of an instance."""


@dataclass(frozen=True, slots=True)
class HardwareUse:
    """What one use (training or serving) runs on; `device_gib` is 0 without an accelerator.

    `like` names the published measurements that are most like it, nearest first. `vendor` makes
    the accelerator, `per_node` of which share a machine; `vcpus` are those of a machine without
    one. `setting` says how it is set up, None where nothing of one's own runs. `provider_name` is
    what sentences call the provider.
    """

    use: str
    accelerator: str
    accelerator_name: str
    count: int
    nodes: int
    provider: str
    instance: str
    bare_metal: str
    layout: str
    why: str
    figures: tuple[Figure, ...] = ()
    device_gib: float = 0.0
    like: tuple[str, ...] = ()
    vendor: str = ""
    per_node: int = 0
    vcpus: int = 0
    setting: Setting | None = None
    provider_name: str = ""

    @property
    def rented_at(self) -> str:
        """Return what sentences call the provider, "" where the machines are one's own."""
        return "" if self.provider in ("", "own") else self.provider_name or self.provider


@dataclass(frozen=True, slots=True)
class Consideration:
    """One of the five: what was asked, what the plan gives, at which margin and price."""

    id: str
    asked: str
    given: str
    margin: str
    price: str
    given_up: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """A control that a law or contract asks for."""

    id: str
    name: str
    regime: str
    clause: str
    text: str
    strength: str
    period: str
    confirm: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice that the plan contains, and why."""

    id: str
    name: str
    because: str
    rule: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the reader must know: a risk, over- or under-investment, a next step."""

    id: str
    kind: str
    severity: str
    text: str
    rule: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that nobody gave, and what happens if it is wrong; `decisions` are the ids of those
    whose reasons rest on it."""

    question: str
    text: str
    value: Value
    source: Source
    if_wrong: str
    decisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToSettle:
    """An assumed answer that drives the cost: what was assumed, which other answer would save how
    much, and how to find out."""

    question: str
    name: str
    text: str
    find_out: str


LIMIT_NAMES = {
    "budget_monthly": "Budget a month",
    "latency_p99_ms": "Latency, p99",
    "train_hours_target": "Hours of a training",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A constraint with its margin: what would change the plan if it moved.

    `used` is the likely share of the limit that the plan takes, 0 where it has no measure.
    """

    id: str
    text: str
    margin: str
    binding: bool
    relaxation: str = ""
    used: float = 0.0

    @property
    def name(self) -> str:
        """Return what the limit is called in lists: the question that sets it, or what it fails."""
        words = self.id.replace("_", " ").replace(":", ", ").capitalize()
        return LIMIT_NAMES.get(self.id, words)


@dataclass(frozen=True, slots=True)
class LibraryMark:
    """Which rules and facts produced the plan.

    `packs` stand in the order in which they were laid over the library; `replaced` pairs a rule
    of a pack with the rule that it stands in for. `contents` are digests of every entry by kind
    and id.
    """

    version: str
    fingerprint: str
    packs: tuple[str, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()
    contents: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole result. Same answers, library and date: the same plan.

    `model` is the stated model of the catalogue and `model_repo` where its weights are published,
    `shape` that of a configuration file instead.
    `life` and `outlook` lay the bill out over the months; they are worked out for reports, not
    for every answer of an interview. `sensitivity` takes many plans and is there where it was
    asked for. `ways_out` are the cheapest changes of demands, in words, that lead to a plan which
    meets every must; they take many plans, too. `to_settle` names assumed answers in place of
    which another would save much, the most first."""

    as_of: str
    library: LibraryMark
    feasible: bool
    answers: Mapping[str, tuple[Value, Source]]
    decisions: Mapping[str, Decision]
    hardware: tuple[HardwareUse, ...]
    cost: Cost
    considerations: tuple[Consideration, ...]
    controls: tuple[Control, ...]
    practices: tuple[Practice, ...]
    findings: tuple[Finding, ...]
    assumptions: tuple[Assumption, ...]
    limits: tuple[Limit, ...]
    infeasible_because: tuple[Limit, ...] = ()
    trace: tuple[Firing, ...] = ()
    references: Mapping[str, tuple[Reference, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    model: str = ""
    shape: ModelShape | None = None
    model_repo: str = ""
    answer_words: Mapping[str, AnswerWords] = field(default_factory=dict)
    rule_titles: Mapping[str, str] = field(default_factory=dict)
    life: Lifetime | None = None
    outlook: Outlook | None = None
    sensitivity: Sensitivity | None = None
    ways_out: tuple[str, ...] = ()
    to_settle: tuple[ToSettle, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
