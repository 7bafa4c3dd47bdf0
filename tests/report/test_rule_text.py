"""Rules in words: conditions, exceptions, conclusions, an example and sources."""

from __future__ import annotations

import pytest

from advisor.domain.rule import Clause, Op, Test, Var
from advisor.report.rule_text import clause_words, rule_section, rule_text
from tests.library.rule_files import read, rule

RULE = read(rule())[0][0]


def test_a_section_says_what_when_why_with_an_example_and_sources() -> None:
    assert rule_section(RULE).splitlines() == [
        "### COMP-012: Patient records stay with vendors that sign an agreement",
        "",
        "**Rule out $c for $d; baa is needed** (must).",
        "",
        "- When: the duty hipaa holds; $c could fill $d (deployment managed); "
        "unless provides of $c has baa.",
        "- Why: Why this is true, for the reviewer.",
        "- Example: given the duty hipaa holds; tool-x could fill monitoring "
        "(deployment managed), it says: tool-x for monitoring is run by a vendor without an "
        "agreement.",
        "- Sources: 45 CFR 164.308(b), (b)(1) (2026-08, recalled): written contract. "
        "Reviewed 2026-11-22.",
    ]


def test_the_terminal_shows_the_same_words_and_every_case() -> None:
    text = rule_text(RULE)
    assert "  unless provides of $c has baa\n" in text
    assert "  fires   a managed tool without an agreement is excluded\n" in text
    assert "  silent  with an agreement it stays\n" in text


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        (
            Clause(
                "answer",
                (Test("question", Op.EQ, "peak_rps"), Test("value", Op.GE, 50)),
            ),
            "the answer to peak_rps is at least 50",
        ),
        (
            Clause("quantity", (Test("name", Op.EQ, "gib"), Test("value", Op.LT, 4))),
            "gib is below 4",
        ),
        (
            Clause("class", (Test("id", Op.ONE_OF, ("rag", "chat")),)),
            "the situation is one of rag, chat",
        ),
        (
            Clause(
                "candidate",
                (
                    Test("decision", Op.EQ, "tuning"),
                    Test("id", Op.EQ, Var("c")),
                    Test("id", Op.NE, "none"),
                ),
            ),
            "$c, not none could fill tuning",
        ),
        (
            Clause("cost_estimate", (Test("budget_share_pct", Op.GT, 80),)),
            "cost estimate (budget_share_pct above 80)",
        ),
        (Clause("trait", (Test("candidate", Op.EQ, "x"),)), "any of x has any"),
    ],
)
def test_clauses_read_as_phrases(clause: Clause, said: str) -> None:
    assert clause_words(clause) == said
