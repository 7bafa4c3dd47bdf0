"""Fixtures that many tests share: the real library, compiled once."""

from __future__ import annotations

import pytest

from advisor.library.load import load_library
from advisor.planning.kit import Kit


@pytest.fixture(autouse=True)
def _without_packs_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what lies in the configuration folder of this machine out of the tests."""
    monkeypatch.setenv("ADVISOR_NO_USER_PACKS", "1")


@pytest.fixture(scope="session")
def kit() -> Kit:
    """Return the real library made ready for planning."""
    return Kit(load_library())
