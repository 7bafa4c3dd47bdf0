"""Rules about rules: what a set of rules must not contain."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.domain.rule import RuleSpec
from advisor.library.rule_lint import lint_rules
from tests.library.rule_files import read, without_cases


def rules(*raw: dict[str, Any]) -> list[RuleSpec]:
    found, problems = read(*raw)
    assert problems == []
    return found


def said(*raw: dict[str, Any]) -> list[str]:
    return [f"{p.id} {p.path}: {p.message}" for p in lint_rules(rules(*raw))]


FIRES = {"name": "fires", "given": [{"answer": {"sector": "other"}}], "fires": [{}]}
SILENT = {"name": "stays silent", "given": [], "fires": []}


def good(id_: str = "COMP-001", **changes: Any) -> dict[str, Any]:
    own = {"when": [{"answer": {"sector": "other"}}], "cases": [FIRES, SILENT]}
    return without_cases(id=id_, **{**own, **changes})


def other(id_: str, **changes: Any) -> dict[str, Any]:
    return good(id_, **{"then": [{"practice": {"id": "baa"}}], **changes})


def test_a_good_rule_raises_nothing() -> None:
    assert said(good()) == []


@pytest.mark.parametrize(
    ("case", "words"), [(FIRES, "no case stays silent"), (SILENT, "no case fires")]
)
def test_every_rule_fires_in_some_case_and_stays_silent_in_another(
    case: dict[str, Any], words: str
) -> None:
    (problem,) = said(good(cases=[case, case]))
    assert problem.startswith(f"E131 COMP-001: {words}")


def test_an_id_is_used_once() -> None:
    assert any(
        line.startswith("E120 COMP-001: the id is taken at")
        for line in said(good(), other("COMP-001", when=[{"answer": {"sector": "healthcare"}}]))
    )


def test_a_name_that_is_bound_and_never_used_is_a_warning() -> None:
    when = [{"answer": {"sector": "$s"}}]
    cases = [{**FIRES, "fires": [{"s": "other"}]}, SILENT]
    assert said(good(when=when, cases=cases)) == [
        "W150 COMP-001: '$s' is bound and never used; drop it or use it in 'because'"
    ]
    because = "The sector is {s} in this test."
    assert said(good(when=when, cases=cases, because=because)) == []


def test_a_clause_on_a_word_that_no_rule_asserts_is_an_error() -> None:
    (problem,) = said(good(when=[{"class": {"id": "small_team"}}]))
    assert problem.startswith("E134 COMP-001: no rule asserts the class small_team")


def test_a_word_asserted_by_another_rule_is_reachable() -> None:
    asserts = good("COMP-002", then=[{"class": {"id": "small_team"}}])
    assert said(good(when=[{"class": {"id": "small_team"}}]), asserts) == []


def test_equal_conditions_are_one_rule() -> None:
    assert said(good(), other("COMP-002")) == [
        "W153 COMP-002: has the same conditions as COMP-001; make them one rule"
    ]


def test_a_rule_that_adds_nothing_is_named() -> None:
    special = good("COMP-002", when=[{"answer": {"sector": "other", "peak_rps": {"ge": 5}}}])
    assert said(good(), special) == [
        "W152 COMP-002: says nothing that COMP-001 does not say more generally; drop it"
    ]


def test_musts_that_contradict_under_implied_conditions_are_an_error() -> None:
    target = {"decision": "vector_db", "candidate": "pgvector"}
    special = [{"answer": {"sector": "other", "peak_rps": {"ge": 5}}}]
    (problem,) = said(
        good(then=[{"require": target}]),
        good("COMP-002", when=special, then=[{"exclude": target}]),
    )
    assert problem.startswith("E133 COMP-002: contradicts COMP-001 on vector_db pgvector")


def test_contradicting_musts_under_other_conditions_are_no_error() -> None:
    target = {"decision": "vector_db", "candidate": "pgvector"}
    apart = [{"answer": {"sector": "healthcare"}}]
    assert (
        said(
            good(then=[{"require": target}]),
            good("COMP-002", when=apart, then=[{"exclude": target}]),
        )
        == []
    )


def test_a_reference_without_address_is_a_warning() -> None:
    vague = [{"title": "somewhere", "as_of": "2026", "supports": "it all"}]
    (problem,) = said(good(references=vague))
    assert problem.startswith("W151 COMP-001: the reference 'somewhere' has neither url nor")


def test_a_rule_that_fires_whatever_is_answered_is_an_error() -> None:
    given = [{"candidate": {"decision": "vector_db", "id": "x"}}]
    cases = [{"name": "fires", "given": given, "fires": [{"d": "vector_db", "c": "x"}]}, SILENT]
    raw = good(
        when=[{"candidate": {"decision": "$d", "id": "$c"}}],
        cases=cases,
        because="{d} may be {c} in this test.",
    )
    assert said(raw) == ["E132 COMP-001: fires whatever the answers are; add a condition to 'when'"]
