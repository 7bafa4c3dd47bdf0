"""Boxes, the result and its words: imported with the first question on the screen."""

from __future__ import annotations

from advisor.analysis.clashes import clashes
from advisor.tui.advice_words import panel, strip
from advisor.tui.opener import file_box, path_of, start_box
from advisor.tui.popup import Picker, Prompt, Reading
from advisor.tui.result_view import ResultView

__all__ = [
    "Picker",
    "Prompt",
    "Reading",
    "ResultView",
    "clashes",
    "file_box",
    "panel",
    "path_of",
    "start_box",
    "strip",
]
