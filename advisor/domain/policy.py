"""Named values that rules and plans rest on, and the practices a plan may contain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from advisor.domain.provenance import Provenance
from advisor.domain.rule import Scalar
from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of the policy; `low` and `high` bound it where a range is known."""

    id: str
    value: Scalar
    unit: str
    meaning: str
    provenance: Provenance
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """Every parameter by its id `group.name`."""

    parameters: Mapping[str, Parameter] = field(hash=False)

    def number(self, id_: str) -> float:
        """Return the value of a parameter as a number; raises KeyError where it is not defined."""
        return float(self.parameters[id_].value)

    def values(self) -> dict[str, Scalar]:
        """Return the bare values by id, as rules read them."""
        return {id_: parameter.value for id_, parameter in self.parameters.items()}


@dataclass(frozen=True, slots=True)
class PracticeRecord:
    """A practice that rules may assert; the id is permanent."""

    id: str
    name: str
    meaning: str
