"""Documents against JSON Schemas, with problems in plain words.

The validator is imported where a document is checked: a library that comes from the cache was
checked when it was compiled.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from advisor.errors import LibraryError, Problem
from advisor.library.locate import library_root
from advisor.library.words import remedy, shown
from advisor.library.yamlfile import Document, Pointer, dotted

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

_NAMES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "object": "a mapping",
    "array": "a list",
    "boolean": "true or false",
    "null": "nothing",
}
_SERIES = {"rules": 100, "expect": 300, "architecture": 300}
_CODES = {"type": 1, "required": 2, "enum": 3, "const": 3, "additionalProperties": 4}


def schema_path(kind: str) -> Path:
    """Return the file of a kind's schema, beside the rules or in the knowledge."""
    folder = "rules" if kind == "rules" else "knowledge"
    return library_root() / folder / "schema" / f"{kind}.schema.json"


def check(document: Document, kind: str) -> list[Problem]:
    """Return every way in which the document breaks its kind's schema, sorted by place.

    Ids are E1xx for rules, E2xx for knowledge and E3xx for what users write: x01 type, x02 missing,
    x03 word, x04 unknown field, x05 any other limit. Raises LibraryError where the
    schema itself is missing.
    """
    series = _SERIES.get(kind, 200)
    return sorted(
        Problem(document.place(pointer), f"E{series + code}", dotted(pointer), message)
        for error in _validator(kind).iter_errors(document.data)
        for leaf in _leaves(error)
        for pointer, code, message in _said(leaf)
    )


@functools.cache
def _validator(kind: str) -> Validator:
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    path = schema_path(kind)
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LibraryError(f"{path}: the schema cannot be read ({error})") from None
    return Draft202012Validator(_inlined(schema, schema.get("$defs", {})))


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    """Return the schema with its definitions written out, which halves the time of checking."""
    if isinstance(node, list):
        return [_inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(definitions[node["$ref"].rpartition("/")[2]], definitions)
    return {k: _inlined(value, definitions) for k, value in node.items() if k != "$defs"}


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Yield the error, or for alternatives the errors of the one that came closest."""
    if not error.context:
        yield error
        return
    branches: dict[Any, list[ValidationError]] = {}
    for cause in error.context:
        branches.setdefault(cause.schema_path[0], []).append(cause)
    closest = min(branches.values(), key=_distance)
    for cause in closest:
        yield from _leaves(cause)


def _distance(causes: list[ValidationError]) -> tuple[int, int]:
    wrong_type = any(c.validator == "type" and not c.path for c in causes)
    return int(wrong_type), len(causes)


def _said(error: ValidationError) -> Iterator[tuple[Pointer, int, str]]:
    """Yield pointer, code and message for what one schema keyword found."""
    pointer: Pointer = tuple(error.absolute_path)
    keyword, value = str(error.validator), cast("Any", error.instance)
    limit: Any = error.validator_value
    schema: Any = error.schema
    code = _CODES.get(keyword, 5)
    if keyword == "additionalProperties":
        allowed = schema.get("properties", {})
        for key in value:
            if key not in allowed:
                yield (*pointer, key), code, f"unknown field '{key}'; {remedy(key, allowed)}"
    elif keyword == "required":
        name = error.message.split("'")[1]
        yield pointer, code, f"the field '{name}' is missing; add it"
    elif keyword in {"enum", "const"}:
        words = [str(word) for word in (limit if keyword == "enum" else [limit])]
        yield pointer, code, f"{shown(value)} is not allowed; {remedy(str(value), words)}"
    elif keyword == "type":
        yield pointer, code, f"{shown(value)} is {_kind_of(value)}; write {_wanted(limit)}"
    else:
        yield pointer, code, _limit(keyword, value, limit, error.message)


def _limit(keyword: str, value: Any, limit: Any, message: str) -> str:
    said = {
        "minimum": f"is below {limit}",
        "maximum": f"is above {limit}",
        "exclusiveMinimum": f"is not above {limit}",
        "exclusiveMaximum": f"is not below {limit}",
        "pattern": f"does not have the form {limit}",
        "minItems": "has too few entries",
        "maxItems": f"has more than {limit} entries",
        "minProperties": "is empty",
        "maxProperties": f"has more than {limit} fields; write one entry for each",
        "minLength": "is too short",
        "maxLength": f"is longer than {limit} characters",
        "uniqueItems": "holds the same entry twice",
    }.get(keyword)
    return f"{shown(value)} {said}; correct it" if said else f"{message}; correct it"


def _wanted(types: str | list[str]) -> str:
    names = [types] if isinstance(types, str) else types
    return " or ".join(_NAMES[name] for name in names)


def _kind_of(value: Any) -> str:
    kinds = {bool: "boolean", str: "string", int: "integer", float: "number", list: "array"}
    return _NAMES["null" if value is None else kinds.get(type(value), "object")]
