"""Values to try for a question: `1:200:log`, `10:90:lin:9`, `99,99.9`, `all`."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from advisor.domain.answers import Value
from advisor.domain.questions import Question
from advisor.frozen import dataclass
from advisor.library.answer_values import checked, from_text
from advisor.library.words import remedy

POINTS = 13
"""Values of a range that does not say how many: four a factor of ten from 1 to 1,000."""
MOST_POINTS = 1000
WIDE = 10.0
"""A range over this factor is walked by factors unless it says otherwise."""
DIGITS = 4
"""Significant digits to which values are tried and flip points are found."""
SCALES = ("log", "lin")


@dataclass(frozen=True, slots=True)
class Axis:
    """A question and the canonical values to try; `ordered` where others lie between them."""

    question: Question
    values: tuple[Value, ...]
    ordered: bool = False


def axis_of(question: Question, text: str) -> Axis:
    """Return the values that a text asks for; raises ValueError with what to write instead.

    Commas separate values, `+` joins what is one answer (aws+gcp, 2000+300).
    """
    if question.type == "number" and ":" in text:
        return number_axis(question, *_range(text))
    if text == "all":
        if not question.options:
            raise ValueError("it has no options; write a range such as 1:200:log")
        return Axis(question, tuple(_canonical(question, o.id) for o in question.options))
    parts = [part.strip().replace("+", ",") for part in text.split(",")]
    return Axis(question, tuple(_canonical(question, from_text(question, p)) for p in parts))


def _range(text: str) -> tuple[float, float, str, int]:
    low, high, *rest = (part.strip() for part in text.split(":"))
    scale = rest[0] if rest else ""
    if scale not in ("", *SCALES) or len(rest) > 2:
        raise ValueError(f"'{text}' is no range; write 1:200:log or 1:200:lin:20")
    try:
        return float(low), float(high), scale, int(rest[1]) if len(rest) == 2 else POINTS
    except ValueError:
        raise ValueError(f"'{text}' is no range of numbers; write 1:200:log") from None


def number_axis(
    question: Question, low: float, high: float, scale: str = "", points: int = POINTS
) -> Axis:
    """Return `points` values from `low` to `high`, by factors (`log`) or steps (`lin`).

    Raises ValueError where the range is empty or a bound is no answer to the question.
    """
    scale = scale or ("log" if low > 0 and high / low >= WIDE else "lin")
    if not low < high or (scale == "log" and low <= 0):
        raise ValueError(
            f"{low:g}:{high:g} is empty; the first number is the smaller one"
            + (", and above 0 for log" if scale == "log" else "")
        )
    if not 2 <= points <= MOST_POINTS:
        raise ValueError(f"{points} values cannot be tried; write 2 to {MOST_POINTS}")
    shares = [i / (points - 1) for i in range(points)]
    if scale == "log":
        found = [low * (high / low) ** share for share in shares]
    else:
        found = [low + (high - low) * share for share in shares]
    values = dict.fromkeys(_neat(question, value) for value in found)
    return Axis(question, tuple(_canonical(question, value) for value in values), ordered=True)


def _neat(question: Question, value: float) -> int | float:
    """Return the value to four significant digits, whole where the question counts things."""
    if question.counts:
        return round(value)
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short.is_integer() else short


def _canonical(question: Question, said: Any) -> Value:
    return checked(question, said)[0]


def between(question: Question, low: float, high: float, least: float) -> int | float | None:
    """Return a value about half-way that can still be told from both, else None.

    `least` is the distance below which values are not told apart.
    """
    middle = _neat(question, (low + high) / 2)
    return middle if low < middle < high and high - low > least else None


def finest(axis: Axis) -> float:
    """Return the distance below which values of an ordered axis are not told apart."""
    steps = [b - a for a, b in pairwise(numbers(axis))]
    return min(steps) * 10.0**-DIGITS


def numbers(axis: Axis) -> list[float]:
    """Return the values of an ordered axis as numbers, ascending."""
    return sorted(v for v in axis.values if isinstance(v, int | float))


def question_of(questions: tuple[Question, ...], name: str) -> Question:
    """Return the question of that id; raises ValueError with the nearest one."""
    found = next((q for q in questions if q.id == name), None)
    if found is None:
        raise ValueError(f"no question '{name}'; {remedy(name, [q.id for q in questions])}")
    return found
