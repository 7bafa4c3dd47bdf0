"""Ways to pay for the machines of real plans: each with total, break-even, exit and risk."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.domain.lifetime import Way
from advisor.domain.plan import NOTHING
from advisor.planning.kit import Kit
from advisor.planning.lifetime_api import api_option
from advisor.planning.lifetime_capacity import capacity_of
from advisor.planning.lifetime_case import BOUND
from advisor.planning.lifetime_plan import lifetime_of
from advisor.planning.lifetime_purchase import purchase_of
from advisor.planning.lifetime_terms import terms_of
from advisor.planning.lifetime_ways import mixes_of, ways_of
from advisor.planning.market import Rate
from tests.planning.lifetime_cases import STILL, planned
from tests.planning.test_own_hardware import market, rate


def ways(kit: Kit, scenario: str, use: str, **changes: object) -> dict[str, Way]:
    line, plan = planned(kit, scenario, **changes)
    return {w.id: w for w in ways_of(line, plan.cost.months) if w.use == use}


def test_every_way_says_what_it_costs_when_it_pays_and_what_may_go_wrong(kit: Kit) -> None:
    found = ways(kit, "lora-startup", "training")
    bound = {"commit_12", "commit_36", "blocks", "owned", "colocated"}
    assert set(found) == {"on_demand", "spot", "gpu_cloud", *bound}
    for way in found.values():
        assert sum(way.cash, Decimal(0)) == way.total.likely
        assert len(way.cash) == 18
        assert way.total.low <= way.total.likely <= way.total.high
        assert way.break_even
        assert way.risk
        assert way.price_date


def test_on_demand_costs_what_the_bill_says_with_its_people(kit: Kit) -> None:
    """Training on demand at the provider that was chosen: the line of the bill and the people."""
    _, plan = planned(kit, "lora-startup", **STILL)
    way = ways(kit, "lora-startup", "training", **STILL)["on_demand"]
    items = {i.id: i for i in plan.cost.items}
    bill = items["training"].one_off.likely + items["training"].month.likely * plan.cost.months
    people = items["operations"].month.likely * plan.cost.months
    assert abs(way.total.likely - bill - people) < Decimal(1)


def test_a_purchase_that_the_answers_rule_out_is_marked(kit: Kit) -> None:
    found = ways(kit, "lora-startup", "serving")
    assert not found["owned"].open
    assert found["on_demand"].open


def test_only_what_binds_has_a_cost_of_leaving(kit: Kit) -> None:
    for way in ways(kit, "recommender-20k", "serving").values():
        assert way.exit_cost == 0 or way.id in BOUND


def test_a_service_that_answers_people_is_not_put_on_spot(kit: Kit) -> None:
    assert "spot" not in ways(kit, "recommender-20k", "serving", interruption_ok="training_only")


@pytest.mark.parametrize("scenario", ["lora-startup", "recommender-20k", "pretrain-30b"])
def test_the_mix_is_no_dearer_than_the_hours_of_its_provider(kit: Kit, scenario: str) -> None:
    line, plan = planned(kit, scenario)
    found = ways_of(line, plan.cost.months)
    for mix in mixes_of(line, plan.cost.months):
        hourly = [w for w in found if w.use == mix.use and w.id in ("on_demand", "gpu_cloud")]
        assert mix.total <= min(w.total.likely for w in hourly) + Decimal("0.01")


def test_the_price_of_a_purchase_follows_from_its_month(kit: Kit) -> None:
    """A Jetson AGX Orin: 1,850 USD and 3 % spares, as the month of own hardware is worked out."""
    line, _ = planned(kit, "churn")
    price = kit.library.accelerators["jetson-agx-orin-64gb"].purchase_price
    assert price is not None
    usd = (price.low_usd + price.high_usd) / 2 * Decimal("1.03")
    machine = purchase_of(line, rate(market(kit), "jetson-agx-orin-64gb"), 1)
    assert abs(machine.price - usd) < Decimal(2)


def test_machines_that_stand_there_are_not_bought_again(kit: Kit) -> None:
    line, _ = planned(kit, "churn")
    held = rate(market(kit, servers=16), "h100-sxm5-80gb", 16)
    assert purchase_of(line, held, 16).price == 0


@pytest.mark.parametrize(
    ("accelerator", "provider", "expected"),
    [
        ("l4", "gcp", {12: Decimal("0.63"), 36: Decimal("0.45")}),
        ("a100-sxm4-40gb", "gcp", {12: Decimal("0.63"), 36: Decimal("0.35")}),
    ],
)
def test_commitments_are_those_of_the_product(
    kit: Kit, accelerator: str, provider: str, expected: dict[int, Decimal]
) -> None:
    """GCP committed use discounts, gcosts pricing.yml at 0166a59 and the CUD documentation."""
    offer = next(
        o
        for o in kit.library.offers.values()
        if o.accelerator_id == accelerator and o.provider == provider and o.price("on_demand")
    )
    bare = Rate(provider, "hyperscaler", offer.instance_type, 1, NOTHING, "", "")
    found = terms_of(bare, accelerator, (), kit.library.commitments)
    assert {t.months: t.ratio for t in found} == expected


def test_hardware_at_hand_is_a_way_of_its_own_and_is_renewed_in_time(kit: Kit) -> None:
    """Sixteen accelerators stand there, two years old: after 18 months of use, behind six of
    building, each month pays their replacement."""
    found = ways(kit, "rag-bank", "serving")["existing"]
    assert "owned" not in ways(kit, "rag-bank", "serving")
    before, after = found.cash[17], found.cash[18]
    assert after > before == found.cash[0]
    line, plan = planned(kit, "rag-bank")
    renewal = lifetime_of(line, plan.cost).component("renewal")
    assert renewal is not None
    assert after - before == renewal.months[-1].likely


def test_a_colocation_hall_adds_the_rent_of_its_kilowatts(kit: Kit) -> None:
    """Eight H100 in a server draw 8 x 0.7 kW x 1.8; $200 a kW and month in the US."""
    found = ways(kit, "lora-startup", "training")
    rent = found["colocated"].cash[5] - found["owned"].cash[5]
    assert abs(rent - Decimal("0.7") * 8 * Decimal("1.8") * 200) < Decimal("0.02")


def test_serverless_pays_twice_the_price_for_the_hours_in_use(kit: Kit) -> None:
    """The mean over the peak and a third more is in use: 1.3 x 0.25 of 730 h of each replica that
    carries load; an hour costs twice the machine's, and 3 % of a person looks after it."""
    patient = {**STILL, "latency_p99_ms": 300_000}
    line, plan = planned(kit, "lora-startup", **patient)
    way = ways(kit, "lora-startup", "serving", **patient)["serverless"]
    found = capacity_of(line)
    assert found is not None
    assert found.load.mean_rps / found.load.peak_rps == pytest.approx(0.25)
    offer = next(o for o in kit.library.offers.values() if o.instance_type == "g6e.xlarge")
    price = offer.price("on_demand")
    assert price is not None
    month = 1.3 * 0.25 * 730 * found.busy * 2 * float(price.usd_per_hour) + 0.04 * 220_000 / 12
    assert float(way.total.likely) == pytest.approx(month * plan.cost.months, rel=1e-4)


def test_nothing_sleeps_that_must_answer_before_a_machine_has_started(kit: Kit) -> None:
    """Weights of eight billion parameters take minutes to load, and 1.5 s are allowed."""
    assert "serverless" not in ways(kit, "lora-startup", "serving")


def test_a_hosted_model_pays_its_tokens_and_who_looks_after_the_keys(kit: Kit) -> None:
    """Calls of every month alike, and one percent of a person."""
    line, plan = planned(kit, "chat-70b-eu", **STILL)
    way = ways(kit, "chat-70b-eu", "serving", **STILL)["model_api"]
    called = api_option(line)
    assert called is not None
    month = called.month.likely + Decimal(220_000) / 12 / 100
    assert float(way.total.likely) == pytest.approx(float(month * plan.cost.months), abs=0.1)
