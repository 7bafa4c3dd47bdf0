"""The interview on screen, key by key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from advisor.domain.answers import UNKNOWN
from advisor.tui.answer_field import AnswerField
from advisor.tui.dials import Dials
from advisor.tui.result_view import ResultView
from advisor.tui.whatif_screen import WhatIfScreen
from tests.tui.screens import NARROW, WIDE, flat, interview, opened, press, settled, text
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


async def test_a_number_is_echoed_with_its_unit_and_letters_stay_commands() -> None:
    async with opened(still_app()) as pilot:
        interview(pilot).interview.go_to("peak")
        interview(pilot).show()
        await press(pilot, "1", "2", "k")
        assert "= 12,000 requests/s = 1,036,800,000 a day" in text(pilot)
        assert "12000 requests/s is outside the usual range" in flat(pilot)
        await press(pilot, "q", "z")
        assert pilot.app.screen.query_one(AnswerField).value == "12k"
        await press(pilot, "space", "slash", "d", "a", "y")
        assert "= 0.1389 requests/s = 12,000 a day" in text(pilot)
        await press(pilot, "left_square_bracket")
        assert "What about kinds?" in text(pilot)


async def test_not_knowing_and_later_are_marked_in_the_review() -> None:
    async with opened(still_app(), WIDE) as pilot:
        await press(pilot, "2", "d", "s", "1", "enter")
        assert interview(pilot).interview.record.values["kinds"] == UNKNOWN
        await press(pilot, "v")
        shown = " ".join(text(pilot).split())
        assert "✓ task text from text (you)" in shown
        assert "? kinds tables (unknown)" in shown
        assert "… size 8 billion parameters (default)" in shown
        await press(pilot, "t", "a", "s", "k", "enter")
        assert "What about task?" in text(pilot)


async def test_undo_and_redo_return_the_answer_and_the_recommendation() -> None:
    async with opened(still_app(), WIDE) as pilot:
        await press(pilot, "1", "enter")
        before = text(pilot)
        await press(pilot, "7", "enter")
        assert "◆ Cost" in text(pilot)
        await press(pilot, "u")
        assert "What about peak?" in text(pilot)
        assert before.split("Cost")[1].split("month")[0] in text(pilot)
        await press(pilot, "U")
        assert interview(pilot).interview.record.values["peak"] == 7
        await press(pilot, *"uuu", "u")
        assert "nothing to undo" in text(pilot)


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


async def test_an_empty_field_without_a_usual_value_says_what_to_do() -> None:
    async with opened(still_app()) as pilot:
        interview(pilot).interview.go_to("budget")
        interview(pilot).show()
        await press(pilot, "enter")
        assert "nothing is written; type a number, d for don't know" in text(pilot)


async def test_an_impossible_budget_says_what_fails_at_once() -> None:
    async with opened(still_app(), WIDE) as pilot:
        interview(pilot).interview.go_to("budget")
        interview(pilot).show()
        await press(pilot, "5", "enter")
        assert "◆ Fails" in text(pilot)


async def test_a_paste_never_submits_and_never_breaks_the_field() -> None:
    async with opened(still_app()) as pilot:
        interview(pilot).interview.go_to("peak")
        interview(pilot).show()
        await pilot.pause()
        field = pilot.app.screen.query_one(AnswerField)
        field.post_message(events.Paste("\n 1,200 /min\n700\n"))
        await settled(pilot)
        assert field.value == "1,200 /min"
        assert "= 20 requests/s" in text(pilot)
        field.value = ""
        field.post_message(events.Paste("\x1b[31m[red]" + "x" * 10000))
        await settled(pilot)
        assert len(field.value) < 80
        assert "\x1b" not in field.value
        assert "! " in text(pilot)
        assert "peak" not in interview(pilot).interview.record.values


async def test_options_are_chosen_by_digit_arrow_and_mouse() -> None:
    async with opened(still_app()) as pilot:
        await pilot.click("#choices", offset=(4, 1))
        await settled(pilot)
        assert interview(pilot).interview.record.values == {"task": "text"}
        await press(pilot, "4", "up", "space", "k", "space", "enter")
        assert interview(pilot).interview.record.values["kinds"] == ("images", "sound")


async def test_why_how_and_tabs_show_words_not_markup() -> None:
    async with opened(still_app()) as pilot:
        await press(pilot, "w")
        assert "Rules[/] read task: " in text(pilot)
        await press(pilot, "w", "h")
        assert "[3 Why]" in text(pilot)
        await press(pilot, "h")
        assert "[bold]because[/bold]" in text(pilot)
        await press(pilot, "escape", "right")
        result = pilot.app.screen.query_one(ResultView)
        for number in range(1, 10):
            await press(pilot, str(number))
            assert result.at == min(number - 1, len(result.tabs) - 1)
            assert f"[{result.at + 1} " in flat(pilot)
        await press(pilot, "r")
        assert "What about task?" in text(pilot)


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


@pytest.mark.parametrize("size", [NARROW, WIDE, (60, 16), (40, 12)])
async def test_every_question_shows_its_text_and_its_answers_at_every_size(
    size: tuple[int, int],
) -> None:
    async with opened(still_app("expert"), size) as pilot:
        await press(pilot, "2")
        for question in interview(pilot).interview.applicable[1:]:
            assert f"What about {question.id}?" in text(pilot)
            assert "? keys" in text(pilot)
            if question.options:
                assert "▸" in text(pilot)
            await press(pilot, "d")
        assert "Decision" in text(pilot) or "DECISION" in text(pilot)


async def test_a_tiny_terminal_says_so_and_recovers_with_the_text_kept() -> None:
    async with opened(still_app()) as pilot:
        interview(pilot).interview.go_to("peak")
        interview(pilot).show()
        await press(pilot, "4", "2")
        await pilot.resize_terminal(20, 6)
        await settled(pilot)
        assert "too small" in " ".join(text(pilot).split())
        await pilot.resize_terminal(100, 30)
        await settled(pilot)
        assert "RECOMMENDATION" in text(pilot)
        assert pilot.app.screen.query_one(AnswerField).value == "42"


async def test_answering_and_undoing_leaves_no_widgets_behind() -> None:
    async with opened(still_app()) as pilot:
        await press(pilot, "1")
        before = len(pilot.app.screen.query("*"))
        for _ in range(8):
            await pilot.press("enter", "9", "enter", "u", "u")
        await settled(pilot)
        assert len(pilot.app.screen.query("*")) == before


async def test_what_if_turns_pins_compares_and_applies_in_one_step() -> None:
    async with opened(still_app(), WIDE) as pilot:
        await press(pilot, "1")
        before = interview(pilot).interview.record
        await press(pilot, "x", "slash", *"peak", "enter")
        assert "41 requests/s: serving 16 x" in flat(pilot)
        await press(pilot, "5", "0", "enter", "p")
        assert "--set peak=50" in text(pilot)
        assert "16 x NVIDIA" in text(pilot)
        assert interview(pilot).interview.record is before
        await press(pilot, "backspace", "right", "c")
        assert "B peak 50 requests/s" in text(pilot)
        await press(pilot, "escape", "a")
        assert interview(pilot).interview.record.values["peak"] == 7
        assert "1 answer taken over from what-if; u takes them back" in flat(pilot)
        await press(pilot, "u")
        assert interview(pilot).interview.record is before


async def test_what_if_is_left_without_a_change_and_says_what_is_wrong() -> None:
    async with opened(still_app()) as pilot:
        await press(pilot, "x", "slash", *"budget", "enter", "enter", *"lots", "enter")
        assert "write a number" in flat(pilot)
        await press(pilot, "5", "enter")
        assert "no plan meets every must" in flat(pilot)
        await press(pilot, "escape")
        assert "What about task?" in text(pilot)
        assert interview(pilot).interview.record.values == {}


async def test_dials_and_tracks_are_turned_with_the_mouse() -> None:
    async with opened(still_app(), WIDE) as pilot:
        await press(pilot, "x")
        await pilot.click("#dials", offset=(4, 1))
        await settled(pilot)
        assert "What about kinds?" in text(pilot)
        await pilot.click("#dials", offset=(4, 2))
        dials = pilot.app.screen.query_one(Dials)
        await pilot.click("#dials", offset=(dials.content_size.width - 1, 2))
        await settled(pilot)
        assert isinstance(pilot.app.screen, WhatIfScreen)
        assert pilot.app.screen.desk.changes["peak"] == dials.desk.dial(dials.question)[-1]


async def test_a_clash_is_shown_on_a_card_and_left_unchanged() -> None:
    async with opened(still_app(), WIDE) as pilot:
        await press(pilot, "o")
        assert "every must is met and no wish is overruled" in flat(pilot)
        interview(pilot).interview.go_to("budget")
        interview(pilot).show()
        await press(pilot, "5", "enter")
        assert "o ways out" in text(pilot)
        await press(pilot, "o")
        assert "These cannot all hold" in text(pilot)
        assert "a month over the budget of $800" in text(pilot)
        assert "v lists your answers" in text(pilot)
        await press(pilot, "escape")
        assert interview(pilot).interview.record.values["budget"] == 5


async def test_the_result_studies_sensitivity_and_copies_what_is_shown(tmp_path: Path) -> None:
    async with opened(still_app(), WIDE) as pilot:
        await press(pilot, "r", "4")
        assert "[4 Sensitivity]" in text(pilot)
        assert "Whole life at the load of today, likely: $" in text(pilot)
        await press(pilot, "y")
        assert "sent to the terminal's clipboard" in flat(pilot)
        assert "Whole life at the load of today" in (tmp_path / "advisor-copied.txt").read_text()
        await press(pilot, "2")
        assert "NVIDIA H200" in text(pilot)
        await press(pilot, "3", "y")
        assert (tmp_path / "advisor-copied.txt").read_text() == "Approach: machine learning\n"


async def test_the_list_of_questions_and_the_tabs_are_clicked() -> None:
    async with opened(still_app(), WIDE) as pilot:
        await press(pilot, "1")
        await pilot.click("#outline", offset=(3, 0))
        await settled(pilot)
        assert "What about task?" in text(pilot)
        await press(pilot, "r")
        result = pilot.app.screen.query_one(ResultView)
        await pilot.click("#tabs", offset=(result._tab_line().plain.index("3 Why"), 0))
        await settled(pilot)
        assert "[3 Why]" in text(pilot)


async def test_keys_that_do_nothing_now_say_why() -> None:
    async with opened(still_app(), WIDE) as pilot:
        await press(pilot, "question_mark", *"not now")
        shown = flat(pilot)
        assert "not now: nothing was changed (undo the last change)" in shown
        assert "not now: every must is met" in shown
        await press(pilot, "escape", "r", "question_mark", *"not now no question")
        assert "don't know: a cautious value is assumed" in text(pilot)


async def test_a_theme_is_changed_by_key_and_by_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_THEME", "light")
    app = still_app()
    async with opened(app) as pilot:
        assert app.theme == "textual-light"
        await press(pilot, "f2")
        assert app.theme == "high-contrast"


@pytest.mark.parametrize("keys", [("x",), ("w",), ("g",), ("r", "4"), ("question_mark",), ("i",)])
async def test_every_screen_survives_a_tiny_terminal_and_comes_back(keys: tuple[str, ...]) -> None:
    async with opened(still_app()) as pilot:
        await press(pilot, "1", *keys)
        before = text(pilot)
        for size in ((20, 6), (40, 12), (130, 50), NARROW):
            await pilot.resize_terminal(*size)
            await settled(pilot)
        assert text(pilot) == before


async def test_a_note_is_written_beside_the_question_and_stays_on_it() -> None:
    async with opened(still_app(), WIDE) as pilot:
        await press(pilot, "n", *"ask Jo", "enter")
        assert "What about task?" in text(pilot)
        assert "n note: ask Jo" in flat(pilot)
        assert interview(pilot).interview.answers.notes == {"task": "ask Jo"}
        await press(pilot, "v")
        assert "note: ask Jo" in flat(pilot)
        await press(pilot, "escape", "n", "ctrl+u", "enter")
        assert interview(pilot).interview.answers.notes == {}
        await press(pilot, "n", "escape", "u")
        assert interview(pilot).interview.answers.notes == {"task": "ask Jo"}


async def click_hint(pilot: Pilot[int], hint: str) -> None:
    line = text(pilot).rstrip("\n").splitlines()[-1]
    await pilot.click("#hints", offset=(line.index(hint), 0))
    await settled(pilot)


async def test_the_mouse_alone_answers_explains_and_finds_the_way_back() -> None:
    async with opened(still_app()) as pilot:
        await pilot.click("#choices", offset=(4, 0))
        await settled(pilot)
        await click_hint(pilot, "space choose")
        await click_hint(pilot, "enter accept")
        assert interview(pilot).interview.record.values == {"task": "tables", "kinds": ("tables",)}
        await click_hint(pilot, "w why")
        assert "Why am I asked" in text(pilot)
        await pilot.click(offset=(0, 0))
        await settled(pilot)
        await click_hint(pilot, "[ back")
        assert "What about kinds?" in text(pilot)
        await pilot.click("#strip", offset=(3, 1))
        await settled(pilot)
        assert "[1 Summary]" in text(pilot)
        await click_hint(pilot, "x what-if")
        await click_hint(pilot, "p pin")
        await click_hint(pilot, "esc leave")
        await click_hint(pilot, "? keys")
        await pilot.click("Picker OptionList", offset=(4, 0))
        await settled(pilot)
        assert len(pilot.app.screen_stack) == 1


async def test_every_tab_is_reached_from_the_list_of_all() -> None:
    async with opened(still_app()) as pilot:
        await press(pilot, "r", "0", *"risks", "enter")
        assert "[8 Risks]" in text(pilot)
        await press(pilot, "0", *"no such tab")
        assert "nothing here is like that" in text(pilot)
        await press(pilot, "enter", "escape", "9")
        result = pilot.app.screen.query_one(ResultView)
        assert result.at == 8
