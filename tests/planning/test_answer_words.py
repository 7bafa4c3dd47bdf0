"""Answers in words: labels, separators, units, one and many."""

from __future__ import annotations

import pytest

from advisor.domain.answers import Value
from advisor.domain.questions import Option, Question, Unknown
from advisor.planning.answer_words import answer_words


def question(unit: str = "", options: tuple[Option, ...] = ()) -> Question:
    return Question(
        "q", "goal", 1, "What?", "", "", "", "number", "quick", 1, Unknown(""), options, unit
    )


def shown(value: Value, unit: str = "", options: tuple[Option, ...] = ()) -> str:
    return answer_words([question(unit, options)], {"q": value})["q"].shown


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (250000, "currency/month", "250,000 US dollars a month"),
        (70.553706496, "billions", "70.55 billion parameters"),
        (1, "years", "1 year"),
        (2, "years", "2 years"),
        (1, "percent", "1 %"),
        ((2500, 350), "tokens", "2,500 and 350 tokens"),
        (0.5, "ms", "0.5 ms"),
    ],
)
def test_numbers_carry_their_unit(value: Value, unit: str, words: str) -> None:
    assert shown(value, unit) == words


def test_options_show_their_labels_also_where_they_look_like_numbers() -> None:
    options = (Option("99.9", "99.9 %, nine hours a year"), Option("yes", "yes, with approval"))
    assert shown(99.9, options=options) == "99.9 %, nine hours a year"
    assert shown(("yes", "own_word"), options=options) == "yes, with approval, own word"
