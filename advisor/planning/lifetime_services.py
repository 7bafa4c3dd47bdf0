"""What providers bill beside machines and storage: labels, transfer, logs, support, renewal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from advisor.domain.interval import Interval
from advisor.domain.lifetime import INFRASTRUCTURE, Component, cents
from advisor.domain.plan import NOTHING, Money
from advisor.planning.beside import egress_tier, egress_usd_gb
from advisor.planning.index_machines import INDEX
from advisor.planning.lifetime_archive import logged_gb
from advisor.planning.lifetime_growth import Curve
from advisor.planning.lifetime_parts import (
    DATA,
    Life,
    Part,
    added,
    before_use,
    component,
    in_use,
    money,
    times,
)
from advisor.planning.lifetime_renewal import renewal_due, renewal_month
from advisor.planning.market import CLOUD, OWN, RENTED
from advisor.planning.options import Option
from advisor.planning.own_hardware import SETTLED_YEARS
from advisor.planning.places import home_of
from advisor.planning.words import counted, dollars, figure
from advisor.planning.words import price as priced

LABELS = {
    "vision": "image",
    "encoder": "text",
    "speech": "audio_hour",
    "llm": "answer",
    "trees": "row",
    "series": "row",
    "recommender": "row",
    "simulation": "row",
    "network": "row",
}
"""What is labelled for a model of each family."""
WORDS = {"audio_hour": "hour of speech"}
ANSWERING = ("online", "serverless", "async")
"""Patterns that send an answer to each request."""
TIERS = ((10_000, "0.10"), (80_000, "0.07"), (250_000, "0.05"), (None, "0.03"))
"""Share of a month's bill that the business tier of a hyperscaler's support costs, by the bill up
to which it holds: AWS Premium Support pricing (read); Google's Enhanced tier has the same steps."""


def services_of(life: Life, bill: Iterable[Component]) -> Iterator[Component]:
    """Yield what is billed beside the lines of the bill, which are given with their months."""
    yield from _labels(life)
    yield from _transfer(life)
    yield from _logs(life)
    yield from _support(life, bill)
    yield from _renewal(life)


def _labels(life: Life) -> Iterator[Component]:
    line = life.line
    state, work = line.brief.one("labels"), life.workload.training
    training = line.uses.get("training")
    if state not in ("none", "some") or work is None or training is None:
        return
    if line.chosen("labelling") == "none":
        return
    if training.pattern == "none":
        return
    unit = LABELS[life.workload.family]
    share = 1.0 if state == "none" else line.kit.number("labels.share_missing")
    brief = life.line.brief
    special = brief.has("personal_data", "special_category_or_health")
    experts = special or brief.has("data_kinds_regulated", "patient_records")
    priced_by = "labels.usd_by_expert" if experts else f"labels.usd_{unit}"
    needed, price = life.ranged(f"labels.needed_{unit}"), life.ranged(priced_by)
    if not experts and unit in LOOKED_AT and brief.has("data_kinds_regulated", *SECRET):
        priced_by = "labels.own_seconds"
        price = life.ranged(priced_by).scaled(life.hour_usd / 3600)
    usd = times(needed, price).scaled(share)
    yearly = line.kit.number("labels.renewed_a_year") if work.releases_a_month else 0.0
    count = counted(int(needed.likely * share), WORDS.get(unit, unit))
    basis = (
        f"{count} ({needed.low * share:,.0f} to {needed.high * share:,.0f}) at {_each(price)} each"
    )
    if yearly:
        basis += f", {yearly:.0%} of them anew every year"
    read = brief.number("train_volume")
    if unit == "image" and read > MANY_TIMES * needed.likely:
        more = dollars(read / 100 * price.likely)
        basis += f"; of the {figure(read)} that a run reads, one in a hundred would take {more}"
    month = money(usd.scaled(yearly / 12))
    part = Part("labelling", "Labelling", basis, DATA, priced_by)
    again = in_use(life, (month for _ in life.span.use))
    yield from component(life, part, added(before_use(life, money(usd)), again))


