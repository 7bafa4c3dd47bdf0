"""What a verdict is worth: by its strength, and by how much its consideration weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

from advisor.domain.answers import Value
from advisor.domain.considerations import AREAS, EVEN, QUESTION, weights_of
from advisor.domain.rule import Strength
from advisor.frozen import dataclass
from advisor.planning.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Worth:
    """What verdicts are worth in percent of the likely lifetime cost; `weights` are by area."""

    tolerance: tuple[tuple[Strength, Decimal], ...]
    weights: tuple[tuple[str, Decimal], ...] = ()
    _by_strength: Mapping[Strength, Decimal] = field(init=False, compare=False)
    _by_area: Mapping[str, Decimal] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_strength", dict(self.tolerance))
        object.__setattr__(self, "_by_area", dict(self.weights))

    def of(self, verdict: Verdict) -> Decimal:
        """Return what one preference is worth."""
        return self._by_strength[verdict.strength] * self._by_area.get(verdict.area, EVEN)


def worth_of(values: Mapping[str, Value], tolerance: Mapping[Strength, Decimal]) -> Worth:
    """Return what verdicts are worth under the answers."""
    found = weights_of(values.get(QUESTION))
    uneven = any(weight != EVEN for weight in found.values())
    weights = tuple((AREAS[id_], weight) for id_, weight in found.items()) if uneven else ()
    return Worth(tuple(tolerance.items()), weights)
