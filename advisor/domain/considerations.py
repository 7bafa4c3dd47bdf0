"""The five considerations, and what a ranking of them lets each weigh.

A ranking becomes weights by the centroids of rank order (Barron and Barrett, Decision quality using
ranked attribute weights, Management Science 42/11, 1996): of all weights that keep the order, the
middle ones. They are scaled so that five that weigh alike have one each; what was left out of the
ranking shares what its places have together.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from advisor.domain.answers import Value

QUESTION, ALIKE = "priorities", "balanced"
"""The question that ranks the considerations, and its answer that ranks none."""
AREAS = {
    "performance": "performance",
    "scalability": "scaling",
    "lifecycle": "lifecycle",
    "cost": "cost",
    "security": "compliance",
}
"""The area of the rulebook that speaks for each consideration."""
DIGITS = Decimal("0.001")
EVEN = Decimal(1)


def weights_of(ranking: Value | None) -> dict[str, Decimal]:
    """Return the weight of each consideration under a ranking, the first one first."""
    ranked = [str(v) for v in (ranking if isinstance(ranking, tuple) else ())]
    ranked = [v for v in ranked if v in AREAS]
    if not ranked:
        return dict.fromkeys(AREAS, EVEN)
    places = _centroids(len(AREAS))
    rest = [id_ for id_ in AREAS if id_ not in ranked]
    left = places[len(ranked) :]
    share = (sum(left, Decimal(0)) / max(1, len(left))).quantize(DIGITS)
    return {**dict(zip(ranked, places, strict=False)), **dict.fromkeys(rest, share)}


def _centroids(count: int) -> Sequence[Decimal]:
    """Return the weight of each place, scaled to a mean of one."""
    return [
        sum((Decimal(1) / k for k in range(place, count + 1)), Decimal(0)).quantize(DIGITS)
        for place in range(1, count + 1)
    ]
