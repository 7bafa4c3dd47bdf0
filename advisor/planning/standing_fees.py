"""Managed services that bill every hour, whether they work or not: a line of the bill."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from advisor.domain.lifetime import cents
from advisor.domain.plan import NOTHING, CostItem, Money
from advisor.domain.policy import Parameter
from advisor.planning.line import Line

SERVICES = "services"
GROUP = "standing_fee_usd_month"
"""Group of the policy with the fee of each such service, by its id."""


def fees_of(line: Line) -> Iterator[tuple[str, str, Parameter]]:
    """Yield decision, name and fee of each chosen service that has one and is not in use, and
    paid, already."""
    known, in_use = line.kit.library.policy.parameters, line.brief.many("existing_tools")
    for id_, decision in line.decisions.items():
        ids = decision.ids
        for candidate in line.called.candidates.get(id_, ()):
            if candidate.id not in ids:
                continue
            fee = known.get(f"{GROUP}.{candidate.id}")
            runs_here = set(candidate.traits.get("tools", ())) & set(in_use)
            if fee and not runs_here:
                yield id_, candidate.name, fee


BY_REQUEST = "request_fee_usd_million"
"""Group of the policy with what such a service bills for a million requests."""


def request_fees_of(line: Line) -> Iterator[tuple[str, str, Parameter]]:
    """Yield decision, name and fee of each chosen service that is billed by the request where
    requests are counted; the entry names a service of one cloud."""
    known, load = line.kit.library.policy.parameters, line.workload.serving
    if load is None or not load.requests_a_month:
        return
    if "aws" not in {option.provider for option in line.uses.values()}:
        return
    for id_, decision in line.decisions.items():
        ids = decision.ids
        for candidate in line.called.candidates.get(id_, ()):
            fee = candidate.id in ids and known.get(f"{BY_REQUEST}.{candidate.id}")
            if fee:
                yield id_, candidate.name, fee


def fee_item(line: Line) -> CostItem | None:
    """Return what the chosen services bill a month, None where none has such a fee."""
    standing, asked = list(fees_of(line)), list(request_fees_of(line))
    found = [*standing, *asked]
    if not found:
        return None
    load = line.workload.serving
    millions = Decimal(str(round(load.requests_a_month / 1e6, 6))) if load else Decimal(0)
    month = sum((_month(fee) for _, _, fee in standing), NOTHING)
    month = sum((_month(fee).times(millions) for _, _, fee in asked), month)
    dates = sorted(fee.provenance.as_of for _, _, fee in found)
    sources = dict.fromkeys(source for _, _, fee in found for source in fee.provenance.source)
    return CostItem(
        SERVICES,
        "Managed services",
        cents(month),
        NOTHING,
        "; ".join(f"{name}: {fee.meaning}" for _, name, fee in found),
        dates[0],
        ", ".join(sources),
    )


def _month(fee: Parameter) -> Money:
    likely = float(fee.value)
    low, high = fee.low or likely, fee.high or likely
    return Money(*(Decimal(str(end)) for end in (low, likely, high)))
