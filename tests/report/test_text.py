"""Text on its way into a report: harmless for terminals, Markdown and the direction of writing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.domain.plan import Money
from advisor.report.text import (
    LONGEST,
    clean,
    counted,
    listed,
    markdown,
    number,
    phrase,
    sentence,
    spaced,
    usd,
    usd_range,
)


@pytest.mark.parametrize(
    "acting",
    [
        "\x1b[31mred\x1b[0m",
        "\x9b31m",
        "\u202eevil\u202c",
        "\u2066x\u2069",
        "a\x00b",
        "\ufeffa",
        "x\u2028y",
        "\x07",
        "\u200bz",
    ],
)
def test_nothing_that_acts_on_a_terminal_or_on_direction_survives(acting: str) -> None:
    left = clean(acting)
    assert left.isprintable()
    assert not set(left) & set("\x1b\x9b\u202e\u202c\u2066\u2069\x00\ufeff\x07\u200b")


def test_lines_become_one_line() -> None:
    assert clean(" one\n\n two\tthree ") == "one two three"


def test_a_long_text_is_cut_and_says_by_how_much() -> None:
    assert clean("x" * 10_000).endswith(f"… ({10_000 - LONGEST:,} more characters)")


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))"),
        ("![x](y)", "!\\[x\\](y)"),
        ("**bold** `code` ~~gone~~", "\\*\\*bold\\*\\* \\`code\\` \\~\\~gone\\~\\~"),
        ("a | b", "a \\| b"),
        ("# title", "\\# title"),
        ("> quote", "\\> quote"),
        ("1. item", "1\\. item"),
        ("- item", "\\- item"),
        ("1.5 h", "1.5 h"),
        ("snake_case stays, _this_ does not", "snake_case stays, \\_this\\_ does not"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        (
            "see https://evil.example and www.evil.example",
            "see https\\://evil.example and www\\.evil.example",
        ),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_markdown_shows_the_text_as_it_is(raw: str, safe: str) -> None:
    assert markdown(raw) == safe


def test_pieces_keep_the_space_between_them() -> None:
    assert spaced(" a ", "A") == " A "
    assert spaced("a", "A") == "A"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("27300.4", "$27,300"), ("6.9", "$6.90"), ("0", "$0"), ("0.004", "$0.00")],
)
def test_dollars_show_cents_only_where_they_count(amount: str, shown: str) -> None:
    assert usd(Decimal(amount)) == shown


def test_a_range_is_left_out_where_there_is_none() -> None:
    assert usd_range(Money(Decimal(21), Decimal(27), Decimal(34))) == "$27 ($21 to $34)"
    assert usd_range(Money(Decimal(27), Decimal(27), Decimal(27))) == "$27"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(61.24, "61.2"), (1250.4, "1,250"), (0.012345, "0.0123"), (float("inf"), "no limit")],
)
def test_numbers_have_three_significant_digits(value: float, shown: str) -> None:
    assert number(value) == shown


def test_sentences_begin_with_a_capital_and_end_once() -> None:
    assert sentence("a run takes 3 h") == "A run takes 3 h."
    assert sentence("Done.") == "Done."
    assert sentence(" ") == ""
    assert phrase("Done.") == "Done"


def test_lists_and_counts_read_as_words() -> None:
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a"]) == "a"
    assert (counted(1, "node"), counted(2, "node")) == ("1 node", "2 nodes")
