"""Sensitivity: a flip that is named happens, and one step before it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.analysis.flips import CLOSENESS
from advisor.analysis.question_value import brief_of
from advisor.analysis.sensitivity import Influence, influence, influences, sensitivity
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
    """Of numbers, against the plan with the number stated: that alone may change it."""
    flips = [(i, f) for i in found for f in (i.below, i.above) if f]
    assert flips
    for one, flip in flips:
        stated = {one.question.id: one.value} if one.question.type == "number" else {}
        other = ask.outcome({one.question.id: flip.value})
        assert flip.decisions == differing(ask.outcome(stated), other) != ()


def test_just_before_the_flip_nothing_changes(ask: WhatIf, found: tuple[Influence, ...]) -> None:
    numbers = [i for i in found if i.above and isinstance(i.value, int | float)]
    assert numbers
    for one in numbers:
        assert one.above
        assert isinstance(one.above.value, int | float)
        assert isinstance(one.value, int | float)
        step = 1 if one.question.counts else 2 * CLOSENESS * one.above.value
        before = one.above.value - step
        if before > one.value:
            base, nearer = (ask.outcome({one.question.id: v}) for v in (one.value, before))
            assert not differing(base, nearer)


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


def test_no_flip_rests_on_an_option_that_the_problem_cannot_use(kit: Kit) -> None:
    """Pictures have no documents to retrieve: a must overrules that wish, so it says nothing."""
    path = CHURN.with_name("edge-defects.yaml")
    answers = read_answers(path, kit.questions, kit.shapes.keys())
    asked = WhatIf(Line(kit), answers, "2026-11-22")
    question = next(q for q in kit.questions if q.id == "adaptation")
    found = influence(asked, question, brief_of(asked), asked.outcome({}))
    assert asked.outcome({"adaptation": "rag"}).choices["adaptation"] != ("rag",)
    assert found.above is None or found.above.value != "rag"
