"""Page one: on one page of paper, with one total, short where the chapters are long."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import typst

from advisor.domain.plan import Alternative, Finding, Plan, Reason, Rejected
from advisor.report.build import report_of
from advisor.report.formats import render
from advisor.report.html import DENSITIES
from advisor.report.next_steps import together
from advisor.report.options_table import LONGEST, shortened
from advisor.report.page_size import lines_of
from advisor.report.pdf import TEMPLATE, template_inputs
from tests.report.full_example import full_example
from tests.report.plan_example import example, impossible


def first_chapter_page(plan: Plan) -> int:
    """Return the page of the PDF on which the chapters begin."""
    inputs = template_inputs(report_of(plan))
    found = typst.query(
        TEMPLATE.read_bytes(), "<chapters-begin>", field="value", one=True, sys_inputs=inputs
    )
    return int(json.loads(found))


@pytest.mark.parametrize("plan", [example(), full_example(), impossible()], ids=["a", "b", "c"])
def test_page_one_is_one_page_of_the_pdf(plan: Plan) -> None:
    assert first_chapter_page(plan) == 2


def test_long_reasons_make_the_text_of_page_one_smaller_not_longer() -> None:
    plan = full_example()
    long = tuple(replace(c, given=c.given + " and more of it" * 12) for c in plan.considerations)
    assert first_chapter_page(replace(plan, considerations=long)) == 2


def test_print_styles_follow_the_room_that_page_one_takes() -> None:
    report = report_of(impossible())
    lines = lines_of(report.page_one)
    style = next((name for most, name in DENSITIES if lines <= most), "densest")
    assert f'<div class="first {style}">' in render(impossible(), "html").decode()


def test_grave_dangers_come_before_clauses_to_confirm() -> None:
    asked = [Finding(f"ask-{n}", "confirm", "high", f"Ask {n}.", f"COMP-{n}") for n in range(6)]
    danger = Finding("one-machine", "underinvest", "high", "All in one machine.", "PERF-321")
    plan = replace(example(), findings=(*asked, danger))
    steps = render(plan, "md").decode().split("### What to do next")[1].split("## ")[0]
    assert steps.index("All in one machine.") < steps.index("Ask 0.")


def test_the_page_names_one_total_for_the_whole_life() -> None:
    page = render(full_example(), "md").decode().split("\n## Targets")[0]
    total = "over 1 month of building and 3 of use, growth and own people included"
    assert f"$150 ($100 to $214) {total}" in page
    assert (
        "| **Total** | **$33,307 ($24,006 to $46,514)** | **$0** | **$150 ($100 to $214)** |"
        in page
    )
    assert "Beside the bill: building |  |  | $36 ($20 to $48)" in page


def test_findings_that_differ_in_their_first_words_are_one_step() -> None:
    found = [
        Finding("a", "confirm", "high", f"{clause} needs a decision of the owner.", "COMP-298")
        for clause in ("GDPR, Art. 6", "GDPR, Art. 35")
    ]
    other = Finding("b", "risk", "high", "One region alone cannot carry the peak.", "SCALE-110")
    steps = [
        "".join(p if isinstance(p, str) else p.text for p in s)
        for s in together([*found, found[0], other])
    ]
    assert steps == [
        "GDPR (Art. 6; Art. 35): each needs a decision of the owner. COMP-298",
        "One region alone cannot carry the peak. SCALE-110",
    ]


def test_a_long_reason_ends_at_a_clause() -> None:
    text = "the first clause says it; " + "and more follows " * 20
    assert shortened(text) == "the first clause says it"
    assert len(shortened("word " * 100)) <= LONGEST + 2


def test_a_loser_does_not_repeat_the_reason_beside() -> None:
    plan = example()
    reason = Reason("People do this by hand.", rule="LIFE-023")
    lost = Alternative("no_ml_yet", "no ML yet", f"ML is preferred: {reason.text}")
    decision = replace(plan.decisions["serving_host"], because=(reason,), alternatives=(lost,))
    found = {**plan.decisions, "serving_host": decision}
    page = render(replace(plan, decisions=found), "md").decode()
    assert page.split("\n## Targets")[0].count("People do this by hand.") == 1


def test_doing_without_what_serves_is_no_option() -> None:
    plan = example()
    without = Rejected("none", "no accelerator of our own", (Reason("It cannot.", rule="X-1"),))
    id_ = "serving_accelerator"
    used = replace(plan.decisions[id_], chosen="cpu", alternatives=(), rejected=(without,))
    found = {**plan.decisions, id_: used}
    page = render(replace(plan, decisions=found), "md").decode().split("\n## Targets")[0]
    assert "no accelerator of our own" not in page