LOOKED_AT = ("image", "text", "row")
SECRET = ("trade_secrets", "defence_technical_data", "government_controlled_information")
"""What no labelling service sees: one's own people label it, at what their time costs."""
MANY_TIMES = 100
"""Times the usual number of labels from which what a run reads asks for a word on labels."""


def _each(price: Interval) -> str:
    """Return the price of one thing with its range."""
    return f"{priced(price.likely)} ({priced(price.low)} to {priced(price.high)})"


def _kind(life: Life, option: Option | None) -> str:
    """Return the kind of provider of a use, "" where none is rented or bought."""
    if option is None or not option.provider:
        return ""
    provider = life.line.kit.library.providers.get(option.provider)
    return provider.kind if provider else OWN


def _transfer(life: Life) -> Iterator[Component]:
    """Yield answers sent out of a cloud, and data moved to where they train."""
    answers, why = _answers(life)
    of = "token" if life.workload.family == "llm" else "request"
    part = Part("transfer", "Answers sent out", why, INFRASTRUCTURE, f"transfer.bytes_per_{of}")
    yield from component(
        life, part, in_use(life, (money(times(answers, f)) for f in life.curves.load))
    )
    data, moved = _data_to_training(life)
    if any(month.high for month in data):
        tier = egress_tier(life.line, home_of(life.line.brief))
        price = tier.provenance if tier else None
        source = ", ".join(price.source) if price else ""
        dated = price.as_of if price else ""
        yield Component(
            "moved_data", "Data moved to training", data, moved, dated, source, INFRASTRUCTURE
        )


def _answers(life: Life) -> tuple[Interval, str]:
    """Return what sending the answers of a month of today costs."""
    option, load = life.line.uses.get("serving"), life.workload.serving
    nothing = Interval(0.0, 0.0, 0.0)
    if option is None or load is None or option.pattern not in ANSWERING:
        return nothing, ""
    price = float(egress_usd_gb(life.line, option.provider))
    if _kind(life, option) not in (CLOUD, RENTED) or not price or not _leave(life, option):
        return nothing, ""
    each = life.ranged("transfer.bytes_per_request")
    if life.workload.family == "llm":
        token = life.ranged("transfer.bytes_per_token").scaled(load.output_len)
        each = Interval(each.low + token.low, each.likely + token.likely, each.high + token.high)
    gigabytes = each.scaled(load.requests_a_month / 1e9)
    text = f"{figure(gigabytes.likely)} GB of answers a month at {priced(price)} a GB"
    return gigabytes.scaled(price), text


def _leave(life: Life, option: Option) -> bool:
    """Return whether answers leave the cloud: to people and devices outside, or from another
    provider to where the callers are."""
    brief = life.line.brief
    return brief.has("consumers", *OUTSIDE) or option.provider != home_of(brief)


OUTSIDE = ("external_users", "devices_on_site")
"""Consumers of answers that are never in the cloud that gives them."""


def _data_to_training(life: Life) -> tuple[tuple[Money, ...], str]:
    """Return the months of moving stored data to another provider that trains on them: all of
    them once, then what is added."""
    option, home = life.line.uses.get("training"), home_of(life.line.brief)
    price = float(egress_usd_gb(life.line, home))
    stored = life.line.brief.number("data_volume_gb")
    elsewhere = _kind(life, option) in (CLOUD, RENTED) and option and option.provider != home
    if not elsewhere or not price or not stored:
        return in_use(life, (NOTHING for _ in life.span.use)), ""
    once, factors = stored * price, life.curves.data
    growth = [max(0.0, b.likely - a.likely) for a, b in pairwise(factors)]
    later = (money(Interval(0.0, once * g, once * g)) for g in (0.0, *growth))
    first = before_use(life, money(Interval(once, once, once)))
    text = f"{figure(stored)} GB moved once from {home} to where they train at {priced(price)} a GB"
    return added(first, in_use(life, later)), text


