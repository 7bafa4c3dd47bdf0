"""Hosted inference that is billed by the unit of its task: minutes, pages, pictures, characters."""

from __future__ import annotations

from decimal import Decimal

from advisor.domain.provenance import Provenance
from advisor.frozen import dataclass

LANGUAGE_MODEL = "language_model"
"""The task of hosted language models, whose prices are by tokens in and out (`ApiPrice`)."""


@dataclass(frozen=True, slots=True)
class Tier:
    """The price of `per` units from so many units a month on."""

    start: int
    usd: Decimal


@dataclass(frozen=True, slots=True)
class HostedPrice:
    """What a service of the catalogue bills for a task.

    `per` units cost the amount of their tier; `low` and `high` are the amounts of the first tier
    for the least and the most that the service does for this task, the tier's where there is one
    price. `modes` are batch and online; `areas` where the data may be kept; `model_id` the open
    weights that answer, "" where they are the vendor's own.
    """

    id: str
    service: str
    task: str
    unit: str
    per: int
    tiers: tuple[Tier, ...]
    low: Decimal
    high: Decimal
    modes: tuple[str, ...]
    areas: tuple[str, ...]
    product: str
    model_id: str
    effective: str
    checked: str
    provenance: Provenance

    def month(self, units: Decimal) -> Decimal:
        """Return what so many units cost in a month: each tier bills what falls into it."""
        ends: tuple[Decimal | None, ...] = (*(Decimal(t.start) for t in self.tiers[1:]), None)
        total = Decimal(0)
        for tier, end in zip(self.tiers, ends, strict=True):
            inside = (units if end is None else min(units, end)) - tier.start
            total += max(Decimal(0), inside) * tier.usd
        return total / self.per
