"""The compiled library: documents that were checked once, kept as JSON in the user's cache.

Keyed by everything that could change the outcome, and never trusted: whatever is not exactly as
it was written is thrown away and compiled again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from advisor.library.locate import PACKAGE, cache_folder, library_root
from advisor.library.store import Entry
from advisor.library.yamlfile import Document, Marks

_RULE_DEPTH = 6
"""Rules keep the places of their clauses (rules, index, when, number, fact, key)."""
_KEPT = frozenset({"rules", "when", "none"})


def key_of(fingerprint: str) -> str:
    """Return the key of the compiled form: content, schemas and the code that compiles."""
    digest = hashlib.sha256(fingerprint.encode())
    root = library_root()
    parts = [*root.glob("*/schema/*.json"), *(PACKAGE / "library").glob("*.py")]
    for path in sorted(parts):
        stat = path.stat()
        digest.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:32]


def load(key: str, *, cases: bool) -> tuple[Entry, ...] | None:
    """Return the documents kept under `key`, or None where there are none that can be used."""
    main = _read(key, "library")
    if main is None or not cases:
        return main
    kept = _read(key, "cases")
    if kept is None or [e.document.path for e in kept] != _rule_paths(main):
        return None
    by_path = {entry.document.path: entry.document.data for entry in kept}
    for entry in main:
        for rule, own in zip(
            entry.document.data.get("rules", ()), by_path.get(entry.document.path, ()), strict=False
        ):
            rule["cases"] = own
    return main


def save(key: str, found: Iterable[Entry]) -> None:
    """Keep the documents under `key`; a cache that cannot be written is no error."""
    given = tuple(found)
    main = [
        [e.kind, e.pack, e.document.path, _without_cases(e), _marks(e), e.digests] for e in given
    ]
    kept = [
        [
            e.kind,
            e.pack,
            e.document.path,
            [r.get("cases", []) for r in e.document.data["rules"]],
            0,
            {},
        ]
        for e in given
        if e.kind == "rules"
    ]
    with contextlib.suppress(OSError):
        _write(key, "library", main)
        _write(key, "cases", kept)


def enabled() -> bool:
    """Return whether compiled libraries may be kept and used."""
    return not os.environ.get("ADVISOR_NO_CACHE")


def _rule_paths(found: Iterable[Entry]) -> list[str]:
    return [entry.document.path for entry in found if entry.kind == "rules"]


def _cases(entry: Entry) -> Any:
    return [rule.get("cases", []) for rule in entry.document.data["rules"]]


def _without_cases(entry: Entry) -> Any:
    data = entry.document.data
    if entry.kind != "rules":
        return data
    rules = [{k: v for k, v in rule.items() if k != "cases"} for rule in data["rules"]]
    return {**data, "rules": rules}


def _marks(entry: Entry) -> Marks:
    return _pruned(entry.document.marks, _RULE_DEPTH if entry.kind == "rules" else 0)


def _pruned(marks: Marks, depth: int) -> Marks:
    line, column, children = marks
    if depth == 0 or children is None:
        return line, column, None
    if isinstance(children, list):
        return line, column, [_pruned(child, depth - 1) for child in children]
    names = children.keys() & _KEPT or children.keys()
    return line, column, {name: _pruned(children[name], depth - 1) for name in sorted(names)}


def _path(key: str, part: str) -> Path:
    return cache_folder() / f"{part}-{key}.json"


def _read(key: str, part: str) -> tuple[Entry, ...] | None:
    try:
        raw = _path(key, part).read_bytes()
        digest, _, body = raw.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        return tuple(
            Entry(kind, pack, Document(path, data, marks), digests)
            for kind, pack, path, data, marks, digests in json.loads(body)
        )
    except (OSError, ValueError):
        return None


def _write(key: str, part: str, content: Any) -> None:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    target = _path(key, part)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        Path(name).replace(target)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    _forget_older(target, part)


def _forget_older(current: Path, part: str) -> None:
    """Keep the eight newest compiled forms, so that the cache does not grow."""
    kept = sorted(current.parent.glob(f"{part}-*.json"), key=lambda p: p.stat().st_mtime)
    for path in kept[:-8]:
        path.unlink(missing_ok=True)
