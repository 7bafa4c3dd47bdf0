"""What a session promises, on rules small enough to follow by hand; both matchers keep it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from advisor.domain.rule import Fact, RuleSpec
from advisor.engine import session as session_module
from advisor.engine.compile import Program
from advisor.engine.session import MatcherName, Session
from advisor.errors import LibraryError
from tests.engine.compact import STAGES, Compact, fact, rule

BIG = rule("BIG", [{"answer": {"question": "rps", "value": {"ge": 10}}}], [{"class": {"id": "x"}}])
RICH = rule("RICH", [{"answer": {"question": "usd", "value": {"ge": 5}}}], [{"class": {"id": "x"}}])
SEEN = rule("SEEN", [{"class": {"id": "x"}}], [{"finding": {"id": "seen"}}])
RPS, USD = (fact({"answer": {"question": q, "value": 20}}) for q in ("rps", "usd"))
X, FOUND = fact({"class": {"id": "x"}}), fact({"finding": {"id": "seen"}})


@pytest.fixture(params=["hash", "rete"])
def matcher(request: pytest.FixtureRequest) -> MatcherName:
    name: MatcherName = request.param
    return name


def started(rules: Sequence[RuleSpec], facts: Sequence[Fact], matcher: MatcherName) -> Session:
    session = Session(Program(rules, STAGES), matcher)
    session.give(facts)
    session.run()
    return session


def fired(session: Session) -> list[str]:
    return [firing.rule for firing in session.firings()]


def test_a_fact_concluded_twice_stays_until_both_reasons_are_gone(matcher: MatcherName) -> None:
    session = started([BIG, RICH, SEEN], [RPS, USD], matcher)
    assert [firing.rule for firing in session.supports(X)] == ["BIG", "RICH"]
    session.withdraw([RPS])
    session.run()
    assert fired(session) == ["RICH", "SEEN"]
    session.withdraw([USD])
    session.run()
    assert fired(session) == []
    assert session.facts("finding") == ()


def test_a_given_fact_that_is_concluded_too_keeps_both_reasons(matcher: MatcherName) -> None:
    session = started([BIG, SEEN], [RPS, X], matcher)
    assert session.is_given(X)
    assert [firing.rule for firing in session.supports(X)] == ["BIG"]
    session.withdraw([X])
    session.run()
    assert session.facts("class") == (X,)
    session.give([X])
    session.withdraw([RPS])
    session.run()
    assert fired(session) == ["SEEN"]
    assert session.supports(X) == ()


def test_withdrawing_what_was_not_given_is_an_error(matcher: MatcherName) -> None:
    session = started([BIG], [RPS], matcher)
    for one in (USD, X):
        with pytest.raises(KeyError, match="is not a given fact"):
            session.withdraw([one])


def test_only_rules_up_to_the_level_fire_and_are_seen(matcher: MatcherName) -> None:
    host = {"choice": {"decision": "host", "id": "$h"}}  # known from level 6 on
    rules = [BIG, rule("HOST", [host], [{"finding": {"id": "h", "subject": "$h"}}])]
    session = Session(Program(rules, STAGES), matcher)
    session.give([RPS, fact({"choice": {"decision": "host", "id": "aws"}})])
    session.run(5)
    assert fired(session) == ["BIG"]
    session.run(6)
    assert fired(session) == ["BIG", "HOST"]
    session.run(0)
    assert fired(session) == ["BIG"]
    assert session.facts("finding") == ()


def test_a_fact_that_a_none_reads_takes_a_firing_back_and_returns_it(matcher: MatcherName) -> None:
    lone = rule("LONE", [{"answer": {"question": "rps"}}], [{"need": {"id": "n"}}], [{"class": {}}])
    session = started([lone, RICH], [RPS], matcher)
    assert fired(session) == ["LONE"]
    session.give([USD])
    session.run()
    assert fired(session) == ["RICH"]
    session.withdraw([USD])
    session.run()
    assert fired(session) == ["LONE"]


def test_a_firing_names_bindings_facts_used_and_facts_added(matcher: MatcherName) -> None:
    pick = rule(
        "PICK",
        [{"class": {"id": "$k"}}, {"trait": {"value": "$k", "candidate": "$c"}}],
        [{"need": {"id": "$c"}}, {"finding": {"subject": "$c", "id": "$k"}}],
    )
    trait = fact({"trait": {"candidate": "c1", "value": "x"}})
    session = started([pick], [X, trait], matcher)
    (firing,) = session.firings()
    assert firing.bindings == (("c", "c1"), ("k", "x"))
    assert firing.used == (X, trait)
    added = (fact({"need": {"id": "c1"}}), fact({"finding": {"id": "x", "subject": "c1"}}))
    assert firing.added == added


def test_facts_come_sorted_numbers_before_text(matcher: MatcherName) -> None:
    values: list[Any] = ["b", 2, "a", 10, 1.5]
    given = [fact({"answer": {"question": "q", "value": value}}) for value in values]
    session = started([BIG], given, matcher)
    assert [one.get("value") for one in session.facts("answer")] == [1.5, 2, 10, "a", "b"]


TRAPS: list[tuple[Compact, Compact, bool]] = [
    ({"answer": {"value": 1}}, {"answer": {"value": "1"}}, False),
    ({"answer": {"value": "1"}}, {"answer": {"value": 1}}, False),
    ({"answer": {"value": 1}}, {"answer": {"value": 1.0}}, True),
    ({"answer": {"value": {"gt": 3}}}, {"answer": {"value": "5"}}, False),
    ({"answer": {"value": {"lt": 3}}}, {"answer": {"value": "5"}}, False),
    ({"answer": {"value": {"ge": "2026-05"}}}, {"answer": {"value": "2026-08"}}, True),
    ({"answer": {"value": {"ge": "2026"}}}, {"answer": {"value": 2026}}, False),
    ({"answer": {"value": {"ne": "none"}}}, {"answer": {"value": 3}}, True),
    ({"answer": {"value": {"ne": "none"}}}, {"answer": {"question": "q"}}, False),
    ({"answer": {"value": {"one_of": [1, "a"]}}}, {"answer": {"value": "1"}}, False),
    ({"answer": {"value": "$v"}}, {"answer": {"question": "q"}}, False),
    ({"answer": {"value": {"ge": 1, "lt": 5}}}, {"answer": {"value": 5}}, False),
    ({"answer": {"value": {"ge": 1, "lt": 5}}}, {"answer": {"value": 1}}, True),
    ({"candidate": {"x": "$v", "y": "$v"}}, {"candidate": {"x": 1, "y": 2}}, False),
    ({"candidate": {"x": "$v", "y": {"gt": "$v"}}}, {"candidate": {"x": 1, "y": 2}}, True),
    ({"candidate": {"x": "$v", "y": {"gt": "$v"}}}, {"candidate": {"x": 1, "y": "2"}}, False),
]


@pytest.mark.parametrize(("clause", "given", "matches"), TRAPS)
def test_a_value_of_another_kind_is_no_match_and_no_error(
    clause: Compact, given: Compact, matches: bool, matcher: MatcherName
) -> None:
    session = started([rule("R", [clause], [{"need": {"id": "n"}}])], [fact(given)], matcher)
    assert bool(fired(session)) is matches


@pytest.mark.parametrize("value", [True, False, None, float("nan"), ["a"]])
def test_a_value_that_rules_cannot_compare_is_refused(value: Any, matcher: MatcherName) -> None:
    session = Session(Program([BIG], STAGES), matcher)
    with pytest.raises(TypeError, match=r"answer\.value: .* is not text or a number"):
        session.give([Fact("answer", (("question", "rps"), ("value", value)))])


def test_a_join_without_a_condition_is_stopped(
    matcher: MatcherName, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "STEP_LIMIT", 50)
    wide = rule("WIDE", [{"answer": {"value": "$a"}}, {"answer": {"value": "$b"}}], [{"need": {}}])
    given = [fact({"answer": {"value": value}}) for value in range(8)]
    with pytest.raises(LibraryError, match="64 firings"):
        started([wide], given, matcher)


def test_a_session_that_failed_is_of_no_more_use(
    matcher: MatcherName, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "STEP_LIMIT", 0)
    session = Session(Program([BIG], STAGES), matcher)
    session.give([RPS])
    with pytest.raises(LibraryError):
        session.run()
    with pytest.raises(RuntimeError, match="start a new one"):
        session.run()


def test_rules_with_equal_conditions_all_fire(matcher: MatcherName) -> None:
    when = [{"answer": {"question": "rps"}}]
    twins = [rule(f"T{i}", when, [{"need": {"id": "n"}}]) for i in range(6)]
    assert fired(started(twins, [RPS], matcher)) == [f"T{i}" for i in range(6)]


def test_two_equal_clauses_match_the_same_fact(matcher: MatcherName) -> None:
    pair = rule("PAIR", [{"answer": {"value": 20}}, {"answer": {"value": 20}}], [{"need": {}}])
    assert len(fired(started([pair], [RPS, USD], matcher))) == 4


def test_sessions_of_one_program_do_not_disturb_each_other(matcher: MatcherName) -> None:
    program = Program([BIG, RICH, SEEN], STAGES, [RPS, USD])
    one, other = Session(program, matcher), Session(program, matcher)
    one.give([RPS])
    other.give([USD, RPS])
    one.run()
    other.run()
    other.withdraw([RPS])
    other.run()
    assert fired(one) == ["BIG", "SEEN"]
    assert fired(other) == ["RICH", "SEEN"]


@pytest.mark.parametrize("count", [3, 9, 30])
def test_an_excluded_candidate_is_never_recommended(count: int, matcher: MatcherName) -> None:
    rules = [rule("OUT", [{"answer": {"value": "$c"}}], [{"need": {"id": "$c"}}])]
    for i in range(count):
        out = [{"need": {"id": f"c{i}"}}]
        rules.append(rule(f"R{i:02d}", [{"answer": {}}], [{"finding": {"id": f"c{i}"}}], out))
    for number in range(0, count, 4):
        given = [fact({"answer": {"value": f"c{number}"}})]
        names = fired(started(rules, given, matcher))
        assert f"R{number:02d}" not in names
        assert len(names) == count


def test_a_fact_in_working_memory_has_no_dictionary_beside_its_fields() -> None:
    statement = Fact.of("candidate", decision="host", id="vm")
    working = Program((), STAGES).working(statement, 1)
    assert vars(working) == {}
    assert working["id"] == "vm"
