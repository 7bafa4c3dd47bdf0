"""Commitments that a provider sells on an instance: terms and their share of the price."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from advisor.domain.offers import Commitment, Offer
from advisor.planning.lifetime_payment import Term
from advisor.planning.market import Rate

MONTHS = {"1y": 12, "3y": 36}
NAMES = {12: "1-year commitment", 36: "3-year commitment"}
FOR_EVERYTHING = ("any", "annual universal credits", "reserved cluster", "gpu vm reserved")
"""Starts of products that hold for whatever the provider rents out."""


def terms_of(
    rate: Rate,
    accelerator: str,
    offers: Iterable[Offer],
    commitments: Mapping[str, Commitment],
) -> tuple[Term, ...]:
    """Return the commitments that fit a rate of an accelerator, shortest first: the listed
    reserved price of the instance, else the ratio of its product, else that of its provider."""
    listed = {t.months: t for t in _listed(rate, offers)}
    names = _tokens(f"{rate.instance} {accelerator}")
    for months, found in _ratios(rate, names, commitments.values()).items():
        listed.setdefault(months, Term(months, found, NAMES[months]))
    return tuple(listed[months] for months in sorted(listed) if listed[months].ratio < 1)


def block_of(rate: Rate, commitments: Mapping[str, Commitment]) -> Commitment | None:
    """Return the blocks of days that a provider sells of an instance's family, None for none."""
    family = re.split(r"[.-]", rate.instance.lower())[0]
    sold = (
        row for row in commitments.values() if row.term == "days" and row.provider == rate.provider
    )
    return next((row for row in sold if family.startswith(row.product.split()[-1])), None)


def _listed(rate: Rate, offers: Iterable[Offer]) -> Iterator[Term]:
    for offer in offers:
        if (offer.provider, offer.instance_type) != (rate.provider, rate.instance):
            continue
        for terms, months in (("reserved_1y", 12), ("reserved_3y", 36)):
            price, full = offer.price(terms), offer.price("on_demand")
            if price and full:
                yield Term(months, price.usd_per_hour / full.usd_per_hour, NAMES[months])


def _ratios(rate: Rate, names: frozenset[str], rows: Iterable[Commitment]) -> dict[int, Decimal]:
    """Return the ratio of the best fitting product by months."""
    found: dict[int, tuple[tuple[int, float, str], Decimal]] = {}
    for row in rows:
        fit = _fit(rate, names, row)
        if row.term in MONTHS and fit:
            months, key = MONTHS[row.term], (-fit, row.ratio, row.id)
            ratio = Decimal(str(row.ratio))
            found[months] = min(found.get(months, (key, ratio)), (key, ratio))
    return {months: ratio for months, (_, ratio) in found.items()}


def _fit(rate: Rate, names: frozenset[str], row: Commitment) -> int:
    """Return how well a product names an instance: 2 by its name, 1 as everything, 0 not."""
    mine = row.provider == rate.provider
    anyone = row.provider == "neocloud" and rate.provider_kind == "gpu_cloud"
    if not mine and not anyone:
        return 0
    product = row.product.lower()
    if mine and names & _tokens(product):
        return 2
    return 1 if product.startswith(FOR_EVERYTHING) else 0


COMMON = frozenset(("v2", "v3", "v4", "v5", "standard", "gpu", "8gpu", "high", "1y", "3y"))
"""Parts of names that tell no product from another."""


def _tokens(name: str) -> frozenset[str]:
    return frozenset(re.split(r"[^a-z0-9]+", name.lower())) - COMMON
