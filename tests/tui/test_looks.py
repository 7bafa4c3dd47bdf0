"""What the screens look like: plain dumps and drawings that a reviewer can read, and contrast."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from rich.color import Color
from rich.style import Style
from textual.pilot import Pilot

from tests.tui.screens import NARROW, WIDE, opened, press, settled, strips, text
from tests.tui.still_advice import still_app

DUMPS = Path(__file__).parent / "dumps"
UPDATE = "ADVISOR_UPDATE_DUMPS"
SCREENS: dict[str, tuple[tuple[int, int], tuple[str, ...]]] = {
    "choice-80x24": (NARROW, ("2",)),
    "number-80x24": (NARROW, ("2", "enter", "7", "b")),
    "number-120x40": (WIDE, ("2", "enter", "7", "b")),
    "error-80x24": (NARROW, ("1", "enter", "9", "space", "q", "enter")),
    "result-80x24": (NARROW, ("r",)),
    "result-120x40": (WIDE, ("r", "2")),
    "review-80x24": (NARROW, ("2", "d", "v")),
    "choice-40x12": ((40, 12), ()),
    "too-small-20x6": ((20, 6), ()),
}


@pytest.mark.parametrize("name", SCREENS)
async def test_the_screen_reads_as_it_was_approved(name: str) -> None:
    """Set ADVISOR_UPDATE_DUMPS=1 to approve anew; review the change as text."""
    size, keys = SCREENS[name]
    async with opened(still_app(), size) as pilot:
        await press(pilot, *keys)
        found = text(pilot)
    approved = DUMPS / f"{name}.txt"
    if os.environ.get(UPDATE) == "1":
        DUMPS.mkdir(exist_ok=True)
        approved.write_text(found, encoding="utf-8")
    assert found == approved.read_text(encoding="utf-8")


@pytest.mark.skipif(version("textual") != "8.2.8", reason="drawings change with textual")
@pytest.mark.parametrize("size", [NARROW, WIDE])
def test_the_screen_looks_as_it_was_approved(
    snap_compare: Callable[..., bool], size: tuple[int, int]
) -> None:
    async def answer(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, "2", "enter", "7", "b")

    run: Callable[[Pilot[Any]], Awaitable[None]] = answer
    assert snap_compare(still_app(), terminal_size=size, run_before=run)


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


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("keys", [("2",), ("2", "enter", "7"), ("r",), ("r", "2"), ("w",), ("v",)])
async def test_all_text_stands_out_from_its_ground(theme: str, keys: tuple[str, ...]) -> None:
    app = still_app()
    async with opened(app, WIDE) as pilot:
        app.theme = theme
        await press(pilot, *keys)
        popup = len(app.screen_stack) > 2
        box = app.screen.query_one(".box").region if popup else app.screen.region
        weak = []
        for y, strip in enumerate(strips(pilot)):
            for segment, x in _placed(strip):
                is_text = any(c.isalnum() for c in segment.text)
                if is_text and box.contains(x, y) and contrast(segment.style) < 4.5:
                    weak.append((segment.text, round(contrast(segment.style), 1)))
        assert weak == []


def _placed(strip: Any) -> list[tuple[Any, int]]:
    found, x = [], 0
    for segment in strip:
        found.append((segment, x))
        x += segment.cell_length
    return found
