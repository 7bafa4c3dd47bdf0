"""Opening the program: saved interviews, early keys, broken libraries, files to begin with."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from advisor.analysis import sessions
from advisor.analysis.interview import Interview, Record
from advisor.analysis.planner import Planner
from advisor.analysis.question_order import Ranking
from advisor.analysis.wanted import Wanted
from advisor.errors import LibraryError, Place, Problem
from advisor.library.answers import read_answers
from advisor.library.examples import EXAMPLES, example
from advisor.planning.kit import Kit
from advisor.tui.app import InterviewApp
from advisor.tui.interview_screen import InterviewScreen
from tests.analysis.interview_cases import KINDS, QUESTIONS, TASK
from tests.tui.screens import flat, interview, opened, press, settled, text, type_fast, until
from tests.tui.still_advice import StillAdvice, still_app


def save_one(name: str = "ours") -> None:
    saved = Interview(QUESTIONS)
    saved.answer(TASK, "text")
    saved.answer(KINDS, ("images",))
    sessions.save(saved, name, "another library")


async def test_a_saved_interview_is_offered_and_taken_up() -> None:
    save_one()
    async with opened(still_app()) as pilot:
        assert "begin a new interview" in text(pilot)
        assert "ours, 2 answers, 0 minutes ago" in text(pilot)
        await press(pilot, "down", "enter")
        assert "2 answers: 2 kept." in text(pilot)
        assert "it cannot be compared" in flat(pilot)
        await press(pilot, "escape")
        assert "What about size?" in text(pilot)
        assert "advisor · ours" in text(pilot)
        assert "rules or prices have changed since" in text(pilot)
        assert "◆" not in text(pilot)  # the plan of no answers is none that these changed


async def test_escape_begins_a_new_interview_and_keeps_the_saved_one() -> None:
    save_one("interview-1")
    async with opened(still_app()) as pilot:
        await press(pilot, "escape")
        assert "interview-2 " in text(pilot)
        await press(pilot, "1")
    assert {s.name: s.answered for s in sessions.saved()} == {"interview-1": 2, "interview-2": 1}


async def test_a_session_open_elsewhere_is_taken_up_as_a_copy() -> None:
    save_one()
    held = sessions.claim("ours")
    assert held is not None
    async with opened(still_app()) as pilot:
        await press(pilot, "down", "enter", "escape")
        assert "ours is open elsewhere; this is a copy" in text(pilot)
        assert "interview-1 " in text(pilot)
    held.release()


class Unread(StillAdvice):
    """Can plan once the gate is open."""

    def __init__(self, gate: threading.Event) -> None:
        super().__init__()
        self.gate = gate

    def prepare(self) -> Planner:
        self.gate.wait(60)
        return super().prepare()


async def test_the_first_question_can_be_answered_before_the_rules_are_read() -> None:
    gate = threading.Event()
    app = InterviewApp(Unread(gate))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "What about task?" in text(pilot)
        assert "working the recommendation out" in text(pilot)
        await pilot.press("w", "r")
        assert "The recommendation is being worked out." in text(pilot)
        await pilot.press("r", "2", "3", "enter")
        assert interview(pilot).plan is None
        gate.set()
        await until(pilot, lambda: interview(pilot).plan is not None)
        said = interview(pilot).interview.record.values
        assert said == {"task": "text", "kinds": ("sound",)}


async def test_a_result_opened_before_the_rules_are_read_is_filled() -> None:
    gate = threading.Event()
    app = InterviewApp(Unread(gate))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("r", "e")
        gate.set()
        await until(pilot, lambda: interview(pilot).whole is not None)
        assert "[1 Summary]" in text(pilot)
    assert Path("interview-1.md").is_file()


class Slow(StillAdvice):
    """Ranks once the gate is open."""

    def __init__(self, gate: threading.Event) -> None:
        super().__init__()
        self.gate = gate

    def ranked(self, record: Record) -> Ranking | None:
        return super().ranked(record) if self.gate.is_set() else None

    def ranking(self, record: Record, wanted: Wanted = lambda: True) -> Ranking:
        self.gate.wait(60)
        return super().ranking(record, wanted)


async def test_keys_typed_while_the_next_question_is_chosen_reach_it_and_its_boxes() -> None:
    gate = threading.Event()
    app = InterviewApp(Slow(gate))
    async with app.run_test(size=(80, 24)) as pilot:
        while not isinstance(app.screen, InterviewScreen):
            await pilot.pause()
        await pilot.press("1")
        await pilot.pause()
        assert "Choosing the next question" in text(pilot)
        assert interview(pilot).choosing
        await type_fast(pilot, "3", "enter", *"gbudgett", "backspace", "enter", "7", "enter")
        assert interview(pilot).interview.record.values == {"task": "tables"}
        gate.set()
        await until(pilot, lambda: "budget" in interview(pilot).interview.record.values)
        said = interview(pilot).interview.record.values
        assert said == {"task": "tables", "kinds": ("sound",), "budget": 7}


async def test_back_leads_out_of_waiting_for_the_next_question() -> None:
    gate = threading.Event()
    app = InterviewApp(Slow(gate))
    async with app.run_test(size=(80, 24)) as pilot:
        while not isinstance(app.screen, InterviewScreen):
            await pilot.pause()
        await pilot.press("1", "3", "escape")
        assert "What about task?" in text(pilot)
        gate.set()
        await settled(pilot)
        assert interview(pilot).interview.record.values == {"task": "tables"}


class Broken(StillAdvice):
    """Finds a mistake in the rules."""

    def prepare(self) -> Planner:
        raise LibraryError([Problem(Place("rules/a.yaml", 3, 1), "E210", "", "no such field")])


async def test_a_broken_library_ends_with_its_problems_and_exit_code_3() -> None:
    app = InterviewApp(Broken())
    async with app.run_test() as pilot:
        await pilot.press("r", "r", "1")
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert app.return_code == 3
    assert app.failure == "rules/a.yaml:3:1: E210: no such field"


async def test_a_file_to_begin_with_that_cannot_be_read_ends_with_exit_code_2() -> None:
    app = InterviewApp(StillAdvice(), Path("gone.yaml"))
    async with app.run_test() as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert app.return_code == 2
    assert "gone.yaml" in app.failure


async def test_ctrl_c_quits_on_the_second_press_only() -> None:
    app = still_app()
    async with opened(app) as pilot:
        await press(pilot, "ctrl+c")
        assert "ctrl+c once more quits" in text(pilot)
        assert app.return_code is None
        await pilot.press("ctrl+c")
    assert app.return_code == 130


async def test_ctrl_q_quits_from_a_popup_and_lets_the_session_go() -> None:
    app = still_app()
    async with opened(app) as pilot:
        await press(pilot, "1", "g")
        assert sessions.claim("interview-1") is None
        await pilot.press("ctrl+q")
    assert app.return_code in (None, 0)
    again = sessions.claim("interview-1")
    assert again is not None
    again.release()


async def test_an_example_is_opened_from_the_start_and_a_path_may_be_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_one()
    opened_files: list[Path] = []

    def load(_: StillAdvice, path: Path) -> str:
        opened_files.append(path)
        return f"taken from {path.name}"

    monkeypatch.setattr(StillAdvice, "load", load)
    async with opened(still_app()) as pilot:
        await press(pilot, *"bank", "enter")
        assert "taken from rag-bank.yaml" in text(pilot)
        await press(pilot, "i", *"bank/x.yaml", "enter")
        await press(pilot, "i", *"mine.json", "enter")
        await press(pilot, "i", "escape")
    assert [path.name for path in opened_files] == ["rag-bank.yaml", "x.yaml", "mine.json"]
    assert opened_files[0].is_file()


async def test_a_file_is_named_right_after_the_start() -> None:
    save_one()
    async with opened(still_app()) as pilot:
        await press(pilot, *"open a file", "enter")
        assert "Type the path of a file" in text(pilot)
        await press(pilot, *"gone.yaml", "enter")
        assert "Not taken in" in text(pilot)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_there_and_is_taken(name: str, kit: Kit) -> None:
    answers = read_answers(example(name), kit.questions, kit.shapes.keys())
    assert len(answers.values) > 20


async def test_a_changed_library_is_told_with_what_it_did_to_answers_and_result() -> None:
    save_one()
    path = sessions.saved()[0].path
    data = json.loads(path.read_text())
    data["answers"]["gone"] = {"value": 3, "source": "given"}
    data["result"] = {"Cost a month": "$5", "Meets every must": "yes"}
    path.write_text(json.dumps(data))
    async with opened(still_app(), (100, 40)) as pilot:
        await press(pilot, "down", "enter")
        shown = flat(pilot)
        assert "3 answers: 2 kept, 1 dropped." in shown
        assert "dropped gone no longer asked" in shown
        assert "Cost a month $5 $6,507" in shown
        await press(pilot, "escape")
        assert json.loads(path.read_text())["result"] == data["result"]
        await press(pilot, "7", "enter")
    saved = json.loads(path.read_text())
    assert saved["library"] == "still"
    assert saved["result"]["Cost a month"] == "$6,507"
    assert saved["answers"]["gone"] == {"value": 3, "source": "given"}


async def test_colon_q_quits() -> None:
    app = still_app()
    async with opened(app) as pilot:
        await pilot.press("colon", "q", "enter")
        await pilot.pause()
    assert app.return_code in (None, 0)
    assert not app.is_running
