"""Rule files: what they become, and every way in which a word could never match is refused."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.domain.facts import TEMPLATES
from advisor.domain.rule import Assertion, Fact, Op, Strength, Test, Var
from advisor.library.schema import schema_path
from advisor.library.yamlfile import Ids
from advisor.library.yamlfile import read as read_yaml
from tests.library.rule_files import read, rule, said, without_cases


def test_a_complete_rule_is_read_without_a_word_of_complaint() -> None:
    (found,), problems = read(rule())
    assert problems == []
    assert (found.id, found.area, found.strength) == ("COMP-012", "compliance", Strength.MUST)
    assert found.when[1].tests == (
        Test("decision", Op.EQ, Var("d")),
        Test("id", Op.EQ, Var("c")),
        Test("deployment", Op.EQ, "managed"),
    )
    assert found.then[0] == Assertion(
        "verdict", (("candidate", Var("c")), ("decision", Var("d")), ("verdict", "exclude"))
    )
    assert found.cases[0].fires == ((("c", "tool-x"), ("d", "monitoring")),)
    assert found.place.line == 4


def test_answers_are_written_as_question_and_value() -> None:
    when = [{"answer": {"peak_rps": {"ge": 100, "lt": 500}, "sector": "healthcare"}}]
    (found,), problems = read(without_cases(when=when))
    assert problems == []
    assert [clause.tests for clause in found.when] == [
        (Test("question", Op.EQ, "peak_rps"), Test("value", Op.GE, 100), Test("value", Op.LT, 500)),
        (Test("question", Op.EQ, "sector"), Test("value", Op.EQ, "healthcare")),
    ]


def test_given_answers_in_cases_may_list_several_options() -> None:
    cases = [
        {"name": "two", "given": [{"answer": {"sector": ["healthcare", "other"]}}], "fires": []},
        {"name": "big", "given": [{"quantity": {"requests_per_month": 5}}], "fires": [{}]},
    ]
    (found,), problems = read(
        without_cases(when=[{"quantity": {"requests_per_month": {"gt": 1}}}], cases=cases)
    )
    assert problems == []
    assert found.cases[0].given == (
        Fact.of("answer", question="sector", value="healthcare"),
        Fact.of("answer", question="sector", value="other"),
    )
    assert found.cases[1].given == (Fact.of("quantity", name="requests_per_month", value=5),)


def test_parameters_of_the_policy_are_filled_in() -> None:
    when = [{"answer": {"peak_rps": {"ge": {"param": "serving.min_batch"}}}}]
    (found,), problems = read(without_cases(when=when))
    assert problems == []
    assert found.when[0].tests[1] == Test("value", Op.GE, 4)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"when": [{"duty": {"id": "hippa"}}]},
            "E110: rules.0.when.0.duty.id: 'hippa' is not a word for duty.id; "
            "did you mean 'hipaa'?",
        ),
        ({"when": [{"answer": {"peek_rps": 5}}]}, "did you mean 'peak_rps'?"),
        ({"when": [{"answer": {"sector": "health"}}]}, "did you mean 'healthcare'?"),
        (
            {"when": [{"answer": {"availability_slo": 99.9}}]},
            "99.9 is not a word for answer.value; quote it",
        ),
        (
            {"when": [{"answer": {"peak_rps": "high"}}]},
            "E112: rules.0.when.0.answer.peak_rps: peak_rps is a number, not 'high'",
        ),
        ({"when": [{"answer": {"sector": {"ge": 5}}}]}, "E112"),
        (
            {"when": [{"candidate": {"decision": "monitoring", "deploymnt": "managed"}}]},
            "E111: rules.0.when.0.candidate.deploymnt: candidate has no field 'deploymnt'; did you "
            "mean 'deployment'?",
        ),
        (
            {"when": [{"candidate": {"decision": "monitoring", "index": "hnsw"}}]},
            "candidate has no field 'index'",
        ),
        (
            {"when": [{"candidate": {"decision": "monitoring", "deployment": "manged"}}]},
            "'manged' is not a word for candidate.deployment; did you mean 'managed'?",
        ),
        (
            {"when": [{"candidate": {"decision": "vector_db", "id": "pgvektor"}}]},
            "did you mean 'pgvector'?",
        ),
        ({"when": [{"trait": {"name": "provides", "value": "bba"}}]}, "did you mean 'baa'?"),
        (
            {"when": [{"answer": {"peak_rps": {"ge": {"param": "serving.min_bach"}}}}]},
            "E114: rules.0.when.0.answer.peak_rps: the policy has no parameter 'serving.min_bach'; "
            "did you mean 'serving.min_batch'?",
        ),
        ({"when": [{"answer": {"peak_rps": {"ge": "100"}}}]}, "E112"),
        (
            {"when": [{"answer": {"peak_rps": {"ge": "$x"}}}]},
            "E113: rules.0.when.0.answer.peak_rps: 'x' is not bound in 'when'; bind it in 'when'",
        ),
        ({"none": [{"class": {"id": "$k"}}]}, "E113: rules.0.none.0.class.id: 'k' is not bound"),
        ({"then": [{"need": {"id": "$k"}}]}, "E113: rules.0.then.0.need.id: 'k' is not bound"),
        ({"then": [{"need": {"id": "ba"}}]}, "did you mean 'baa'?"),
        (
            {"then": [{"prefer": {"decision": "vector_db", "candidate": "pgvector"}}]},
            "E115: rules.0.then.0: 'prefer' needs the strength should or could, not must",
        ),
        (
            {
                "strength": "could",
                "then": [{"exclude": {"decision": "vector_db", "candidate": "pgvector"}}],
            },
            "E115",
        ),
        ({"because": "The cluster has {nodes} nodes."}, "E113: rules.0.because: 'nodes' is not"),
        ({"because": "The cluster has {nodes nodes."}, "E116: rules.0.because: the placeholders"),
        ({"id": "PERF-012"}, "E117: rules.0.id: PERF-012 belongs into rules/performance/"),
        (
            {"none": [{"answer": {"peak_rps": 5, "sector": "other"}}]},
            "E118: rules.0.none.0.answer: 'none' takes one answer an entry",
        ),
    ],
)
def test_a_word_that_could_never_match_is_refused(changes: dict[str, Any], words: str) -> None:
    assert words in said(without_cases(**changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"when": [{"dutty": {"id": "hipaa"}}]},
            "E104: rules.0.when.0.dutty: unknown field 'dutty'; did you mean 'duty'?",
        ),
        ({"when": [{"duty": {"id": {"greater": 5}}}]}, "E104: rules.0.when.0.duty.id.greater"),
        ({"when": [{"duty": {"id": True}}]}, "true is true or false; write text or a number"),
        ({"when": []}, "E105: rules.0.when: [] has too few entries"),
        ({"when": None}, "E102: rules.0: the field 'when' is missing; add it"),
        (
            {"when": [{"duty": {"id": "hipaa"}, "class": {"id": "small_team"}}]},
            "has more than 1 fields; write one entry for each",
        ),
        ({"strength": "musst"}, "E103: rules.0.strength: 'musst' is not allowed; did you mean"),
        ({"id": "COMP-12"}, "E105: rules.0.id: 'COMP-12' does not have the form"),
        ({"then": [{"verdict": {"decision": "x"}}]}, "unknown field 'verdict'"),
        ({"stage": "assess"}, "E104: rules.0.stage: unknown field 'stage'"),
        ({"references": []}, "E105: rules.0.references: [] has too few entries"),
        ({"reviewed": "last week"}, "E105: rules.0.reviewed: 'last week' does not have the form"),
    ],
)
def test_a_file_that_breaks_the_schema_is_refused(changes: dict[str, Any], words: str) -> None:
    assert words in said(without_cases(**changes))


def test_cases_must_say_what_every_name_is_bound_to() -> None:
    cases = rule()["cases"]
    cases[0]["fires"] = [{"d": "monitoring", "x": 1}]
    assert "E130: rules.0.cases.0.fires.0: the case does not say what c is" in said(
        rule(cases=cases)
    )
    assert "E113: rules.0.cases.0.fires.0.x: 'x' is not bound" in said(rule(cases=cases))


def test_problems_of_several_rules_come_at_once() -> None:
    one = without_cases(when=[{"duty": {"id": "hippa"}}])
    other = without_cases(id="COMP-013", then=[{"need": {"id": "bba"}}])
    assert said(one, other).count("E110") == 2


def test_the_schema_knows_exactly_the_facts_of_the_domain() -> None:
    defined = read_yaml(schema_path("rules"), Ids("E100")).data["$defs"]
    assert set(defined["clause"]["properties"]) == set(TEMPLATES)
    assert set(defined["given"]["properties"]) == set(TEMPLATES)
