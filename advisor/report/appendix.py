"""Appendix: every answer with its source, the rules that spoke, and where they come from."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.plan import Plan
from advisor.domain.rule import Fact
from advisor.report.model import Block, Bullets, Link, Paragraph, Section, Table, Words
from advisor.report.naming import SOURCES, age, shown_answer
from advisor.report.text import listed, words_of

CONCLUSIONS_SHOWN = 3


def appendix(plan: Plan) -> Section:
    """Return the answers, the rule trace, the references and the warnings."""
    sections: tuple[Section, ...] = (
        Section("answers", "Answers", (_answers(plan), *_notes(plan))),
        Section("trace", "Rules that fired", tuple(_trace(plan))),
        Section("references", "References", tuple(_references(plan))),
    )
    if plan.warnings:
        warnings = Section("warnings", "Warnings", (Bullets(plan.warnings),))
        sections += (warnings,)
    return Section("appendix", "Appendix", (), sections)


def _answers(plan: Plan) -> Table:
    rows = tuple(
        (*_question(plan, id_), shown_answer(plan, id_), SOURCES[source.value])
        for id_, (_, source) in plan.answers.items()
    )
    return Table(("Section", "Question", "Id", "Answer", "Source"), rows)


def _notes(plan: Plan) -> Iterator[Block]:
    """Yield what was written beside questions."""
    if plan.notes:
        rows = tuple((_question(plan, id_)[1], text) for id_, text in plan.notes.items())
        yield Table(("Question", "Note of the author"), rows)


def _question(plan: Plan, id_: str) -> tuple[str, str, str]:
    words = plan.answer_words.get(id_)
    if words is None:
        return "", words_of(id_), id_
    return words_of(words.section), words.question, id_


def _trace(plan: Plan) -> Iterator[Block]:
    """Yield each rule once, in the order of its first firing, with what it concluded."""
    concluded: dict[str, list[str]] = {}
    for firing in plan.trace:
        mine = concluded.setdefault(firing.rule, [])
        mine += [shown for fact in firing.added if (shown := _fact(fact)) not in mine]
    if not concluded:
        yield Paragraph("No rule fired.")
        return
    rows = tuple(
        (rule, plan.rule_titles.get(rule, ""), _first(facts)) for rule, facts in concluded.items()
    )
    yield Table(("Rule", "What it says", "What it concluded here"), rows)


def _fact(fact: Fact) -> str:
    values = ", ".join(words_of(str(value)) for _, value in fact.fields)
    return f"{fact.type}: {values}"


def _first(facts: list[str]) -> str:
    shown = "; ".join(facts[:CONCLUSIONS_SHOWN])
    rest = len(facts) - CONCLUSIONS_SHOWN
    return f"{shown}; and {rest:,} more" if rest > 0 else shown


def _references(plan: Plan) -> Iterator[Block]:
    """Yield each document once with its date and its age, and the rules behind each place of it."""
    cited: dict[Document, dict[str, list[str]]] = {}
    for rule in sorted(plan.references):
        for r in plan.references[rule]:
            places = cited.setdefault((r.title, r.url, r.as_of, r.evidence), {})
            places.setdefault(r.locator, []).append(rule)
    if not cited:
        yield Paragraph("No rule that fired cites a document.")
        return
    rows = tuple(_reference(plan, document, cited[document]) for document in sorted(cited))
    yield Table(
        ("Document", "As of", "Age", "Known how", "Places, and rules that rest on them"), rows
    )


Document = tuple[str, str, str, str]
"""Title, address, date, and how the text is known."""


def _reference(plan: Plan, document: Document, places: dict[str, list[str]]) -> tuple[Words, ...]:
    title, url, as_of, evidence = document
    rests = "; ".join(
        f"{place}: {listed(dict.fromkeys(rules))}" if place else listed(dict.fromkeys(rules))
        for place, rules in sorted(places.items())
    )
    return (Link(title, url),), as_of, age(plan, as_of), evidence, rests
