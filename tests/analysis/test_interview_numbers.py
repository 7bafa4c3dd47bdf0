"""Numbers as people write them. Spans use 365.25 days a year; binary units are powers of 1,024."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.analysis.interview import Interview
from advisor.analysis.number_text import also, plain_number
from advisor.domain.answers import Value
from tests.analysis.interview_cases import PEAK, QUESTIONS, TOKENS, question


@pytest.mark.parametrize(
    ("text", "unit", "plain"),
    [
        ("12", "requests/s", "12"),
        ("1.5", "factor", "1.5"),
        ("1,5", "factor", "1.5"),
        ("70k", "requests/s", "70000"),
        ("3M", "chunks", "3000000"),
        ("1,250,000", "chunks", "1250000"),
        ("1 250 000", "chunks", "1250000"),
        ("1_000", "chunks", "1000"),
        ("$10k", "currency/month", "10000"),
        ("2 million", "chunks", "2000000"),
        ("24000 /year", "currency/month", "2000"),
        ("70b", "billions", "70"),
        ("70,000,000,000", "billions", "70"),
        ("70 billion", "billions", "70"),
        ("70", "billions", "70"),
        ("350m", "billions", "0.35"),
        ("7b parameters", "billions", "7"),
        ("0.5 TB", "GB", "500"),
        ("1 GiB", "GB", "1.073741824"),
        ("500 MB", "GB", "0.5"),
        ("2 s", "ms", "2000"),
        ("500 ms", "ms", "500"),
        ("90 min", "hours", "1.5"),
        ("2 days", "hours", "48"),
        ("21 days", "weeks", "3"),
        ("12k /day", "requests/s", "0.138888888889"),
        ("86400 requests per day", "requests/s", "1"),
        ("60 a minute", "requests/s", "1"),
        ("20 %", "percent", "20"),
        ("1e6", "chunks", "1e6"),
    ],
)
def test_suffixes_grouping_and_units_are_understood(text: str, unit: str, plain: str) -> None:
    assert plain_number(question("n", 1, "number", unit=unit), text) == plain


@pytest.mark.parametrize(
    "text", ["seventy", "5 parsecs", "500 kg", "1 2 3", "12 tokens/s", "1,23,4", "", "--3", "k"]
)
def test_what_is_unclear_is_handed_on_as_it_is(text: str) -> None:
    assert plain_number(PEAK, text) == text


@pytest.mark.parametrize(
    "text",
    [
        "2000 / 300",
        "2000/300",
        "2k, 300",
        "2000,300",
        "[2000, 300]",
        "2,000 and 300",
        "2000; 300 tokens",
    ],
)
def test_pairs_are_written_in_many_ways(text: str) -> None:
    assert plain_number(TOKENS, text) == "2000, 300"


@pytest.mark.parametrize("text", ["70b", "70,000,000,000", "70 billion"])
def test_the_three_ways_to_write_seventy_billion_mean_the_same(text: str) -> None:
    interview = Interview(QUESTIONS)
    assert interview.read(interview.by_id["size"], text) == (70, "")


def test_a_unit_that_follows_an_earlier_answer_is_used() -> None:
    interview = Interview((replace(PEAK, unit="hours"),))
    value: tuple[Value, str] = interview.read(interview.questions[0], "30 min")
    assert value == (0.5, "")


def test_a_rate_is_told_by_day_too() -> None:
    assert also("requests/s", 12) == "1,036,800 a day"
    assert also("GB", 12) == ""
