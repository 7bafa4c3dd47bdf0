"""`advisor cost`: the table, the JSON contract and the exit codes."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from advisor.cli import main

LORA = "tests/scenarios/lora-startup.yaml"
DAY = ["--as-of", "2026-11-22"]


def run(arguments: list[str]) -> int:
    """Run a command; none of these opens the interview."""
    return main.run(arguments, lambda *_: pytest.fail("the interview was opened"))


def test_months_and_components_add_up_to_the_total(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cost", LORA, "--json", *DAY]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [m["month"] for m in data["months"]][:2] == ["2026-11", "2026-12"]
    assert len(data["months"]) == data["months_of_building"] + 18 == 20
    for end in ("low", "likely", "high"):
        total = Decimal(data["total"][end])
        assert sum(Decimal(m[end]) for m in data["months"]) == total
        assert sum(Decimal(c[end]) for c in data["components"]) == total
    assert data["currency"] == "USD"
    assert data["price_date"]
    assert data["excluded"]


@pytest.mark.parametrize(("by", "row"), [("month", "2027-03"), ("component", "Retraining")])
def test_the_table_closes_with_total_date_and_exclusions(
    by: str, row: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["cost", LORA, "--by", by, *DAY]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith(row) for line in lines)
    assert any(line.startswith("Total") for line in lines)
    assert (
        "US dollars over 2 months of building and 18 months of use, 2026-11 to 2028-06; prices"
        in "\n".join(lines)
    )
    assert any(line.startswith("Left out: ") and "taxes" in line for line in lines)


def test_months_may_be_asked_instead_of_the_stated_life(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["cost", LORA, "--months", "60", "--json", *DAY]) == 0
    assert len(json.loads(capsys.readouterr().out)["months"]) == 2 + 60


def test_ways_are_compared_with_what_decides_between_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["cost", LORA, "--compare-ways", *DAY]) == 0
    text = capsys.readouterr().out
    for words in (
        "On demand",
        "Spot",
        "1-year commitment",
        "pays:",
        "risk:",
        "Left out",
    ):
        assert words in text
    assert run(["cost", "tests/scenarios/chat-70b-eu.yaml", "--compare-ways", *DAY]) == 0
    assert "Mix for" in capsys.readouterr().out
    assert run(["cost", LORA, "--compare-ways", "--json", *DAY]) == 0
    data = json.loads(capsys.readouterr().out)
    assert {"use", "id", "total", "break_even", "exit_cost", "risk"} <= set(data["ways"][0])
    assert data["total"]["likely"]
