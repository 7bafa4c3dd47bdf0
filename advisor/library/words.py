"""Words in messages: the nearest valid word, and values as the user wrote them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

LISTED = 12
"""A vocabulary up to this size is listed in full where no word is near."""


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the valid word closest to `word`, or None where none is close."""
    import difflib  # noqa: PLC0415  (only for a mistake)

    by_lower = {valid.lower(): valid for valid in sorted(words)}
    near = difflib.get_close_matches(word.lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[near[0]] if near else None


def remedy(word: str, words: Iterable[str]) -> str:
    """Return what to write instead of `word`: the nearest valid word, else the valid words."""
    valid = sorted(words)
    near = nearest(word, valid)
    if near is not None:
        return f"did you mean '{near}'?"
    if not valid:
        return "nothing is allowed here"
    rest = f" and {len(valid) - LISTED} more" if len(valid) > LISTED else ""
    return f"use one of {', '.join(valid[:LISTED])}{rest}"


def shown(value: Any) -> str:
    """Return the value as messages quote it: on one line, at most 60 characters."""
    if isinstance(value, str):
        text = f"'{value}'" if value.isprintable() else repr(value)
    else:
        text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:56]} ..."
