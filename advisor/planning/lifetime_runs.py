"""The calendar of trainings, and what it takes to leave at the end."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import floor

from advisor.domain.lifetime import Run, whole_cents
from advisor.planning.lifetime_growth import data_growth
from advisor.planning.lifetime_plan import calendar, curves_of
from advisor.planning.line import Line
from advisor.planning.market import home_of
from advisor.planning.words import dollars, figure


def runs_of(line: Line, months: int) -> tuple[Run, ...]:
    """Return the months with trainings: the first, then whole releases at the stated cadence."""
    option, work = line.uses.get("training"), line.workload.training
    if option is None or work is None or not option.hours_once.likely:
        return ()
    growth = curves_of(line, months).training
    names, rate = calendar(line.as_of, months), work.releases_a_month
    found = []
    for n, (name, factor) in enumerate(zip(names, growth, strict=True)):
        count = releases(rate, n) + (n == 0)
        hours = option.hours_once.likely * factor.likely
        usd = whole_cents(option.one_off.likely * Decimal(str(round(factor.likely, 9))))
        if count:
            found.append(Run(name, count, hours, usd))
    return tuple(found)


def releases(rate: float, month: int) -> int:
    """Return the whole releases that fall due in a month, counted from 0."""
    return floor(round(rate * (month + 1), 9)) - floor(round(rate * month, 9))


def leaving_words(line: Line, months: int) -> Iterator[str]:
    """Yield when the life ends and what leaving costs beside the months."""
    last = calendar(line.as_of, months)[-1]
    if line.brief.one("lifetime") in (None, "indefinite"):
        yield f"no end is stated; review the plan by {last}, when machines and prices are due"
    else:
        yield f"switch off after {last}: end contracts, archive the model, delete or hand over data"
    stored = line.brief.number("data_volume_gb")
    grown = stored * data_growth(line.brief.number("data_growth"), months)[-1].likely
    price = _egress(line)
    if grown and price:
        cost = Decimal(str(round(grown, 3))) * price
        yield f"taking {figure(grown)} GB elsewhere costs about {dollars(cost)} at ${price} a GB"


def _egress(line: Line) -> Decimal | None:
    """Return the price of a GB sent out of the cloud that the plan lives on."""
    home = home_of(line.brief)
    prices = [
        tier.usd_per_gb_egress
        for tier in line.kit.library.storage.values()
        if tier.provider == home and tier.usd_per_gb_egress
    ]
    return max(prices, default=None)
