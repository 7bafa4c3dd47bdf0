"""Strict YAML with positions; JSON is read the same way, being YAML.

Scalars follow YAML 1.2 (`NO`, `12:30` and dates stay text). Refused, because a reader would
misjudge them: duplicate keys, anchors and aliases, tags, NaN and infinity, numbers with a
leading zero, several documents in a file, very deep nesting, very large files.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from advisor.errors import AdvisorError, InputError, Place, Problem
from advisor.frozen import dataclass
from advisor.library.files import MAX_BYTES

MAX_DEPTH = 40
MAX_PROBLEMS = 50
MAX_DIGITS = 40

Pointer = tuple[str | int, ...]
Marks = tuple[int, int, Any]
"""Line and column from 1, and the marks of the children: a dict, a list or None."""

_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.inf|\.nan|[-+]?Infinity|NaN", re.IGNORECASE)
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_SURROGATES = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, slots=True)
class Document:
    """One file that was read: `data` is plain lists, dicts and scalars."""

    path: str
    data: Any
    marks: Marks = (0, 0, None)

    def place(self, pointer: Pointer = ()) -> Place:
        """Return where `pointer` stands, or its nearest parent that has a position."""
        line, column, children = self.marks
        for step in pointer:
            try:
                line, column, children = children[step]
            except (KeyError, IndexError, TypeError):
                break
        return Place(self.path, line, column)


@dataclass(frozen=True, slots=True)
class Ids:
    """Problem ids of a reader: E100 for rules, E200 for knowledge, E300 for answers."""

    unreadable: str
    error: type[AdvisorError] = InputError


def read(path: Path, ids: Ids, name: str = "") -> Document:
    """Return the document in a file; `name` is what messages call it.

    Raises `ids.error` with every problem found.
    """
    name = name or str(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problem = Problem(Place(name), ids.unreadable, "", f"{reason}; check the path")
        raise ids.error([problem]) from None
    return parse(raw, ids, name)


def parse(raw: bytes, ids: Ids, name: str) -> Document:
    """Return the document in `raw`; raises `ids.error` with every problem found."""
    reader = _Reader(name, ids.unreadable)
    text = ""
    try:
        text = _text(raw)
        data, marks = reader.document(text)
    except _StopError as stop:
        reader.problems.append(Problem(Place(name, *stop.mark), ids.unreadable, "", str(stop)))
    except yaml.YAMLError as error:
        reader.problems.append(_syntax_problem(error, text, name, ids.unreadable))
    if reader.problems:
        raise ids.error(reader.problems)
    return Document(name, data, marks)


class _StopError(Exception):
    """The file cannot be read any further."""

    def __init__(self, message: str, mark: tuple[int, int] = (0, 0)) -> None:
        super().__init__(message)
        self.mark = mark


def _text(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise _StopError(f"the file is larger than {MAX_BYTES // 1_000_000} MB; split it")
    if b"\0" in raw:
        raise _StopError("this is a binary file; give YAML or JSON text")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise _StopError("this is not UTF-8 text; save the file as UTF-8", (line, column)) from None
    if not text.strip():
        raise _StopError("the file is empty")
    return _SURROGATES.sub(_joined, text) if text.lstrip()[0] in "{[" else text


def _joined(pair: re.Match[str]) -> str:
    """Return the character that JSON writes as two escapes, which YAML does not know."""
    return str(json.loads(f'"{pair.group()}"'))


def _character(text: str, mark: Any) -> str:
    lines = text.splitlines()
    return lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""


def _syntax_problem(error: yaml.YAMLError, text: str, name: str, id_: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    what = str(reason).strip()
    if mark and _character(text, mark) == "\t":
        return Problem(place, id_, "", "a tab stands where YAML wants spaces; indent with spaces")
    context = str(getattr(error, "context", None) or "").strip()
    said = ", ".join(part for part in (context, what) if part)
    return Problem(place, id_, "", f"not valid YAML ({said}); close what is open or quote the text")


class _Reader:
    """Builds data and marks from the parser's events, collecting problems on the way."""

    def __init__(self, name: str, id_: str) -> None:
        self.name = name
        self.id = id_
        self.problems: list[Problem] = []
        self.events: Iterator[Any] = iter(())

    def document(self, text: str) -> tuple[Any, Marks]:
        self.events = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
        next(self.events)  # start of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise _StopError("the file holds nothing but comments")
        result = self.value(next(self.events), ())
        next(self.events)  # end of the document
        extra = next(self.events)
        if not isinstance(extra, yaml.StreamEndEvent):
            self.report(extra, (), "a second document starts here; one file holds one document")
        return result

    def value(self, event: Any, pointer: Pointer) -> tuple[Any, Marks]:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.ScalarEvent):
            self.check_plain(event, pointer)
            return self.scalar(event, pointer), (line, column, None)
        if isinstance(event, yaml.AliasEvent):
            self.report(event, pointer, f"the alias *{event.anchor} is not allowed; write it out")
            return None, (line, column, None)
        self.check_plain(event, pointer)
        if len(pointer) >= MAX_DEPTH:
            raise _StopError(f"nested deeper than {MAX_DEPTH} levels", (line, column))
        if isinstance(event, yaml.SequenceStartEvent):
            items, marks = self.sequence(pointer)
            return items, (line, column, marks)
        mapping, children = self.mapping(pointer)
        return mapping, (line, column, children)

    def sequence(self, pointer: Pointer) -> tuple[list[Any], list[Marks]]:
        items: list[Any] = []
        marks: list[Marks] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            item, mark = self.value(event, (*pointer, len(items)))
            items.append(item)
            marks.append(mark)
        return items, marks

    def mapping(self, pointer: Pointer) -> tuple[dict[str, Any], dict[str, Marks]]:
        mapping: dict[str, Any] = {}
        marks: dict[str, Marks] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.key(event, pointer)
            if key in mapping:
                self.report(event, (*pointer, key), f"{key!r} stands here twice; keep one")
            start = event.start_mark
            value, mark = self.value(next(self.events), (*pointer, key))
            mapping[key] = value
            marks[key] = (start.line + 1, start.column + 1, mark[2])
        return mapping, marks

    def key(self, event: Any, pointer: Pointer) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            mark = (event.start_mark.line + 1, event.start_mark.column + 1)
            raise _StopError("a key must be a word, not a list, a mapping or an alias", mark)
        self.check_plain(event, pointer)
        return str(event.value)

    def scalar(self, event: Any, pointer: Pointer) -> Any:
        text: str = event.value
        if event.style:  # quoted or a block
            return text
        if text in _WORDS:
            return _WORDS[text]
        if text[0] not in "+-.0123456789iInN":
            return text
        number = self.number(event, pointer)
        return text if number is None else number

    def number(self, event: Any, pointer: Pointer) -> int | float | None:
        text: str = event.value
        if _LEADING_ZERO.fullmatch(text):
            self.report(event, pointer, f"{text} is ambiguous; quote it or drop the leading zero")
        elif _NOT_FINITE.fullmatch(text):
            self.report(event, pointer, f"{text} is not a finite number; quote it if it is text")
        elif _INT.fullmatch(text) and len(text) <= MAX_DIGITS:
            return int(text)
        elif _FLOAT.fullmatch(text):
            value = float(text)
            if math.isfinite(value):
                return value
            self.report(event, pointer, f"{text[:20]} is too large for a number")
        return None

    def check_plain(self, event: Any, pointer: Pointer) -> None:
        if event.anchor is not None:
            self.report(event, pointer, f"the anchor &{event.anchor} is not allowed; write it out")
        if event.tag is not None:
            self.report(event, pointer, f"the tag {event.tag} is not allowed; drop it")

    def report(self, event: Any, pointer: Pointer, message: str) -> None:
        mark = event.start_mark
        place = Place(self.name, mark.line + 1, mark.column + 1)
        self.problems.append(Problem(place, self.id, dotted(pointer), message))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _StopError("too many problems; the rest is not listed")


def dotted(pointer: Pointer) -> str:
    """Return the pointer as messages write it: `rules.0.when.1`."""
    return ".".join(str(step) for step in pointer)
