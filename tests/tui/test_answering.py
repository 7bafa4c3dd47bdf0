"""Answers are typed, chosen and pasted; each is echoed, and none is lost."""

from __future__ import annotations

from textual import events

from advisor.domain.answers import UNKNOWN
from advisor.tui.answer_field import AnswerField
from tests.tui.screens import WIDE, flat, interview, opened, press, settled, text
from tests.tui.still_advice import still_app


async def test_a_number_is_echoed_with_its_unit_and_letters_stay_commands() -> None:
    async with opened(still_app()) as pilot:
        interview(pilot).interview.go_to("peak")
        interview(pilot).show()
        await press(pilot, "1", "2", "k")
        assert "= 12,000 requests/s = 1,036,800,000 a day" in text(pilot)
        assert "12,000 requests/s is outside the usual range" in flat(pilot)
        await press(pilot, "q", "z")
        assert pilot.app.screen.query_one(AnswerField).value == "12k"
        await press(pilot, "space", "slash", "d", "a", "y")
        assert "= 0.1389 requests/s = 12,000 a day" in text(pilot)
        await press(pilot, "left_square_bracket")
        assert "What about kinds?" in text(pilot)


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
