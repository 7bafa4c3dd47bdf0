"""Rule files to rules, and what is wrong with each of them."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Any

from advisor.domain.rule import Assertion, Case, Reference, RuleSpec, Scalar, Strength, Var
from advisor.errors import Problem
from advisor.library.patterns import Notes, Spot, Words, literal, read_clauses, read_facts
from advisor.library.yamlfile import Document, Pointer

AREAS = {
    "PERF": "performance",
    "SCALE": "scaling",
    "LIFE": "lifecycle",
    "COST": "cost",
    "COMP": "compliance",
}
_VERDICT_STRENGTHS = {
    "require": (Strength.MUST,),
    "exclude": (Strength.MUST,),
    "prefer": (Strength.SHOULD, Strength.COULD),
    "avoid": (Strength.SHOULD, Strength.COULD),
}


def read_rules(
    document: Document, words: Words, skip: frozenset[int] = frozenset()
) -> tuple[list[RuleSpec], list[Problem]]:
    """Return the rules of a document and what is wrong with them.

    The document has passed its schema, except for the rules whose index is in `skip`. Without a
    vocabulary nothing is checked: the document comes from a library that was checked before.
    """
    rules: list[RuleSpec] = []
    problems: list[Problem] = []
    for index, raw in enumerate(document.data["rules"]):
        if index not in skip:
            notes = Notes(document)
            rules.append(_rule(raw, ("rules", index), words, notes))
            problems += notes.problems
    return rules, problems if words.vocabulary else []


def _rule(raw: dict[str, Any], base: Pointer, words: Words, notes: Notes) -> RuleSpec:
    strength = Strength(raw["strength"])
    when = tuple(read_clauses(raw["when"], (*base, "when"), words, notes))
    rule = RuleSpec(
        id=raw["id"],
        title=raw["title"],
        area=AREAS[raw["id"].split("-")[-2]],
        strength=strength,
        when=when,
        none=tuple(read_clauses(raw.get("none", []), (*base, "none"), words, notes)),
        then=tuple(_assertions(raw["then"], (*base, "then"), words, notes)),
        because=raw["because"],
        rationale=raw["rationale"],
        references=tuple(Reference(**reference) for reference in raw["references"]),
        reviewed=raw["reviewed"],
        cases=tuple(_cases(raw.get("cases", []), (*base, "cases"), words, notes)),
        replaces=raw.get("replaces", ""),
        place=notes.document.place(base),
    )
    if words.vocabulary:
        _check_strength(rule, base, notes)
        _check_because(rule, (*base, "because"), notes)
        _check_folder(rule, (*base, "id"), notes)
    return rule


def _assertions(
    items: list[dict[str, Any]], pointer: Pointer, words: Words, notes: Notes
) -> Iterator[Assertion]:
    for number, item in enumerate(items):
        ((kind, written),) = item.items()
        here = (*pointer, number, kind)
        if kind in _VERDICT_STRENGTHS:
            fields = {**written, "verdict": kind}
            yield Assertion("verdict", tuple(_asserted("verdict", fields, here, words, notes)))
        else:
            yield Assertion(kind, tuple(_asserted(kind, written, here, words, notes)))


def _asserted(
    fact: str, fields: dict[str, str], pointer: Pointer, words: Words, notes: Notes
) -> Iterator[tuple[str, Scalar | Var]]:
    known = {name: value for name, value in fields.items() if value[:1] != "$"}
    for name, value in sorted(fields.items()):
        here = (*pointer, name)
        if value[:1] != "$":
            yield name, literal(Spot(fact, name, known, here), value, words, notes)
            continue
        if value[1:] not in notes.bound:
            notes.report_unbound(value[1:], here)
        yield name, Var(value[1:])


def _cases(
    items: list[dict[str, Any]], pointer: Pointer, words: Words, notes: Notes
) -> Iterator[Case]:
    for number, case in enumerate(items):
        here = (*pointer, number)
        given = tuple(read_facts(case["given"], (*here, "given"), words, notes))
        fires = tuple(tuple(sorted(bindings.items())) for bindings in case["fires"])
        if words.vocabulary:
            _check_bindings(case["fires"], (*here, "fires"), notes)
        yield Case(case["name"], given, fires, notes.document.place(here))


def _check_bindings(fires: list[dict[str, Scalar]], pointer: Pointer, notes: Notes) -> None:
    for number, bindings in enumerate(fires):
        here = (*pointer, number)
        for name in sorted(bindings.keys() - notes.bound.keys()):
            notes.report_unbound(name, (*here, name))
        missing = ", ".join(sorted(notes.bound.keys() - bindings.keys()))
        if missing:
            notes.report(130, here, f"the case does not say what {missing} is bound to; add it")


def _check_strength(rule: RuleSpec, base: Pointer, notes: Notes) -> None:
    for number, assertion in enumerate(rule.then):
        verdict = str(dict(assertion.fields).get("verdict", ""))
        suited = _VERDICT_STRENGTHS.get(verdict, (rule.strength,))
        if rule.strength not in suited:
            message = f"'{verdict}' needs the strength {' or '.join(suited)}, not {rule.strength}"
            notes.report(115, (*base, "then", number), f"{message}; change one of them")


def _check_because(rule: RuleSpec, pointer: Pointer, notes: Notes) -> None:
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(rule.because)]
    except ValueError as error:
        notes.report(116, pointer, f"the placeholders cannot be read ({error}); correct them")
        return
    for name in names:
        if name is not None and name not in notes.bound:
            notes.report_unbound(name, pointer)


def _check_folder(rule: RuleSpec, pointer: Pointer, notes: Notes) -> None:
    folders = notes.document.path.replace("\\", "/").split("/")
    if "rules" in folders and folders[folders.index("rules") + 1] != rule.area:
        notes.report(117, pointer, f"{rule.id} belongs into rules/{rule.area}/; move it there")
