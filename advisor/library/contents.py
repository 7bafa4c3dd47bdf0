"""What a library holds, by id: a short digest of each entry, so that changes can be named later.

A plan carries these digests; held against the library of another day, they say which rules,
prices and products are new, gone or different.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from advisor.library.files import MEASURED, File
from advisor.library.store import Entry

DIGITS = 8
MEASURED_KIND = "measured"
"""Kind under which files of constants and measurements are listed, each as a whole."""

Contents = Mapping[str, Mapping[str, str]]
"""Digest by kind and id of the entry."""


def digests_of(entry: Entry) -> dict[str, str]:
    """Return a digest for each entry of a document by id; cases of rules are left out."""
    return {id_: _digest(json.dumps(row, sort_keys=True)) for id_, row in _rows(entry)}


def contents_of(found: Iterable[Entry], files: Iterable[File]) -> Contents:
    """Return the digests of all entries, and of each measured file, sorted by kind and id."""
    kinds: dict[str, dict[str, str]] = {}
    for entry in found:
        kinds.setdefault(entry.kind, {}).update(entry.digests)
    for file in files:
        if any(folder in file.path for folder in MEASURED):
            digest = hashlib.sha256(file.raw).hexdigest()[:DIGITS]
            kinds.setdefault(MEASURED_KIND, {})[file.path] = digest
    return {kind: dict(sorted(kinds[kind].items())) for kind in sorted(kinds) if kinds[kind]}


def _rows(entry: Entry) -> Iterator[tuple[str, Any]]:
    for group, rows in entry.document.data.items():
        if isinstance(rows, dict):
            yield from ((f"{group}.{name}", row) for name, row in rows.items())
        for row in rows if isinstance(rows, list) else ():
            yield _id_of(row), {k: v for k, v in row.items() if k != "cases"}


def _id_of(row: Mapping[str, Any]) -> str:
    return f"{row['decision']}/{row['id']}" if "decision" in row else str(row["id"])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
