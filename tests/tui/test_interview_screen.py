"""The interview as a user goes through it: back, menus, files, themes, expert questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tui.screens import WIDE, flat, interview, opened, press, settled, text
from tests.tui.still_advice import still_app


async def test_a_whole_interview_ends_on_the_recommendation_and_exports_it(
    tmp_path: Path,
) -> None:
    async with opened(still_app()) as pilot:
        assert "What about task?" in text(pilot)
        await press(pilot, "2")
        assert "that answer adds 2 questions" in text(pilot)
        await press(pilot, "space", "down", "down", "space", "enter")
        await press(pilot, "7", "b", "enter", "1", "2", "enter", "enter", "2", "enter")
        await press(pilot, "dollar_sign", "5", "k", "enter")
        said = interview(pilot).interview.record.values
        assert said == {
            "task": "text",
            "kinds": ("tables", "sound"),
            "size": 7,
            "peak": 12,
            "tokens": (2000, 300),
            "ranks": ("cost",),
            "budget": 5000,
        }
        assert "[1 Summary]" in text(pilot)
        await press(pilot, "e")
        assert "interview-1.json" in text(pilot)
    plan = json.loads((tmp_path / "interview-1.json").read_text())
    assert plan["decisions"]["orchestrator"]["chosen"] == "cron"
    assert "## Decision" in (tmp_path / "interview-1.md").read_text()


async def test_back_leads_out_of_an_invalid_field_and_out_of_every_popup() -> None:
    async with opened(still_app()) as pilot:
        await press(pilot, "1", "enter", "9", "9", "9", "t", "space", "q", "enter")
        assert "write a number of requests/s" in text(pilot)
        await press(pilot, "escape")
        assert "What about kinds?" in text(pilot)
        for popup in ("w", "g", "v", "question_mark", "i"):
            await press(pilot, popup)
            assert len(pilot.app.screen_stack) == 2
            await press(pilot, "escape")
            assert "What about kinds?" in text(pilot)
        await press(pilot, "r", "left_square_bracket")
        assert "What about kinds?" in text(pilot)


async def test_a_finished_interview_goes_on_to_expert_questions() -> None:
    async with opened(still_app()) as pilot:
        await press(pilot, "1", "enter", "enter", "enter", "d")
        assert "[1 Summary]" in text(pilot)
        assert "+ expert questions" in text(pilot)
        await press(pilot, "d")
        assert "that key answers a question" in text(pilot)
        await press(pilot, "plus")
        assert "What about audit?" in text(pilot)
        assert "1 expert question" in text(pilot)


async def test_a_file_that_cannot_be_read_is_explained_and_changes_nothing() -> None:
    async with opened(still_app()) as pilot:
        await press(pilot, "i", *"x.yaml", "enter")
        assert "[red]no such file[/red]" in text(pilot)
        assert "\x1b" not in text(pilot)
        await press(pilot, "escape")
        assert "What about task?" in text(pilot)


async def test_the_menu_filters_and_runs_what_is_picked() -> None:
    async with opened(still_app(), WIDE) as pilot:
        await press(pilot, "question_mark")
        assert "ctrl+q" in text(pilot)
        await press(pilot, *"whole rec", "enter")
        assert "[1 Summary]" in text(pilot)


async def test_a_full_disk_is_told_and_the_interview_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async with opened(still_app(), WIDE) as pilot:
        monkeypatch.setattr("advisor.analysis.sessions.replace_file", full)
        await press(pilot, "1")
        assert "NOT SAVED: No space left on device" in text(pilot)
        assert "What about kinds?" in text(pilot)
        monkeypatch.undo()


async def test_answering_and_undoing_leaves_no_widgets_behind() -> None:
    async with opened(still_app()) as pilot:
        await press(pilot, "1")
        before = len(pilot.app.screen.query("*"))
        for _ in range(8):
            await pilot.press("enter", "9", "enter", "u", "u")
        await settled(pilot)
        assert len(pilot.app.screen.query("*")) == before


async def test_keys_that_do_nothing_now_say_why() -> None:
    async with opened(still_app(), WIDE) as pilot:
        await press(pilot, "question_mark", *"not now")
        shown = flat(pilot)
        assert "not now: nothing was changed (undo the last change)" in shown
        assert "not now: every must is met" in shown
        await press(pilot, "escape", "r", "question_mark", *"not now no question")
        assert "don't know: a cautious value is assumed" in text(pilot)


async def test_a_number_that_no_answer_has_is_told() -> None:
    async with opened(still_app(), WIDE) as pilot:
        await press(pilot, "9")
        assert "9 is no key here; ? lists those that are" in flat(pilot)
        assert interview(pilot).interview.record.values == {}


async def test_a_theme_is_changed_by_key_and_by_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_THEME", "light")
    app = still_app()
    async with opened(app) as pilot:
        assert app.theme == "textual-light"
        await press(pilot, "f2")
        assert app.theme == "high-contrast"
