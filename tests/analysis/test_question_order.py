"""What is asked next follows from the answers, and what an answer is said to change it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.analysis import sessions
from advisor.analysis.advice_session import AdviceSession
from advisor.analysis.answer_effects import NOTHING, effect_lines, effects, turned
from advisor.analysis.question_order import Standing, needs_ranking, opening
from advisor.analysis.question_worth import next_question
from advisor.analysis.wanted import Dropped
from advisor.analysis.whatif_outcome import outcome_of
from advisor.domain.answers import Answers, Value
from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from tests.analysis.interview_cases import PEAK, TASK
from tests.tui.still_advice import BUSY, StillAdvice

CHURN = Path(__file__).parents[1] / "scenarios" / "churn.yaml"
AS_OF = "2026-11-22"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_SESSIONS", str(tmp_path / "sessions"))


Begin = Callable[..., AdviceSession]


@pytest.fixture
def begin(kit: Kit, churn: Answers) -> Iterator[Begin]:
    """Return what begins a session in which all but the last answers of a file are given."""
    open_ones: list[AdviceSession] = []

    def begun(left_out: int) -> AdviceSession:
        advice = AdviceSession.on(kit, AS_OF, "standard")
        open_ones.append(advice)
        kept = list(churn.values)[:-left_out] if left_out else []
        advice.interview.load(
            Answers({q: churn.values[q] for q in kept}, {q: churn.sources[q] for q in kept})
        )
        return advice

    yield begun
    for advice in open_ones:
        advice.close()


@pytest.fixture(scope="module")
def churn(kit: Kit) -> Answers:
    return read_answers(CHURN, kit.questions, kit.shapes.keys())


def asked(advice: AdviceSession, answers: Answers, steps: int) -> list[str]:
    """Return what is asked as each question is answered from a file, or put off."""
    found = []
    for _ in range(steps):
        advice.put_next()
        question = advice.interview.current
        if question is None:
            break
        found.append(question.id)
        said(advice, question, answers.values.get(question.id))
    return found


def said(advice: AdviceSession, question: Question, value: Value | None) -> None:
    if value is None:
        advice.interview.later(question)
    else:
        advice.interview.answer(question, value)


def test_what_it_is_about_and_what_may_end_the_interview_come_first(
    kit: Kit, churn: Answers, begin: Begin
) -> None:
    assert [q.id for q in opening(kit.questions)] == ["problem_type", "baseline_exists"]
    advice = begin(0)
    assert asked(advice, churn, 2) == ["problem_type", "baseline_exists"]
    assert needs_ranking(advice.interview)


def test_the_next_question_is_the_best_of_what_was_open_before_the_last_answer(
    begin: Begin,
) -> None:
    advice = begin(4)
    interview = advice.interview
    advice.put_next()
    first = interview.current
    assert first is not None
    ranking = advice.ranking(interview.record)
    interview.unknown(first)
    assert interview.basis.values.keys() == interview.record.values.keys() - {first.id}
    left = tuple(v for v in ranking if v.question.id not in interview.record.values)
    advice.put_next()
    assert interview.current == next_question(left, first.section)


def test_the_order_does_not_hang_on_how_fast_somebody_answers(begin: Begin, churn: Answers) -> None:
    slow, fast = begin(4), begin(4)
    found = []
    for _ in range(2):
        slow.put_next()
        question = slow.interview.current
        assert question is not None
        slow.ranking(slow.interview.record)  # all the time in the world
        found.append(question.id)
        said(slow, question, churn.values.get(question.id))
    assert asked(fast, churn, 2) == found


@pytest.fixture
def still() -> Iterator[StillAdvice]:
    found = StillAdvice()
    yield found
    found.close()


def test_an_interrupted_interview_goes_on_with_the_same_question(still: StillAdvice) -> None:
    for value in ("text", "tables"):
        still.put_next()
        assert still.interview.current is not None
        still.interview.answer(still.interview.current, value)
    still.put_next()
    still.save()
    second = StillAdvice()
    still.close()
    second.open(sessions.saved()[0])
    second.put_next()
    assert second.interview.current == still.interview.current
    second.close()


def test_a_study_is_dropped_when_its_answers_have_changed(begin: Begin) -> None:
    advice = begin(0)
    record = advice.interview.record
    with pytest.raises(Dropped):
        advice.ranking(record, lambda: False)
    assert advice.ranked(record) is None


def test_the_standing_says_how_many_matter_and_when_none_does(still: StillAdvice) -> None:
    ranking = still.ranking(still.interview.record)
    telling = [v.question.id for v in ranking if not v.idle]
    assert telling == []
    assert str(Standing.of(ranking)) == f"result settled, {len(ranking)} optional left"
    assert str(Standing(3, 9)) == "3 could change the result"
    assert str(Standing(0, 0)) == ""


def test_a_flip_is_named_with_the_side_on_which_it_lies(still: StillAdvice) -> None:
    study = still.study(still.interview.record)
    down, up = effects(study, PEAK)
    assert not down.changes
    assert isinstance(up.value, int | float)
    assert BUSY + 1 <= up.value <= (BUSY + 1) * 1.01
    assert up.side == "up"
    assert effect_lines(study, TASK) == (NOTHING,)
    cost, line = effect_lines(study, PEAK)
    assert cost == "0.5 requests/s: the same choices, $6,007 a month (-$500)"
    assert line.startswith("41")
    assert "and up: serving 16 x NVIDIA H100 SXM" in line


@pytest.mark.parametrize(
    "question",
    ["inference_mode", "residency", "data_volume_gb", "existing_tools"],
)
def test_what_an_answer_is_said_to_change_it_changes(kit: Kit, begin: Begin, question: str) -> None:
    """A second session gives each answer; its plan must be the one foretold."""
    advice, other = begin(3), begin(3)
    line = Line(kit)
    before = outcome_of(plan_of(other, line))
    found = effects(advice.study(advice.interview.record), kit_question(kit, question))
    assert found
    for effect in found[:6]:
        other.interview.answer(other.interview.by_id[question], effect.value)
        after = outcome_of(plan_of(other, line))
        assert after == effect.outcome
        assert turned(before, after) == effect.changes
        other.interview.undo()


def plan_of(advice: AdviceSession, line: Line) -> Plan:
    return advise(advice.interview.answers, line, AS_OF)


def kit_question(kit: Kit, id_: str) -> Question:
    return next(q for q in kit.questions if q.id == id_)
