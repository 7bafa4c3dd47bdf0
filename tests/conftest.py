"""Fixtures that many tests share: the real library, compiled once."""

from __future__ import annotations

import pytest

from advisor.library.load import load_library
from advisor.planning.kit import Kit


@pytest.fixture(scope="session")
def kit() -> Kit:
    """Return the real library made ready for planning."""
    return Kit(load_library())
