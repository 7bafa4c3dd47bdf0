"""Hosted models by quality tier: what they cost a month with cached prompts and batches, and the
tokens at which running a model of one's own wins against each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from statistics import median_low

from advisor.domain.lifetime import ApiTier, whole_cents
from advisor.domain.offers import ApiPrice
from advisor.frozen import dataclass
from advisor.planning.api_options import allowed_vendors
from advisor.planning.lifetime_api import api_option, break_even, staff_beside, tokens_of
from advisor.planning.lifetime_capacity import Capacity
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
    capacity = work.capacity if work else None
    if called is None or line.workload.family != "llm":
        return ()
    if work is None or capacity is None or not tokens_of(called):
        return ()
    today, month = tokens_of(called), _month_of(line, capacity, tokens_of(called))
    own, staff = work.option.month.likely, staff_beside(line, work.option)

    def pays_from(usd: Decimal) -> Decimal:
        return break_even(capacity, own, staff, usd / today, today).millions

    found = []
    for name, rows in _tiers(line, called.instance):
        row = month.middle(rows)
        listed, saved = month.listed(row), month.saved(row)
        model = f"{row.model_ref} at {line.kit.provider(row.provider)}"
        ends = pays_from(listed), pays_from(saved)
        found.append(ApiTier(name, model, whole_cents(listed), whole_cents(saved), *ends))
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


@dataclass(frozen=True, slots=True)
class _Month:
    """The tokens of a month in and out, the share of those in that repeat earlier ones, and what
    batches save where nobody waits."""

    tokens_in: Decimal
    tokens_out: Decimal
    cached: Decimal
    discount: Decimal

    def listed(self, row: ApiPrice) -> Decimal:
        """Return the month at list prices."""
        usd = self.tokens_in * row.input_usd_per_m + self.tokens_out * row.output_usd_per_m
        return usd / MILLION

    def saved(self, row: ApiPrice) -> Decimal:
        """Return the month with repeated prompts at their price, and in batches."""
        price = row.cached_input_usd_per_m or row.input_usd_per_m
        less = self.tokens_in * self.cached * (row.input_usd_per_m - price) / MILLION
        batch = self.discount if row.provider in WITH_BATCHES else Decimal(0)
        return (self.listed(row) - less) * (1 - batch)

    def middle(self, rows: Iterable[ApiPrice]) -> ApiPrice:
        """Return the row in the middle by price."""
        prices = {self.listed(row): row for row in rows}
        return prices[median_low(sorted(prices))]


def _month_of(line: Line, capacity: Capacity, millions: Decimal) -> _Month:
    load, number = capacity.load, line.kit.number
    tokens = millions * MILLION
    share = Decimal(str(round(load.input_len / (load.input_len + load.output_len), 9)))
    waits = not {"online", "streaming_tokens"} & set(load.modes)
    return _Month(
        tokens * share,
        tokens - tokens * share,
        Decimal(str(number("api.cached_share"))),
        Decimal(str(number("api.batch_discount"))) if waits else Decimal(0),
    )
