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
SETTING = "ADVISOR_THEME"
"""Names the theme to begin with: dark, light or high-contrast."""


def dress(app: App[int]) -> None:
    """Give the program its themes, and the one that the setting names."""
    app.register_theme(HIGH_CONTRAST)
    wanted = SHORT.get(os.environ.get(SETTING, ""))
    if wanted:
        app.theme = wanted


def change(app: App[int]) -> str:
    """Take the next theme; return its name."""
    at = THEMES.index(app.theme) if app.theme in THEMES else -1
    app.theme = THEMES[(at + 1) % len(THEMES)]
    return next(short for short, name in SHORT.items() if name == app.theme)
