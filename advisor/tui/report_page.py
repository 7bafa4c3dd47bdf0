"""A section of the report as lines of a screen: headings, wrapped text, tables in columns."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

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
from advisor.tui import ink
from advisor.tui.ink import hung

GAP = 2
"""Blanks between columns."""
NARROWEST = 12
"""Columns that a cell with words needs at least, unless all its words are shorter."""
TALLEST = 6
"""Lines of a row above which the table is set as records."""
Lines = Iterator[Content]


def section_lines(section: Section, width: int, depth: int = 0) -> Lines:
    """Yield a section with everything under it, wrapped to the width."""
    title = clean(section.title)
    yield Content.styled(title if depth else title.upper(), ink.STRONG if depth else ink.HEAD)
    yield Content()
    for block in section.blocks:
        yield from _block(block, width)
    for inner in section.sections:
        yield from section_lines(inner, width, depth + 1)


def _block(block: Block, width: int) -> Lines:
    match block:
        case Paragraph():
            yield from hung(_words(block.words), width)
        case Bullets():
            for n, item in enumerate(block.items, 1):
                yield from hung(_words(item), width, f"{n}. " if block.numbered else "- ")
        case Tiles():
            yield from _tiles(block, width)
        case Picture():
            yield from hung(Content.styled(clean(block.alt), ink.MUTED), width)
        case Folded():
            yield from hung(Content.styled(f"... and {clean(block.summary)}.", ink.MUTED), width)
        case _:
            yield from _large(block, width)
            return
    yield Content()


def _large(block: Block, width: int) -> Lines:
    match block:
        case Table():
            yield from _table(block, width)
        case Alert():
            yield from hung(Content.styled(f"! {clean(block.title)}", ink.WARN), width, hang="  ")
            for inner in block.blocks:
                yield from _block(inner, width)
        case Listing():
            return


def _tiles(block: Tiles, width: int) -> Lines:
    for tile in block.items:
        parts = ((f"{clean(tile.label)}: ", ink.MUTED), (clean(tile.value), ink.STRONG))
        note = (f" ({clean(tile.note)})" if tile.note else "", ink.MUTED)
        yield from hung(Content.assemble(*parts, note), width, hang="  ")


# --- tables -------------------------------------------------------------------------------


def _table(block: Table, width: int) -> Lines:
    """Yield a table in columns where every row stays low, else a record for each row."""
    rows = [[_words(cell) for cell in row] for row in block.rows]
    columns = _columns(block, rows, width)
    laid = [_row(row, columns, block.numbers) for row in rows] if columns else []
    if not laid or max(map(len, laid)) > TALLEST:
        yield from (line for row in rows for line in _record(block, row, width))
        return
    head = [Content.styled(clean(cell), ink.MUTED) for cell in block.head]
    yield from _row(head, columns, block.numbers)
    high = any(len(lines) > 1 for lines in laid)
    for lines in laid:
        yield from lines
        if high:
            yield Content()
    if not high:
        yield Content()


def _columns(block: Table, rows: list[list[Content]], width: int) -> list[int]:
    """Return the widths of the columns; empty where words would be squeezed."""
    cells = [
        [head, *(c.plain for c in column)]
        for head, column in zip(block.head, zip(*rows, strict=True), strict=True)
    ]
    wanted = [max(map(len, column)) for column in cells]
    words = [max((len(w) for cell in column for w in cell.split()), default=0) for column in cells]
    least = [min(want, max(NARROWEST, word)) for want, word in zip(wanted, words, strict=True)]
    for n in block.numbers:
        least[n] = wanted[n]
    spare = width - sum(least) - GAP * (len(wanted) - 1)
    if not rows or spare < 0:
        return []
    while spare and (short := [n for n, w in enumerate(wanted) if least[n] < w]):
        most = max(short, key=lambda n: wanted[n] / least[n])
        least[most] += 1
        spare -= 1
    return least


def _row(row: list[Content], columns: list[int], numbers: frozenset[int]) -> list[Content]:
    cells = [cell.wrap(width) or [Content()] for cell, width in zip(row, columns, strict=True)]
    return [
        Content(" " * GAP)
        .join(
            _cell(cell[n] if n < len(cell) else Content(), width, right=column in numbers)
            for column, (cell, width) in enumerate(zip(cells, columns, strict=True))
        )
        .rstrip()
        for n in range(max(map(len, cells)))
    ]


def _cell(cell: Content, width: int, *, right: bool) -> Content:
    bare = cell.rstrip()
    room = max(0, width - bare.cell_length)
    return bare.pad_left(room) if right else bare.pad_right(room)


def _record(block: Table, row: list[Content], width: int) -> Lines:
    yield from hung(Content.styled(row[0].plain, ink.STRONG), width)
    for head, cell in zip(block.head[1:], row[1:], strict=True):
        if cell.plain:
            label = Content.styled(f"{clean(head)}: ", ink.MUTED)
            yield from hung(Content.assemble(label, cell), width, "  ", "    ")
    yield Content()


# --- words --------------------------------------------------------------------------------


def _words(words: Words) -> Content:
    pieces = (words,) if isinstance(words, str) else words
    return Content("").join(map(_piece, _apart(pieces)))


def _apart(pieces: tuple[object, ...]) -> Iterator[tuple[object, str, str]]:
    """Yield pieces with the blanks around them, which cleaning takes away."""
    for piece in pieces:
        text = piece if isinstance(piece, str) else getattr(piece, "text", "")
        before = " " if text[:1].isspace() else ""
        after = " " if text[-1:].isspace() and text.strip() else ""
        yield piece, before, after


def _piece(part: tuple[object, str, str]) -> Content:
    piece, before, after = part
    match piece:
        case Cite(text):
            return Content.styled(f"({clean(text)})", ink.MUTED)
        case Strong(text):
            return Content.assemble(before, (clean(text), ink.STRONG), after)
        case Link(text, _):
            return Content(f"{before}{clean(text)}{after}")
    return Content(f"{before}{clean(str(piece))}{after}")
