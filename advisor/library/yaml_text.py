"""Writing YAML: plain data in, one text out, with no anchors, tags or text that changes its type.

Every string that a YAML 1.1 or 1.2 reader could take for something else is set in quotes, so that
no answer or name can become a key, a comment, an anchor or a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import yaml

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*")
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n", "inf", "nan"}
WIDE = 10_000
"""Columns before a line is folded: never, so that a long argument stays in one piece."""


class _Dumper(yaml.SafeDumper):
    """Safe data alone; the same object twice is written twice."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  (the method of the base)
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        """Indent lists below their key, as most hand-written manifests do."""
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    tag = "tag:yaml.org,2002:str"
    if "\n" in value and all(c == "\n" or c.isprintable() for c in value):
        return dumper.represent_scalar(tag, value, style="|")
    plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return dumper.represent_scalar(tag, value, style=None if plain else '"')


_Dumper.add_representer(str, _text)


def yaml_text(documents: Iterable[Any]) -> str:
    """Return the documents as one YAML stream, keys in the order given."""
    parts = (
        yaml.dump(d, Dumper=_Dumper, sort_keys=False, width=WIDE, allow_unicode=False)
        for d in documents
    )
    return "---\n".join(parts)
