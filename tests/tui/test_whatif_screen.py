"""What-if turns answers beside the interview; ways out mend what clashes."""

from __future__ import annotations

from tests.tui.screens import WIDE, flat, interview, opened, press, text
from tests.tui.still_advice import still_app


async def test_what_if_turns_pins_compares_and_applies_in_one_step() -> None:
    async with opened(still_app(), WIDE) as pilot:
        await press(pilot, "1")
        before = interview(pilot).interview.record
        await press(pilot, "x", "p")
        assert "nothing is pinned; turn an answer with the arrows" in flat(pilot)
        await press(pilot, "slash", *"peak", "enter")
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
