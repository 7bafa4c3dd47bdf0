"""Regulations: clauses with a control, a duty, a period in force and something to confirm."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from advisor.domain.regulations import ClauseRecord
from advisor.library import decisions, regulations
from advisor.library.locate import library_root
from advisor.library.records import read_files
from advisor.library.yamlfile import Document

KNOWLEDGE = library_root() / "knowledge"
CONTROLS = KNOWLEDGE / "regulations" / "controls.yaml"


@pytest.fixture(scope="module")
def documents() -> tuple[Document, ...]:
    paths = [p for p in sorted((KNOWLEDGE / "regulations").glob("*.yaml")) if p != CONTROLS]
    return read_files(paths, "regulations")


@pytest.fixture(scope="module")
def clauses(documents: tuple[Document, ...]) -> dict[str, ClauseRecord]:
    return regulations.parse(documents)


def problems(documents: tuple[Document, ...]) -> list[str]:
    controls = regulations.parse_controls(read_files([CONTROLS], "controls"))
    duties = decisions.load_words(KNOWLEDGE).duties
    return [str(p) for p in regulations.reference_problems(documents, controls, duties)]


def test_every_clause_names_a_known_control_and_duty(documents: tuple[Document, ...]) -> None:
    assert problems(documents) == []


def test_every_regime_of_the_raw_material_is_there(clauses: dict[str, ClauseRecord]) -> None:
    assert len(clauses) == 134
    assert len({clause.regime for clause in clauses.values()}) == 29


def test_every_duty_and_every_control_has_a_clause(clauses: dict[str, ClauseRecord]) -> None:
    assert {c.duty for c in clauses.values()} == set(decisions.load_words(KNOWLEDGE).duties)
    controls = regulations.parse_controls(read_files([CONTROLS], "controls"))
    assert {c.control for c in clauses.values()} == set(controls)


def test_high_risk_duties_of_the_ai_act_begin_in_december_2027(
    clauses: dict[str, ClauseRecord],
) -> None:
    clause = clauses["EU-06"]
    assert not clause.in_force("2026-11-22")
    assert not clause.in_force("2026-11-22", "2027-12-01")
    assert clause.in_force("2026-11-22", "2027-12-02")
    assert clause.in_force("2027-12-02")


def test_a_clause_without_dates_is_in_force_on_any_day(clauses: dict[str, ClauseRecord]) -> None:
    assert clauses["HIPAA-06"].in_force("2026-11-22")


def test_a_clause_that_ended_binds_no_more(clauses: dict[str, ClauseRecord]) -> None:
    ended = replace(clauses["HIPAA-06"], applies_until="2026-06-30")
    assert ended.in_force("2026-06-30")
    assert not ended.in_force("2026-07-01", "2030-01-01")


def test_the_period_says_from_when_a_clause_binds(clauses: dict[str, ClauseRecord]) -> None:
    clause = clauses["EU-07"]
    assert clause.period("2026-11-22") == "10 years; applies from 2027-12-02"
    assert clause.period("2028-01-01") == "10 years"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"control": "encrypt_at_rst"}, "did you mean 'encrypt_at_rest'?"),
        ({"duty": "hippa"}, "did you mean 'hipaa'?"),
        ({"applies_from": "2026-02-30"}, "is no day"),
        ({"applies_from": "2027-01-01", "applies_until": "2026-01-01"}, "lies before"),
    ],
)
def test_what_does_not_hold_is_refused(fields: dict[str, Any], said: str) -> None:
    row = {"id": "X-01", "control": "encrypt_at_rest", "duty": "hipaa", **fields}
    assert any(said in p for p in problems((Document("r.yaml", {"clauses": [row]}),)))
