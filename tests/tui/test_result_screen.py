"""The result: its tabs, its explanations, what is copied from it."""

from __future__ import annotations

from pathlib import Path

from advisor.tui.result_view import ResultView
from tests.tui.screens import NARROW, WIDE, flat, opened, press, settled, text
from tests.tui.still_advice import still_app


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


async def test_the_tabs_fill_the_width_from_the_first_moment_and_after_a_resize() -> None:
    async with opened(still_app(), WIDE) as pilot:
        await press(pilot, "r")
        wide = text(pilot)
        assert "1 Summary" in wide
        assert "8 Risks" in wide
        await pilot.resize_terminal(*NARROW)
        await settled(pilot)
        assert "8 Risks" not in text(pilot)
        await pilot.resize_terminal(*WIDE)
        await settled(pilot)
        assert text(pilot) == wide


async def test_every_tab_is_reached_from_the_list_of_all() -> None:
    async with opened(still_app()) as pilot:
        await press(pilot, "r", "0", *"risks", "enter")
        assert "[8 Risks]" in text(pilot)
        await press(pilot, "0", *"no such tab")
        assert "nothing here is like that" in text(pilot)
        await press(pilot, "enter", "escape", "9")
        result = pilot.app.screen.query_one(ResultView)
        assert result.at == 8
