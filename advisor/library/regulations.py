"""Regulations and controls: knowledge files -> records."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping

from advisor.domain.regulations import ClauseRecord, ControlRecord
from advisor.errors import Problem
from advisor.library.records import Row, by_id, provenance, rows
from advisor.library.words import remedy
from advisor.library.yamlfile import Document, Pointer, dotted

KEY = "clauses"
_PLAIN = (
    "id",
    "regime",
    "clause",
    "topic",
    "control",
    "duty",
    "text",
    "strength",
    "binding",
    "jurisdiction",
    "trigger",
    "confirm",
    "confidence",
)


def parse(documents: Iterable[Document]) -> dict[str, ClauseRecord]:
    """Return the clauses by id; raises LibraryError where an id stands twice."""
    return by_id(documents, KEY, _clause)


def parse_controls(documents: Iterable[Document]) -> dict[str, ControlRecord]:
    """Return the controls by id; raises LibraryError where an id stands twice."""
    return by_id(
        documents,
        "controls",
        lambda row: ControlRecord(row["id"], row["name"], row["category"], row["meaning"]),
    )


def reference_problems(
    documents: Iterable[Document],
    controls: Mapping[str, ControlRecord],
    duties: Mapping[str, str],
) -> Iterator[Problem]:
    """Yield controls and duties that are not defined, and dates that are none or upside down."""
    for document, index, row in rows(documents, KEY):
        at: Pointer = (KEY, index)
        for field, known in (("control", controls), ("duty", duties)):
            if row[field] not in known:
                yield _problem(
                    document,
                    (*at, field),
                    "E241",
                    f"no {field} '{row[field]}'; {remedy(row[field], known)}",
                )
        days = [row[field] for field in ("applies_from", "applies_until") if field in row]
        for field in ("applies_from", "applies_until"):
            if field in row and not _is_day(row[field]):
                yield _problem(
                    document,
                    (*at, field),
                    "E242",
                    f"'{row[field]}' is no day; write it as 2026-08-02",
                )
        if days != sorted(days):
            yield _problem(
                document, at, "E243", "applies_until lies before applies_from; correct one of them"
            )


def _clause(row: Row) -> ClauseRecord:
    return ClauseRecord(
        **{name: row[name] for name in _PLAIN},
        number_or_period=row.get("number_or_period", ""),
        applies_from=row.get("applies_from", ""),
        applies_until=row.get("applies_until", ""),
        history=row["in_force"],
        official_text=row.get("official_text", ""),
        provenance=provenance(row),
    )


def _is_day(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _problem(document: Document, at: Pointer, id_: str, message: str) -> Problem:
    return Problem(document.place(at), id_, dotted(at), message)
