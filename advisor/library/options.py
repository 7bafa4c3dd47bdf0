"""Options that look like numbers: `99.9` and `"99.9"` are the same answer."""

from __future__ import annotations

import re

from advisor.domain.rule import Scalar

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


def canonical(value: Scalar) -> Scalar:
    """Return the number that the text spells, else the value; whole numbers become int."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            return value
        value = float(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
