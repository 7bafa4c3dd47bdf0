"""The rule of selection, on small worked examples."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.domain.rule import Strength
from advisor.planning.candidates import Candidate
from advisor.planning.select import (
    TIE,
    Offer,
    Standing,
    alternatives,
    choose,
    standings,
    take_all,
)
from advisor.planning.trace import Opinion
from advisor.planning.verdicts import Verdict, render
from advisor.planning.weights import Worth

TOLERANCE = {Strength.SHOULD: Decimal(15), Strength.COULD: Decimal(5)}
WORTH = Worth(tuple(TOLERANCE.items()))


def _candidate(id_: str, people: int = 0) -> Candidate:
    return Candidate("d", id_, id_.title(), attributes={"min_team": people})


def _verdict(candidate: str, kind: str, *, general: bool = False) -> Verdict:
    strength = Strength.MUST if kind in ("require", "exclude") else Strength.SHOULD
    return Verdict("d", candidate, kind, "COST-001", strength, f"{kind} {candidate}", general)


def _standings(
    ids: list[str], verdicts: list[Verdict], costs: dict[str, int] | None = None
) -> tuple[Standing, ...]:
    by = {c: tuple(v for v in verdicts if v.candidate == c) for c in ids}
    offers = {c: Offer(Decimal(usd), Decimal(usd)) for c, usd in (costs or {}).items()}
    return standings([_candidate(c) for c in ids], Opinion(by), offers, WORTH)


def _chosen(group: tuple[Standing, ...]) -> list[str]:
    return [s.candidate.id for s in choose(group).chosen]


def test_of_equals_the_one_without_a_standing_fee_is_taken() -> None:
    group = [replace(_candidate("a"), fee_usd_month=358.0), _candidate("b"), _candidate("c")]
    found = choose(standings(group, Opinion({}), {}, WORTH))
    said = {a.id: a.why_not_first for a in alternatives(found.chosen[0], found.others)}
    assert found.chosen[0].candidate.id == "b"
    assert said["a"] == "as well supported as B, but bills $358 a month at rest"
    assert said["c"].endswith(TIE)


def test_equal_amounts_are_no_reason() -> None:
    verdicts = [_verdict("a", "prefer")]
    found = choose(_standings(["a", "b"], verdicts, {"a": 100, "b": 100}))
    (other,) = alternatives(found.chosen[0], found.others)
    assert other.why_not_first == "costs the same: A is preferred: prefer a"


def test_the_cheapest_wins_where_nothing_else_is_said() -> None:
    assert _chosen(_standings(["a", "b"], [], {"a": 110, "b": 100})) == ["b"]


def test_a_should_is_worth_fifteen_percent_of_cost_and_no_more() -> None:
    prefer_a = [_verdict("a", "prefer")]
    assert _chosen(_standings(["a", "b"], prefer_a, {"a": 117, "b": 100})) == ["a"]
    assert _chosen(_standings(["a", "b"], prefer_a, {"a": 118, "b": 100})) == ["b"]


def test_an_excluded_candidate_is_never_chosen_however_cheap() -> None:
    group = _standings(["a", "b"], [_verdict("a", "exclude")], {"a": 1, "b": 100})
    outcome = choose(group)
    assert [s.candidate.id for s in outcome.chosen] == ["b"]
    assert [r.id for r in outcome.rejected] == ["a"]


def test_a_require_pushes_all_others_out() -> None:
    group = _standings(["a", "b"], [_verdict("b", "require")], {"a": 1, "b": 100})
    assert _chosen(group) == ["b"]


def test_a_contradiction_of_musts_chooses_nothing_and_names_both_sides() -> None:
    group = _standings(["a", "b"], [_verdict("a", "require"), _verdict("a", "exclude")])
    outcome = choose(group)
    assert outcome.chosen == ()
    assert [r.text for r in outcome.conflicts] == ["require a", "exclude a"]


def test_doing_without_wins_unless_a_rule_speaks_against_it() -> None:
    fits = [_verdict("a", "prefer")]
    assert _chosen(_standings(["none", "a"], fits)) == ["none"]
    assert _chosen(_standings(["none", "a"], [*fits, _verdict("none", "avoid")])) == ["a"]
    assert _chosen(_standings(["none", "a"], [_verdict("none", "exclude")])) == ["a"]


def test_ties_go_to_fewer_people_then_to_the_name() -> None:
    group = standings(
        [_candidate(*one) for one in (("a", 2), ("c",), ("b",))], Opinion({}), {}, WORTH
    )
    assert _chosen(group) == ["b"]


def test_a_list_takes_what_a_rule_about_it_speaks_for_and_not_what_merely_fits() -> None:
    verdicts = [_verdict("a", "prefer"), _verdict("b", "prefer", general=True)]
    taken = take_all(_standings(["a", "b"], verdicts)).chosen
    assert [s.candidate.id for s in taken] == ["a"]


@given(
    st.lists(st.sampled_from(["exclude", "prefer", "avoid"]), min_size=3, max_size=3),
    st.lists(st.integers(0, 1000), min_size=3, max_size=3),
)
def test_a_cheaper_price_never_raises_the_cost_of_the_choice(
    kinds: list[str], prices: list[int]
) -> None:
    verdicts = [_verdict(c, k) for c, k in zip("abc", kinds, strict=True)]
    costs = dict(zip("abc", prices, strict=True))
    before = choose(_standings(list("abc"), verdicts, costs)).chosen
    cheaper = {**costs, "a": costs["a"] // 2}
    after = choose(_standings(list("abc"), verdicts, cheaper)).chosen
    if before and after:
        assert after[0].adjusted_usd <= before[0].adjusted_usd


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        ("{n} requests a second", 3000, "3,000 requests a second"),
        ("{n} people", 4.0, "4 people"),
        ("{n:.0f} chunks of {n:,}", 1234567.0, "1234567 chunks of 1,234,567"),
        ("{n} %", 99.95, "99.95 %"),
        ("{n}", "aws", "Amazon Web Services"),
    ],
)
def test_bound_values_are_written_as_people_write_them(
    template: str, value: float | str, text: str
) -> None:
    assert render(template, [("n", value)], {"aws": "Amazon Web Services"}) == text
