"""Reading `expect:`: every form, and every word that names nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from advisor.domain.expectations import Demand, Expectation
from advisor.errors import InputError
from advisor.library.expectations import ExpectedWords, read_expectations

WORDS = ExpectedWords(
    {"orchestrator": ["none", "cron", "airflow3"], "security": ["none", "iam", "vault"]},
    ["checkpointing", "spot"],
    ["no-spares"],
)


def expected(tmp_path: Path, *lines: str) -> list[tuple[str, Demand, tuple[str, ...]]]:
    return [(e.subject, e.demand, e.words) for e in read(tmp_path, *lines)]


def read(tmp_path: Path, *lines: str) -> tuple[Expectation, ...]:
    path = tmp_path / "a.yaml"
    path.write_text("\n".join(["answers: {}", "expect:", *(f"  {line}" for line in lines)]))
    return read_expectations(path, WORDS)


def test_a_word_a_list_and_a_mapping_say_what_is_chosen(tmp_path: Path) -> None:
    assert expected(
        tmp_path,
        "orchestrator: cron",
        "security: {has: [iam], not: vault}",
    ) == [
        ("orchestrator", Demand.ONE_OF, ("cron",)),
        ("security", Demand.HAS, ("iam",)),
        ("security", Demand.NOT, ("vault",)),
    ]
    assert expected(tmp_path, "orchestrator: [cron, none]") == [
        ("orchestrator", Demand.ONE_OF, ("cron", "none"))
    ]


def test_a_list_of_practices_asks_for_all_of_them(tmp_path: Path) -> None:
    assert expected(tmp_path, "practices: [checkpointing, spot]") == [
        ("practices", Demand.HAS, ("checkpointing", "spot"))
    ]


def test_a_bare_amount_is_a_ceiling(tmp_path: Path) -> None:
    (ceiling,) = read(tmp_path, "month_usd: 1500.5")
    assert (ceiling.demand, ceiling.usd) == (Demand.AT_MOST, Decimal("1500.5"))
    (floor,) = read(tmp_path, "lifetime_usd: {at_least: 800}")
    assert (floor.demand, floor.usd) == (Demand.AT_LEAST, Decimal(800))


def test_an_expectation_knows_its_line(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "feasible: no")
    assert (found.place.line, found.words) == (3, ("no",))


def test_a_file_without_the_section_expects_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("problem_type: forecasting\n")
    assert read_expectations(path, WORDS) == ()


def test_every_unknown_word_is_named_with_its_line_and_the_nearest_valid_one(
    tmp_path: Path,
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "orchestrater: cron", "orchestrator: crn", "practices: [spott]")
    said = str(caught.value).splitlines()
    assert len(said) == 3
    assert said[0].endswith(
        "a.yaml:3:3: E302: orchestrater: no decision 'orchestrater'; did you mean 'orchestrator'?"
    )
    assert "did you mean 'cron'?" in said[1]
    assert "did you mean 'spot'?" in said[2]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("feasible: true", "use one of no, yes"),
        ("month_usd: cheap", "E301"),
        ("month_usd: {at_mots: 5}", "did you mean 'at_most'?"),
        ("month_usd: -5", "is below 0"),
        ("orchestrator: {nott: [cron]}", "did you mean 'not'?"),
        ("orchestrator: []", "has too few entries"),
        ("orchestrator: 5", "is a whole number"),
    ],
)
def test_a_wrong_form_is_refused_in_one_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, line)
    assert said in str(caught.value)
    assert ":3:" in str(caught.value)
