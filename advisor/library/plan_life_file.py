"""What a plan costs over its life, read back from the JSON of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from advisor.domain.answers import Source
from advisor.domain.interval import Interval
from advisor.domain.lifetime import (
    ApiTier,
    Component,
    Energy,
    Failure,
    Investment,
    Lifetime,
    Mix,
    Outlook,
    Point,
    Run,
    Step,
    Way,
)
from advisor.domain.plan import Money
from advisor.domain.sensitivity import FlipPoint, Sensitivity, Swing

Row = Mapping[str, Any]


def lifetime_from(row: Row | None) -> Lifetime | None:
    """Return the months and components, None where the plan was not laid out over them."""
    if row is None:
        return None
    return Lifetime(
        tuple(month["month"] for month in row["months"]),
        tuple(map(_component, row["components"])),
        row["price_date"],
        tuple(row["excluded"]),
        tuple(row["assumptions"]),
        row["ends"],
        row["months_of_building"],
    )


def _component(row: Row) -> Component:
    ends = (map(Decimal, row["months"][end]) for end in ("low", "likely", "high"))
    months = tuple(Money(*amounts) for amounts in zip(*ends, strict=True))
    return Component(
        row["id"],
        row["name"],
        months,
        row["basis"],
        row["price_date"],
        row["source"],
        row["group"],
    )


def outlook_from(row: Row | None) -> Outlook | None:
    """Return what follows from the cost, None where it was not worked out."""
    if row is None:
        return None
    scaling, lifecycle = row["scaling"], row["lifecycle"]
    return Outlook(
        ways=tuple(map(_way, row["ways"])),
        mixes=tuple(map(_mix, row["mixes"])),
        api=row["api_break_even"],
        frontier=tuple(Point(**{**p, "cost": Decimal(p["cost"])}) for p in row["frontier"]),
        investments=tuple(map(_investment, row["investment"])),
        steps=tuple(Step(**{**s, "month_usd": Decimal(s["month_usd"])}) for s in scaling["steps"]),
        load=tuple(Interval(f["low"], f["likely"], f["high"]) for f in scaling["load"]),
        scaling=tuple(scaling["notes"]),
        tiers=tuple(map(_tier, row["api_tiers"])),
        cycle=tuple(lifecycle["cycle"]),
        runs=tuple(Run(**{**r, "usd": Decimal(r["usd"])}) for r in lifecycle["runs"]),
        leaving=tuple(lifecycle["leaving"]),
        failures=tuple(Failure(**f) for f in row["failures"]),
        energy=_energy(row["energy"]),
    )


def _way(row: Row) -> Way:
    money = {
        "total": _money(row["total"]),
        "exit_cost": Decimal(row["exit_cost"]),
        "cash": tuple(map(Decimal, row["cash_flow"])),
    }
    return Way(**{k: v for k, v in {**row, **money}.items() if k != "cash_flow"})


def _mix(row: Row) -> Mix:
    return Mix(row["use"], Decimal(row["total"]), row["text"], Decimal(row["saved"]))


def _tier(row: Row) -> ApiTier:
    return ApiTier(
        row["tier"],
        row["model"],
        Decimal(row["month_usd"]),
        Decimal(row["month_usd_with_cache_and_batches"]),
        Decimal(str(row["own_pays_from_million_tokens"])),
        Decimal(str(row["own_pays_from_million_tokens_with_cache_and_batches"])),
    )


def _investment(row: Row) -> Investment:
    usd = None if row["usd"] is None else Decimal(row["usd"])
    return Investment(row["kind"], row["use"], row["text"], usd)


def _energy(row: Row | None) -> Energy | None:
    if row is None:
        return None
    extra = None if row["extra_usd"] is None else Decimal(row["extra_usd"])
    return Energy(**{**row, "kwh": tuple(row["kwh"].items()), "extra_usd": extra})


def sensitivity_from(row: Row | None) -> Sensitivity | None:
    """Return what each answer does to the plan, None where that was not asked for."""
    if row is None:
        return None
    swings = tuple(map(_swing, row["swings"]))
    amount = Decimal(row["lifetime"])
    return Sensitivity(amount, swings, tuple(row["still"]), tuple(row["to_check"]))


def _swing(row: Row) -> Swing:
    return Swing(
        row["question"],
        row["text"],
        row["now"],
        Source(row["source"]),
        Decimal(row["low"]),
        Decimal(row["high"]),
        tuple(FlipPoint(f["side"], f["at"], tuple(f["decisions"])) for f in row["flips"]),
    )


def _money(row: Row) -> Money:
    return Money(Decimal(row["low"]), Decimal(row["likely"]), Decimal(row["high"]))
