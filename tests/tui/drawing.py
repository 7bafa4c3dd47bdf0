"""A screen as a small drawing: one line of text a row, colours as painted, nothing that changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape

from rich.color import Color
from rich.style import Style
from textual.strip import Strip

Piece = tuple[str, str, str, bool]
"""Text, colour, ground, and whether it is bold."""
WIDTH, HEIGHT, BASE = 8, 17, 13
"""Units of a cell, and where its letters stand."""
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" font-family="monospace" '
    'font-size="13"><style>text{{white-space:pre}}</style>'
    '<rect width="{w}" height="{h}" fill="{ground}"/>'
)


def drawing(strips: list[Strip], columns: int) -> str:
    """Return the strips of a screen as SVG; grounds are drawn where they are not the usual one."""
    rows = [[(segment.text, *_look(segment.style)) for segment in strip] for strip in strips]
    area = Counter[str]()
    for row in rows:
        for text, _, ground, _ in row:
            area[ground] += len(text)
    usual = area.most_common(1)[0][0]
    parts = [HEAD.format(w=columns * WIDTH, h=len(rows) * HEIGHT, ground=usual)]
    for n, row in enumerate(rows):
        parts += [*_grounds(n, row, usual), *_letters(n, row)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _grounds(n: int, row: list[Piece], usual: str) -> Iterator[str]:
    x = 0
    for ground, run in groupby(row, key=lambda piece: piece[2]):
        width = sum(len(text) for text, *_ in run)
        if ground != usual:
            yield (
                f'<rect x="{x * WIDTH}" y="{n * HEIGHT}" width="{width * WIDTH}" '
                f'height="{HEIGHT}" fill="{ground}"/>'
            )
        x += width


def _letters(n: int, row: list[Piece]) -> Iterator[str]:
    x = 0
    for (colour, bold), run in groupby(row, key=lambda piece: (piece[1], piece[3])):
        text = "".join(text for text, *_ in run)
        bare = text.strip()
        if bare:
            at, weight = x + len(text) - len(text.lstrip()), ' font-weight="bold"' if bold else ""
            yield (
                f'<text x="{at * WIDTH}" y="{n * HEIGHT + BASE}" textLength="{len(bare) * WIDTH}" '
                f'fill="{colour}"{weight}>{escape(bare)}</text>'
            )
        x += len(text)


def _look(style: Style | None) -> tuple[str, str, bool]:
    bold, reverse = (bool(style.bold), bool(style.reverse)) if style else (False, False)
    fore, back = _colour(style, "color"), _colour(style, "bgcolor")
    return (back, fore, bold) if reverse else (fore, back, bold)


def _colour(style: Style | None, which: str) -> str:
    found: Color | None = getattr(style, which) if style else None
    return found.get_truecolor(foreground=which == "color").hex if found else "#808080"
