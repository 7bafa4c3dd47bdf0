"""Themes that the interview ships; the contrast of every text in them is tested."""

from __future__ import annotations

import os

from textual.app import App
from textual.theme import Theme

HIGH_CONTRAST = Theme(
    name="high-contrast",
    primary="#ffff00",
    secondary="#00ffff",
    accent="#ffff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    success="#00ff00",
    warning="#ffff00",
    error="#ffb0b0",
    dark=True,
    variables={"text-muted": "#ffffff", "text": "#ffffff"},
)
THEMES = ("textual-dark", "textual-light", HIGH_CONTRAST.name)
SHORT = {"dark": THEMES[0], "light": THEMES[1], "high-contrast": THEMES[2]}
INKS = {
    THEMES[0]: ("#7cc4ff", "#a8a8a8", "#8ad4a1", "#ffc473", "#ffa3a3"),
    THEMES[1]: ("#003f7a", "#4a4a4a", "#14532d", "#6b3e00", "#8a1020"),
    THEMES[2]: ("#ffff00", "#ffffff", "#00ff00", "#00ffff", "#ffb0b0"),
}
"""Colours of headings and keys, of what stands back, of good, new and bad; see `tui/ink.py`."""
INK_NAMES = ("ink-head", "ink-muted", "ink-good", "ink-new", "ink-warn")
SETTING = "ADVISOR_THEME"
"""Names the theme to begin with: dark, light or high-contrast."""


def dress(app: App[int]) -> None:
    """Give the program its themes, and the one that the setting names."""
    app.register_theme(HIGH_CONTRAST)
    wanted = SHORT.get(os.environ.get(SETTING, ""))
    if wanted:
        app.theme = wanted


def inks(theme: str) -> dict[str, str]:
    """Return the colours of texts in a theme, by the names that styles use."""
    return dict(zip(INK_NAMES, INKS.get(theme, INKS[THEMES[0]]), strict=True))


def change(app: App[int]) -> str:
    """Take the next theme; return its name."""
    at = THEMES.index(app.theme) if app.theme in THEMES else -1
    app.theme = THEMES[(at + 1) % len(THEMES)]
    return next(short for short, name in SHORT.items() if name == app.theme)
