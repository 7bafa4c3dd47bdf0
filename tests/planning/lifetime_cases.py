"""Plans of the scenarios with answers replaced, for the tests of life-long cost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from advisor.advise import advise
from advisor.domain.plan import Plan
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line

DAY = "2026-11-22"
STILL = {"growth_12m": 1, "data_growth": 0}


def planned(kit: Kit, scenario: str, **changes: object) -> tuple[Line, Plan]:
    """Return the line and plan of a scenario with answers replaced."""
    path = Path(f"tests/scenarios/{scenario}.yaml")
    answers = read_answers(path, kit.questions, kit.shapes.keys())
    line = Line(kit)
    given = replace(answers, values={**answers.values, **changes})  # type: ignore[dict-item]
    return line, advise(given, line, DAY)
