"""A rule in words: for the terminal, and as a section of the page of its area."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from advisor.domain.rule import (
    Assertion,
    Clause,
    Fact,
    Op,
    Reference,
    RuleSpec,
    Scalar,
    Test,
    Var,
)
from advisor.frozen import dataclass

OPS = {
    Op.EQ: "",
    Op.NE: "not ",
    Op.LT: "below ",
    Op.LE: "at most ",
    Op.GT: "above ",
    Op.GE: "at least ",
    Op.ONE_OF: "one of ",
}
CLAUSES = {
    "class": "the situation is {id}",
    "need": "{id} is needed",
    "duty": "the duty {id} holds",
    "practice": "the plan has the practice {id}",
    "finding": "the plan reports {id}",
    "answer": "the answer to {question} is {value}",
    "assumed": "{question} was not answered",
    "quantity": "{name} is {value}",
    "candidate": "{id} could fill {decision}",
    "choice": "the plan has {id} for {decision}",
    "rejected": "{id} was ruled out for {decision}",
    "trait": "{name} of {candidate} has {value}",
    "clause": "the clause {id} is in force",
}
"""What a pattern says; fields without a place in the sentence follow in brackets."""
CONCLUSIONS = {
    "class": "The situation is {id}",
    "need": "{id} is needed",
    "duty": "The duty {id} holds",
    "practice": "The plan takes up {id}",
    "finding": "The report says {id} ({kind}, {severity})",
    "exclude": "Rule out {candidate} for {decision}",
    "require": "Require {candidate} for {decision}",
    "prefer": "Prefer {candidate} for {decision}",
    "avoid": "Prefer others over {candidate} for {decision}",
    "control": "The clause {clause} asks for the control {id}",
}


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule in sentences; `example` is what the rule says of its first firing case."""

    rule: RuleSpec
    when: tuple[str, ...]
    unless: tuple[str, ...]
    then: tuple[str, ...]
    example: str
    sources: tuple[str, ...]


def words_of(rule: RuleSpec) -> RuleWords:
    """Return the rule in sentences; it carries its cases."""
    return RuleWords(
        rule,
        tuple(clause_words(clause) for clause in rule.when),
        tuple(clause_words(clause) for clause in rule.none),
        tuple(_conclusion(assertion) for assertion in rule.then),
        _example(rule),
        tuple(_source(reference) for reference in rule.references),
    )


def rule_text(rule: RuleSpec) -> str:
    """Return the rule for the terminal: conditions, conclusions, reason, sources, examples."""
    words = words_of(rule)
    lines = [f"{rule.id}  {rule.title}", f"a {rule.strength} of {rule.area}"]
    lines += [f"in place of {rule.replaces}"] if rule.replaces else []
    lines += ["", "When", *(f"  {said}" for said in words.when)]
    lines += [f"  unless {said}" for said in words.unless]
    lines += ["Then", *(f"  {said}" for said in words.then), ""]
    lines += [f"Because  {rule.because}", f"Why true  {rule.rationale.strip()}", ""]
    lines += ["Sources", *(f"  {said}" for said in words.sources), "", "Examples"]
    lines += [f"  {'fires ' if case.fires else 'silent'}  {case.name}" for case in rule.cases]
    return "\n".join([*lines, "", f"Reviewed {rule.reviewed}; {rule.place}"])


def rule_section(rule: RuleSpec) -> str:
    """Return the rule as a section of Markdown: what it says, when, why, an example, sources."""
    words = words_of(rule)
    conditions = "; ".join(words.when)
    exceptions = f"; unless {' or '.join(words.unless)}" if words.unless else ""
    lines = [
        f"### {rule.id}: {rule.title}",
        "",
        f"**{'; '.join(words.then)}** ({rule.strength}).",
        "",
        f"- When: {conditions}{exceptions}.",
        f"- Why: {rule.rationale.strip()}",
        f"- Example: {words.example}",
        f"- Sources: {'; '.join(words.sources)}. Reviewed {rule.reviewed}.",
    ]
    return "\n".join([*lines, ""])


def clause_words(clause: Clause) -> str:
    """Return a pattern as a phrase."""
    fields: dict[str, list[Test]] = {}
    for test in clause.tests:
        fields.setdefault(test.field, []).append(test)
    said = {field: ", ".join(map(_test, tests)) for field, tests in fields.items()}
    return _filled(CLAUSES.get(clause.fact, clause.fact.replace("_", " ")), said)


def _conclusion(assertion: Assertion) -> str:
    said = {field: _operand(value) for field, value in assertion.fields}
    if said.get("candidate") == "none":
        said["candidate"] = "doing without"
    kind = said.pop("verdict", assertion.fact)
    return _filled(CONCLUSIONS.get(kind, kind), said)


def _filled(sentence: str, said: dict[str, str]) -> str:
    """Return the sentence with its places filled and every other field in brackets."""
    named = {name for name in said if f"{{{name}}}" in sentence}
    whole = {name: said.get(name, "any") for name in _places(sentence)}
    rest = ", ".join(f"{name} {value}" for name, value in said.items() if name not in named)
    return sentence.format(**whole) + (f" ({rest})" if rest else "")


def _places(sentence: str) -> Iterable[str]:
    return (part.partition("}")[0] for part in sentence.split("{")[1:])


def _test(test: Test) -> str:
    return OPS[test.op] + _operand(test.operand)


def _operand(operand: Scalar | Var | tuple[Scalar, ...]) -> str:
    if isinstance(operand, Var):
        return f"${operand.name}"
    if isinstance(operand, tuple):
        return ", ".join(map(str, operand))
    return str(operand)


def _example(rule: RuleSpec) -> str:
    for case in rule.cases:
        if case.fires:
            said = rule.because.format(**dict(case.fires[0]))
            given = "; ".join(_given(case.given, rule))
            return f"given {given}, it says: {said}"
    return "none"


def _given(facts: Iterable[Fact], rule: RuleSpec) -> Iterator[str]:
    """Yield the facts of a case that the conditions of the rule ask for."""
    asked = {clause.fact for clause in rule.when}
    for fact in facts:
        if fact.type in asked:
            tests = tuple(Test(name, Op.EQ, value) for name, value in fact.fields)
            yield clause_words(Clause(fact.type, tests))


def _source(reference: Reference) -> str:
    where = ", ".join(part for part in (reference.title, reference.locator) if part)
    linked = f"{where} <{reference.url}>" if reference.url else where
    return f"{linked} ({reference.as_of}, {reference.evidence}): {reference.supports}"
