"""Sensitivity: a flip that is named happens, and one step before it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.analysis.flips import CLOSENESS
from advisor.analysis.sensitivity import Influence, influences, sensitivity
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import differing
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line

CHURN = Path(__file__).parents[1] / "scenarios" / "churn.yaml"


@pytest.fixture(scope="module")
def ask(kit: Kit) -> WhatIf:
    answers = read_answers(CHURN, kit.questions, kit.shapes.keys())
    return WhatIf(Line(kit), answers, "2026-11-22")


@pytest.fixture(scope="module")
def found(ask: WhatIf) -> tuple[Influence, ...]:
    return tuple(influences(ask))


def test_flips_that_are_named_happen(ask: WhatIf, found: tuple[Influence, ...]) -> None:
    base = ask.outcome({})
    flips = [(i, f) for i in found for f in (i.below, i.above) if f]
    assert flips
    for influence, flip in flips:
        other = ask.outcome({influence.question.id: flip.value})
        assert flip.decisions == differing(base, other) != ()


def test_just_before_the_flip_nothing_changes(ask: WhatIf, found: tuple[Influence, ...]) -> None:
    base = ask.outcome({})
    numbers = [i for i in found if i.above and isinstance(i.value, int | float)]
    assert numbers
    for influence in numbers:
        assert influence.above
        assert isinstance(influence.above.value, int | float)
        assert isinstance(influence.value, int | float)
        step = 1 if influence.question.counts else 2 * CLOSENESS * influence.above.value
        before = influence.above.value - step
        if before > influence.value:
            assert not differing(base, ask.outcome({influence.question.id: before}))


def test_flips_of_a_count_are_whole(found: tuple[Influence, ...]) -> None:
    """Half a person may be answered, as `ml_staff` counts full-time equivalents."""
    counts = [i for i in found if i.question.unit in ("people", "trials", "systems")]
    flips = [flip.value for i in counts for flip in (i.below, i.above) if flip]
    assert {i.question.integer for i in counts} == {True, False}
    assert flips
    assert all(isinstance(value, int) for value in flips)


def test_costs_span_the_plan_s_own(ask: WhatIf, found: tuple[Influence, ...]) -> None:
    now = ask.outcome({}).lifetime_usd
    assert all(i.low_usd <= now <= i.high_usd for i in found)
    assert {i.question.id for i in found} == set(ask.plan({}).answers)


def test_three_doubtful_answers_are_named(ask: WhatIf) -> None:
    study = sensitivity(ask)
    assert len(study.to_check) == 3
    assert all(i.question.effort > 1 or i.source in ("default", "unknown") for i in study.to_check)
    assert sensitivity(ask) == study
