"""The calendar of trainings, and what it takes to leave at the end."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import floor

from advisor.domain.lifetime import Run, whole_cents
from advisor.planning.beside import egress_usd_gb
from advisor.planning.lifetime_growth import data_growth
from advisor.planning.lifetime_plan import curves_of
from advisor.planning.lifetime_span import span_of
from advisor.planning.line import Line
from advisor.planning.options import Option
from advisor.planning.places import home_of
from advisor.planning.words import dollars, figure


def runs_of(line: Line, months: int) -> tuple[Run, ...]:
    """Return the months with trainings: the first, then whole releases at the stated cadence."""
    option, work = line.uses.get("training"), line.workload.training
    if option is None or work is None or not option.hours_once.likely:
        return ()
    growth, span = curves_of(line, months).training, span_of(line, months)
    rate = work.releases_a_month
    found = [_run(option, span.names[span.lead - 1], 1, 1.0)] if span.lead else []
    for n, (name, factor) in enumerate(zip(span.use, growth, strict=True)):
        count = releases(rate, n) + (n == 0 and not span.lead)
        if count:
            found.append(_run(option, name, count, factor.likely))
    return tuple(found)


def _run(option: Option, month: str, count: int, factor: float) -> Run:
    usd = whole_cents(option.one_off.likely * Decimal(str(round(factor, 9))))
    return Run(month, count, option.hours_once.likely * factor, usd)


WAIVED_BY = ("aws", "gcp", "azure")
"""Clouds that credit the transfer of customers who leave (computing.co.uk, Microsoft the latest to
waive cloud egress fees, 2024; read 2026-11)."""


def releases(rate: float, month: int) -> int:
    """Return the whole releases that fall due in a month, counted from 0."""
    return floor(round(rate * (month + 1), 9)) - floor(round(rate * month, 9))


def leaving_words(line: Line, months: int) -> Iterator[str]:
    """Yield when the life ends and what leaving costs beside the months."""
    last = span_of(line, months).names[-1]
    if line.brief.one("lifetime") in (None, "indefinite"):
        yield f"no end is stated; review the plan by {last}, when machines and prices are due"
    else:
        yield f"switch off after {last}: end contracts, archive the model, delete or hand over data"
    stored = line.brief.number("data_volume_gb")
    grown = stored * data_growth(line.brief.number("data_growth"), months)[-1].likely
    price = egress_usd_gb(line, home_of(line.brief))
    if grown and price:
        cost = Decimal(str(round(grown, 3))) * price
        yield f"taking {figure(grown)} GB elsewhere costs about {dollars(cost)} at ${price} a GB"
        if home_of(line.brief) in WAIVED_BY:
            yield (
                "who leaves for good within sixty days may ask the large clouds for that fee back "
                "(Google and AWS since 2024, Azure for storage): ask before the first byte is moved"
            )
