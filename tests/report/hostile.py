"""Texts that attack a reader of reports, and a plan that carries one everywhere."""

from __future__ import annotations

from dataclasses import replace

from advisor.domain.answers import AnswerWords, Source
from advisor.domain.plan import Plan, Reason
from tests.report.full_example import full_example
from tests.report.plan_example import with_answers

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "\x1b]0;owned\x07\x1b[2J",
    "\u202egnp.exe\u202c",
    "[click](javascript:alert(3)) ![x](http://evil.example/x.png)",
    "=cmd|' /C calc'!A0",
    "| cell | break |\n\n# heading\n```\nfence",
    "{{ 7 * 7 }}{% raw %}",
    "\u200f\u2067right to left\u2069 \x1b[31mred\x1b[0m \x9b31m",
    '+1+HYPERLINK("http://evil.example";"x")',
    "x" * 10_000,
)


def hostile_plan(text: str) -> Plan:
    """Return the example with `text` wherever an answer, a pack or a rule could put it."""
    plan = with_answers(full_example(text), {"note": (text, Source.GIVEN)})
    words = {id_: AnswerWords(text, text, text) for id_ in plan.answers}
    approach = replace(
        plan.decisions["approach"], chosen_name=text, because=(Reason(text, rule=text),)
    )
    return replace(
        plan,
        answer_words=words,
        decisions={**plan.decisions, "approach": approach},
        library=replace(plan.library, packs=(text,)),
        findings=(replace(plan.findings[0], text=text, rule=text),),
        practices=(replace(plan.practices[0], because=text, name=text),),
        hardware=(replace(plan.hardware[0], provider=text, layout=text), plan.hardware[1]),
        warnings=(text,),
        rule_titles={"PERF-101": text},
        model=text,
    )
