"""The report as Markdown: readable as text, and the same when it is rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
    Piece,
    Report,
    Section,
    Strong,
    Table,
    Tiles,
    Words,
)
from advisor.report.text import clean, spaced
from advisor.report.text import markdown as escaped


def render_markdown(report: Report) -> str:
    """Return the report as one Markdown document."""
    return "\n".join(_lines(report)).rstrip("\n") + "\n"


def render_section(section: Section, level: int) -> str:
    """Return one section as Markdown, with its heading at `level`."""
    return "\n".join(_section(section, level)).rstrip("\n") + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {escaped(report.title)}"
    yield ""
    yield from _table(Table(("Mark", "Value"), report.marks))
    for section in (report.page_one, *report.chapters):
        yield from _section(section, 2)


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"{'#' * level} {escaped(section.title)}"
    yield ""
    for block in section.blocks:
        yield from _block(block)
    for inner in section.sections:
        yield from _section(inner, min(6, level + 1))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from (_words(block.words), "")
        case Bullets():
            yield from _bullets(block)
        case Table():
            yield from _table(block)
        case Tiles():
            rows = tuple((t.label, (Strong(t.value),), t.note) for t in block.items)
            yield from _table(Table(("At a glance", "Value", "Note"), rows))
        case Picture():
            yield from (escaped(block.alt), "")
        case Listing():
            yield from (f"```{block.language}", *map(_verbatim, block.text.split("\n")), "```", "")
        case Alert():
            yield from _alert(block)
        case Folded():
            yield from (f"… and {escaped(block.summary)}.", "")


def _bullets(block: Bullets) -> Iterator[str]:
    for n, item in enumerate(block.items, 1):
        yield f"{n}. {_words(item)}" if block.numbered else f"- {_words(item)}"
    yield ""


def _table(block: Table) -> Iterator[str]:
    yield _row(block.head)
    yield _row_of(("---:" if n in block.numbers else "---") for n in range(len(block.head)))
    last = len(block.rows) - 1
    for n, row in enumerate(block.rows):
        strong = block.total and n == last
        yield _row((Strong(c),) if strong and isinstance(c, str) and c else c for c in row)
    yield ""


def _row(cells: Iterable[Words]) -> str:
    return _row_of(_words(cell) for cell in cells)


def _row_of(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _alert(block: Alert) -> Iterator[str]:
    yield f"> **{escaped(block.title)}**"
    for inner in block.blocks:
        yield ">"
        yield from (f"> {line}" for line in _block(inner) if line)
    yield ""


def _words(words: Words) -> str:
    pieces = (words,) if isinstance(words, str) else words
    return "".join(map(_piece, pieces)).strip()


def _piece(piece: Piece) -> str:
    match piece:
        case Strong(text):
            return spaced(text, f"**{escaped(text)}**") if text.strip() else ""
        case Cite(text):
            return f"({escaped(text)})"
        case Link(text, url):
            return f"[{escaped(text)}]({_address(url)})" if _address(url) else escaped(text)
    return spaced(piece, escaped(piece))


def _address(url: str) -> str:
    """Return a web address that can stand in a link, "" where it is none."""
    safe = clean(url)
    plain = safe.startswith(("https://", "http://")) and not set(safe) & set(" ()<>\"'`\\|")
    return safe if plain else ""


def _verbatim(line: str) -> str:
    return line.replace("```", "'''")
