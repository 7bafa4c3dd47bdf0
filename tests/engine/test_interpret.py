"""The naive evaluator, the judge of the others, on cases worked by hand."""

from __future__ import annotations

from advisor.domain.rule import Case
from advisor.engine import interpret
from advisor.engine.stratify import levels_and_strata
from tests.engine.compact import STAGES, fact, rule

MANAGED = rule(
    "MANAGED",
    [{"duty": {"id": "hipaa"}}, {"candidate": {"decision": "$d", "id": "$c", "run": "managed"}}],
    [{"verdict": {"decision": "$d", "candidate": "$c", "verdict": "exclude"}}],
    [{"trait": {"candidate": "$c", "name": "provides", "value": "baa"}}],
)
HIPAA = fact({"duty": {"id": "hipaa"}})
TOOLS = tuple(
    fact({"candidate": {"decision": "monitoring", "id": f"tool-{x}", "run": run}})
    for x, run in (("b", "managed"), ("a", "managed"), ("c", "own"))
)
BAA = fact({"trait": {"candidate": "tool-a", "name": "provides", "value": "baa"}})


def test_a_case_fires_for_each_match_that_no_none_stops() -> None:
    both = Case("both", (HIPAA, *TOOLS), ())
    one = Case("one", (HIPAA, *TOOLS, BAA), ())
    assert interpret.run_case(MANAGED, both) == [
        {"d": "monitoring", "c": "tool-a"},
        {"d": "monitoring", "c": "tool-b"},
    ]
    assert interpret.run_case(MANAGED, one) == [{"d": "monitoring", "c": "tool-b"}]
    assert interpret.run_case(MANAGED, Case("silent", TOOLS, ())) == []


def test_a_none_compares_with_what_when_bound() -> None:
    cheapest = rule(
        "CHEAPEST",
        [{"cost_estimate": {"decision": "host", "candidate": "$c", "month_usd": "$usd"}}],
        [{"finding": {"id": "cheapest", "subject": "$c"}}],
        [{"cost_estimate": {"decision": "host", "month_usd": {"lt": "$usd"}}}],
    )
    costs = tuple(
        fact({"cost_estimate": {"decision": "host", "candidate": c, "month_usd": usd}})
        for c, usd in (("x", 30), ("y", 10), ("z", 20))
    )
    assert interpret.run_case(cheapest, Case("", costs, ())) == [{"c": "y", "usd": 10}]


def test_rules_run_in_the_order_of_their_strata_up_to_the_level() -> None:
    rules = [
        rule("A", [{"class": {"id": "x"}}], [{"finding": {"id": "f"}}]),
        rule("B", [{"answer": {"question": "q"}}], [{"class": {"id": "x"}}]),
        rule("C", [{"choice": {"decision": "approach", "id": "ml"}}], [{"need": {"id": "n"}}]),
    ]
    given = [
        fact({"answer": {"question": "q"}}),
        fact({"choice": {"decision": "approach", "id": "ml"}}),
    ]
    order = levels_and_strata(rules, STAGES)
    facts, trace = interpret.run(rules, order, given, 0)
    assert [firing.rule for firing in trace] == ["B", "A"]
    assert [str(one) for one in facts] == [
        "answer(question=q)",
        "choice(decision=approach, id=ml)",
        "class(id=x)",
        "finding(id=f)",
    ]
