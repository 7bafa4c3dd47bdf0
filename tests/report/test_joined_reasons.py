"""What one rule or one sentence says several times is said once."""

from __future__ import annotations

from dataclasses import replace

from advisor.domain.plan import Practice, Reason
from advisor.report.formats import render
from tests.report.plan_example import example


def test_situations_of_one_product_are_one_reason() -> None:
    made = "Kueue is made for this situation ({}).".format
    reasons = tuple(Reason(made(k), rule="COST-050") for k in ("many people train", "a cluster"))
    plan = example()
    id_, decision = next(iter(plan.decisions.items()))
    changed = {**plan.decisions, id_: replace(decision, because=reasons)}
    text = render(replace(plan, decisions=changed), "md").decode()
    assert "Kueue is made for this situation (many people train; a cluster). (COST-050)" in text
    chapter = text.split("## Options and decisions")[1]
    assert chapter.count("Kueue is made for this situation") == 1


def test_practices_that_one_sentence_calls_for_are_one_line() -> None:
    why = "The run stops when a node fails."
    found = (
        Practice("spares", "Spare nodes", why, "PERF-390"),
        Practice("auto_recovery", "Automatic recovery", why, "PERF-390"),
    )
    text = render(replace(example(), practices=found), "md").decode()
    assert f"**Spare nodes and automatic recovery.** {why} (PERF-390)" in text
