"""Every screen at every size of a terminal."""

from __future__ import annotations

import pytest

from advisor.tui.answer_field import AnswerField
from advisor.tui.commands import APP_COMMANDS, COMMANDS, WHATIF_COMMANDS, Command
from advisor.tui.question_view import QuestionView
from tests.tui.screens import NARROW, WIDE, interview, opened, press, settled, text
from tests.tui.still_advice import still_app

MENU_TEXT = 55
"""Columns beside the keys in a box on a terminal of 80."""


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


@pytest.mark.parametrize("keys", [("x",), ("w",), ("g",), ("r", "4"), ("question_mark",), ("i",)])
async def test_every_screen_survives_a_tiny_terminal_and_comes_back(keys: tuple[str, ...]) -> None:
    async with opened(still_app()) as pilot:
        await press(pilot, "1", *keys)
        before = text(pilot)
        for size in ((20, 6), (40, 12), (130, 50), NARROW):
            await pilot.resize_terminal(*size)
            await settled(pilot)
        assert text(pilot) == before


async def test_what_is_said_of_a_key_is_seen_below_options_that_do_not_all_fit() -> None:
    async with opened(still_app(), (40, 12)) as pilot:
        assert pilot.app.screen.query_one(QuestionView).show_vertical_scrollbar
        await press(pilot, "Z")
        assert "Z is no key here" in " ".join(text(pilot).split())
        await press(pilot, "up")  # to the last option
        assert "no key here" not in text(pilot)
        assert "▸" in text(pilot)


async def test_what_does_not_fit_is_reached_with_a_key_that_is_shown() -> None:
    async with opened(still_app(), (40, 12)) as pilot:
        question = pilot.app.screen.query_one(QuestionView)
        assert "pgdn more" in text(pilot)
        await press(pilot, "home", "pageup", "pageup")
        assert question.scroll_y == 0
        await press(pilot, "pagedown")
        assert question.scroll_y > 0
        assert "What about task?" in text(pilot)  # which stays above what is scrolled
        await pilot.resize_terminal(*WIDE)
        await settled(pilot)
        assert "pgdn" not in text(pilot)


@pytest.mark.parametrize("commands", [(*COMMANDS, *APP_COMMANDS), WHATIF_COMMANDS])
def test_every_line_of_the_menu_fits_80_columns(commands: tuple[Command, ...]) -> None:
    assert max(len(command.text) for command in commands) <= MENU_TEXT
