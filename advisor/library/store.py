"""The files of a library: found, fingerprinted, read and checked against their schemas.

What a file holds is said by its first line, the one that editors use to complete words:
`# yaml-language-server: $schema=../schema/KIND.schema.json`.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advisor.errors import LibraryError, Place, Problem
from advisor.library import schema, yamlfile
from advisor.library.yamlfile import Document, Ids

_HEADER = re.compile(rb"# yaml-language-server: \$schema=\S*?([a-z-]+)\.schema\.json\s*\n")
MEASURED = ("knowledge/calibration/", "knowledge/evidence/")
"""Constants and measurements whose readers are elsewhere; they count for the fingerprint."""
Key = tuple[str, str, str, str]
"""Kind, list, decision ("" where an entry has none) and id of an entry."""


@dataclass(frozen=True, slots=True)
class File:
    """One file as it lies on disk; `path` is relative to its library, with `/`."""

    path: str
    pack: str
    raw: bytes

    @property
    def kind(self) -> str:
        """Return what the file holds, "" where its first line does not say."""
        found = _HEADER.match(self.raw)
        return found.group(1).decode() if found else ""

    @property
    def ids(self) -> Ids:
        """Return the ids of problems of a file that cannot be read."""
        return Ids("E100" if "rules/" in self.path else "E200", LibraryError)


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a library, with its kind and the pack that it came from.

    `digests` are those of its entries by id, once it is compiled.
    """

    kind: str
    pack: str
    document: Document
    digests: Mapping[str, str] = field(default_factory=dict)


def files_of(root: Path, pack: str = "") -> tuple[File, ...]:
    """Return every rule and knowledge file below `root`, sorted by path; schemas are left out."""
    prefix = f"{root.name}/" if pack else ""
    return tuple(
        File(prefix + path, pack, _raw(root / path))
        for folder in ("knowledge", "rules")
        for path in sorted(_below(root, folder))
    )


def _below(root: Path, folder: str) -> Iterator[str]:
    for place, folders, names in os.walk(root / folder):
        folders[:] = [name for name in folders if name != "schema"]
        inside = place[len(str(root)) + 1 :].replace(os.sep, "/")
        yield from (f"{inside}/{name}" for name in names if name.endswith((".yaml", ".csv")))


def _raw(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(yamlfile.MAX_BYTES + 1)
    except OSError as error:
        message = f"{error.strerror}; make the file readable"
        raise LibraryError([Problem(Place(str(path)), "E200", "", message)]) from None


def fingerprint(files: Iterable[File]) -> str:
    """Return 16 hexadecimal digits that change with any byte of any file."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.pack}\0{file.path}\0{len(file.raw)}\0".encode())
        digest.update(file.raw)
    return digest.hexdigest()[:16]


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
            document = yamlfile.parse(file.raw, file.ids, file.path)
        except LibraryError as error:
            problems += error.problems
            continue
        wrong = _checked(file, document)
        problems += wrong
        if file.kind == "rules" or not wrong:
            found.append(Entry(file.kind, file.pack, document))
    return tuple(found), problems


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
