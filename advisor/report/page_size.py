"""How much room a section takes on paper, so that print styles can hold page one on one page.

A page without script cannot measure itself: lines are counted at the usual width of a character.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from advisor.report.model import Alert, Block, Bullets, Paragraph, Section, Table, Tiles, Words
from advisor.report.naming import flat

LINE = 118
"""Characters of a line of the page at the usual size of its text."""
TABLE_LINE = 140
HEADING, GAP, ROW_GAP = 1.9, 0.5, 0.25
TILE_VALUE, TILE_NOTE = 19, 24


def lines_of(section: Section) -> float:
    """Return about how many lines of usual height a section takes with those under it."""
    own = HEADING + sum(map(_block, section.blocks))
    return own + sum(map(lines_of, section.sections))


def column_weights(table: Table) -> list[float]:
    """Return the weight of each column: the root of its mean length, so that long texts get room
    and short ones do not starve."""
    columns = zip(*table.rows, strict=True) if table.rows else [[] for _ in table.head]
    return [
        round(max(len(head), sum(map(length, cells)) / max(1, len(table.rows)), 4) ** 0.5, 2)
        for head, cells in zip(table.head, map(list, columns), strict=True)
    ]


def length(words: Words) -> int:
    """Return the characters of a sentence."""
    return sum(len(p) if isinstance(p, str) else len(p.text) for p in flat(words))


def _block(block: Block) -> float:
    match block:
        case Paragraph():
            return ceil(length(block.words) / LINE) + GAP
        case Bullets():
            return sum(ceil(length(item) / LINE) for item in block.items) + GAP
        case Table():
            return _table(block)
        case Tiles():
            return GAP + max(
                1 + ceil(len(t.value) / TILE_VALUE) + ceil(len(t.note) / TILE_NOTE)
                for t in block.items
            )
        case Alert():
            return HEADING + GAP + sum(map(_block, block.blocks))
    return 0.0


def _table(table: Table) -> float:
    weights = column_weights(table)
    room = [max(4.0, TABLE_LINE * w / sum(weights)) for w in weights]

    def row(cells: Iterable[Words]) -> float:
        tall = max(ceil(length(cell) / width) for cell, width in zip(cells, room, strict=True))
        return 0.84 * tall + ROW_GAP

    return GAP + sum(row(cells) for cells in (table.head, *table.rows))
