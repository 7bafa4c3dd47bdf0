"""What a verdict is worth: by its strength, and by how much its consideration weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from advisor.domain.answers import Value
from advisor.domain.considerations import AREAS, EVEN, QUESTION, weights_of
from advisor.domain.rule import Strength
from advisor.planning.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Worth:
    """What verdicts are worth in percent of the likely lifetime cost; `weights` are by area."""

    tolerance: tuple[tuple[Strength, Decimal], ...]
    weights: tuple[tuple[str, Decimal], ...] = ()

    def of(self, verdict: Verdict) -> Decimal:
        """Return what one preference is worth."""
        return dict(self.tolerance)[verdict.strength] * dict(self.weights).get(verdict.area, EVEN)


def worth_of(values: Mapping[str, Value], tolerance: Mapping[Strength, Decimal]) -> Worth:
    """Return what verdicts are worth under the answers."""
    found = weights_of(values.get(QUESTION))
    uneven = any(weight != EVEN for weight in found.values())
    weights = tuple((AREAS[id_], weight) for id_, weight in found.items()) if uneven else ()
    return Worth(tuple(tolerance.items()), weights)
