"""Checked documents on their way into the cache and back; cases of rules lie apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from advisor.library import cache
from advisor.library.store import Entry
from advisor.library.yamlfile import Document, Marks

_RULE_DEPTH = 6
"""Rules keep the places of their clauses (rules, index, when, number, fact, key)."""
_KEPT = frozenset({"rules", "when", "none"})


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


def parts_of(found: Iterable[Entry]) -> dict[str, Any]:
    """Return the parts that the documents are kept in."""
    given = tuple(found)
    return {
        "library": [
            [e.kind, e.pack, e.document.path, _without_cases(e), _marks(e), e.digests]
            for e in given
        ],
        "cases": [
            [e.kind, e.pack, e.document.path, _cases(e), 0, {}] for e in given if e.kind == "rules"
        ],
    }


def _read(key: str, part: str) -> tuple[Entry, ...] | None:
    found = cache.read(key, part)
    if found is None:
        return None
    try:
        return tuple(
            Entry(kind, pack, Document(path, data, marks), digests)
            for kind, pack, path, data, marks, digests in found
        )
    except (TypeError, ValueError):
        return None


def _cases(entry: Entry) -> Any:
    return [rule.get("cases", []) for rule in entry.document.data["rules"]]


def _rule_paths(found: Iterable[Entry]) -> list[str]:
    return [entry.document.path for entry in found if entry.kind == "rules"]


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
