"""`advisor ask --plain`: prompts that a screen reader can follow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.analysis import sessions
from advisor.cli.plain_interview import PlainInterview
from tests.tui.still_advice import StillAdvice

BOXES = set("─│┌┐└┘╭╮╰╯█▸▰▱◆✓▌")


@pytest.fixture
def advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StillAdvice]:
    monkeypatch.setenv("ADVISOR_SESSIONS", str(tmp_path / "sessions"))
    monkeypatch.chdir(tmp_path)
    found = StillAdvice()
    yield found
    found.close()


def talk(advice: StillAdvice, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Lead an interview with these lines, then the end of the input."""
    typed = iter(lines)

    def line(_: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", line)
    assert PlainInterview(advice).run() == 0


def test_a_whole_interview_is_answered_by_numbers_names_and_empty_lines(
    advice: StillAdvice,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    talk(advice, monkeypatch, "2", "tables, 3", "7b", "12k /day", "", "cost", "$5k", "export")
    assert advice.interview.record.values == {
        "task": "text",
        "kinds": ("tables", "sound"),
        "size": 7,
        "peak": pytest.approx(0.1389, 1e-3),
        "tokens": (2000, 300),
        "ranks": ("cost",),
        "budget": 5000,
    }
    said = capsys.readouterr().out
    assert "Question 3 of about 7, model." in said
    assert "Taken: text from text. Note: that answer adds 2 questions." in said
    assert "Nothing is left to ask." in said
    assert json.loads(Path("interview-1.json").read_text())["decisions"]
    assert not BOXES & set(said)


def test_going_back_not_knowing_and_undoing_work_at_every_prompt(
    advice: StillAdvice,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    talk(
        advice,
        monkeypatch,
        "1",
        "nonsense",
        "back",
        "",
        "d",
        "undo",
        "later",
        "9",
        "undo",
        "redo",
        "forward",
        "undo",
        "undo",
        "undo",
        "undo",
        "undo",
    )
    said = capsys.readouterr().out
    assert "Not taken: 'nonsense' is none of the answers; " in said
    assert "Answered: a number from rows" in said
    assert "Taken: don't know. Note: the usual is planned." in said
    assert "Redone." in said
    assert "Nothing to undo." in said
    assert advice.interview.record.values == {}


def test_answers_and_questions_are_called_by_their_words(
    advice: StillAdvice,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    talk(advice, monkeypatch, "A number from rows", "go KINDS", "table", "Tables, sound", "review")
    said = capsys.readouterr().out
    assert advice.interview.record.values["kinds"] == ("tables", "sound")
    assert "none of the answers; did you mean 'tables'? Type a number" in " ".join(said.split())
    assert "open, assumed is" in said
    assert "open, no value is assumed" in said


def test_only_what_an_answer_changed_is_said(
    advice: StillAdvice,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    talk(advice, monkeypatch, "1", "go peak", "9")
    said = capsys.readouterr().out
    assert said.count("Serving:") == 1
    assert said.count("Cost:") == 2
    assert "Now: Cost: $6,907" in said  # the example plan with 9 x $100 in its first line


def test_explanations_and_lists_are_words(
    advice: StillAdvice,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    talk(
        advice,
        monkeypatch,
        "why",
        "how",
        "how orchestrator",
        "review",
        "result",
        "expert",
        "go nowhere",
        "load gone.yaml",
        "sessions",
        "resume nobody",
        "?",
        "quit",
        "never read",
    )
    said = capsys.readouterr().out
    for expected in (
        "Rules[/] read task: ",
        "Type how and one of: Approach",
        "Workflow orchestrator: chosen.",
        "task: open, assumed is a number from rows",
        "WHAT IT COSTS",
        "1 expert question added.",
        "No question is called so",
        "[red]no such file[/red]",
        "This one is interview-1.",
        "No such interview",
        "Nothing to save.",
    ):
        assert expected in said
    assert "\x1b" not in said


def test_marks_for_the_eye_are_not_read_aloud(
    advice: StillAdvice, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = "\n◆ One rule (X-1, a must; acts now)\n· Another (X-2, a could)"
    monkeypatch.setattr(advice, "why_asked", lambda *_: told)
    talk(advice, monkeypatch, "why", "quit")
    said = capsys.readouterr().out
    assert "\nOne rule (X-1, a must; acts now)\nAnother (X-2, a could)\n" in said
    assert not BOXES & set(said)


def test_an_interrupted_interview_is_taken_up_by_its_name(
    advice: StillAdvice,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    talk(advice, monkeypatch, "2", "1")
    advice.close()
    assert sessions.saved()[0].answered == 2
    second = StillAdvice()
    talk(second, monkeypatch, "resume interview-1")
    assert second.name == "interview-1"
    assert "Question 3 of about 7" in capsys.readouterr().out
    second.close()


def test_a_full_disk_is_told_and_the_interview_goes_on(
    advice: StillAdvice,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("advisor.analysis.sessions.replace_file", full)
    talk(advice, monkeypatch, "1", "1")
    said = capsys.readouterr().out
    assert "Not saved: No space left on device." in said
    assert "Question 3 of about 5" in said


def test_answers_that_clash_are_told_with_what_fails(
    advice: StillAdvice,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    talk(advice, monkeypatch, "go budget", "5", "result")
    said = capsys.readouterr().out
    assert "These cannot all hold:" in said
    assert "a month over the budget of $800" in said


def test_a_settled_result_is_said_once(
    advice: StillAdvice,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    talk(advice, monkeypatch, "1", "1", "6", "cost")
    said = capsys.readouterr().out
    assert said.count("The result is settled; ") == 1
