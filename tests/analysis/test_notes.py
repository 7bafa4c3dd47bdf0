"""Notes beside questions: kept, undone, saved, and taken into plan, files and report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.analysis import sessions
from advisor.analysis.interview import Interview
from advisor.analysis.plan_again import again, kept
from advisor.analysis.resuming import resume
from advisor.domain.answers import LONGEST_NOTE
from advisor.errors import InputError
from advisor.library.answers import parse_answers
from advisor.library.plan_file import plan_of
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.report.bundle import answers_json
from advisor.report.formats import render
from advisor.report.json_report import plan_data
from tests.analysis.interview_cases import KINDS, QUESTIONS, TASK
from tests.report.plan_example import example

NOTE = "asked Jo <b>twice</b> [red]"
DAY = "2026-11-22"


def test_a_note_keeps_the_question_and_is_undone_and_taken_away() -> None:
    interview = Interview(QUESTIONS)
    interview.answer(TASK, "text")
    interview.go_to(KINDS.id)
    interview.note(KINDS, f"  {NOTE} \n again ")
    assert interview.current is KINDS
    assert interview.answers.notes == {"kinds": f"{NOTE} again"}
    interview.undo()
    assert interview.answers.notes == {}
    interview.redo()
    interview.note(KINDS, " ")
    assert interview.answers.notes == {}
    interview.note(KINDS, "x" * 1000)
    assert len(interview.record.notes["kinds"]) == LONGEST_NOTE


def test_notes_are_saved_with_the_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_SESSIONS", str(tmp_path))
    interview = Interview(QUESTIONS)
    interview.answer(TASK, "text")
    interview.note(TASK, NOTE)
    sessions.save(interview, "ours", "library")
    other = Interview(QUESTIONS)
    resume(other, sessions.saved()[0])
    assert other.record.notes == {"task": NOTE}


def test_notes_reach_the_report_and_come_back_with_its_files(kit: Kit) -> None:
    text = json.dumps({"answers": {"problem_type": "forecasting"}, "notes": {"problem_type": NOTE}})
    answers = parse_answers(text.encode(), "-", kit.questions, ())
    plan = advise(answers, Line(kit), DAY)
    assert plan.decisions == advise(replace(answers, notes={}), Line(kit), DAY).decisions
    report = render(plan, "md").decode()
    assert "Note of the author" in report
    assert "<b>" not in report
    again_read = parse_answers(answers_json(plan), "-", kit.questions, ())
    assert again_read.notes == {"problem_type": NOTE}
    data = json.loads(json.dumps(plan_data(plan)))
    stored = kept(plan_of(data), "plan.json", kit)
    assert plan_data(again(stored, Line(kit), DAY)) == plan_data(plan)


def test_a_plan_without_notes_says_nothing_of_them() -> None:
    assert "notes" not in plan_data(example())


@pytest.mark.parametrize(
    ("notes", "wrong"),
    [
        ("[a]", "is no mapping"),
        ("{peak_rpss: x}", "no question 'peak_rpss'"),
        ("{peak_rps: 3}", "a note is a text"),
        ("{peak_rps: ''}", "a note is a text"),
    ],
)
def test_a_wrong_note_is_refused_with_its_place(kit: Kit, notes: str, wrong: str) -> None:
    text = f"answers: {{problem_type: forecasting}}\nnotes: {notes}\n"
    with pytest.raises(InputError, match=wrong) as error:
        parse_answers(text.encode(), "mine.yaml", kit.questions, ())
    assert str(error.value).startswith("mine.yaml:2:")
