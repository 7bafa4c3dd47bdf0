"""Every how ends in given facts, every why-not names a clause that really fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from advisor.domain.rule import Fact, RuleSpec
from advisor.engine import interpret
from advisor.engine.compile import Program
from advisor.engine.explain import How, WhyNot, how, makers, why, why_not
from advisor.engine.session import Session
from advisor.engine.stratify import levels_and_strata
from tests.engine.compact import STAGES, clause, fact, rule
from tests.engine.random_rules import generator, random_facts, random_program

NEED = rule(
    "NEED",
    [{"model": {"id": "$m", "gib": "$g"}}, {"candidate": {"id": "$c", "gib": {"ge": "$g"}}}],
    [{"finding": {"id": "fits", "subject": "$c"}}],
    [{"trait": {"candidate": "$c", "name": "retired"}}],
)
MODEL = fact({"model": {"id": "llama", "gib": 140}})
CARDS = [fact({"candidate": {"id": name, "gib": gib}}) for name, gib in (("l4", 24), ("h100", 80))]


def leaves(tree: How) -> Iterator[How]:
    if not tree.because:
        yield tree
    for because in tree.because:
        for used in because.used:
            yield from leaves(used)


def test_how_shows_every_support_with_facts_used_and_facts_absent() -> None:
    card = fact({"candidate": {"id": "b200", "gib": 180}})
    session = Session(Program([NEED], STAGES))
    session.give([MODEL, card])
    session.run()
    tree = how(session, fact({"finding": {"id": "fits", "subject": "b200"}}))
    (because,) = tree.because
    assert not tree.given
    assert [used.fact for used in because.used] == [MODEL, card]
    assert because.absent == (
        clause({"trait": {"candidate": "b200", "name": "retired"}}, NEED.place),
    )


def test_how_of_a_fact_that_does_not_hold_is_an_error() -> None:
    with pytest.raises(KeyError, match="does not hold"):
        how(Session(Program([NEED], STAGES)), MODEL)


@pytest.mark.parametrize("seed", range(30))
def test_every_how_ends_in_given_facts(seed: int) -> None:
    rng = generator(seed)
    rules, _ = random_program(rng, 30)
    given = random_facts(rng, 50)
    session = Session(Program(rules, STAGES))
    session.give(given)
    session.run()
    for firing in session.firings():
        for added in firing.added:
            assert {leaf.fact for leaf in leaves(how(session, added))} <= set(given)


def test_why_not_names_the_first_clause_that_fails_with_the_nearest_misses() -> None:
    found = why_not(NEED, [MODEL, *CARDS])
    assert found is not None
    assert (found.number, found.found, dict(found.bound)) == (1, False, {"m": "llama", "g": 140})
    assert [miss.fact.get("id") for miss in found.near] == ["h100", "l4"]
    assert {miss.failed for miss in found.near} == {(NEED.when[1].tests[1],)}


def test_why_not_looks_only_at_the_bindings_wanted() -> None:
    big = fact({"candidate": {"id": "b200", "gib": 180}})
    assert why_not(NEED, [MODEL, *CARDS, big]) is None
    found = why_not(NEED, [MODEL, *CARDS, big], {"c": "h100"})
    assert found is not None
    assert [miss.fact.get("id") for miss in found.near] == ["h100", "b200", "l4"]


def test_why_not_names_the_fact_that_a_none_found() -> None:
    big = fact({"candidate": {"id": "b200", "gib": 180}})
    retired = fact({"trait": {"candidate": "b200", "name": "retired"}})
    found = why_not(NEED, [MODEL, big, retired])
    assert found is not None
    assert (found.number, found.found) == (0, True)
    assert [miss.fact for miss in found.near] == [retired]


def test_why_not_says_when_there_is_no_fact_of_the_kind() -> None:
    found = why_not(NEED, CARDS)
    assert found is not None
    assert (found.number, found.near) == (0, ())


def really_fails(one: RuleSpec, facts: list[Fact], found: WhyNot) -> bool:
    bound = {name: value for name, value in found.bound if isinstance(value, str | int | float)}
    if found.found:
        return bool(interpret.blocking(found.clause, facts, bound))
    before = interpret.join(one.when[: found.number], facts)
    return bool(before) and not interpret.step(before, found.clause, facts)


@pytest.mark.parametrize("seed", range(30))
def test_a_rule_is_silent_exactly_when_why_not_names_a_clause_that_fails(seed: int) -> None:
    rng = generator(seed)
    rules, _ = random_program(rng, 30)
    given = random_facts(rng, 30)
    facts, trace = interpret.run(rules, levels_and_strata(rules, STAGES), given, 99)
    fired = {firing.rule for firing in trace}
    for one in rules:
        found = why_not(one, facts)
        assert (found is None) == (one.id in fired)
        assert found is None or really_fails(one, list(facts), found)
        assert found is None or all(miss.fact in facts for miss in found.near)


def test_why_lists_the_rules_that_read_the_answer() -> None:
    then = [{"need": {"id": "n"}}]
    rps = {"answer": {"question": "rps", "value": 5}}
    rules = [
        rule("C", [{"answer": {"question": {"one_of": ["rps", "usd"]}}}], then),
        rule("A", [rps], then),
        rule("B", [{"answer": {"question": "usd"}}], then),
        rule("D", [{"class": {"id": "x"}}], then, [rps]),
    ]
    assert [one.id for one in why("rps", rules)] == ["A", "C", "D"]


def test_makers_lists_the_rules_that_could_conclude_a_missing_fact() -> None:
    rules = [
        rule("A", [{"answer": {"value": "$v"}}], [{"need": {"id": "$v"}}]),
        rule("B", [{"answer": {}}], [{"need": {"id": "gpu"}}]),
        rule("C", [{"answer": {}}], [{"need": {"id": "cpu"}}, {"class": {"id": "gpu"}}]),
    ]
    assert [one.id for one in makers(clause({"need": {"id": "gpu"}}), rules)] == ["A", "B"]
