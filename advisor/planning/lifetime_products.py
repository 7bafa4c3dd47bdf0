"""The products that a plan asks its own people to run, beside the hosts that the bill holds."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from advisor.domain.lifetime import Investment, whole_cents
from advisor.planning.line import Line
from advisor.planning.places import home_of
from advisor.planning.words import counted, dollars, figure

RUN_BY_ONESELF = "self_hosted"
EITHER = "both"
RUN = (
    "orchestrator",
    "compute_runtime",
    "data_storage",
    "data_pipeline",
    "data_versioning",
    "data_quality",
    "labelling",
    "feature_store",
    "vector_db",
    "experiment_tracking",
    "model_registry",
    "serving_engine",
    "llm_application",
    "monitoring",
    "ci_cd",
)
"""Decisions whose products come with the plan; directory, network and hosts stand anyway."""
FEW = 3
"""Products that the hours of the hosts cover."""


def products_to_run(line: Line) -> tuple[str, ...]:
    """Return the names of the chosen products that one's own people run and do not run already:
    those that nobody sells as a service, and on own premises those that somebody does."""
    at_home = home_of(line.brief) == "on_prem"
    kinds = (RUN_BY_ONESELF, EITHER) if at_home else (RUN_BY_ONESELF,)
    found = {
        candidate.name.split(" (")[0]
        for decision, settled in line.decisions.items()
        if decision in RUN
        for candidate in line.called.candidates.get(decision, ())
        if candidate.id in settled.ids
        and candidate.attributes.get("deployment") in kinds
        and not line.brief.has("existing_tools", *map(str, candidate.traits.get("tools", ())))
    }
    parts = {name for name in found if any(n in name for n in found - {name})}
    return tuple(sorted(found - parts))  # a registry that comes with its tracker is no second one


def unmanned_products(line: Line) -> Iterator[Investment]:
    """Yield the hours that products take which no line of the bill holds."""
    names = products_to_run(line)
    if len(names) <= FEW:
        return
    number = line.kit.number
    hours, year = number("life.product_hours"), number("life.hours_year")
    each = Decimal(str(round(hours * number("cost.staff_usd_year") / year, 4)))
    usd = whole_cents(each * len(names))
    text = (
        f"your own people run {counted(len(names), 'product')} ({', '.join(names)}), and the bill "
        f"holds people for hosts alone: at {figure(hours)} h a month each they take {dollars(usd)} "
        "a month more; fewer products take less"
    )
    yield Investment("underinvest", "people", text, usd * line.months)
