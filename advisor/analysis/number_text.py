"""Numbers as people write them: 70b, 10k, 1.5 million, $2,000, 0.5 TB, 12k /day, 2000 / 300."""

from __future__ import annotations

import re

from advisor.domain.questions import Question

LETTERS = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}
WORDS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}

_DAY = 86400.0
SECONDS = {
    "ms": 1e-3,
    "s": 1.0,
    "second": 1.0,
    "min": 60.0,
    "minute": 60.0,
    "h": 3600.0,
    "hour": 3600.0,
    "day": _DAY,
    "week": 7 * _DAY,
    "month": 365.25 / 12 * _DAY,
    "year": 365.25 * _DAY,
}
"""Words for spans of time, without a plural s; a month is a twelfth of 365.25 days."""
BYTES = {
    "kb": 1e3,
    "mb": 1e6,
    "gb": 1e9,
    "tb": 1e12,
    "pb": 1e15,
    "mib": 2.0**20,
    "gib": 2.0**30,
    "tib": 2.0**40,
    "pib": 2.0**50,
}
SAME = {
    "requests": ("queries", "predictions", "calls"),
    "currency": ("$", "usd", "dollars"),
    "percent": ("%",),
    "billions": ("parameters", "params"),
}
"""Other words for the unit of a question."""
BILLION = 1e9
COUNT_FROM = 1e5
"""A bare number this large cannot mean billions: it is the count itself."""

_PART = r"\$?\s*(?P<digits>-?\d(?:[\d.,_ ]*\d)?)\s*(?:(?P<letter>[kmbt])(?![a-z]))?\s*(?P<unit>.*)"
_COMMAS = r"-?\d{1,3}(,\d{3})+(\.\d+)?"
_SPACES = r"-?\d{1,3}([ _]\d{3})+([.,]\d+)?"
_PLAIN = r"-?\d+([.,]\d+)?"
_PAIR = r"\s*/\s*|,\s+|\s*;\s*|\s+and\s+"
"""Patterns; they are compiled when the first number is typed."""


def plain_number(question: Question, text: str, unit: str = "") -> str:
    """Return an answer in plain digits in the unit of the question; pairs with a comma between.

    What cannot be read stays as it is, so that the check of the answer names it.
    """
    unit = unit or question.unit
    if question.type != "pair":
        return _one(text, unit)
    parts = re.split(_PAIR, text.strip().strip("[]"))
    if len(parts) == 1 and text.count(",") == 1:
        parts = text.strip().split(",")
    return ", ".join(_one(part, unit) for part in parts)


def _one(text: str, unit: str) -> str:
    match = re.fullmatch(_PART, text.strip(), re.IGNORECASE)
    digits = _digits(match["digits"]) if match else ""
    if match is None or not digits:
        return text.strip()
    first, _, rest = match["unit"].strip().lower().partition(" ")
    factor = LETTERS.get((match["letter"] or "").lower(), 1.0) * WORDS.get(first, 1.0)
    said = rest if first in WORDS else match["unit"]
    scale = _scale(said.strip().lower(), unit.lower())
    if scale is None:
        return text.strip()
    value = float(digits) * factor
    if unit == "billions" and (factor > 1 or value >= COUNT_FROM):
        value /= BILLION
    return _written(value * scale)


def _digits(text: str) -> str:
    """Return the digits without grouping and with a decimal point, "" where they are unclear."""
    text = text.strip()
    if re.fullmatch(_COMMAS, text):
        return text.replace(",", "")
    if re.fullmatch(_SPACES, text):
        return re.sub("[ _]", "", text).replace(",", ".")
    return text.replace(",", ".") if re.fullmatch(_PLAIN, text) else ""


def _scale(said: str, unit: str) -> float | None:
    """Return what one `said` is in `unit`, None where it is another kind of thing."""
    if not said or said in ("rps", "qps"):
        return 1.0
    noun, _, per = _slashed(unit).partition("/")
    said_noun, _, said_per = _slashed(said).partition("/")
    scale = _noun_scale(said_noun.strip(), noun)
    if scale is None or not said_per:
        return scale
    span, said_span = _span(per), _span(said_per.strip())
    return scale * span / said_span if span and said_span else None


def _slashed(unit: str) -> str:
    return re.sub(r"(^|\s+)(per|an?)\s+", "/", unit)


def _noun_scale(said: str, noun: str) -> float | None:
    if said in ("", noun, *SAME.get(noun, ())) or said.rstrip("s") == noun.rstrip("s"):
        return 1.0
    if said in BYTES and noun in BYTES:
        return BYTES[said] / BYTES[noun]
    span, said_span = _span(noun), _span(said)
    return said_span / span if span and said_span else None


def _span(word: str) -> float | None:
    return SECONDS.get(word, SECONDS.get(word.removesuffix("s")))


def _written(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.12g}"


def also(unit: str, value: float) -> str:
    """Return a second reading of a rate, "1,036,800 a day"; "" for anything else."""
    return f"{value * _DAY:,.0f} a day" if unit == "requests/s" else ""
