"""Cases of rules: failing ones are named, and so is every change that no case would notice."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.analysis.rule_checks import check_rules, mutants
from tests.library.rule_files import read, rule, without_cases


def said(raw: dict[str, Any]) -> list[str]:
    found, problems = read(raw)
    assert problems == []
    return [f"{p.id}: {p.message}" for p in check_rules(found)]


def case(rps: float, *fires: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": f"{rps} a second",
        "given": [{"answer": {"peak_rps": rps}}],
        "fires": list(fires),
    }


def busy(*cases: dict[str, Any], **changes: Any) -> dict[str, Any]:
    own = {"when": [{"answer": {"peak_rps": {"ge": 100}}}], "cases": list(cases)}
    return without_cases(**{**own, **changes})


def test_a_rule_whose_cases_notice_every_change_is_left_alone() -> None:
    assert said(busy(case(100, {}), case(99))) == []


def test_a_case_that_fails_is_named_with_what_happened_instead() -> None:
    assert said(busy(case(100), case(99))) == [
        "E135: '100 a second': expected silence, got {}; correct the rule or the case"
    ]


def test_a_boundary_that_no_case_holds_is_named() -> None:
    assert said(busy(case(500, {}), case(5))) == [
        "E137: no case fails when 'value ge 100' becomes 'gt'; add a case that does"
    ]


def test_a_none_clause_that_no_case_needs_is_named() -> None:
    none = [{"class": {"id": "small_team"}}]
    (problem,) = [line for line in said(busy(case(100, {}), case(99), none=none)) if "drop" in line]
    assert problem.startswith("E137: no case fails when 'class id eq small_team' is dropped")


def test_the_example_of_the_contract_needs_a_case_without_the_duty() -> None:
    assert any("'duty id eq hipaa' is dropped from 'when'" in line for line in said(rule()))


def test_a_sentence_that_cannot_be_rendered_is_named() -> None:
    when = [{"answer": {"sector": "$s"}}]
    cases = [
        {"name": "fires", "given": [{"answer": {"sector": "other"}}], "fires": [{"s": "other"}]},
        {"name": "silent", "given": [], "fires": []},
    ]
    (problem,) = said(without_cases(when=when, cases=cases, because="There are {s:.0f} of them."))
    assert problem.startswith("E136: 'because' cannot be rendered for 'fires'")


@pytest.mark.parametrize(
    ("test", "operators"),
    [({"ge": 5}, ["lt", "gt"]), ({"lt": 5}, ["ge", "le"]), ({"ne": 5}, ["eq"]), (5, ["ne"])],
)
def test_comparisons_are_negated_and_shifted(test: Any, operators: list[str]) -> None:
    (found,), _ = read(without_cases(when=[{"answer": {"peak_rps": test}}]))
    changed = [mutant.when[0].tests[1].op for _, _, mutant in mutants(found) if mutant.when]
    assert changed == operators


def test_a_clause_that_binds_a_needed_name_is_not_dropped() -> None:
    (found,), _ = read(rule())
    dropped = [what for what, _, _ in mutants(found) if "dropped" in what]
    assert not any("candidate decision" in what for what in dropped)
