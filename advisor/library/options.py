"""Answers that pick an option: `99.9` and `"99.9"` are the same one."""

from __future__ import annotations

import re
from collections.abc import Collection

from advisor.domain.rule import Scalar

_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")


def option_of(value: Scalar, options: Collection[str]) -> str | None:
    """Return the option that the value means, or None; numbers are compared as numbers."""
    text = str(value)
    if text in options:
        return text
    if not _NUMBER.fullmatch(text):
        return None
    return next((o for o in options if _NUMBER.fullmatch(o) and float(o) == float(text)), None)
