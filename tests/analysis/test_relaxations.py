"""Relaxations make the plan feasible, and no smaller change of a number would."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.analysis.relaxations import relaxation_lines, relaxations
from advisor.analysis.whatif import WhatIf, changed
from advisor.domain.answers import Value
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line

AS_OF = "2026-11-22"
SCENARIOS = Path(__file__).parents[1] / "scenarios"


def _ask(kit: Kit, scenario: str, changes: dict[str, Value]) -> WhatIf:
    answers = read_answers(SCENARIOS / f"{scenario}.yaml", kit.questions, kit.shapes.keys())
    return WhatIf(Line(kit), changed(answers, changes), AS_OF)


def test_a_feasible_plan_needs_none(kit: Kit) -> None:
    ask = _ask(kit, "churn", {})
    assert relaxations(ask) == ()
    assert relaxation_lines(ask) == ()


@pytest.mark.parametrize(
    ("scenario", "changes", "demand"),
    [
        ("impossible-budget", {}, "budget_monthly"),
        ("rag-bank", {"latency_p99_ms": 20}, "latency_p99_ms"),
    ],
)
def test_every_relaxation_is_feasible_and_small(
    kit: Kit, scenario: str, changes: dict[str, Value], demand: str
) -> None:
    ask = _ask(kit, scenario, changes)
    found = relaxations(ask)
    assert demand in {id_ for one in found if len(one.changes) == 1 for id_ in one.changes}
    sizes = [len(one.changes) for one in found]
    assert sizes == sorted(sizes)
    other = Line(kit)
    for one in found:
        assert advise(changed(ask.answers, one.changes), other, AS_OF).feasible
        for left_out in one.changes:
            rest = {id_: value for id_, value in one.changes.items() if id_ != left_out}
            assert not advise(changed(ask.answers, rest), other, AS_OF).feasible
        value = one.changes.get("latency_p99_ms")
        if len(one.changes) == 1 and isinstance(value, int | float):
            nearer: dict[str, Value] = {"latency_p99_ms": 0.97 * value}
            assert not advise(changed(ask.answers, nearer), other, AS_OF).feasible
