"""The bill month by month: sums to the cent, growth as stated, nothing invented."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.domain.plan import NOTHING, CostItem, Money
from advisor.planning.kit import Kit
from advisor.planning.lifetime_growth import data_growth, load_growth
from advisor.planning.lifetime_plan import calendar, lifetime_of, spread
from tests.planning.lifetime_cases import STILL, planned

SCENARIOS = ("lora-startup", "recommender-20k", "rag-bank", "research-workstations")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_where_nothing_grows_the_total_is_that_of_the_bill(kit: Kit, scenario: str) -> None:
    line, plan = planned(kit, scenario, **STILL)
    assert lifetime_of(line, plan.cost).total == plan.cost.lifetime


@pytest.mark.parametrize("scenario", [*SCENARIOS, "pretrain-30b", "edge-defects"])
def test_months_and_components_sum_to_the_total_to_the_cent(kit: Kit, scenario: str) -> None:
    line, plan = planned(kit, scenario)
    life = lifetime_of(line, plan.cost)
    assert sum(life.months, NOTHING) == life.total
    for ends in (*life.months, *(c.total for c in life.components), life.total):
        assert ends.low <= ends.likely <= ends.high
        assert ends.likely == ends.likely.quantize(Decimal("0.01"))


def test_a_longer_life_never_lowers_the_total(kit: Kit) -> None:
    line, plan = planned(kit, "lora-startup")
    totals = [lifetime_of(line, plan.cost, months).total for months in range(1, 61, 3)]
    for shorter, longer in pairwise(totals):
        assert shorter.low <= longer.low
        assert shorter.likely <= longer.likely
        assert shorter.high <= longer.high


def test_a_load_that_falls_to_nothing_costs_only_what_is_kept(kit: Kit) -> None:
    """One replica, the store and the people stay; calls end altogether."""
    line, plan = planned(kit, "lora-startup", growth_12m=0, data_growth=0)
    life, replicas = lifetime_of(line, plan.cost), line.uses["serving"].replicas
    serving = next(item for item in plan.cost.items if item.id == "serving")
    kept = serving.month.likely * (replicas - 1) / replicas
    assert abs(life.months[-1].likely + kept - plan.cost.month.likely) < Decimal("0.02")
    line, plan = planned(
        kit,
        "lora-startup",
        growth_12m=0,
        problem_type="llm_app_rag",
        adaptation="rag",
        data_growth=0,
    )
    assert line.chosen("serving_pattern") == "model_api"
    life = lifetime_of(line, plan.cost)
    calls = life.component("serving")
    assert calls is not None
    assert calls.months[12].likely == 0


def test_doubling_every_price_never_lowers_a_month(kit: Kit) -> None:
    line, plan = planned(kit, "recommender-20k")
    dear = replace(plan.cost, items=tuple(_twice(item) for item in plan.cost.items))
    for cheap, other in zip(
        lifetime_of(line, plan.cost).months, lifetime_of(line, dear).months, strict=True
    ):
        assert cheap.low <= other.low
        assert cheap.likely <= other.likely
        assert cheap.high <= other.high


def _twice(item: CostItem) -> CostItem:
    return replace(item, month=item.month.times(2), one_off=item.one_off.times(2))


def test_more_growth_never_costs_less(kit: Kit) -> None:
    totals = []
    for factor in (0.5, 1, 2, 4):
        line, plan = planned(kit, "recommender-20k", growth_12m=factor)
        totals.append(lifetime_of(line, plan.cost).total.likely)
    assert totals == sorted(totals)


def test_every_total_states_its_date_and_what_it_leaves_out(kit: Kit) -> None:
    line, plan = planned(kit, "rag-bank")
    life = lifetime_of(line, plan.cost)
    assert life.price_date
    assert "taxes" in " ".join(life.excluded)
    assert any("planning horizon" in text for text in life.assumptions)


def test_the_calendar_runs_over_the_end_of_a_year() -> None:
    assert calendar("2026-11-22", 4) == ("2026-11", "2026-12", "2027-01", "2027-02")


def test_load_doubles_within_the_year_and_goes_on_only_at_the_high_end() -> None:
    curve = load_growth(2.0, 25)
    assert (curve[0].low, curve[0].likely, curve[0].high) == (1.0, 1.0, 1.0)
    assert curve[12].likely == pytest.approx(2.0)
    assert curve[24].likely == pytest.approx(2.0)
    assert curve[24].high == pytest.approx(4.0)


def test_a_falling_load_goes_on_falling_only_at_the_low_end() -> None:
    curve = load_growth(0.5, 25)
    assert curve[24].low == pytest.approx(0.25)
    assert curve[24].likely == curve[24].high == pytest.approx(0.5)


def test_data_grow_by_the_year() -> None:
    assert data_growth(50.0, 25)[24].likely == pytest.approx(2.25)
    assert data_growth(50.0, 25)[24].low == 1.0


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**7), st.integers(1, 8), st.integers(1, 40))
def test_an_amount_that_is_spread_is_paid_in_full(amount: int, over: int, months: int) -> None:
    usd = Decimal(amount) / 100
    parts = list(spread(Money(usd, usd, usd), over, months))
    assert len(parts) == months
    assert sum(parts, NOTHING) == Money(usd, usd, usd)


def test_a_run_of_six_weeks_is_paid_over_two_months(kit: Kit) -> None:
    line, plan = planned(kit, "pretrain-30b")
    first = lifetime_of(line, plan.cost).component("first_training")
    assert first is not None
    assert [bool(month.likely) for month in first.months[:3]] == [True, True, False]
