"""Records of knowledge files: one top-level list, each entry with an id and its provenance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from advisor.domain.provenance import Provenance
from advisor.errors import LibraryError, Problem
from advisor.library import schema, yamlfile
from advisor.library.yamlfile import Document

IDS = yamlfile.Ids("E200", LibraryError)

Row = dict[str, Any]
T = TypeVar("T")


def read_folder(folder: Path, kind: str) -> tuple[Document, ...]:
    """Return the checked documents of a folder, sorted by name.

    Raises LibraryError with every problem of every file.
    """
    return read_files(sorted(folder.glob("*.yaml")), kind)


def read_files(paths: Iterable[Path], kind: str) -> tuple[Document, ...]:
    """Return the checked documents; raises LibraryError with the problems of all of them."""
    documents: list[Document] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            document = yamlfile.read(path, IDS)
        except LibraryError as error:
            problems.extend(error.problems)
            continue
        problems.extend(schema.check(document, kind))
        documents.append(document)
    if problems:
        raise LibraryError(problems)
    return tuple(documents)


def rows(documents: Iterable[Document], key: str) -> Iterator[tuple[Document, int, Row]]:
    """Yield every entry of the list under `key` with its document and position.

    The documents have passed their schema.
    """
    for document in documents:
        for index, row in enumerate(document.data[key]):
            yield document, index, row


def by_id(documents: Iterable[Document], key: str, build: Callable[[Row], T]) -> dict[str, T]:
    """Return what `build` makes of every entry, by id and sorted by it.

    Raises LibraryError where an id stands twice.
    """
    found: dict[str, T] = {}
    problems: list[Problem] = []
    for document, index, row in rows(documents, key):
        if row["id"] in found:
            problems.append(
                Problem(
                    document.place((key, index, "id")),
                    "E210",
                    f"{key}.{index}.id",
                    f"the id '{row['id']}' is taken by another entry; choose another",
                )
            )
        found[row["id"]] = build(row)
    if problems:
        raise LibraryError(problems)
    return dict(sorted(found.items()))


def provenance(row: Row) -> Provenance:
    """Return where an entry comes from."""
    source = row["source"]
    return Provenance(
        source=tuple(source) if isinstance(source, list) else (source,),
        locator=row.get("locator", ""),
        as_of=row["as_of"],
        evidence=row["evidence"],
        notes=row.get("notes", ""),
        doubt=row.get("doubt", ""),
    )


def truth(word: str) -> bool:
    """Return whether the word is yes."""
    return word == "yes"


def money(row: Row, field: str) -> Decimal | None:
    """Return the amount in a field, or None where it is absent."""
    return Decimal(row[field]) if field in row else None
