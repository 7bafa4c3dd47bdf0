"""Interviews on disk: nothing is lost, nothing is written over."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.analysis import sessions
from advisor.analysis.interview import Interview
from advisor.analysis.migration import (
    DROPPED,
    KEPT,
    Migration,
    answer_rows,
    answers_told,
    result_rows,
    result_told,
)
from advisor.analysis.resuming import resume
from advisor.domain.answers import UNKNOWN, Source
from advisor.domain.model import ModelShape
from tests.analysis.interview_cases import KINDS, PEAK, QUESTIONS, SIZE, TASK, TOKENS


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ADVISOR_SESSIONS", str(tmp_path / "sessions"))
    return tmp_path / "sessions"


def answered() -> Interview:
    interview = Interview(QUESTIONS)
    interview.answer(TASK, "text")
    interview.answer(KINDS, ("tables", "images"))
    interview.unknown(SIZE)
    interview.answer(TOKENS, "2000 / 300", Source.FILE)
    interview.later(PEAK)
    return interview


def test_an_interview_is_taken_up_as_it_was_saved() -> None:
    before = answered()
    before.load_shape(ModelShape("tiny", "decoder", 1e9, 1e9, 2, 8, 32, 2, 2, 4, 100, 64, 32.0))
    sessions.save(before, "a", "f")
    (found,) = sessions.saved()
    assert (found.name, found.answered, found.fingerprint) == ("a", 4, "f")
    after = Interview(QUESTIONS)
    assert {one.what for one in resume(after, found).taken} == {KEPT}
    assert after.record.values == before.record.values
    assert after.record.values["size"] == UNKNOWN
    assert after.record.sources == before.record.sources
    assert after.record.later == {"peak"}
    assert after.record.shape == before.record.shape
    assert after.current == before.current


def test_answers_of_an_earlier_sitting_can_be_undone() -> None:
    sessions.save(answered(), "a", "f")
    after = Interview(QUESTIONS)
    resume(after, sessions.saved()[0])
    assert after.undo()
    assert "tokens" not in after.record.values
    assert "size" in after.record.values


def test_answers_that_the_library_no_longer_takes_are_named_and_kept() -> None:
    path = sessions.save(answered(), "a", "f")
    data = json.loads(path.read_text())
    data["answers"]["gone"] = {"value": 3, "source": "given"}
    data["answers"]["task"] = {"value": "weather", "source": "given"}
    path.write_text(json.dumps(data))
    after = Interview(QUESTIONS)
    taken = resume(after, sessions.saved()[0]).taken
    assert [one.id for one in taken if one.what == DROPPED] == ["task", "gone"]
    assert "weather" in taken[0].now
    sessions.save(after, "a", "f")
    kept = json.loads(path.read_text())["answers"]
    assert kept["gone"] == {"value": 3, "source": "given"}
    assert kept["task"]["value"] == "weather"
    after.answer(TASK, "tables")
    sessions.save(after, "a", "f")
    assert json.loads(path.read_text())["answers"]["task"]["value"] == "tables"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 9}', '{"format": 1}'])
def test_files_that_are_no_sessions_are_passed_over(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "broken.json").write_text(text)
    assert sessions.saved() == ()


def test_the_last_changed_session_comes_first(folder: Path) -> None:
    import os

    for age, name in enumerate(("new", "old")):
        path = sessions.save(answered(), name, "f")
        os.utime(path, (1e9 - age, 1e9 - age))
    assert [s.name for s in sessions.saved()] == ["new", "old"]


def test_a_session_is_held_by_one_program_at_a_time() -> None:
    first = sessions.claim("a")
    assert first is not None
    assert sessions.claim("a") is None
    first.release()
    again = sessions.claim("a")
    assert again is not None
    again.release()


def test_a_fresh_name_is_neither_saved_nor_held() -> None:
    sessions.save(answered(), "interview-1", "f")
    second, third = sessions.claim_fresh(), sessions.claim_fresh()
    assert (second.name, third.name) == ("interview-2", "interview-3")
    second.release()
    third.release()


def test_a_crash_while_saving_leaves_the_last_answers(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    path = sessions.save(answered(), "a", "f")
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        sessions.save(Interview(QUESTIONS), "a", "f")
    assert path.read_bytes() == before
    assert sorted(p.name for p in folder.glob("*")) == ["a.json"]


def test_where_nothing_can_be_locked_the_claim_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ADVISOR_SESSIONS", str(tmp_path / "file"))
    assert sessions.claim("a") is not None
    assert sessions.saved() == ()


def test_answers_under_former_names_are_taken_up_under_those_of_today() -> None:
    sessions.save(answered(), "a", "f", {"Cost a month": "$5"})
    options = tuple(replace(o, id=f"new_{o.id}", formerly=(o.id,)) for o in TASK.options)
    renamed = replace(TASK, id="job", formerly=("task",), options=options, default="new_tables")
    after = Interview((renamed, *QUESTIONS[1:]))
    found = resume(after, sessions.saved()[0])
    assert after.record.values["job"] == "new_text"
    assert found.before == {"Cost a month": "$5"}
    assert ("renamed", "task", "job: text from text") in tuple(answer_rows(found))
    assert "1 renamed" in answers_told(found)


def test_a_result_is_held_against_the_one_that_was_saved() -> None:
    found = Migration("a", (), {"Cost": "$5", "Serving": "none", "Gone": "x"})
    now = {"Cost": "$6", "Serving": "none", "Fresh": "y"}
    assert result_rows(found, now) == (
        ("Cost", "$5", "$6"), ("Gone", "x", "-"), ("Fresh", "-", "y"),
    )  # fmt: skip
    assert result_told(found, now) == "The result: 3 lines changed, 1 the same."
    assert result_told(found, found.before) == "The result is the same in every line."
    assert "cannot be compared" in result_told(Migration("a", (), {}), now)
