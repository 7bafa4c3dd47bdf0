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
from advisor.planning.lifetime_parts import spread
from advisor.planning.lifetime_plan import lifetime_of
from advisor.planning.lifetime_services import _tiered
from advisor.planning.lifetime_span import calendar
from tests.planning.lifetime_cases import STILL, planned

SCENARIOS = ("lora-startup", "recommender-20k", "rag-bank", "research-workstations")


BILLED = {
    "serving": "serving",
    "training": "training",
    "first_training": "training",
    "retraining": "training",
    "tuning": "training",
    "storage": "storage",
    "operations": "operations",
}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_where_nothing_grows_each_line_comes_to_the_bill(kit: Kit, scenario: str) -> None:
    """To the cent; storage besides from today on, before the first use."""
    line, plan = planned(kit, scenario, **STILL)
    life = lifetime_of(line, plan.cost)
    for item in plan.cost.items:
        mine = [c.total for c in life.components if BILLED.get(c.id) == item.id]
        months = plan.cost.months + (life.lead if item.id == "storage" else 0)
        assert sum(mine, NOTHING) == item.one_off + item.month.times(months)


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
    served = life.component("serving")
    assert served is not None
    assert abs(served.months[-1].likely - serving.month.likely / replicas) < Decimal("0.02")
    transfer, logs = life.component("transfer"), life.component("monitoring")
    assert transfer is not None
    assert logs is not None
    assert transfer.months[-1].likely == logs.months[-1].likely == 0
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
    assert calls.months[life.lead + 12].likely == 0


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


def test_a_run_of_six_weeks_ends_with_the_building(kit: Kit) -> None:
    line, plan = planned(kit, "pretrain-30b")
    life = lifetime_of(line, plan.cost)
    first = life.component("first_training")
    assert first is not None
    assert life.lead == 7
    assert [bool(month.likely) for month in first.months[:8]] == [False] * 5 + [True] * 2 + [False]


def test_building_comes_before_the_use(kit: Kit) -> None:
    """Three people for six weeks at 70 % of $220,000 a year, over two months."""
    line, plan = planned(kit, "lora-startup")
    life = lifetime_of(line, plan.cost)
    build, serving = life.component("build"), life.component("serving")
    assert build is not None
    assert serving is not None
    assert life.lead == 2
    assert float(build.total.likely) == pytest.approx(3 * 6 / (365 / 7) * 220_000 * 0.7, abs=0.01)
    assert [bool(m.likely) for m in build.months[:3]] == [True, True, False]
    assert [bool(m.likely) for m in serving.months[:3]] == [False, False, True]
    assert len(life.calendar) == 2 + plan.cost.months


def test_what_ends_is_switched_off_and_what_does_not_is_moved(kit: Kit) -> None:
    line, plan = planned(kit, "lora-startup")
    life = lifetime_of(line, plan.cost)
    leaving = life.component("leaving")
    assert leaving is not None
    build = life.component("build")
    assert build is not None
    assert leaving.months[-1].likely == pytest.approx(build.total.likely / 10, abs=1)
    assert leaving.total == leaving.months[-1]
    assert life.component("migration") is None
    line, plan = planned(kit, "rag-bank")
    life = lifetime_of(line, plan.cost)
    migration, renewal = life.component("migration"), life.component("renewal")
    assert migration is not None
    assert renewal is not None
    assert life.component("leaving") is None
    due = life.lead + 36  # the work ends where the new platform is due
    assert [n for n, m in enumerate(migration.months) if m.likely] == [due - 2, due - 1]
    assert next(n for n, m in enumerate(renewal.months) if m.likely) == 24
    assert any("switching off" in text for text in life.excluded)


def test_the_fee_of_support_follows_the_printed_example() -> None:
    """AWS Premium Support pricing, Business: $85,000 of use cost $6,150; at least $100."""
    assert _tiered(Decimal(85_000)) == Decimal(6_150)
    assert _tiered(Decimal(10)) == Decimal(100)
    assert _tiered(Decimal(0)) == 0


def test_controls_take_hours_once_and_every_year(kit: Kit) -> None:
    """Twenty controls: 16 h each at $125, then 8 h each a year."""
    line, plan = planned(kit, "chat-70b-eu")
    found = lifetime_of(line, plan.cost).component("compliance")
    assert found is not None
    assert len({control.id for control in plan.controls}) == 20
    once, years = 20 * 16 * 125, 1.5 * 20 * 8 * 125
    assert float(found.total.likely) == pytest.approx(once + years, abs=1)


def test_labels_that_are_missing_are_paid_for(kit: Kit) -> None:
    """Half of 10,000 boxes at $0.063, then a fifth anew each of five years; of what is secret,
    one's own people make them, half a minute each."""
    line, plan = planned(kit, "edge-defects", data_kinds_regulated=("none",))
    found = lifetime_of(line, plan.cost).component("labelling")
    assert found is not None
    assert found.group == "data"
    assert float(found.total.likely) == pytest.approx(5_000 * 0.063 * (1 + 0.2 * 5), abs=1)
    line, plan = planned(kit, "edge-defects")
    found = lifetime_of(line, plan.cost).component("labelling")
    assert found is not None
    assert float(found.total.likely) == pytest.approx(5_000 * 30 / 3600 * 125 * 2, rel=0.01)
    line, plan = planned(kit, "edge-defects", labels="plenty")
    assert lifetime_of(line, plan.cost).component("labelling") is None


def test_data_that_train_elsewhere_are_moved_once(kit: Kit) -> None:
    """20 TB from Google at $0.12 a GB to the cloud that trains."""
    line, plan = planned(kit, "pretrain-30b")
    life = lifetime_of(line, plan.cost)
    found = life.component("moved_data")
    assert found is not None
    assert found.total.likely == Decimal("2400.00")
    assert found.source in kit.library.sources
    assert life.component("transfer") is None


def test_groups_add_up_to_the_total(kit: Kit) -> None:
    line, plan = planned(kit, "edge-defects")
    life = lifetime_of(line, plan.cost)
    assert set(life.groups) == {"infrastructure", "people", "data"}
    assert sum((life.of(group) for group in life.groups), NOTHING) == life.total