def _logs(life: Life) -> Iterator[Component]:
    """Yield what metrics and logs of the requests cost where a provider keeps them."""
    option = life.line.uses.get("serving")
    if _kind(life, option) not in (CLOUD, RENTED, "model_api"):
        return
    gigabytes, price = logged_gb(life), life.ranged("logs.usd_gb")
    basis = (
        f"{figure(gigabytes.likely)} GB of requests logged a month at {_each(price)} a GB, "
        "above a number of requests a sample"
    )
    usd = times(gigabytes, price)
    part = Part("monitoring", "Monitoring and logs", basis, INFRASTRUCTURE, "logs.usd_gb")
    load: Curve = life.curves.load
    yield from component(life, part, in_use(life, (money(times(usd, f)) for f in load)))


def _support(life: Life, bill: Iterable[Component]) -> Iterator[Component]:
    """Yield the provider's support where the availability asked needs somebody to call."""
    asked = life.workload.serving
    if asked is None or asked.availability < life.line.kit.number("serving.high_availability_pct"):
        return
    if _kind(life, life.line.uses.get("serving")) != CLOUD:
        return
    at_cloud = [c.months for c in bill if _at_cloud(life, c.id)]
    months = (cents(_support_month(month)) for month in added(*at_cloud))
    basis = (
        "business tier of the cloud's support on what is spent there: 10 % up to $10,000 a month, "
        "7 % to $80,000, 5 % to $250,000, 3 % above, at least $100; low: not bought"
    )
    part = Part("support", "Provider support", basis, INFRASTRUCTURE, "support.least_usd_month")
    yield from component(life, part, months)


def _at_cloud(life: Life, id_: str) -> bool:
    """Return whether a line of the bill is paid to a hyperscaler."""
    if id_ in ("storage", INDEX):
        return _kind_of(life, home_of(life.line.brief)) == CLOUD
    use = "serving" if id_ == "serving" else "training"
    billed = id_ in ("serving", "training", "first_training", "retraining", "tuning")
    return billed and _kind(life, life.line.uses.get(use)) == CLOUD


def _kind_of(life: Life, provider: str) -> str:
    found = life.line.kit.library.providers.get(provider)
    return found.kind if found else ""


@lru_cache(maxsize=512)
def _support_month(spent: Money) -> Money:
    return Money(Decimal(0), _tiered(spent.likely), _tiered(spent.high))


def _tiered(spent: Decimal) -> Decimal:
    """Return the fee on a month's bill, at least $100 where anything is spent."""
    fee, before = Decimal(0), Decimal(0)
    for upto, share in TIERS:
        until = spent if upto is None else min(spent, Decimal(upto))
        fee += max(Decimal(0), until - before) * Decimal(share)
        before = max(before, until)
    return max(fee, Decimal(100)) if spent else Decimal(0)


def _renewal(life: Life) -> Iterator[Component]:
    """Yield the purchase of machines that stand there already, once they have served their time,
    where the use has no end; the price of bought ones holds their renewal."""
    if life.span.ends:
        return
    due, years = renewal_due(life.line, life.span.lead)
    if due >= life.months:
        return
    found = [renewal_month(life.line, option) for option in life.line.uses.values()]
    month = sum((usd for usd, _ in found), NOTHING)
    count = sum(machines for _, machines in found)
    basis = (
        f"{counted(count, 'machine')} owned already, taken as {SETTLED_YEARS} years old: new ones "
        f"after {years} years, whose purchase is then written off each month"
    )
    part = Part("renewal", "Hardware renewal", basis, INFRASTRUCTURE, "owned_accelerators.cluster")
    months = (cents(month) if n >= due else NOTHING for n in range(life.months))
    yield from component(life, part, in_use(life, months))
