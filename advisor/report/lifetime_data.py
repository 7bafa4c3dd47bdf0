"""The cost of a life as plain data; money is decimal text, so that no reader rounds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from advisor.domain.lifetime import (
    CURRENCY,
    ApiTier,
    Energy,
    Investment,
    Lifetime,
    Outlook,
    Point,
    Run,
    Step,
    Way,
)
from advisor.domain.plan import Money
from advisor.report.json_values import dollars, interval_data, money_data, rounded


def lifetime_data(life: Lifetime) -> dict[str, Any]:
    """Return months, components and total, with date, currency and what is left out."""
    return {
        "currency": CURRENCY,
        "price_date": life.price_date,
        "months": [
            {"month": name, **money_data(money)}
            for name, money in zip(life.calendar, life.months, strict=True)
        ],
        "components": [
            {
                "id": c.id,
                "name": c.name,
                "group": c.group,
                **money_data(c.total),
                "months": _columns(c.months),
                "basis": c.basis,
                "price_date": c.price_date,
                "source": c.source,
            }
            for c in life.components
        ],
        "total": money_data(life.total),
        "groups": {group: money_data(life.of(group)) for group in life.groups},
        "months_of_building": life.lead,
        "ends": life.ends,
        "assumptions": list(life.assumptions),
        "excluded": list(life.excluded),
    }


def _columns(months: Sequence[Money]) -> dict[str, list[str]]:
    """Return the amounts of the months, each end as a list of its own."""
    return {
        "low": [dollars(m.low) for m in months],
        "likely": [dollars(m.likely) for m in months],
        "high": [dollars(m.high) for m in months],
    }


def outlook_data(outlook: Outlook, *, ways: bool) -> dict[str, Any]:
    """Return what follows from the cost; the ways to pay only where they are asked for."""
    found = {
        "frontier": [_point(p) for p in outlook.frontier],
        "investment": [_investment(i) for i in outlook.investments],
        "scaling": {
            "steps": [_step(s) for s in outlook.steps],
            "load": [interval_data(f) for f in outlook.load],
            "notes": list(outlook.scaling),
        },
        "lifecycle": {
            "runs": [_run(r) for r in outlook.runs],
            "cycle": list(outlook.cycle),
            "leaving": list(outlook.leaving),
        },
        "failures": [asdict(f) for f in outlook.failures],
        "energy": _energy(outlook.energy) if outlook.energy else None,
    }
    if not ways:
        return found
    mixes = [
        {"use": m.use, "total": dollars(m.total), "text": m.text, "saved": dollars(m.saved)}
        for m in outlook.mixes
    ]
    compared = {"ways": [_way(w) for w in outlook.ways], "mixes": mixes}
    tiers = [_tier(t) for t in outlook.tiers]
    return {**found, **compared, "api_break_even": outlook.api, "api_tiers": tiers}


def _tier(tier: ApiTier) -> dict[str, Any]:
    return {
        "tier": tier.name,
        "model": tier.model,
        "month_usd": dollars(tier.month_usd),
        "month_usd_with_cache_and_batches": dollars(tier.saved_usd),
        "own_pays_from_million_tokens": rounded(float(tier.millions)),
        "own_pays_from_million_tokens_with_cache_and_batches": rounded(float(tier.saved_millions)),
    }


def _way(way: Way) -> dict[str, Any]:
    return {
        "use": way.use,
        "id": way.id,
        "name": way.name,
        "total": money_data(way.total),
        "break_even": way.break_even,
        "exit_cost": dollars(way.exit_cost),
        "risk": way.risk,
        "open": way.open,
        "price_date": way.price_date,
        "cash_flow": [dollars(month) for month in way.cash],
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "use": point.use,
        "name": point.name,
        "cost": dollars(point.cost),
        "speed": rounded(point.speed),
        "unit": point.unit,
        "chosen": point.chosen,
        "knee": point.knee,
    }


def _investment(found: Investment) -> dict[str, Any]:
    usd = None if found.usd is None else dollars(found.usd)
    return {"kind": found.kind, "use": found.use, "text": found.text, "usd": usd}


def _step(step: Step) -> dict[str, Any]:
    return {
        "month": step.month,
        "load": rounded(step.load),
        "replicas": step.replicas,
        "devices": step.devices,
        "month_usd": dollars(step.month_usd),
        "full_at": rounded(step.full_at),
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "month": run.month,
        "count": run.count,
        "device_hours": rounded(run.device_hours),
        "usd": dollars(run.usd),
    }


def _energy(energy: Energy) -> dict[str, Any]:
    return {
        "kwh": {use: rounded(amount) for use, amount in energy.kwh},
        "place": energy.place,
        "kg_co2e": rounded(energy.kg_co2e),
        "greener": energy.greener,
        "greener_kg_co2e": rounded(energy.greener_kg_co2e),
        "extra_usd": None if energy.extra_usd is None else dollars(energy.extra_usd),
        "basis": energy.basis,
    }
