"""The report as plain text for screens and screen readers: no markup, no box glyphs.

A table that fits the width is set in columns, any other as records: the first cell, and below it
each further cell with its head. Lines are not wrapped.
"""

from __future__ import annotations

from collections.abc import Iterator

from advisor.report.model import (
    Alert,
    Block,
    Bullets,
    Cite,
    Folded,
    Link,
    Listing,
    Paragraph,
    Picture,
    Section,
    Strong,
    Table,
    Tiles,
    Words,
)
from advisor.report.text import clean

GAP = "  "


def plain_section(section: Section, width: int = 0) -> str:
    """Return a section with everything under it; `width` 0 sets every table as records."""
    return "\n".join(_section(section, width)).strip("\n") + "\n"


def _section(section: Section, width: int) -> Iterator[str]:
    yield from (clean(section.title).upper(), "")
    for block in section.blocks:
        yield from _block(block, width)
    for inner in section.sections:
        yield from _section(inner, width)


def _block(block: Block, width: int) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from (_words(block.words), "")
        case Bullets():
            yield from _bullets(block)
        case Table():
            yield from _table(block, width)
        case Tiles():
            yield from (f"{t.label}: {clean(t.value)} ({clean(t.note)})" for t in block.items)
            yield ""
        case Picture():
            yield from (clean(block.alt), "")
        case Listing():
            return
        case Alert():
            yield f"! {clean(block.title)}"
            yield from (line for inner in block.blocks for line in _block(inner, width))
        case Folded():
            yield from (f"... and {clean(block.summary)}.", "")


def _bullets(block: Bullets) -> Iterator[str]:
    for n, item in enumerate(block.items, 1):
        yield f"{n}. {_words(item)}" if block.numbered else f"- {_words(item)}"
    yield ""


def _table(block: Table, width: int) -> Iterator[str]:
    rows = [[_words(cell) for cell in row] for row in block.rows]
    columns = [max(map(len, column)) for column in zip(block.head, *rows, strict=True)]
    if rows and sum(columns) + len(GAP) * (len(columns) - 1) <= width:
        for row in (list(block.head), *rows):
            yield GAP.join(_cell(block, n, cell, columns[n]) for n, cell in enumerate(row)).rstrip()
        yield ""
        return
    for row in rows:
        yield row[0]
        for head, cell in zip(block.head[1:], row[1:], strict=True):
            if cell:
                yield f"{GAP}{head}: {cell}"
        yield ""


def _cell(block: Table, column: int, cell: str, width: int) -> str:
    return cell.rjust(width) if column in block.numbers else cell.ljust(width)


def _words(words: Words) -> str:
    pieces = (words,) if isinstance(words, str) else words
    return clean("".join(map(_piece, pieces)))


def _piece(piece: object) -> str:
    match piece:
        case Cite(text):
            return f"({text})"
        case Strong(text) | Link(text, _):
            return text
    return str(piece)
