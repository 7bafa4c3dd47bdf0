"""Levels and strata, worked by hand on small rulebooks, and every refusal with its remedy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from advisor.domain.rule import RuleSpec
from advisor.engine.stratify import Order, levels_and_strata
from advisor.errors import LibraryError
from tests.engine.compact import STAGES, Compact, rule

ANSWER = {"answer": {"question": "rps", "value": {"ge": 10}}}
FINDING = {"finding": {"id": "f"}}


def level_of(*when: dict[str, dict[str, Any]]) -> int:
    return levels_and_strata([rule("R", when, [FINDING])], STAGES).levels["R"]


def refusals(rules: Sequence[RuleSpec]) -> list[str]:
    with pytest.raises(LibraryError) as caught:
        levels_and_strata(rules, STAGES)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("clause", "level"),
    [
        ({"answer": {"question": "rps"}}, 0),
        ({"assumed": {"question": "rps"}}, 0),
        ({"quantity": {"name": "requests"}}, 0),
        ({"model": {"id": "$m"}}, 0),
        ({"clause": {"id": "$c"}}, 0),
        ({"candidate": {"decision": "host", "id": "$c"}}, 4),
        ({"candidate": {"decision": "$d", "id": "$c"}}, 0),
        ({"candidate": {"decision": {"one_of": ["accelerator", "host"]}, "id": "$c"}}, 2),
        ({"trait": {"decision": "monitoring", "candidate": "$c"}}, 6),
        ({"trait": {"candidate": "$c"}}, 0),
        ({"settled": {"accelerator": "$a"}}, 4),
        ({"cost_estimate": {"decision": "host", "candidate": "$c"}}, 5),
        ({"cost_estimate": {"decision": "$d", "candidate": "$c"}}, 8),
        ({"choice": {"decision": "approach", "id": "ml"}}, 2),
        ({"choice": {"decision": {"one_of": ["approach", "host"]}, "id": "$c"}}, 6),
        ({"choice": {"decision": "$d", "id": "$c"}}, 8),
        ({"rejected": {"decision": "host", "id": "$c"}}, 6),
        ({"verdict": {"decision": "approach", "candidate": "$c"}}, 8),
        ({"need": {"id": "that-no-rule-asserts"}}, 0),
    ],
)
def test_a_clause_waits_until_its_facts_are_complete(
    clause: dict[str, dict[str, Any]], level: int
) -> None:
    assert level_of(clause) == level


def test_a_rule_waits_for_its_last_clause_also_in_none() -> None:
    late = {"choice": {"decision": "host", "id": "$c"}}
    one = rule("R", [ANSWER], [FINDING], [{"rejected": {"decision": "host", "id": "a"}}])
    assert level_of(ANSWER, late) == 6
    assert levels_and_strata([one], STAGES).levels["R"] == 6


def chain() -> Order:
    rules = [
        rule("A", [ANSWER], [{"need": {"id": "gpu"}}]),
        rule("B", [{"choice": {"decision": "approach", "id": "ml"}}], [{"need": {"id": "gpu"}}]),
        rule("C", [{"need": {"id": "gpu"}}], [{"class": {"id": "big"}}]),
        rule("D", [{"need": {"id": "cpu"}}], [{"class": {"id": "small"}}]),
        rule("E", [ANSWER], [{"duty": {"id": "d"}}]),
        rule("F", [{"class": {"id": "$x"}}], [FINDING]),
        rule("G", [{"class": {"id": {"one_of": ["small", "tiny"]}}}], [{"practice": {"id": "p"}}]),
    ]
    return levels_and_strata(rules, STAGES)


def test_a_conclusion_is_complete_at_the_highest_level_of_the_rules_that_assert_it() -> None:
    assert chain().levels == {"A": 0, "B": 2, "C": 2, "D": 0, "E": 0, "F": 2, "G": 0}


def test_strata_order_the_rules_of_a_level() -> None:
    assert chain().strata == {"A": 0, "B": 0, "C": 1, "D": 0, "E": 0, "F": 2, "G": 1}


def test_an_assertion_with_a_variable_id_feeds_every_reader_of_the_type() -> None:
    rules = [
        rule("A", [{"answer": {"question": "wish", "value": "$n"}}], [{"need": {"id": "$n"}}]),
        rule("B", [{"need": {"id": "gpu"}}], [FINDING]),
    ]
    assert levels_and_strata(rules, STAGES).strata == {"A": 0, "B": 1}


def test_recursion_is_refused_with_the_ring() -> None:
    rules = [
        rule("A", [ANSWER, {"need": {"id": "y"}}], [{"class": {"id": "x"}}]),
        rule("B", [{"class": {"id": "x"}}], [{"duty": {"id": "z"}}]),
        rule("C", [{"duty": {"id": "z"}}], [{"need": {"id": "y"}}]),
        rule("D", [{"need": {"id": "y"}}], [FINDING]),
    ]
    (text,) = refusals(rules)
    assert text.startswith("rules.yaml:1:1: A: need: needs a fact that comes from itself")
    assert "A <- C <- B <- A" in text
    assert "let one of these rules" in text


def test_a_rule_that_feeds_itself_is_refused() -> None:
    (text,) = refusals([rule("A", [{"class": {"id": "$x"}}], [{"class": {"id": "y"}}])])
    assert "A <- A" in text


def test_a_none_over_what_the_rule_leads_to_is_refused() -> None:
    rules = [
        rule("A", [ANSWER], [{"class": {"id": "x"}}], [{"need": {"id": "y"}}]),
        rule("B", [{"class": {"id": "x"}}], [{"need": {"id": "y"}}]),
    ]
    (text,) = refusals(rules)
    assert "a `none` over a fact that comes from itself: A <- B <- A" in text


def test_two_rings_give_two_problems() -> None:
    rules = [
        rule("A", [{"class": {"id": "a"}}], [{"class": {"id": "a"}}]),
        rule("B", [{"class": {"id": "b"}}], [{"class": {"id": "b"}}]),
    ]
    assert len(refusals(rules)) == 2


def test_two_facts_of_one_type_are_no_ring() -> None:
    rules = [rule("A", [{"class": {"id": "a"}}], [{"class": {"id": "b"}}])]
    assert levels_and_strata(rules, STAGES).levels == {"A": 0}


def verdict(decision: str) -> dict[str, dict[str, Any]]:
    return {"verdict": {"decision": decision, "candidate": "$c", "verdict": "exclude"}}


def test_a_verdict_after_its_decision_is_refused_with_the_clause_that_comes_too_late() -> None:
    when: list[Compact] = [
        {"candidate": {"decision": "accelerator", "id": "$c"}},
        {"choice": {"decision": "host", "id": "on-site"}},
    ]
    (text,) = refusals([rule("A", when, [verdict("accelerator")])])
    assert "A: choice: `choice` is known only after `accelerator` may have been settled" in text
    assert "`decision: {one_of: [monitoring]}`" in text


def test_a_verdict_in_time_is_taken() -> None:
    when: list[Compact] = [
        {"candidate": {"decision": "host", "id": "$c"}},
        {"choice": {"decision": "accelerator", "id": "h100"}},
        {"cost_estimate": {"decision": "host", "candidate": "$c", "month_usd": {"gt": 5}}},
    ]
    assert levels_and_strata([rule("A", when, [verdict("host")])], STAGES).levels == {"A": 5}


def test_a_generic_verdict_that_waits_for_a_choice_is_refused() -> None:
    when: list[Compact] = [
        {"candidate": {"decision": "$d", "id": "$c"}},
        {"choice": {"decision": "accelerator", "id": "cpu"}},
    ]
    (text,) = refusals([rule("A", when, [verdict("$d")])])
    assert "`choice` is known only after any decision may have been settled" in text
    assert "`decision: {one_of: [host, monitoring]}`" in text


def test_a_generic_verdict_restricted_to_open_decisions_is_taken() -> None:
    open_ = {"eq": "$d", "one_of": ["host", "monitoring"]}
    when: list[Compact] = [
        {"candidate": {"decision": open_, "id": "$c"}},
        {"choice": {"decision": "accelerator", "id": "cpu"}},
    ]
    assert levels_and_strata([rule("A", when, [verdict("$d")])], STAGES).levels == {"A": 4}


def test_a_late_need_makes_the_verdict_of_its_reader_late() -> None:
    rules = [
        rule("A", [{"choice": {"decision": "host", "id": "$h"}}], [{"need": {"id": "n"}}]),
        rule(
            "B",
            [{"need": {"id": "n"}}, {"candidate": {"decision": "host", "id": "$c"}}],
            [verdict("host")],
        ),
    ]
    (text,) = refusals(rules)
    assert ": B: need: `need` is known only after `host`" in text


@pytest.mark.parametrize(
    ("when", "none", "then", "path"),
    [
        ([{"answer": {"value": {"gt": "$x"}}}], [], [FINDING], "answer.value"),
        ([ANSWER], [{"trait": {"candidate": "$c"}}], [FINDING], "trait.candidate"),
        ([ANSWER], [], [{"need": {"id": "$n"}}], "then.need.id"),
        (
            [{"answer": {"value": {"gt": "$x"}}}, {"quantity": {"value": "$x"}}],
            [],
            [FINDING],
            "answer.value",
        ),
    ],
)
def test_a_variable_that_is_not_bound_is_refused(
    when: list[Any], none: list[Any], then: list[Any], path: str
) -> None:
    (text,) = refusals([rule("A", when, then, none)])
    assert text.startswith(f"rules.yaml:1:1: A: {path}: `$")
    assert "bind it with" in text


def test_a_variable_may_be_bound_and_compared_in_one_clause() -> None:
    when = [{"candidate": {"x": {"gt": "$y"}, "y": "$y"}}]
    assert levels_and_strata([rule("A", when, [FINDING])], STAGES).levels == {"A": 0}


def test_an_unknown_decision_is_refused_with_the_nearest() -> None:
    (text,) = refusals([rule("A", [{"candidate": {"decision": "hots", "id": "$c"}}], [FINDING])])
    assert "'hots' is no decision; did you mean 'host'?" in text


def test_a_rule_without_when_is_refused() -> None:
    (text,) = refusals([rule("A", [], [FINDING], [ANSWER])])
    assert "A: when: is empty" in text


def test_all_problems_come_at_once() -> None:
    rules = [
        rule("A", [], [{"need": {"id": "$n"}}]),
        rule("B", [{"trait": {"decision": "x"}}], [FINDING]),
        rule("C", [{"class": {"id": "c"}}], [{"class": {"id": "c"}}]),
    ]
    assert len(refusals(rules)) == 4
