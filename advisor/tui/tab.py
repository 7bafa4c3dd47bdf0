"""One tab of the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.frozen import dataclass

if TYPE_CHECKING:
    from advisor.report.model import Section

WHY, SENSITIVITY, OPTIONS = "decisions", "sensitivity", "options"
"""Tabs that are more than pages: lines that explain themselves; a study; weights to turn."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab; `section` is None for what is worked out live."""

    id: str
    title: str
    section: Section | None = None
