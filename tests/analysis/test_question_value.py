"""The order of questions by what they could change, and when nothing could any more."""

from __future__ import annotations

from itertools import islice

import pytest

from advisor.advise import advise
from advisor.analysis.question_value import (
    brief_of,
    likely_values,
    moved_pct,
    open_questions,
    rank_each,
    ranked_questions,
)
from advisor.analysis.question_worth import NEAR, next_question
from advisor.analysis.sweep_values import question_of
from advisor.analysis.whatif import WhatIf, changed
from advisor.analysis.whatif_outcome import outcome_of
from advisor.domain.answers import Answers, Source
from advisor.planning.kit import Kit
from advisor.planning.line import Line

AS_OF = "2026-11-22"


@pytest.fixture(scope="module")
def ask(kit: Kit) -> WhatIf:
    problem = {"problem_type": "tabular_prediction"}
    return WhatIf(Line(kit), Answers(problem, {"problem_type": Source.GIVEN}), AS_OF)


def test_open_questions_apply_and_are_not_answered(kit: Kit, ask: WhatIf) -> None:
    found = open_questions(kit, ask)
    assert found
    assert all(q.applies(brief_of(ask).values) for q in found)
    assert "problem_type" not in {q.id for q in found}


def test_weights_of_likely_values_sum_to_at_most_one(kit: Kit, ask: WhatIf) -> None:
    for question in kit.questions:
        weighed = likely_values(question, brief_of(ask))
        assert sum(weight for _, weight in weighed) <= 1 + 1e-9
        assert brief_of(ask).values.get(question.id) not in [value for value, _ in weighed]


def test_a_number_takes_the_three_points_of_its_prior(kit: Kit, ask: WhatIf) -> None:
    """Swanson's rule weighs the 10th, 50th and 90th percentile 30, 40 and 30 percent."""
    staff = question_of(kit.questions, "platform_staff")
    assert staff.prior == {"low": 0, "likely": 1, "high": 5}
    assert brief_of(ask).values[staff.id] == 0
    assert likely_values(staff, brief_of(ask)) == ((1, 0.4), (5, 0.3))


def test_the_worth_is_what_the_plans_say(kit: Kit, ask: WhatIf) -> None:
    question = question_of(kit.questions, "inference_mode")
    (found,) = ranked_questions(ask, [question])
    other = Line(kit)
    base = advise(ask.answers, other, AS_OF)
    new: set[str] = set()
    for value, _ in likely_values(question, brief_of(ask)):
        plan = advise(changed(ask.answers, {question.id: value}), other, AS_OF)
        new |= {d for d in base.decisions if base.decisions[d].ids != plan.decisions[d].ids}
    assert set(found.decisions) == new
    assert found.worth > 0


def test_the_ranking_is_sorted_and_repeats_itself(kit: Kit, ask: WhatIf) -> None:
    some = open_questions(kit, ask)[:12]
    ranked = ranked_questions(ask, some)
    assert [v.worth for v in ranked] == sorted((v.worth for v in ranked), reverse=True)
    anew = WhatIf(Line(kit), ask.answers, AS_OF)
    assert ranked_questions(anew, some[::-1]) == ranked


def test_the_ranking_can_be_stopped(kit: Kit, ask: WhatIf) -> None:
    fresh = WhatIf(Line(kit), ask.answers, AS_OF)
    first = list(islice(rank_each(fresh, open_questions(kit, fresh)), 2))
    assert first[0].promise >= first[1].promise > 0


def test_what_was_not_tried_by_every_answer_is_not_called_idle(kit: Kit, ask: WhatIf) -> None:
    ranked = ranked_questions(ask, open_questions(kit, ask))
    open_ = [v for v in ranked if not v.sure and not v.worth]
    assert open_
    assert not any(v.idle for v in open_)
    assert [v.promise for v in open_] == sorted((v.promise for v in open_), reverse=True)
    assert next(v for v in ranked if v.worth).sure


def test_an_answer_that_changes_nothing_promises_nothing(kit: Kit, ask: WhatIf) -> None:
    promise = ask.promise()
    assert promise.of({}) == 0
    assert promise.of({"lock_in": promise.brief.values["lock_in"]}) < promise.of(
        {"inference_mode": ("online",)}
    )


@pytest.mark.parametrize("problem", ["tabular_prediction", "vision", "llm_app_rag"])
def test_the_plan_as_it_is_stays_the_same_among_the_accelerators_near_it(
    kit: Kit, problem: str
) -> None:
    given = Answers({"problem_type": problem}, {"problem_type": Source.GIVEN})
    ask = WhatIf(Line(kit), given, AS_OF)
    near = ask.near(1)
    assert near.outcome({}) == ask.outcome({}) == outcome_of(advise(given, Line(kit), AS_OF))


def test_the_next_question_stays_in_its_section_while_that_is_near_the_best(
    kit: Kit, ask: WhatIf
) -> None:
    ranked = ranked_questions(ask, open_questions(kit, ask)[:20])
    best = ranked[0]
    for section in {v.question.section for v in ranked}:
        found = next_question(ranked, section)
        mine = next(v for v in ranked if v.question.section == section)
        assert found == (mine if mine.worth >= NEAR * best.worth else best).question


def test_nothing_is_asked_where_no_likely_answer_changes_the_plan(kit: Kit, ask: WhatIf) -> None:
    idle = tuple(v for v in ranked_questions(ask, open_questions(kit, ask)[:20]) if v.idle)
    assert idle
    assert next_question(idle, "goal") is None


def test_costs_move_by_the_share_of_the_larger(ask: WhatIf) -> None:
    base = ask.outcome({})
    assert moved_pct(base, base) == 0
