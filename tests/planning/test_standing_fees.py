"""Managed services that bill every hour are a line of the bill, those in use already are not."""

from __future__ import annotations

from decimal import Decimal

from advisor.domain.plan import Plan
from advisor.planning.kit import Kit
from tests.planning.lifetime_cases import planned


def _fee(plan: Plan) -> Decimal:
    return sum((i.month.likely for i in plan.cost.items if i.id == "services"), Decimal(0))


def test_a_service_that_is_taken_anew_is_paid(kit: Kit) -> None:
    _, plan = planned(kit, "pretrain-30b")
    assert plan.decisions["orchestrator"].chosen == "composer"
    assert _fee(plan) == Decimal(350)
    assert not any("Composer" in text for text in plan.cost.excluded)


def test_a_service_in_use_already_costs_nothing_more(kit: Kit) -> None:
    _, plan = planned(kit, "ticket-routing")
    assert plan.decisions["orchestrator"].chosen == "mwaa"
    assert not _fee(plan)
    assert any("Amazon MWAA" in text for text in plan.cost.excluded)


def test_a_model_that_trains_on_a_server_is_served_from_it(kit: Kit) -> None:
    """The server of a training that stands anyway scores as well: no second one is kept."""
    line, plan = planned(kit, "university-essays")
    assert {use.instance for use in plan.hardware} == {"own server with 4 x L4"}
    assert sum(option.month.likely > 0 for option in line.uses.values()) == 1
