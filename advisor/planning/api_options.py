"""Calling a hosted model instead of running one: priced by tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from advisor.domain.interval import Interval
from advisor.domain.model import ModelShape
from advisor.domain.offers import ApiPrice, Provider
from advisor.domain.plan import Figure, Money
from advisor.frozen import dataclass
from advisor.planning.brief import Brief
from advisor.planning.market import CENT
from advisor.planning.options import Option
from advisor.planning.places import allowed_providers, area_of, unlisted
from advisor.planning.words import counted, dollars
from advisor.planning.workload import Number, ServingLoad, Workload

MILLION = Decimal(1_000_000)
ROOM = Decimal("0.9")
"""Share of the budget that calls may take; storage and traffic need the rest."""


def allowed_vendors(brief: Brief, providers: Mapping[str, Provider]) -> frozenset[str]:
    """Return the vendors that may be called: clouds that the policy allows, vendors whose models
    such a cloud sells, and independent vendors of models where any cloud is allowed; these must
    serve an area that is pinned."""
    allowed = allowed_providers(brief, providers)
    clouds, names = {p.id for p in allowed}, {p.cloud for p in allowed if p.cloud}
    pinned = brief.has("residency", "country_or_bloc")
    area, free = area_of(brief), brief.has("cloud_policy", "any") and not unlisted(brief)
    return frozenset(
        id_
        for id_, p in providers.items()
        if id_ in clouds
        or names.intersection(p.sold_on)
        or (free and p.kind == "model_api" and (not pinned or area in p.areas))
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which model the answers ask for: a catalogue id or "", and whether they state its size.

    `limit` is what may be spent a month in USD, 0 where nothing was said; `called` says what
    sentences call a provider; `closed` lets models of unpublished size stand for one that nobody
    sells in the size that is asked for.
    """

    model: str
    sized: bool
    limit: Decimal
    called: Callable[[str], str]
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Priced:
    """The hosted model that is planned with, what it costs a month, and why that one."""

    row: ApiPrice
    month: Money
    why: str


def resellers(brief: Brief, providers: Mapping[str, Provider]) -> dict[str, str]:
    """Return the allowed cloud that sells the models of a vendor whom no answer allows itself."""
    if brief.has("cloud_policy", "any"):
        return {}
    allowed = allowed_providers(brief, providers)
    clouds, names = {p.id for p in allowed}, {p.cloud for p in allowed if p.cloud}
    sold = {id_: sorted(names.intersection(p.sold_on)) for id_, p in providers.items()}
    return {id_: found[0] for id_, found in sold.items() if found and id_ not in clouds}


def api_options(
    workload: Workload,
    prices: Iterable[ApiPrice],
    shapes: Mapping[str, ModelShape],
    wanted: Wanted,
    number: Number,
) -> tuple[Option, ...]:
    """Return one option: the stated model where it is hosted, hosted models of the stated size,
    or a model of the middle where neither is stated.

    Requests go to the vendor, so no device of one's own is counted.
    """
    load = workload.serving
    if load is None or workload.family != "llm":
        return ()
    calls = Calls(_requests(load, number), load.input_len, load.output_len)
    paid = [p for p in prices if p.input_usd_per_m > 0 and p.output_usd_per_m > 0]
    if wanted.model or wanted.sized:
        alike = like_models(workload, paid, shapes, wanted.model)
        closed = [p for p in paid if wanted.closed and not p.open_weights]
        priced = _of_size(calls, alike or closed, wanted.called)
    else:
        priced = _of_the_middle(calls, paid, wanted)
    return (_option(calls, priced, wanted.called(priced.row.provider)),) if priced else ()


