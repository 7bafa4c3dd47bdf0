"""The files of a library: found, fingerprinted, read and checked against their schemas.

What a file holds is said by its first line, the one that editors use to complete words:
`# yaml-language-server: $schema=../schema/KIND.schema.json`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from advisor.errors import LibraryError, Place, Problem
from advisor.frozen import dataclass, replace
from advisor.library import schema, yamlfile
from advisor.library.files import MEASURED, File
from advisor.library.yamlfile import Document, Ids

Key = tuple[str, str, str, str]
"""Kind, list, decision ("" where an entry has none) and id of an entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a library, with its kind and the pack that it came from.

    `digests` are those of its entries by id, once it is compiled.
    """

    kind: str
    pack: str
    document: Document
    digests: Mapping[str, str] = field(default_factory=dict)


def entries(files: Iterable[File]) -> tuple[tuple[Entry, ...], list[Problem]]:
    """Return the documents that can be read, and the problems of all files.

    A document with problems is returned where its data have the right outline, so that other
    files can be checked against it.
    """
    found: list[Entry] = []
    problems: list[Problem] = []
    for file in files:
        if any(folder in file.path for folder in MEASURED):
            continue
        try:
            document = yamlfile.parse(file.raw, _ids(file), file.path)
        except LibraryError as error:
            problems += error.problems
            continue
        wrong = _checked(file, document)
        problems += wrong
        if file.kind == "rules" or not wrong:
            found.append(Entry(file.kind, file.pack, document))
    return tuple(found), problems


def _ids(file: File) -> Ids:
    """Return the ids of problems of a file that cannot be read."""
    return Ids("E100" if "rules/" in file.path else "E200", LibraryError)


def _checked(file: File, document: Document) -> list[Problem]:
    if not file.kind or not schema.schema_path(file.kind).is_file():
        place = Place(file.path, 1, 1)
        wanted = "# yaml-language-server: $schema=../schema/KIND.schema.json"
        message = f"the first line does not name a schema of this library; write '{wanted}'"
        return [Problem(place, "E206", "", message)]
    return schema.check(document, file.kind)


def overlaid(found: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the documents without the entries that a later pack states again under their id."""
    given = tuple(found)
    last: dict[Key, str] = {}
    for entry in given:
        for key, row in _rows(entry):
            last[_key(entry, key, row)] = entry.pack
    return tuple(_without_replaced(entry, last) for entry in given)


def with_equal_strings_once(found: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the documents as plain values in which equal strings are one object: of 50,000 in
    the library 14,000 differ."""
    return tuple(
        replace(e, document=replace(e.document, data=_shared(e.document.data))) for e in found
    )


def _shared(content: Any) -> Any:
    if isinstance(content, str):
        return sys.intern(str.__str__(content))
    if isinstance(content, Mapping):
        return {_shared(key): _shared(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_shared(value) for value in content]
    return content


def _rows(entry: Entry) -> Iterator[tuple[str, dict[str, Any]]]:
    if entry.kind == "rules":
        return
    for key, rows in entry.document.data.items():
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and "id" in row:
                yield key, row


def _key(entry: Entry, key: str, row: dict[str, Any]) -> Key:
    return entry.kind, key, str(row.get("decision", "")), str(row["id"])


def _without_replaced(entry: Entry, last: dict[Key, str]) -> Entry:
    document = entry.document
    gone = [row for key, row in _rows(entry) if last[_key(entry, key, row)] != entry.pack]
    if not gone:
        return entry
    data = {
        key: [row for row in rows if row not in gone] if isinstance(rows, list) else rows
        for key, rows in document.data.items()
    }
    return Entry(entry.kind, entry.pack, Document(document.path, data))
