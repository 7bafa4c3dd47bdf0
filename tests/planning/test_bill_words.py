"""What the bill says beside its amounts: what is not priced, who sells, how old prices are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.domain.plan import CostItem, Plan
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from tests.scenarios.approve import plan_of

SCENARIOS = Path("tests/scenarios")


@pytest.fixture(scope="module")
def fraud(kit: Kit) -> Plan:
    return plan_of(SCENARIOS / "card-fraud.yaml", kit)


@pytest.fixture(scope="module")
def chatbot(kit: Kit) -> Plan:
    return plan_of(SCENARIOS / "city-chatbot.yaml", kit)


def item(plan: Plan, id_: str) -> CostItem:
    return next(item for item in plan.cost.items if item.id == id_)


def test_components_that_run_somewhere_are_named_as_not_priced(fraud: Plan) -> None:
    unpriced = next(words for words in fraud.cost.excluded if words.startswith("machines or fees"))
    assert "Apache Kafka" in unpriced
    assert "Redis" in unpriced
    assert "XGBoost" not in unpriced  # a library runs inside what is priced


def test_machines_are_counted_as_machines(fraud: Plan) -> None:
    assert item(fraud, "serving").basis.startswith("10 x m8g")


def test_hours_times_price_make_the_amount_of_rented_machines(fraud: Plan) -> None:
    found = item(fraud, "serving")
    words = found.basis.rpartition("; ")[2].split()
    hours, price = float(words[0].replace(",", "")), float(words[-1].lstrip("$"))
    assert hours * price == pytest.approx(float(found.month.likely), rel=0.03)


def test_a_price_past_its_shelf_life_says_by_how_much(fraud: Plan, chatbot: Plan) -> None:
    assert item(fraud, "serving").overdue_days == 35  # of 2026-07-20, trusted for 90 days
    assert item(chatbot, "serving").overdue_days == 0


def test_a_vendor_is_named_with_the_allowed_cloud_that_sells_it(chatbot: Plan) -> None:
    assert item(chatbot, "serving").basis.endswith("sold on azure")


@pytest.mark.parametrize("isolation", ["private_network", "dedicated_hosts_or_bare_metal"])
def test_shared_machines_at_list_prices_leave_a_tenancy_of_ones_own_out(
    isolation: str, kit: Kit
) -> None:
    answers = read_answers(SCENARIOS / "card-fraud.yaml", kit.questions, kit.shapes.keys())
    values = {**answers.values, "isolation": isolation}
    plan = advise(replace(answers, values=values), Line(kit), "2026-11-22")
    said = "the surcharge for dedicated tenancy or whole hosts" in plan.cost.excluded
    ordered = any(practice.id == "dedicated_tenancy" for practice in plan.practices)
    assert (said, ordered) == ((isolation != "private_network"),) * 2
