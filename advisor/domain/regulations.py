"""Clauses of laws, standards and contracts, and the controls that they ask for."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from advisor.domain.provenance import Provenance


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
    `applies_from` and `applies_until` bound it in time (None = open), `in_force` says so in words.
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
    applies_from: datetime.date | None
    applies_until: datetime.date | None
    in_force: str
    jurisdiction: str
    trigger: str
    confirm: str
    official_text: str
    confidence: str
    provenance: Provenance

    def applies(self, first: datetime.date, last: datetime.date) -> bool:
        """Return whether it is in force on any day from `first` to `last`."""
        begins = self.applies_from or datetime.date.min
        ends = self.applies_until or datetime.date.max
        return begins <= last and first <= ends
