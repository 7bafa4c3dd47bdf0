"""What the screens look like: plain dumps and drawings that a reviewer can read, and contrast."""

from __future__ import annotations

import os
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from rich.color import Color
from rich.style import Style
from textual.pilot import Pilot

from advisor.tui.themes import HIGH_CONTRAST, THEMES
from tests.tui.drawing import drawing
from tests.tui.screens import NARROW, WIDE, opened, press, settled, strips, text
from tests.tui.still_advice import still_app

TEXTUAL = "8.2.8"
"""The version whose drawings are approved; others paint their own frames and bars."""
DUMPS = Path(__file__).parent / "dumps"
UPDATE = "ADVISOR_UPDATE_DUMPS"
FULL = {
    "choice": ("2",),
    "number": ("2", "enter", "7", "b"),
    "effects": ("1", "enter"),
    "error": ("1", "enter", "9", "space", "q", "enter"),
    "why": ("w",),
    "how": ("r", "3", "h"),
    "keys": ("question_mark",),
    "go-to": ("2", "g"),
    "review": ("2", "d", "v"),
    "load": ("i",),
    "whatif": ("1", "enter", "x", "5", "0", "enter"),
    "whatif-compare": ("1", "enter", "x", "5", "0", "enter", "p", "c"),
    "ways-out": ("2", "g", *"budget", "enter", "5", "enter", "o"),
    "result": ("r",),
    "options": ("r", "2"),
    "reasons": ("r", "3"),
    "sensitivity": ("r", "4"),
    "sizing": ("r", "5"),
    "controls": ("r", "6"),
    "risks": ("r", "8"),
}
"""Every screen, as the keys that lead to it."""
SMALL = ("choice", "number", "whatif", "result", "ways-out")
"""Screens that are looked at in 40 by 12, too."""


@pytest.mark.parametrize("name", FULL)
async def test_the_screen_reads_as_approved_and_all_text_stands_out(name: str) -> None:
    """Set ADVISOR_UPDATE_DUMPS=1 to approve anew; review the change as text."""
    async with opened(still_app(), NARROW) as pilot:
        await press(pilot, *FULL[name])
        approve_both(f"{name}-80x24", pilot)
        await pilot.resize_terminal(*WIDE)
        await settled(pilot)
        approve_both(f"{name}-120x40", pilot)
        for theme in THEMES:
            pilot.app.theme = theme
            await settled(pilot)
            assert weak(pilot, 7.0 if theme == HIGH_CONTRAST.name else 4.5) == []


@pytest.mark.parametrize("name", SMALL)
async def test_the_smallest_screen_reads_as_approved(name: str) -> None:
    async with opened(still_app(), (40, 12)) as pilot:
        await press(pilot, *FULL[name])
        approve_both(f"{name}-40x12", pilot)


async def test_below_the_smallest_screen_it_says_so() -> None:
    async with opened(still_app(), (20, 6)) as pilot:
        approve_both("too-small-20x6", pilot)


COLOURS = {
    "dark": {},
    "light": {"ADVISOR_THEME": "light"},
    "high-contrast": {"ADVISOR_THEME": "high-contrast"},
    "no-colour": {"NO_COLOR": "1"},
}
"""Every way of colouring, as the settings that lead to it."""


@pytest.mark.parametrize("name", COLOURS)
async def test_each_way_of_colouring_looks_as_approved(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting, value in COLOURS[name].items():
        monkeypatch.setenv(setting, value)
    async with opened(still_app(), NARROW) as pilot:
        await press(pilot, *FULL["number"])
        approve(f"colours-{name}.svg", drawn(pilot))


async def test_in_grey_the_cursor_and_what_is_new_are_glyphs() -> None:
    async with opened(still_app(), NARROW) as pilot:
        await press(pilot, "1", "space", "down", "space", "enter", "9", "enter")
        shown = text(pilot)
        assert "◆ cost:" in shown
        await press(pilot, "left_square_bracket", "left_square_bracket")
        marks = [line for line in text(pilot).splitlines() if "[x]" in line or "▸" in line]
        assert ["▸" in line for line in marks].count(True) == 1
        grey = GREY.sub(lambda m: _grey(m.group()), drawn(pilot))
        approve("colours-grey.svg", grey)


GREY = re.compile(r"#[0-9a-f]{6}")


def _grey(colour: str) -> str:
    r, g, b = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    level = round(0.2126 * r + 0.7152 * g + 0.0722 * b)
    return f"#{level:02x}{level:02x}{level:02x}"


def approve_both(name: str, pilot: Pilot[int]) -> None:
    """Hold the screen against its approved text and its approved drawing."""
    approve(f"{name}.txt", text(pilot))
    if version("textual") == TEXTUAL:
        approve(f"{name}.svg", drawn(pilot))


def drawn(pilot: Pilot[int]) -> str:
    """Return the screen as it is painted, filters of the terminal included."""
    return drawing(strips(pilot), pilot.app.size.width)


def approve(name: str, found: str) -> None:
    approved = DUMPS / name
    if os.environ.get(UPDATE) == "1":
        DUMPS.mkdir(exist_ok=True)
        approved.write_text(found, encoding="utf-8")
    assert found == approved.read_text(encoding="utf-8"), name


def contrast(style: Style) -> float:
    """Return the ratio of WCAG 2.2, success criterion 1.4.3, between text and ground."""
    light, dark = sorted((_luminance(style.color), _luminance(style.bgcolor)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color | None) -> float:
    assert color is not None
    parts = [c / 255 for c in color.get_truecolor()]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_the_contrast_of_the_test_is_that_of_the_standard() -> None:
    assert contrast(Style(color="#ffffff", bgcolor="#000000")) == pytest.approx(21)
    assert contrast(Style(color="#777777", bgcolor="#ffffff")) == pytest.approx(4.48, abs=0.01)


def weak(pilot: Pilot[int], least: float) -> list[tuple[str, float]]:
    """Return the texts on screen that do not stand out enough; those below a box are passed."""
    found = pilot.app.screen.query(".box")
    box = found.first().region if found else pilot.app.screen.region
    return [
        (segment.text, round(contrast(segment.style), 1))
        for y, strip in enumerate(strips(pilot))
        for segment, x in _placed(strip)
        if any(c.isalnum() for c in segment.text)
        and box.contains(x, y)
        and contrast(segment.style) < least
    ]


def _placed(strip: Any) -> list[tuple[Any, int]]:
    found, x = [], 0
    for segment in strip:
        found.append((segment, x))
        x += segment.cell_length
    return found
