"""The mouse does what keys do."""

from __future__ import annotations

from textual.pilot import Pilot

from advisor.tui.dials import Dials
from advisor.tui.result_view import ResultView
from advisor.tui.whatif_screen import WhatIfScreen
from tests.tui.screens import WIDE, interview, opened, press, settled, text
from tests.tui.still_advice import still_app


async def test_options_are_chosen_by_digit_arrow_and_mouse() -> None:
    async with opened(still_app()) as pilot:
        await pilot.click("#choices", offset=(4, 1))
        await settled(pilot)
        assert interview(pilot).interview.record.values == {"task": "text"}
        await press(pilot, "4", "up", "space", "k", "space", "enter")
        assert interview(pilot).interview.record.values["kinds"] == ("images", "sound")


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
