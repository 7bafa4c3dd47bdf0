"""Corrupted files: every change of one field is refused or harmless, never a traceback."""

from __future__ import annotations

import contextlib
import copy
import functools
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.analysis.rule_checks import check_rules
from advisor.errors import LibraryError
from advisor.library.files import files_of
from advisor.library.load import assembled, reference_problems
from advisor.library.locate import library_root
from advisor.library.rule_lint import lint_rules
from advisor.library.schema import check
from advisor.library.store import Entry, entries
from advisor.library.yamlfile import Document, Pointer
from tests.library.rule_files import read, rule

JUNK: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        [
            None,
            True,
            -1,
            0,
            1e18,
            1.5,
            "",
            "$x",
            "{",
            "{x",
            "none",
            "unknown",
            [],
            {},
            [[]],
            [None],
            {"": 1},
            {"param": "x"},
            {"ge": "a"},
            {"one_of": []},
            "2026-13-45",
            "10**9",
            "\n",
        ]
    ),
    st.text(max_size=6),
    st.integers(),
)
FEW = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def pointers(data: Any, base: Pointer = ()) -> Iterator[Pointer]:
    """Yield the place of every value inside."""
    steps = data.items() if isinstance(data, dict) else enumerate(data)
    for step, value in steps:
        yield (*base, step)
        if isinstance(value, dict | list):
            yield from pointers(value, (*base, step))


@st.composite
def corrupted(draw: st.DrawFn, data: Any) -> Any:
    """Return the data with one field dropped, renamed, repeated or replaced."""
    changed = copy.deepcopy(data)
    pointer = draw(st.sampled_from(sorted(pointers(data), key=repr)))
    parent = functools.reduce(lambda value, step: value[step], pointer[:-1], changed)
    match draw(st.sampled_from(["drop", "rename", "replace"])):
        case "drop":
            del parent[pointer[-1]]
        case "rename" if isinstance(parent, dict):
            parent[draw(st.text(max_size=5))] = parent.pop(pointer[-1])
        case _:
            parent[pointer[-1]] = draw(JUNK)
    return changed


@FEW
@given(corrupted(rule()))
def test_a_corrupted_rule_is_refused_or_harmless(raw: dict[str, Any]) -> None:
    try:
        found, problems = read(raw)
    except LibraryError:
        return
    if not problems:
        lint_rules(found)
        check_rules(found)


@functools.cache
def small_files() -> tuple[Entry, ...]:
    """Return the smallest file of every kind of knowledge, cut to its first entries."""
    files = sorted(files_of(library_root()), key=lambda file: len(file.raw))
    smallest = {file.kind: file for file in reversed(files)}
    found, _ = entries(smallest.values())
    return tuple(found)


def cut(data: Any) -> Any:
    """Return the data with at most two entries a list, so that changes hit every field."""
    if isinstance(data, dict):
        return {key: cut(value) for key, value in data.items()}
    return [cut(value) for value in data[:2]] if isinstance(data, list) else data


@FEW
@given(st.data())
def test_a_corrupted_knowledge_file_is_refused_or_harmless(data: st.DataObject) -> None:
    entry = data.draw(st.sampled_from(small_files()))
    raw = data.draw(corrupted(cut(entry.document.data)))
    document = Document("knowledge/fuzzed.yaml", json.loads(json.dumps(raw)))
    if check(document, entry.kind):
        return
    fuzzed = [Entry(entry.kind, "", document)]
    with contextlib.suppress(LibraryError):
        reference_problems(fuzzed)
        assembled(fuzzed, "", ())
