"""Data that move out at the end of a life or of a platform, and what is kept for auditors."""

from __future__ import annotations

from advisor.domain.interval import Interval
from advisor.domain.plan import NOTHING, Money
from advisor.planning.beside import egress_usd_gb
from advisor.planning.lifetime_parts import Life, money
from advisor.planning.places import home_of

MODEL_BYTES = 2
"""Bytes of a parameter of a model that is kept: 16 bits."""


def moved(life: Life, month: int) -> Money:
    """Return what taking the stored data of a month of use out of their cloud costs; at the low
    end they stay there for other uses."""
    line = life.line
    stored = line.brief.number("data_volume_gb") * life.curves.data[month].likely
    price = egress_usd_gb(line, home_of(line.brief))
    if not stored or not price or line.chosen("data_storage") in ("", "none"):
        return NOTHING
    usd = stored * float(price)
    return money(Interval(0.0, usd, usd))


def logged_gb(life: Life) -> Interval:
    """Return what a month's requests of today leave in logs, in GB."""
    load = life.workload.serving
    if load is None or not load.requests_a_month:
        return Interval(0.0, 0.0, 0.0)
    number = life.line.kit.number
    each = number("logs.bytes_per_request")
    if life.workload.family == "llm":
        each += number("logs.bytes_per_token") * (load.input_len + load.output_len)
    most = life.ranged("logs.most_requests")
    counted = (min(load.requests_a_month, end) for end in (most.low, most.likely, most.high))
    return Interval(*(requests * each / 1e9 for requests in counted))


def archived(life: Life) -> Money:
    """Return what model and logs cost in an archive for the years that auditors ask, paid when
    the life ends."""
    line = life.line
    years = line.brief.number("audit_years")
    if not years or home_of(line.brief) == "on_prem":
        return NOTHING
    logs, load = logged_gb(life), life.curves.load
    model = life.workload.shape.params * MODEL_BYTES / 1e9
    gigabytes = Interval(
        model + logs.low * sum(f.low for f in load),
        model + logs.likely * sum(f.likely for f in load),
        model + logs.high * sum(f.high for f in load),
    )
    price = life.ranged("logs.archive_usd_gb_month")
    month = Interval(
        gigabytes.low * price.low, gigabytes.likely * price.likely, gigabytes.high * price.high
    )
    return money(month.scaled(12 * years))
