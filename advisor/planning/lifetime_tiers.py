"""Hosted models by quality tier: what they cost a month with cached prompts and batches, and the
tokens at which running a model of one's own wins against each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from statistics import median_low

from advisor.domain.lifetime import ApiTier, whole_cents
from advisor.domain.offers import ApiPrice
from advisor.planning.api_options import allowed_vendors
from advisor.planning.lifetime_api import api_option, break_even, staff_beside, tokens_of
from advisor.planning.lifetime_options import work_of
from advisor.planning.line import Line

MILLION = Decimal(1_000_000)
SMALL_USD, FRONTIER_USD = Decimal(3), Decimal(9)
"""Prices of a million tokens out below which a closed model is small, and from which it is of
the frontier: the gaps in the price list of 2026."""
WITH_BATCHES = ("openai", "anthropic", "google", "mistral", "groq", "together", "fireworks", "aws")
"""Vendors that sell batches of requests, answered within a day, at half the price."""


def tiers_of(line: Line) -> tuple[ApiTier, ...]:
    """Return the tiers that may be called, the cheapest first; none where no model is called."""
    called, work = api_option(line), work_of(line, "serving", line.months)
    if called is None or work is None or work.capacity is None or not tokens_of(called):
        return ()
    found = []
    for name, rows in _tiers(line, called.instance):
        tier = _Tier(line, rows)
        row = tier.middle
        listed, saved = tier.month(row), tier.saved(row)
        millions = tuple(
            break_even(
                work.capacity,
                work.option.month.likely,
                staff_beside(line, work.option),
                usd / tokens_of(called),
                tokens_of(called),
            ).millions
            for usd in (listed, saved)
        )
        model = f"{row.model_ref} at {row.provider}"
        found.append(ApiTier(name, model, whole_cents(listed), whole_cents(saved), *millions))
    return tuple(sorted(found, key=lambda t: (t.month_usd, t.name)))


def _tiers(line: Line, reference: str) -> Iterator[tuple[str, list[ApiPrice]]]:
    vendors = allowed_vendors(line.brief, line.kit.library.providers)
    prices = [
        p
        for p in line.kit.library.api_prices.values()
        if p.provider in vendors and p.input_usd_per_m > 0 and p.output_usd_per_m > 0
    ]
    same = [p for p in prices if p.model_ref == reference]
    closed = [p for p in prices if not p.open_weights]
    rows = (
        ("as able as your own", same),
        ("small", [p for p in closed if p.output_usd_per_m < SMALL_USD]),
        ("frontier", [p for p in closed if p.output_usd_per_m >= FRONTIER_USD]),
    )
    yield from ((name, found) for name, found in rows if found)


class _Tier:
    """The rows of a tier under the load of a plan."""

    def __init__(self, line: Line, rows: Iterable[ApiPrice]) -> None:
        load = line.workload.serving
        if load is None:
            raise ValueError("nothing is served")
        self.rows = tuple(rows)
        called = api_option(line)
        tokens = tokens_of(called) * MILLION if called else Decimal(0)
        share = load.input_len / (load.input_len + load.output_len)
        self.tokens_in = tokens * Decimal(str(round(share, 9)))
        self.tokens_out = tokens - self.tokens_in
        self.cached = Decimal(str(line.kit.number("api.cached_share")))
        waits = not {"online", "streaming_tokens"} & set(load.modes)
        self.discount = Decimal(str(line.kit.number("api.batch_discount"))) if waits else Decimal(0)

    @property
    def middle(self) -> ApiPrice:
        """Return the row in the middle by price."""
        prices = {self.month(row): row for row in self.rows}
        return prices[median_low(sorted(prices))]

    def month(self, row: ApiPrice) -> Decimal:
        """Return a month at list prices."""
        usd = self.tokens_in * row.input_usd_per_m + self.tokens_out * row.output_usd_per_m
        return usd / MILLION

    def saved(self, row: ApiPrice) -> Decimal:
        """Return a month with the usual share of prompts cached, and in batches where nobody
        waits and the vendor sells them."""
        price = row.cached_input_usd_per_m or row.input_usd_per_m
        less = self.tokens_in * self.cached * (row.input_usd_per_m - price) / MILLION
        batch = self.discount if row.provider in WITH_BATCHES else Decimal(0)
        return (self.month(row) - less) * (1 - batch)
