"""Calling a hosted service for a task other than writing text: billed by the task's unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from decimal import Decimal

from advisor.domain.hosted import HostedPrice
from advisor.domain.interval import Interval
from advisor.domain.plan import NOTHING, Figure, Money, Reason
from advisor.frozen import dataclass
from advisor.planning.candidates import Candidate
from advisor.planning.hosted_task import ONE, Task, Volume
from advisor.planning.market import CENT
from advisor.planning.options import Option
from advisor.planning.select import Offer
from advisor.planning.words import dollars, figure

WAITED_FOR = ("online", "streaming_tokens")
"""Modes in which a caller waits, so that a service must answer at once."""
UNITS, UNIT_COST = "units", "unit_cost"
"""Figures of an option that is billed by the unit."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which conditions a service may be called: vendors and clouds that the answers allow
    (no clouds: any), the area in which data must stay ("" for any), the modes asked, the model that
    is named, and by how much a price and a volume may be off, in percent."""

    vendors: frozenset[str]
    clouds: frozenset[str]
    area: str
    modes: tuple[str, ...]
    model: str
    price_pct: float
    usage_pct: float


@dataclass(frozen=True, slots=True, eq=False)
class Hosted:
    """What could be called: the option that is planned with, where any meets every must, and what
    each service of the task would cost or misses; `lacking` says why none is left."""

    option: Option | None = None
    task: str = ""
    offers: Mapping[str, Offer] = field(default_factory=dict)
    lacking: tuple[Reason, ...] = ()


def service_call_options(
    task: Task,
    volume: Volume,
    services: Iterable[Candidate],
    prices: Iterable[HostedPrice],
    terms: Terms,
) -> dict[str, Option]:
    """Return the way to call each service that does the task, by its id, at its cheapest price
    that meets the terms; else with what it misses."""
    sold: dict[str, list[HostedPrice]] = {}
    for price in prices:
        if price.task == task.id:
            sold.setdefault(price.service, []).append(price)
    found = {}
    for service in services:
        ways = [_option(service, task, volume, p, terms) for p in sold.get(service.id, ())]
        if ways:
            found[service.id] = min(
                ways, key=lambda o: (len(o.failures), o.month.likely, o.instance)
            )
    return found


def _option(
    service: Candidate, task: Task, volume: Volume, price: HostedPrice, terms: Terms
) -> Option:
    month, once = _money(volume.units, price, volume, terms), NOTHING
    if task.once:
        once = _money(task.once, price, volume, terms)
    provider = str(service.attributes["provider"])
    tariff = tariff_of(price, task)
    units = _spread(volume.units, 0.0 if volume.stated else terms.usage_pct)
    cost = Interval(float(month.low), float(month.likely), float(month.high))
    basis = "the load as stated" if volume.stated else "a load that nobody stated"
    return Option(
        use="serving",
        pattern="model_api",
        accelerator="none",
        devices=0,
        nodes=0,
        provider=provider,
        instance=service.id,
        layout=f"{service.name} ({price.product})",
        why=(
            f"{service.name} bills {tariff}; {figure(volume.units)} {task.named} a month "
            f"({volume.words}) take {dollars(month.likely)}"
        ),
        month=month,
        one_off=once,
        figures=(
            Figure(UNITS, f"{task.named} a month", units, task.named, volume.words, basis),
            Figure(
                UNIT_COST,
                f"price of these {task.named}",
                cost,
                "USD a month",
                f"{figure(volume.units)} {task.named} at {tariff}",
                f"the price list of {service.name}, {price.checked}",
            ),
        ),
        failures=tuple(_failures(service, price, terms)),
        price_date=price.checked,
        price_source=", ".join(price.provenance.source),
        facts={"price": price.id},
    )


def tariff_of(price: HostedPrice, task: Task) -> str:
    """Return the price in words, with its tiers."""
    per = f"for {price.per:,} {task.named}" if price.per > 1 else f"a {ONE[task.named]}"
    first, *more = price.tiers
    words = f"${first.usd} {per}"
    if more:
        words += ", " + ", ".join(f"${t.usd} from {figure(t.start)} a month on" for t in more)
    return words


def _spread(value: float, pct: float) -> Interval:
    return Interval(value * (1 - pct / 100), value, value * (1 + pct / 100))


def _money(units: float, price: HostedPrice, volume: Volume, terms: Terms) -> Money:
    """Return what so many units cost: low and high by what the service may have to do, at least by
    what a list price is usually off, and by the load where nobody stated it."""
    usual = next(tier.usd for tier in price.tiers if tier.usd)
    off = Decimal(str(terms.price_pct)) / 100
    low = min(price.low / usual, 1 - off)
    high = max(price.high / usual, 1 + off)
    least, likely, most = _ends(units, 0.0 if volume.stated else terms.usage_pct)
    return Money(
        (price.month(least) * low).quantize(CENT),
        price.month(likely).quantize(CENT),
        (price.month(most) * high).quantize(CENT),
    )


def _ends(units: float, pct: float) -> tuple[Decimal, Decimal, Decimal]:
    found = _spread(units, pct)
    low, likely, high = (Decimal(str(round(u, 3))) for u in (found.low, found.likely, found.high))
    return low, likely, high


def _failures(service: Candidate, price: HostedPrice, terms: Terms) -> Iterable[Reason]:
    elsewhere = terms.clouds and not terms.clouds & set(service.traits.get("clouds", ()))
    if elsewhere or service.attributes["provider"] not in terms.vendors:
        text = f"{service.name} is sold by a vendor that the answers do not allow"
        yield Reason(text, estimate="serving_price")
    if terms.area and terms.area not in price.areas:
        kept = ", ".join(AREAS[a] for a in price.areas)
        text = f"{service.name} keeps data in {kept}, and they must stay in {AREAS[terms.area]}"
        yield Reason(text, estimate="serving_region")
    if set(WAITED_FOR) & set(terms.modes) and "online" not in price.modes:
        text = f"{service.name} answers later, and a caller waits"
        yield Reason(text, estimate="serving_pattern")
    if terms.model and price.model_id and price.model_id != terms.model:
        text = f"{price.product} is another model than {terms.model}, which is named"
        yield Reason(text, estimate="serving_model")


AREAS = {"us": "the United States", "eu": "Europe", "ap": "Asia and the Pacific"}


def reasons_without(options: Mapping[str, Option], barred: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return why no service is left: what rules say first, then what each misses."""
    missed = (reason for option in options.values() for reason in option.failures[:1])
    return tuple(dict.fromkeys((*barred, *missed)))
