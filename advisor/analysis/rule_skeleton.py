"""A new rule to be filled in: valid as it stands, with every open place marked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from advisor.domain.questions import Question
from advisor.domain.rule import RuleSpec
from advisor.frozen import dataclass

OPEN = "TODO"
"""What marks a place that a person must fill; `advisor check` refuses rules that still say it."""
HEADER = "# yaml-language-server: $schema=../schema/rules.schema.json\ntopic: {topic}\nrules:\n"
ID = re.compile(r"(?:[A-Z][A-Z0-9]*-)?(?:PERF|SCALE|LIFE|COST|COMP)(?:-\d{3})?")
SKELETON = """\
  - id: {id}
    title: {title}
    strength: should
    when:  # {open}: the conditions; fact types and fields are those of other rules
      - answer: {{{question}: {yes}}}
    then:  # {open}: prefer, avoid, exclude, require, class, need, practice or finding
      - finding: {{id: {finding}, kind: next_step, severity: low}}
    because: "{open}: one sentence for the user, with bound names in braces."
    rationale: >-
      {open}: why this is true, for the reviewer.
    references:
      - {{title: "{open}", locator: "{open}", as_of: "{day}",
         supports: "{open}", evidence: recalled}}
    reviewed: "{day}"
    cases:
      - name: "{open}: it fires"
        given: [{{answer: {{{question}: {yes}}}}}]
        fires: [{{}}]
      - name: "{open}: it stays silent"
        given: [{{answer: {{{question}: {no}}}}}]
        fires: []
"""


@dataclass(frozen=True, slots=True)
class NewRule:
    """What is known of a rule before it is written: id, title and ISO day."""

    id: str
    title: str
    day: str

    @property
    def slug(self) -> str:
        """Return the title as a word of letters, digits and hyphens."""
        return "-".join(re.findall(r"[a-z0-9]+", self.title.lower())) or "new-rule"


def free_id(wanted: str, rules: Iterable[RuleSpec]) -> str:
    """Return the id asked for, or with the area alone the next free number in it."""
    if wanted[-3:].isdigit():
        return wanted
    numbers = [int(r.id[-3:]) for r in rules if r.id.rpartition("-")[0] == wanted]
    return f"{wanted}-{max(numbers, default=0) + 1:03d}"


def with_rule(text: str, new: NewRule, questions: Iterable[Question]) -> str:
    """Return the file's text, "" for a new one, with the skeleton of the rule at its end."""
    question = next(q for q in questions if len(q.options) > 1 and q.type == "single")
    whole = text or HEADER.format(topic=json.dumps(new.title, ensure_ascii=False))
    return (
        whole.rstrip("\n")
        + "\n"
        + SKELETON.format(
            id=new.id,
            title=json.dumps(new.title, ensure_ascii=False),
            open=OPEN,
            question=question.id,
            yes=question.options[0].id,
            no=question.options[1].id,
            finding=new.slug,
            day=new.day,
        )
    )


def open_places(rule: RuleSpec) -> tuple[str, ...]:
    """Return the fields of a rule that still have to be filled."""
    said = {
        "title": rule.title,
        "because": rule.because,
        "rationale": rule.rationale,
        "references": " ".join(f"{r.title} {r.locator} {r.supports}" for r in rule.references),
        "cases": " ".join(case.name for case in rule.cases),
    }
    return tuple(field for field, text in said.items() if OPEN in text)
