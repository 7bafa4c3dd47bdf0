"""Whatever the questions allow, the line gives a complete plan."""

from __future__ import annotations

import pytest

from advisor.advise import advise
from advisor.analysis.random_answers import random_answers
from advisor.domain.plan import Plan
from advisor.planning.kit import Kit
from advisor.planning.line import Line

AS_OF = "2026-11-22"
FEW = range(200)
MANY = range(1_000, 3_000)


def _complete(plan: Plan, kit: Kit) -> None:
    """Every decision has a choice and a reason; what was excluded was not chosen."""
    assert list(plan.decisions) == list(kit.decisions)
    for decision in plan.decisions.values():
        assert decision.because, decision.id
        for reason in decision.because:
            assert reason.text
            assert sum(map(bool, (reason.rule, reason.estimate, reason.cost))) == 1
        rejected = {lost.id for lost in decision.rejected}
        assert not rejected & set(decision.ids), decision.id
        if plan.feasible:
            assert "unresolved" not in decision.ids, decision.id


def _active(plan: Plan, kit: Kit) -> None:
    """Nothing is recommended that is archived, unmaintained, renamed or closing."""
    status = {
        entry.id: entry.status
        for entry in (*kit.library.components.values(), *kit.library.orchestrators.values())
    }
    for decision in plan.decisions.values():
        for chosen in decision.ids:
            assert status.get(chosen, "active") == "active", (decision.id, chosen)


def _planned(kit: Kit, seeds: range) -> None:
    line = Line(kit)
    for seed in seeds:
        plan = advise(random_answers(seed, kit.questions, kit.shapes), line, AS_OF)
        _complete(plan, kit)
        _active(plan, kit)


def test_two_hundred_random_answer_sets_give_complete_plans(kit: Kit) -> None:
    _planned(kit, FEW)


@pytest.mark.long
def test_two_thousand_random_answer_sets_give_complete_plans(kit: Kit) -> None:
    _planned(kit, MANY)
