"""One answer against its question: canonical value, or what is wrong with it."""

from __future__ import annotations

import math
from typing import Any

from advisor.domain.answers import UNKNOWN, Value
from advisor.domain.questions import Question
from advisor.domain.rule import Scalar
from advisor.library.options import option_of
from advisor.library.words import remedy, shown


def checked(question: Question, said: Any) -> tuple[Value, str]:
    """Return the canonical value and a warning, "" where there is none.

    Options are the ids of the question, in its order for multi-choice; numbers stay as written.
    Raises ValueError with what is wrong and what to do where the value cannot be an answer.
    """
    if said == UNKNOWN:
        return UNKNOWN, ""
    if said is None:
        raise ValueError("nothing is written; give an answer or 'unknown'")
    return _READERS[question.type](question, said)


def from_text(question: Question, text: str) -> Any:
    """Return what a text from the command line means: a number, an option, or a list of them.

    Items of lists are separated by commas. The result is still to be `checked`.
    """
    if question.type in {"multi", "ranking", "pair"}:
        items = [item.strip() for item in text.strip("[] ").split(",")]
        return [_number(item) for item in items] if question.type == "pair" else items
    return _number(text.strip()) if question.type == "number" else text.strip()


def _number(text: str) -> int | float | str:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def _single(question: Question, said: Any) -> tuple[Value, str]:
    if isinstance(said, list):
        raise ValueError(f"{shown(said)} is a list; this question takes one option")
    return _option(question, said), ""


def _multi(question: Question, said: Any) -> tuple[Value, str]:
    chosen = _chosen(question, said)
    alone = {option.id for option in question.options if option.alone}
    warning = ""
    if len(chosen) > 1 and (stray := chosen & alone):
        kept = chosen - alone or {min(stray)}
        warning = f"{_named(question, chosen - kept)} excludes other options and is left out"
        chosen = kept
    return tuple(o.id for o in question.options if o.id in chosen), warning


def _named(question: Question, ids: set[str]) -> str:
    """Return what the options are called, in quotes."""
    return ", ".join(f"'{o.label}'" for o in question.options if o.id in ids)


def _ranking(question: Question, said: Any) -> tuple[Value, str]:
    ranked = [_option(question, one) for one in _items(said)]
    if len(set(ranked)) < len(ranked):
        raise ValueError(f"{shown(said)} names something twice; rank each once")
    if not ranked:
        raise ValueError("the list is empty; rank at least one, or write 'balanced'")
    if "balanced" in ranked and len(ranked) > 1:
        alone = _named(question, {"balanced"})
        raise ValueError(f"{alone} stands alone; drop it or drop the ranking")
    return tuple(ranked), ""


def _chosen(question: Question, said: Any) -> set[str]:
    items = [one for one in _items(said) if one != UNKNOWN or _is_option(question, UNKNOWN)]
    if wrong := [error for one in items if (error := _refusal(question, one))]:
        raise ValueError(" and ".join(wrong))
    if items:
        return {_option(question, one) for one in items}
    if said == [] and _is_option(question, "none"):
        return {"none"}
    raise ValueError("the list is empty; name options, or write 'unknown'")


def _refusal(question: Question, said: Any) -> str:
    try:
        _option(question, said)
    except ValueError as error:
        return str(error)
    return ""


def _items(said: Any) -> list[Any]:
    return said if isinstance(said, list) else [said]


def _is_option(question: Question, word: str) -> bool:
    return any(option.id == word for option in question.options)


def _option(question: Question, said: Any) -> str:
    ids = [option.id for option in question.options]
    is_scalar = isinstance(said, str | int | float) and not isinstance(said, bool)
    found = option_of(said, ids) if is_scalar else None
    if found is None:
        raise ValueError(f"{shown(said)} is not an option; {remedy(str(said), ids)}")
    return found


def _pair(question: Question, said: Any) -> tuple[Value, str]:
    if not isinstance(said, list) or len(said) != 2:
        raise ValueError(f"{shown(said)} is not a pair; write two numbers, such as [2000, 300]")
    found = [_limited(question, one) for one in said]
    return tuple(value for value, _ in found), next((w for _, w in found if w), "")


def _limited(question: Question, said: Any) -> tuple[Scalar, str]:
    unit = f" {question.unit}" if question.unit else ""
    if isinstance(said, str):
        raise ValueError(f"{shown(said)} is text; write a number{' of' if unit else ''}{unit}")
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise ValueError(f"{shown(said)} is not a number; write one, or 'unknown'")
    if not math.isfinite(said):
        raise ValueError(f"{said} is not finite; write a number, or 'unknown'")
    low, high = question.hard_minimum, question.hard_maximum
    mend = "correct it or write 'unknown'"
    if said < 0 and (low is None or low >= 0):
        raise ValueError(f"{shown(said)} is negative; write a number from {low or 0:,.10g}{unit}")
    if low is not None and said < low:
        raise ValueError(f"{shown(said)} is below {low:,.10g}{unit}; {mend}")
    if high is not None and said > high:
        raise ValueError(f"{shown(said)} is above {high:,.10g}{unit}; {mend}")
    return said, _soft(question, said, unit)


def _soft(question: Question, said: float, unit: str) -> str:
    low, high = question.minimum, question.maximum
    if (low is not None and said < low) or (high is not None and said > high):
        usual = f"{low:,.10g} to {high:,.10g}"
        here = f"{said:,.{10 if said > 1 else 3}g}{unit}"
        return f"{here} is outside the usual range {usual}; used as it is"
    if question.integer and said != int(said):
        return f"{said:,.10g} is not a whole number; used as it is"
    return ""


_READERS = {
    "single": _single,
    "multi": _multi,
    "ranking": _ranking,
    "number": _limited,
    "pair": _pair,
}
