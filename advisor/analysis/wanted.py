"""Whether somebody still waits for what is being worked out."""

from __future__ import annotations

from collections.abc import Callable

Wanted = Callable[[], bool]
"""Says whether a result is still of use."""


class Dropped(Exception):  # noqa: N818  (no error: its answers have changed)
    """A study whose answers have changed in the meantime."""
