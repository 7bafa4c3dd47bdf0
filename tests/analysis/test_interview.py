"""The interview: what is asked next, and what going back, undoing and branching do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.analysis.interview import UNDO_STEPS, Interview
from advisor.domain.answers import UNKNOWN, Answers, Source
from advisor.planning.kit import Kit
from tests.analysis.interview_cases import (
    AUDIT,
    BUDGET,
    KINDS,
    PEAK,
    QUESTIONS,
    SIZE,
    TASK,
    TOKENS,
)


def fresh(depth: str = "standard") -> Interview:
    return Interview(QUESTIONS, depth)


def asked(interview: Interview) -> list[str]:
    return [question.id for question in interview.applicable]


def test_questions_come_in_order_and_only_where_they_apply() -> None:
    interview = fresh()
    assert asked(interview) == ["task", "kinds", "peak", "ranks", "budget"]
    assert interview.current is TASK
    assert interview.answer(TASK, "text") == "that answer adds 2 questions"
    assert asked(interview) == ["task", "kinds", "size", "peak", "tokens", "ranks", "budget"]
    assert interview.current is KINDS
    assert str(interview.progress) == "1 of about 7"


def test_expert_questions_are_asked_on_request() -> None:
    interview = fresh()
    assert interview.deepen() == 1
    assert asked(interview)[-1] == "audit"
    assert interview.deepen() == 0


def test_going_to_a_deeper_question_opens_its_depth() -> None:
    interview = fresh()
    interview.go_to("audit")
    assert interview.current is AUDIT


def test_a_hidden_branch_is_kept_left_out_and_restored() -> None:
    interview = fresh()
    interview.answer(TASK, "text")
    interview.answer(SIZE, "70b")
    assert interview.answer(TASK, "tables") == "that answer drops 2 questions"
    assert "size" not in interview.answers.values
    assert "size" not in asked(interview)
    interview.answer(TASK, "text")
    assert interview.answers.values["size"] == 70


def test_what_a_file_says_stands_also_where_it_is_not_asked() -> None:
    interview = fresh()
    interview.load(Answers({"size": 3}, {"size": Source.FILE}))
    assert interview.answers.values == {"size": 3}
    assert "size" not in asked(interview)


def test_an_answer_that_settles_everything_ends_the_interview_and_back_leads_out_of_it() -> None:
    interview = fresh()
    interview.answer(TASK, "none")
    assert interview.settled
    assert interview.current is None
    interview.back()
    assert interview.current is TASK


def test_going_back_and_forward_changes_nothing() -> None:
    interview = fresh()
    interview.answer(TASK, "text")
    record = interview.record
    for _ in range(3):
        interview.back()
    assert interview.current is TASK
    interview.forward()
    interview.forward()
    assert interview.current is SIZE
    assert interview.record is record


def test_forward_from_the_last_question_returns_to_the_first_open_one() -> None:
    interview = fresh()
    interview.go_to("budget")
    interview.forward()
    assert interview.current is TASK


def test_a_question_put_off_is_not_asked_again_and_not_counted() -> None:
    interview = fresh()
    interview.later(TASK)
    assert interview.current is KINDS
    assert interview.progress.answered == 0
    interview.answer(TASK, "tables")
    assert interview.record.later == frozenset()


def test_not_knowing_counts_as_an_answer_and_assumes_the_cautious_value() -> None:
    interview = fresh()
    interview.answer(TASK, "text")
    interview.unknown(SIZE)
    assert interview.record.values["size"] == UNKNOWN
    assert interview.brief.values["size"] == 70
    assert interview.brief.sources["size"] is Source.UNKNOWN


def test_usual_values_follow_their_parents() -> None:
    interview = fresh()
    assert interview.usual(AUDIT) == 1
    interview.answer(TASK, "text")
    assert interview.usual(AUDIT) == 6


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("seventy", "text; write a number of billions"),
        ("-3", "negative"),
        ("70 bananas", "text; write a number"),
        ("", "text; write a number"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_and_changes_nothing(said: str, what: str) -> None:
    interview = fresh()
    before = interview.record
    with pytest.raises(ValueError, match=what):
        interview.answer(SIZE, said)
    assert interview.record is before
    assert not interview.undo()


def test_an_unusual_number_is_taken_with_a_warning() -> None:
    interview = fresh()
    assert "outside the usual range 0.01 to 10,000" in interview.answer(PEAK, "1m")
    assert interview.record.values["peak"] == 1_000_000


def test_an_option_that_stands_alone_drops_the_others_with_a_word() -> None:
    interview = fresh()
    assert "excludes other options" in interview.answer(KINDS, ("images", "none"))
    assert interview.record.values["kinds"] == ("images",)


def test_values_are_shown_with_labels_and_units() -> None:
    interview = fresh()
    assert interview.shown(KINDS, ("tables", "images")) == "tables, images"
    assert interview.shown(BUDGET, 2000) == "2,000 US dollars a month"
    assert interview.shown(TOKENS, (2000, 300)) == "2,000 and 300 tokens"
    assert interview.shown(TASK, UNKNOWN) == "don't know"


def test_undo_returns_to_the_question_and_the_answers_of_before() -> None:
    interview = fresh()
    interview.answer(TASK, "text")
    interview.go_to("peak")
    before = interview.record
    interview.answer(PEAK, "12")
    assert interview.undo()
    assert interview.record is before
    assert interview.current is PEAK
    assert interview.redo()
    assert interview.record.values["peak"] == 12
    assert interview.current is KINDS
    assert not interview.redo()


def test_undo_goes_two_hundred_steps_back() -> None:
    interview = fresh()
    for number in range(UNDO_STEPS + 5):
        interview.answer(PEAK, str(number + 1))
    done = 0
    while interview.undo():
        done += 1
    assert done == UNDO_STEPS == 200
    assert interview.record.values["peak"] == 5


STEPS = st.sampled_from(
    [
        "text",
        "tables",
        "none",
        "size",
        "peak",
        "unknown",
        "later",
        "back",
        "forward",
        "undo",
        "redo",
        "go",
    ]
)


def take(interview: Interview, step: str) -> None:
    current = interview.current or TASK
    actions: dict[str, Callable[[], object]] = {
        "text": lambda: interview.answer(TASK, "text"),
        "tables": lambda: interview.answer(TASK, "tables"),
        "none": lambda: interview.answer(TASK, "none"),
        "size": lambda: interview.answer(SIZE, "7b"),
        "peak": lambda: interview.answer(PEAK, "9"),
        "unknown": lambda: interview.unknown(current),
        "later": lambda: interview.later(current),
        "back": interview.back,
        "forward": interview.forward,
        "undo": interview.undo,
        "redo": interview.redo,
        "go": lambda: interview.go_to("budget"),
    }
    actions[step]()


@given(st.lists(STEPS, max_size=25))
@settings(max_examples=150, deadline=None)
def test_no_walk_loses_an_answer_and_undoing_all_of_it_returns_to_the_start(
    steps: list[str],
) -> None:
    interview = fresh()
    for step in steps:
        said = dict(interview.record.values)
        take(interview, step)
        if step not in ("undo", "redo"):
            assert said.keys() <= interview.record.values.keys()
        here = interview.current
        assert here is None or here in interview.applicable
        assert interview.progress.answered <= interview.progress.total
    while interview.undo():
        pass
    assert interview.record.values == {}
    assert interview.record.later == frozenset()


def test_the_model_that_a_file_names_answers_its_size(kit: Kit) -> None:
    interview = Interview(kit.questions, "standard", kit.shapes)
    interview.load(
        Answers(
            {"problem_type": "llm_app_rag"}, {"problem_type": Source.FILE}, model="llama-3.3-70b"
        )
    )
    size = interview.by_id["model_params_b"]
    assert interview.usual(size) == pytest.approx(70.6, abs=0.2)  # its model card says 70.6 B
