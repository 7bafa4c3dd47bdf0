"""Numbers that rules read and that follow from the answers alone, before any rule fires."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from advisor.domain.rule import Fact
from advisor.planning.brief import Brief
from advisor.planning.workload import RUNS_A_MONTH, Number


def quantities(brief: Brief, number: Number) -> dict[str, float]:
    """Return every quantity that the answers settle, by name; see `domain/quantities.py`."""
    found = {**_load(brief, number), **_cadence(brief, number), **_size(brief), **_team(brief)}
    return {name: float(f"{value:.6g}") for name, value in sorted(found.items())}


def quantity_facts(values: dict[str, float]) -> tuple[tuple[Fact], ...]:
    """Return a `quantity` fact for each value, each in a group of its own."""
    return tuple([_fact(name, value) for name, value in values.items()])


@lru_cache(maxsize=512)
def _fact(name: str, value: float) -> tuple[Fact]:
    return (Fact.of("quantity", name=name, value=value),)


def _load(brief: Brief, number: Number) -> dict[str, float]:
    if "peak_rps" not in brief.values:
        return {}
    peak = brief.number("peak_rps")
    mean = peak * number(f"mean_share.{brief.one('traffic_shape') or 'steady'}")
    requests = mean * 3600 * number("cost.hours_per_month")
    found = {
        "average_rps": mean,
        "requests_per_month": requests,
        "peak_rps_in_a_year": peak * brief.number("growth_12m", 1.0),
    }
    if "tokens_in_out" in brief.values:
        tokens = sum(float(str(t)) for t in brief.many("tokens_in_out"))
        found["tokens_per_month_m"] = requests * tokens / 1e6
    return found


def _cadence(brief: Brief, number: Number) -> dict[str, float]:
    releases = RUNS_A_MONTH[str(brief.one("retrain_cadence") or "never")]
    return {
        "releases_per_month": releases,
        "model_runs_per_month": releases * brief.number("n_models", 1.0),
        "lifetime_months": lifetime_months(brief, number),
    }


def lifetime_months(brief: Brief, number: Number) -> float:
    """Return the months of use that costs are summed over; what is done once takes as many as a
    run of the time allowed."""
    months = number(f"lifetime_months.{brief.one('lifetime') or 'indefinite'}")
    if brief.has("lifetime", "one_off"):
        hours = brief.number("train_hours_target")
        return max(months, float(ceil(hours / number("cost.hours_per_month"))))
    return months


PRETRAINS = ("pretraining", "continued_pretraining")
"""Depths of adaptation that train on raw text."""


def _size(brief: Brief) -> dict[str, float]:
    found = {
        "data_gb_in_a_year": brief.number("data_volume_gb")
        * (1 + brief.number("data_growth") / 100)
    }
    if "model_params_b" in brief.values:
        found["weights_bf16_gib"] = brief.number("model_params_b") * 2e9 / 2**30
    raw_text = any(brief.has("adaptation", depth) for depth in PRETRAINS)
    if raw_text and brief.stated("train_volume"):
        found["training_flop"] = 6e9 * brief.number("model_params_b") * brief.number("train_volume")
    return found


def _team(brief: Brief) -> dict[str, float]:
    builders, runners = brief.number("ml_staff"), brief.number("platform_staff")
    found = {"team": builders + runners}
    if runners:
        found["team_after_platform"] = builders / runners
    return found
