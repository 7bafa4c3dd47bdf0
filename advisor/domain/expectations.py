"""What a scenario expects of its plan."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from advisor.errors import Place
from advisor.frozen import dataclass


class Demand(StrEnum):
    """How a plan is held against an expectation."""

    ONE_OF = "one_of"
    """At least one of the words is chosen, or present."""
    HAS = "has"
    """Every one of the words is."""
    NOT = "not"
    """None of the words is."""
    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that must hold of a plan.

    `subject` is a decision, or one of practices, findings, feasible (words `yes` or `no`),
    month_usd and lifetime_usd (likely cost, held against `usd`).
    """

    subject: str
    demand: Demand
    words: tuple[str, ...] = ()
    usd: Decimal | None = None
    place: Place = Place("")

    def __str__(self) -> str:
        said = self.demand.value.replace("_", " ")
        wanted = ", ".join(self.words) if self.usd is None else f"{self.usd:,}"
        return f"{self.subject} {said} {wanted}"
