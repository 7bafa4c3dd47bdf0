"""Expectations against a plan: what holds, what does not, and what decided."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.analysis.scenario_tests import Held, hold_against
from advisor.domain.expectations import Demand, Expectation
from tests.report.plan_example import example

PLAN = example()
DECISION = next(d for d in PLAN.decisions.values() if d.rejected)
CHOSEN, LOST = DECISION.ids[0], DECISION.rejected[0]


def held(subject: str, demand: Demand, *words: str, usd: int | None = None) -> Held:
    amount = None if usd is None else Decimal(usd)
    (found,) = hold_against(PLAN, [Expectation(subject, demand, words, amount)])
    return found


@pytest.mark.parametrize(
    ("demand", "words", "holds"),
    [
        (Demand.ONE_OF, (CHOSEN,), True),
        (Demand.ONE_OF, (LOST.id, CHOSEN), True),
        (Demand.ONE_OF, (LOST.id,), False),
        (Demand.HAS, (CHOSEN,), True),
        (Demand.HAS, (CHOSEN, LOST.id), False),
        (Demand.NOT, (LOST.id,), True),
        (Demand.NOT, (LOST.id, CHOSEN), False),
    ],
)
def test_a_decision_is_held_against_words(
    demand: Demand, words: tuple[str, ...], holds: bool
) -> None:
    assert held(DECISION.id, demand, *words).holds is holds


def test_a_failure_names_what_decided_and_what_stands_against_the_wish() -> None:
    found = held(DECISION.id, Demand.ONE_OF, LOST.id)
    assert found.found == CHOSEN
    assert DECISION.because[0].text in found.decided_by[0]
    assert found.decided_by[1].startswith(f"not {LOST.id}: {LOST.reasons[0].text}")
    assert f"[{LOST.reasons[0].rule}]" in found.decided_by[1]


def test_practices_come_with_the_rule_that_asks_for_them() -> None:
    practice = PLAN.practices[0]
    found = held("practices", Demand.HAS, practice.id)
    assert found.holds
    assert practice.rule in found.decided_by[0]
    missing = held("practices", Demand.HAS, "no_such_practice")
    assert not missing.holds
    assert missing.decided_by == ("no_such_practice: nothing in the plan asks for it",)
    assert held("practices", Demand.NOT, "no_such_practice").holds


def test_costs_are_held_against_the_likely_value() -> None:
    likely = PLAN.cost.month.likely
    over = held("month_usd", Demand.AT_MOST, usd=int(likely) - 1)
    assert not over.holds
    assert over.decided_by
    assert held("month_usd", Demand.AT_MOST, usd=int(likely) + 1).holds
    assert not held("lifetime_usd", Demand.AT_LEAST, usd=int(PLAN.cost.lifetime.likely) + 1).holds


def test_feasibility_is_an_expectation() -> None:
    assert held("feasible", Demand.ONE_OF, "yes").holds is PLAN.feasible
    assert held("feasible", Demand.ONE_OF, "no").holds is not PLAN.feasible
