"""Facts in words: what was said, what situation holds, what was settled."""

from __future__ import annotations

from advisor.domain.answers import Source
from advisor.domain.rule import Fact, RuleSpec
from advisor.planning.answer_words import answer_words
from advisor.planning.line import Line

SAID_BY = {
    Source.GIVEN: "you said so",
    Source.FILE: "the file says so",
    Source.DEFAULT: "assumed",
    Source.UNKNOWN: "not known, so assumed",
}
KINDS = {
    "class": "the situation is",
    "need": "needed is",
    "duty": "in force is",
    "clause": "in force is",
    "control": "asked for is",
}
"""How facts begin that consist of one word of a vocabulary."""
BEARERS = ("id", "decision", "candidate")
"""Fields that say what a fact is about, not what is true of it."""


def fact_words(line: Line, fact: Fact, rule: RuleSpec) -> str:
    """Return a fact that a rule used, "" where it only says what the rule speaks about."""
    fields = dict(fact.fields)
    if fact.type == "answer":
        return _answer(line, str(fields["question"]), fields["value"])
    if fact.type in KINDS:
        return f"{KINDS[fact.type]}: {_named(line, str(fields['id']))}"
    if fact.type == "choice":
        decision = line.kit.decisions[str(fields["decision"])]
        return f"settled: {decision.name} is {_named(line, str(fields['id']))}"
    about = str(fields.get("candidate", fields.get("id", fact.type)))
    if fact.type == "trait":
        said = f"{_plain(fields['name'])} {_named(line, str(fields['value']))}"
        return f"the catalogue says of {_named(line, about)}: {said}"
    read = {test.field for clause in rule.when if clause.fact == fact.type for test in clause.tests}
    told = [f"{_plain(k)} {_plain(v)}" for k, v in fact.fields if k in read and k not in BEARERS]
    return f"of {_named(line, about)}: {', '.join(told)}" if told else ""


def _answer(line: Line, question: str, value: object) -> str:
    """Return an answer, or the one of several that the rule read."""
    asked = next((q for q in line.kit.questions if q.id == question), None)
    if asked is None or not isinstance(value, str | int | float):
        return f"{_plain(question)}: {_plain(value)}"
    source = SAID_BY.get(line.brief.sources.get(question, Source.GIVEN), "")
    values = {**line.brief.values, question: value}
    return f"{asked.title}: {answer_words(line.kit.questions, values)[question].shown} ({source})"


def _named(line: Line, id_: str) -> str:
    return line.called.names.get(id_) or line.kit.library.words.duties.get(id_) or _plain(id_)


def _plain(word: object) -> str:
    return str(word).replace("_", " ")
