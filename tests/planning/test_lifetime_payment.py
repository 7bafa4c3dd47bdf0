"""Each way to pay, worked by hand, and where one begins to beat another."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.planning.lifetime_payment import (
    HOURS,
    Need,
    Purchase,
    Term,
    commitment_pays_from,
    committed,
    committed_machine,
    in_blocks,
    mixed,
    on_demand,
    on_spot,
    owned,
    spot_goodput,
    total,
)

YEAR = Term(12, Decimal("0.6"), "1 year")
THREE = Term(36, Decimal("0.4"), "3 years")
FULL = Need(1, 1, HOURS)
HALF = Need(0, 1, HOURS / 2)
USD = Decimal(1)


def test_on_demand_pays_the_hours_used() -> None:
    """12 months x 365 h x $2."""
    assert total(on_demand((HALF,) * 12, Decimal(2))) == Decimal(8760)


def test_a_year_committed_costs_its_share_of_every_hour() -> None:
    """8,760 h x 0.6."""
    assert total(committed((FULL,) * 12, USD, YEAR, 1)) == Decimal(5256)


def test_a_commitment_is_paid_month_by_month_and_what_is_owed_at_the_end() -> None:
    """730 x 0.4 = 292 a month; 18 of 36 months are still owed when a life of 18 months ends."""
    cash = committed((FULL,) * 18, USD, THREE, 1)
    assert cash == [Decimal(292)] * 17 + [Decimal(292) * 19]


def test_a_purchase_is_paid_first_and_brings_its_resale_last() -> None:
    """10,000 at first, 48.75 of capital and 50 of upkeep a month, 3,000 back after three years."""
    machine = Purchase(Decimal(10000), Decimal(50), Decimal("0.09"), Decimal("0.3"))
    cash = owned((FULL,) * 36, machine)
    assert (cash[0], cash[1]) == (Decimal("10098.75"), Decimal("98.75"))
    assert cash[-1] == Decimal("98.75") - 3000


def test_blocks_pay_whole_days_of_all_machines() -> None:
    """100 h of work on two machines are 50 h, so three days of two: 3 x 24 x 2 x $2 x 0.95."""
    need = Need(0, 2, Decimal(100))
    assert total(in_blocks((need,), Decimal(2), Decimal("0.95"))) == Decimal("273.6")
    assert total(in_blocks((Need(0, 1, Decimal(0)),), Decimal(2), Decimal("0.95"))) == 0


def test_months_after_a_whole_term_are_paid_on_demand_where_that_is_cheaper() -> None:
    """12 x 730 x 0.6 + 3 x 730 on demand = 7,446; two terms would be 10,512."""
    assert total(committed((FULL,) * 15, USD, YEAR, 1)) == Decimal(7446)


def test_a_term_longer_than_the_life_is_paid_to_its_end() -> None:
    """36 x 730 x 0.4 for a life of 18 months."""
    assert total(committed((FULL,) * 18, USD, THREE, 1)) == Decimal(10512)


def test_spot_pays_the_time_that_stops_lose() -> None:
    """One machine, a stop in 100 h: Young/Daly interval sqrt(2 x 60 x 360,000) = 6,573 s; lost
    60/6,573 + (3,286 + 900)/360,000 = 2.08 %."""
    assert float(total(on_spot((FULL,), Decimal("0.3"), 0.01))) == pytest.approx(
        730 * 0.3 * 1.02076, rel=1e-4
    )


def test_more_machines_on_spot_lose_more_of_their_time() -> None:
    assert spot_goodput(64, 0.01).share < spot_goodput(8, 0.01).share < spot_goodput(1, 0.01).share


def test_a_purchase_is_price_less_resale_with_capital_upkeep_and_staff() -> None:
    """$10,000; after three years 30 %: 7,000 lost; 9 % of 6,500 on average for three years =
    1,755; upkeep 36 x 50 = 1,800; staff 36 x 100 = 3,600."""
    machine = Purchase(Decimal(10000), Decimal(50), Decimal("0.09"), Decimal("0.3"))
    assert total(owned((FULL,) * 36, machine, Decimal(100))) == Decimal("14155.00")


def test_a_purchase_costs_the_same_used_or_not() -> None:
    machine = Purchase(Decimal(10000), Decimal(50), Decimal("0.09"), Decimal("0.3"))
    idle = Need(0, 1, Decimal(0))
    assert total(owned((idle,) * 12, machine)) == total(owned((FULL,) * 12, machine))


def test_the_base_is_committed_and_the_peak_is_not() -> None:
    """Two machines always, two a tenth of the time: 2 x 5,256 + 2 x 876."""
    need = Need(2, 4, 2 * HOURS + 2 * HOURS / 10)
    found = mixed((need,) * 12, USD, (YEAR,))
    assert found.machines == (("1 year", 2), ("on demand", 2))
    assert found.total == Decimal(12264)


def test_zero_use_costs_nothing_on_demand_and_everything_committed() -> None:
    idle = (Need(0, 1, Decimal(0)),) * 12
    assert total(on_demand(idle, USD)) == 0
    assert total(committed(idle, USD, YEAR, 1)) == Decimal(5256)


demands = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 100)), min_size=1, max_size=40
).map(lambda rows: tuple(_need(*row) for row in rows))


def _need(always: int, more: int, percent: int) -> Need:
    """Return a month with `more` machines above the base, busy `percent` of the time."""
    return Need(always, always + more, HOURS * always + HOURS * more * percent / 100)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(0, 100))
def test_a_commitment_never_beats_on_demand_below_its_break_even(months: int, percent: int) -> None:
    used = HOURS * percent / 100
    need = Need(0, 1, used)
    for term in (YEAR, THREE):
        below = Decimal(percent) / 100 < commitment_pays_from(term, months)
        by_term = total(committed_machine([used] * months, USD, term))
        assert not (below and by_term < total(on_demand((need,) * months, USD)))


@settings(max_examples=60, deadline=None)
@given(demands)
def test_the_mix_is_never_dearer_than_either_of_its_parts(demand: tuple[Need, ...]) -> None:
    mix = mixed(demand, USD, (YEAR, THREE)).total
    everywhere = max(need.peak for need in demand)
    cent = Decimal("0.01")
    assert mix <= total(on_demand(demand, USD)) + cent
    assert mix <= total(committed(demand, USD, YEAR, everywhere)) + cent


@settings(max_examples=60, deadline=None)
@given(demands, st.integers(1, 20))
def test_doubling_the_price_doubles_and_never_lowers(demand: tuple[Need, ...], cents: int) -> None:
    hour = Decimal(cents) / 10
    assert 2 * total(on_demand(demand, hour)) == total(on_demand(demand, 2 * hour))
    assert 2 * total(committed(demand, hour, YEAR, 2)) == total(
        committed(demand, 2 * hour, YEAR, 2)
    )
    assert mixed(demand, hour, (YEAR,)).total <= mixed(demand, 2 * hour, (YEAR,)).total


@settings(max_examples=60, deadline=None)
@given(demands)
def test_a_longer_life_never_costs_less(demand: tuple[Need, ...]) -> None:
    longer = (*demand, demand[-1])
    assert total(on_demand(demand, USD)) <= total(on_demand(longer, USD))
    assert total(committed(demand, USD, YEAR, 2)) <= total(committed(longer, USD, YEAR, 2))


def test_thousands_of_machines_are_priced_as_one_times_their_number() -> None:
    need = Need(0, 16_384, HOURS * 16_384 / 2)
    one = mixed((HALF,) * 36, USD, (YEAR, THREE)).total
    assert mixed((need,) * 36, USD, (YEAR, THREE)).total == 16_384 * one
