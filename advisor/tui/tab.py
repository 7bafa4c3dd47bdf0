"""One tab of the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.report.model import Section

WHY, SENSITIVITY = "decisions", "sensitivity"
"""Tabs that are not plain pages: a list whose lines explain themselves; a study."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab; `section` is None for what is worked out live."""

    id: str
    title: str
    section: Section | None = None
