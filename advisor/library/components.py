"""Components and orchestrators: knowledge files -> records, with their references checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from advisor.domain.components import Component
from advisor.domain.decisions import StageSpec, Words
from advisor.domain.questions import Question
from advisor.domain.rule import Scalar
from advisor.errors import LibraryError, Problem
from advisor.library.records import Row, provenance, rows
from advisor.library.words import remedy
from advisor.library.yamlfile import Document, Pointer, dotted

ATTRIBUTES = (
    "status",
    "licence_class",
    "deployment",
    "kubernetes",
    "min_team",
    "air_gap",
    "usual",
    "only_with",
    "slot",
    "category",
    "index_in",
    "provider",
    "trains_on_data",
    "zero_retention",
)
"""Fields that rules read of every entry; features of orchestrators come on top."""
_TEXTS = (
    "licence",
    "choose_text",
    "avoid_text",
    "scale_text",
    "cost_model",
    "hipaa",
    "fedramp",
    "compliance_evidence",
    "version_line",
    "definition_style",
    "managed_offerings",
    "minimum_footprint",
    "skills",
)
CONTEXT = "context"
"""The decision of an entry that is kept for reference and fills none."""

Key = tuple[str, str]


def parse(documents: Iterable[Document]) -> dict[Key, Component]:
    """Return components and orchestrators by (decision, id), sorted.

    The documents have passed their schema. Raises LibraryError where a key stands twice.
    """
    found: dict[Key, Component] = {}
    problems: list[Problem] = []
    for document, key, index, row in _rows(documents):
        own = (row["decision"], row["id"])
        if own in found:
            problems.append(
                _problem(
                    document,
                    (key, index, "id"),
                    "E210",
                    f"{own[1]} stands twice for {own[0]}; keep one",
                )
            )
        found[own] = _component(row)
    if problems:
        raise LibraryError(problems)
    return dict(sorted(found.items()))


def reference_problems(
    documents: Iterable[Document],
    stages: Iterable[StageSpec],
    words: Words,
    questions: Iterable[Question],
) -> list[Problem]:
    """Return every word of an entry that names nothing: decisions, slots, classes, needs."""
    given = tuple(documents)
    known = _known(given, stages, words, questions)
    return [
        problem
        for document, key, index, row in _rows(given)
        for problem in _row_problems(document, (key, index), row, known)
    ]


def _rows(documents: Iterable[Document]) -> Iterator[tuple[Document, str, int, Row]]:
    for document in documents:
        for key in document.data:
            for _, index, row in rows([document], key):
                yield document, key, index, row


def _component(row: Row) -> Component:
    return Component(
        id=row["id"],
        name=row["name"],
        decision=row["decision"],
        slot=row.get("slot", ""),
        status=row["status"],
        status_note=row.get("status_note", ""),
        successor=row.get("successor", ""),
        attributes=_attributes(row),
        traits={name: tuple(value) for name, value in row.items() if isinstance(value, list)},
        texts={
            **{name: row[name] for name in _TEXTS if name in row},
            **{
                name: said["text"]
                for name, said in row.get("features", {}).items()
                if "text" in said
            },
        },
        names=row.get("names", {}),
        provenance=provenance(row),
    )


def _attributes(row: Row) -> dict[str, Scalar]:
    plain = {name: row[name] for name in ATTRIBUTES if name in row}
    return {**plain, **{name: said["value"] for name, said in row.get("features", {}).items()}}


def _known(
    documents: Iterable[Document],
    stages: Iterable[StageSpec],
    words: Words,
    questions: Iterable[Question],
) -> dict[str, frozenset[str]]:
    """Return the valid words by field; slots by `slot of DECISION`."""
    decisions = [decision for stage in stages for decision in stage.decisions]
    options = {q.id: frozenset(o.id for o in q.options) for q in questions}
    fields = {
        "decision": frozenset(d.id for d in decisions) | {CONTEXT},
        "only_with": frozenset(words.classes),
        "choose_when": frozenset(words.classes),
        "avoid_when": frozenset(words.classes),
        "provides": frozenset(words.needs),
        "tools": options.get("existing_tools", frozenset()),
        "origins": options.get("data_origin", frozenset()),
        "successor": frozenset(row["id"] for *_, row in _rows(documents)),
    }
    return fields | {f"slot of {d.id}": frozenset(slot.id for slot in d.slots) for d in decisions}


def _row_problems(
    document: Document, at: Pointer, row: Row, known: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    for name, valid in known.items():
        said = row.get(name, ())
        for word in said if isinstance(said, list) else [said] if said else ():
            if word not in valid:
                yield _problem(
                    document,
                    (*at, name),
                    "E231",
                    f"{name}: '{word}' is unknown; {remedy(word, valid)}",
                )
    slots = known.get(f"slot of {row['decision']}", frozenset())
    slot = row.get("slot", "")
    if slot not in (slots or {""}):
        yield _problem(
            document,
            at,
            "E232",
            f"slot '{slot}' is none of {row['decision']}; {remedy(slot, slots)}",
        )
    if row["status"] == "active" and "successor" in row:
        yield _problem(
            document,
            (*at, "successor"),
            "E233",
            "an active product has no successor; correct status or drop it",
        )


def _problem(document: Document, at: Pointer, id_: str, message: str) -> Problem:
    return Problem(document.place(at), id_, dotted(at), message)
