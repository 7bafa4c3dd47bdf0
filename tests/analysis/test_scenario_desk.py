"""What-if: nothing reaches the interview before it is applied; flips are where they are said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.analysis.advice_session import AdviceSession
from advisor.analysis.clashes import clashes
from advisor.analysis.scenario_desk import LETTERS, Desk, side_by_side
from advisor.analysis.ways_out import blamed, ways_out
from advisor.analysis.whatif_outcome import in_short, outcome_of
from advisor.domain.questions import Question
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from tests.analysis.interview_cases import BUDGET, KINDS, PEAK, SIZE, TASK, TOKENS
from tests.report.plan_example import example, impossible
from tests.tui.still_advice import BUSY, StillAdvice

SCENARIOS = Path(__file__).parents[1] / "scenarios"
AS_OF = "2026-11-22"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_SESSIONS", str(tmp_path / "sessions"))


@pytest.fixture
def still() -> Iterator[StillAdvice]:
    found = StillAdvice()
    yield found
    found.close()


@pytest.fixture
def desk(still: StillAdvice) -> Desk:
    return Desk(still)


def always() -> bool:
    return True


def test_nothing_reaches_the_interview_before_it_is_applied_and_one_undo_takes_it_back(
    desk: Desk, still: StillAdvice
) -> None:
    before = still.interview.record
    desk.set(PEAK, "70")
    desk.set(TASK, "text")
    desk.step(SIZE, 2)
    assert still.interview.record is before
    assert desk.apply() == 3
    assert still.interview.record.values == {"peak": 70, "task": "text", "size": 15}
    assert still.interview.undo()
    assert still.interview.record is before


def test_a_change_brings_the_questions_that_it_opens(desk: Desk) -> None:
    assert SIZE not in desk.questions
    desk.set(TASK, "text")
    assert SIZE in desk.questions
    desk.reset(TASK)
    assert SIZE not in desk.questions


@pytest.mark.parametrize("question", [PEAK, SIZE, TASK, KINDS, BUDGET])
def test_a_dial_is_in_order_holds_what_is_in_use_and_stops_at_its_ends(
    desk: Desk, question: Question
) -> None:
    desk.set(TASK, "text")
    dial = desk.dial(question)
    assert len(dial) == len(set(dial)) > 2
    if not question.options:
        numbers = [v for v in dial if isinstance(v, int | float)]
        assert numbers == sorted(numbers)
        assert question.minimum is None or numbers[0] >= question.minimum
    if desk.baseline(question) is not None:
        assert desk.baseline(question) in dial
    desk.step(question, -1000)
    assert desk.value(question) == dial[0]
    desk.step(question, 1000)
    assert desk.value(question) == dial[-1]


def test_turning_back_to_what_the_interview_says_is_no_change(desk: Desk) -> None:
    desk.step(PEAK, 1)
    assert desk.changes == {"peak": 7}
    desk.step(PEAK, -1)
    assert desk.changes == {}


def test_a_value_that_is_none_is_refused_and_a_pair_is_typed(desk: Desk) -> None:
    with pytest.raises(ValueError, match="text; write a number"):
        desk.set(PEAK, "lots")
    desk.set(TASK, "text")
    desk.set(TOKENS, "4k / 500")
    assert desk.value(TOKENS) == (4000, 500)
    assert desk.dial(TOKENS) == ()


def test_the_command_line_says_the_same(desk: Desk) -> None:
    assert desk.command == "advisor recommend interview-1.answers.json"
    desk.set(PEAK, "70")
    desk.set(KINDS, ("tables", "images"))
    assert desk.command == (
        "advisor whatif interview-1.answers.json --set peak=70 --set kinds=tables,images"
    )


def test_flips_are_exact(desk: Desk, still: StillAdvice) -> None:
    (line,) = desk.flips(PEAK, always)
    assert line.startswith("41 requests/s: serving 16 x")
    study = still.study(still.interview.record)
    value = BUSY + 1
    assert study.outcome({"peak": value}).devices != study.outcome({}).devices
    assert study.outcome({"peak": value - 0.01}).devices == study.outcome({}).devices
    assert desk.flips(TASK, always) == ("no other option changes the plan",)


def test_pinned_scenarios_stand_beside_each_other_with_differences_first(
    desk: Desk, still: StillAdvice
) -> None:
    desk.set(PEAK, "70")
    plan = desk.plan(desk.changes, always)
    pinned = desk.pin(plan)
    assert pinned is not None
    assert pinned.letter == "B"
    assert pinned.changes == {"peak": 70}
    lines = side_by_side([still.studied(still.interview.answers, always), plan])
    differ = [line.differs for line in lines]
    assert differ == sorted(differ, reverse=True)
    assert lines[0].name == "Cost a month"
    assert lines[1].name == "Serving"
    assert lines[1].cells == ("8 x NVIDIA H100 SXM", "16 x NVIDIA H100 SXM")
    for _ in LETTERS:
        last = desk.pin(plan)
    assert last is None


def test_what_a_plan_lacks_is_a_dash() -> None:
    plan = example()
    assert all(len(line.cells) == 2 for line in side_by_side([plan, impossible()]))
    assert not any(line.differs for line in side_by_side([plan, plan]))


def test_a_clash_names_answers_rules_and_ways_out_that_work(kit: Kit) -> None:
    advice = AdviceSession.on(kit, AS_OF)
    try:
        advice.load(SCENARIOS / "impossible-budget.yaml")
        study = advice.study(advice.interview.record)
        plan = study.plan({})
        assert "over the budget of $800" in clashes(plan)[0]
        ways = ways_out(study)
        costs = [way.relaxation.outcome.lifetime_usd for way in ways]
        assert costs == sorted(costs)
        told = "\n".join(blamed(study, ways, plan))
        assert "800 US dollars a month" in told
        assert "rule COMP-" in told
        advice.interview.apply(ways[0].relaxation.changes)
        after = outcome_of(advise(advice.interview.answers, Line(kit), AS_OF))
        assert after.feasible
        assert in_short(after) == in_short(ways[0].relaxation.outcome)
        advice.interview.undo()
        assert not study.plan({}).feasible
    finally:
        advice.close()
