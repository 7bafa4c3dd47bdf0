"""What each answer does to a plan over its likely range, all others staying as they are."""

from __future__ import annotations

from decimal import Decimal

from advisor.domain.answers import Source
from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class FlipPoint:
    """The nearest other answer at which the plan chooses otherwise: in words, and the names of the
    decisions that do. `side` is below or above a number, other for an option."""

    side: str
    shown: str
    decisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Swing:
    """One answer: the whole-life cost at both ends of its likely range, and its flip points."""

    question: str
    text: str
    shown: str
    source: Source
    low_usd: Decimal
    high_usd: Decimal
    flips: tuple[FlipPoint, ...]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Every answer that moves the cost or a choice, the most telling first. `still` are the
    questions without any effect, `to_check` those worth checking before signing."""

    lifetime_usd: Decimal
    swings: tuple[Swing, ...]
    still: tuple[str, ...]
    to_check: tuple[str, ...]
