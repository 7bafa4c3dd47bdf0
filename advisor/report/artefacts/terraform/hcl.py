"""Writing HCL: blocks and values in, text out in the layout of `terraform fmt`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import field

from advisor.frozen import dataclass

INDENT = "  "


@dataclass(frozen=True, slots=True)
class Ref:
    """An expression that Terraform evaluates: only text of our own, never of an answer."""

    expression: str


Value = str | int | bool | Ref | tuple["Value", ...] | dict[str, "Value"]
Attributes = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Block:
    """A block with labels; attributes stand first, blocks inside follow."""

    type: str
    labels: tuple[str, ...] = ()
    attributes: Attributes = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    comment: str = ""


def hcl(blocks: Iterable[Block]) -> str:
    """Return the blocks one after the other."""
    return "\n".join(_block(block, "") for block in blocks)


def _block(block: Block, indent: str) -> str:
    labels = "".join(f" {_quoted(label)}" for label in block.labels)
    lines = [f"{indent}# {block.comment}"] if block.comment else []
    lines.append(f"{indent}{block.type}{labels} {{")
    lines += _attributes(block.attributes, indent + INDENT)
    for n, inner in enumerate(block.blocks):
        if n or block.attributes:
            lines.append("")
        lines.append(_block(inner, indent + INDENT).rstrip("\n"))
    if not block.attributes and not block.blocks:
        return "\n".join((*lines[:-1], f"{lines[-1]}}}")) + "\n"
    lines.append(f"{indent}}}")
    return "\n".join(lines) + "\n"


def _attributes(attributes: Attributes, indent: str) -> list[str]:
    """Return the attributes with their equals signs in line, but for those of several lines."""
    width = max((len(name) for name in attributes), default=0)
    return [f"{indent}{name:<{width}} = {_value(v, indent)}" for name, v in attributes.items()]


def _value(value: Value, indent: str) -> str:
    match value:
        case Ref(expression):
            return expression
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case str():
            return _quoted(value)
        case tuple():
            return "[" + ", ".join(_value(v, indent) for v in value) + "]"
    inner = "\n".join(_attributes(value, indent + INDENT))
    return f"{{\n{inner}\n{indent}}}"


def _quoted(text: str) -> str:
    """Return a string in which nothing is a template."""
    return json.dumps(text).replace("${", "$${").replace("%{", "%%{")
