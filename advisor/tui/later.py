"""Screens and pages that come after the first question, imported while it is being read."""

from __future__ import annotations

from advisor.analysis.scenario_desk import told
from advisor.report.files import ANSWERS, write_files
from advisor.tui.result_tabs import page, tabs_of
from advisor.tui.ways_out import WaysOut
from advisor.tui.whatif_screen import WhatIfScreen
from advisor.tui.whatif_words import turned_words

__all__ = [
    "ANSWERS",
    "WaysOut",
    "WhatIfScreen",
    "page",
    "tabs_of",
    "told",
    "turned_words",
    "write_files",
]
