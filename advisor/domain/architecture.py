"""An architecture that stands already, in the words of the decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from advisor.errors import Place
from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """Choices that are not open: ids by decision, and how many machines each use has.

    What a decision that is not named here chooses is left to the line.
    """

    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    counts: Mapping[str, int] = field(default_factory=dict, hash=False)

    def first(self, decision: str) -> str:
        """Return the id held for a single choice, "" where it is open."""
        return next(iter(self.choices.get(decision, ())), "")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A finding, or all findings of a decision, that are accepted until a day, with the reason."""

    about: str
    reason: str
    until: str
    place: Place = Place("")


@dataclass(frozen=True, slots=True)
class Architecture:
    """What a file says of an architecture; None where it does not list practices or controls."""

    held: Held
    practices: tuple[str, ...] | None = None
    controls: tuple[str, ...] | None = None
    suppressions: tuple[Suppression, ...] = ()