def _of_size(calls: Calls, rows: list[ApiPrice], called: Callable[[str], str]) -> Priced | None:
    """Return the (lower) median of what vendors ask for the cheapest model that compares; the range
    is that of the vendors."""
    if not rows:
        return None
    cheapest: dict[str, tuple[Decimal, ApiPrice]] = {}
    for cost, row in _rated(calls, rows):
        cheapest.setdefault(row.provider, (cost, row))
    rated = list(cheapest.values())
    cost, row = rated[(len(rated) - 1) // 2]
    sellers = counted(len(rated), "vendor")
    why = (
        f"paid by the token; {row.model_ref} at {called(row.provider)} is the middle of "
        f"{sellers} with a comparable model, of which the cheapest takes "
        f"{dollars(rated[0][0])} a month"
    )
    return Priced(row, Money(rated[0][0], cost, rated[-1][0]), why)


def _of_the_middle(calls: Calls, rows: list[ApiPrice], wanted: Wanted) -> Priced | None:
    """Return the (lower) median of all hosted models, or the dearest one that the limit leaves room
    for; the range is the middle half, for an evaluation decides how strong a model is needed."""
    if not rows:
        return None
    rated = _rated(calls, rows)
    last = len(rated) - 1
    at = last // 2
    if wanted.limit:
        fits = [n for n, (cost, _) in enumerate(rated) if cost <= wanted.limit * ROOM]
        at = min(at, max(fits, default=0))
    cost, row = rated[at]
    low, high = rated[min(at, last // 4)][0], rated[max(at, last - last // 4)][0]
    median = f"so the median of {len(rows)} hosted models"
    short = (
        f"and the median of {len(rows)} hosted models does not fit the budget, so the next below"
    )
    why = (
        f"paid by the token; no model is named, {median if at == last // 2 else short}, "
        f"{row.model_ref} at {wanted.called(row.provider)}, is planned with: the cheapest takes "
        f"{dollars(rated[0][0])} a month, the dearest {dollars(rated[-1][0])}; "
        "an evaluation on your own cases decides"
    )
    return Priced(row, Money(low, cost, high), why)


def _rated(calls: Calls, rows: list[ApiPrice]) -> list[tuple[Decimal, ApiPrice]]:
    return sorted(((calls.month(row), row) for row in rows), key=lambda r: (r[0], r[1].id))


@dataclass(frozen=True, slots=True)
class Calls:
    """Requests a month, and tokens in and out of each."""

    requests: float
    tokens_in: float
    tokens_out: float

    @property
    def millions(self) -> float:
        """Return millions of tokens a month."""
        return self.requests * (self.tokens_in + self.tokens_out) / 1e6

    def month(self, price: ApiPrice) -> Decimal:
        """Return what a month of these calls costs in USD."""
        requests = Decimal(str(round(self.requests, 3)))
        tokens_in, tokens_out = Decimal(str(self.tokens_in)), Decimal(str(self.tokens_out))
        each = tokens_in * price.input_usd_per_m + tokens_out * price.output_usd_per_m
        return (requests * each / MILLION).quantize(CENT)


def _requests(load: ServingLoad, number: Number) -> float:
    """Return requests a month: those stated, else what the scoring rounds read of the data."""
    read = load.batch_units_a_month * number("per_gb.token") / load.input_len
    return load.requests_a_month or read


def like_models(
    workload: Workload,
    prices: Iterable[ApiPrice],
    shapes: Mapping[str, ModelShape],
    model: str,
) -> list[ApiPrice]:
    """Return rows of the named model, else of open models at least as large but not more than
    twice."""
    rows = list(prices)
    named = [p for p in rows if model and p.model_id == model]
    size = workload.shape.params
    return named or [
        p
        for p in rows
        if p.model_id in shapes and size * 0.9 <= shapes[p.model_id].params <= size * 2
    ]


def _option(calls: Calls, priced: Priced, vendor: str) -> Option:
    chosen = priced.row
    tokens = Interval(calls.millions * 0.5, calls.millions, calls.millions * 2)
    requests = f"{calls.requests:,.0f} requests"
    counted = f"{requests} x ({calls.tokens_in:,.0f} in + {calls.tokens_out:,.0f} out)"
    paid = (
        f"{requests} x ({calls.tokens_in:,.0f} in x ${chosen.input_usd_per_m} + "
        f"{calls.tokens_out:,.0f} out x ${chosen.output_usd_per_m}) a million"
    )
    month = priced.month
    cost = Interval(float(month.low), float(month.likely), float(month.high))
    prices = f"the price list of {vendor}, {chosen.effective}"
    return Option(
        use="serving",
        pattern="model_api",
        accelerator="none",
        devices=0,
        nodes=0,
        provider=chosen.provider,
        instance=chosen.model_ref,
        layout=f"{chosen.model_ref} at {vendor}",
        why=priced.why,
        month=month,
        figures=(
            Figure("tokens", "tokens a month", tokens, "million", counted, "the load as stated"),
            Figure("token_cost", "price of these tokens", cost, "USD a month", paid, prices),
        ),
        price_date=chosen.effective,
        price_source=", ".join(chosen.provenance.source),
    )
