"""Clauses of laws, standards and contracts, and the controls that they ask for."""

from __future__ import annotations

from advisor.domain.provenance import Provenance
from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class ControlRecord:
    """Something that an architecture must do; `category` groups controls of one kind."""

    id: str
    name: str
    category: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ClauseRecord:
    """One clause. Its `duty` says which answers make it apply, `text` what to do about it.

    `strength` is must, should or could and `binding` the original wording of it;
    `applies_from` and `applies_until` bound it in time (ISO days, "" = open); `history` is what
    the source says of that in words.
    `confirm` is what the user must confirm before the duty is certain.
    """

    id: str
    regime: str
    clause: str
    topic: str
    control: str
    duty: str
    text: str
    strength: str
    binding: str
    number_or_period: str
    applies_from: str
    applies_until: str
    history: str
    jurisdiction: str
    trigger: str
    confirm: str
    official_text: str
    confidence: str
    provenance: Provenance

    def in_force(self, first: str, last: str = "") -> bool:
        """Return whether it binds on any day from `first` to `last` (ISO days; "" = one day)."""
        begun = self.applies_from <= (last or first)
        return begun and (not self.applies_until or first <= self.applies_until)

    def period(self, as_of: str) -> str:
        """Return the stated number or period, and from when it binds if that is to come."""
        begins = f"applies from {self.applies_from}" if self.applies_from > as_of else ""
        return "; ".join(part for part in (self.number_or_period, begins) if part)
