"""The report as a structure that every format renders: sections, paragraphs, tables, pictures."""

from __future__ import annotations

from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that carry the weight of the sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Cite:
    """Id of the rule or estimate that the sentence before it rests on."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A document; `url` is empty where it has no address."""

    text: str
    url: str


Piece = str | Strong | Cite | Link
Words = str | tuple[Piece, ...]
"""A sentence, or its pieces in reading order."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    words: Words


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `numbered` where the order counts."""

    items: tuple[Words, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; columns named in `numbers` are set right; `total` rows close it."""

    head: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    numbers: frozenset[int] = frozenset()
    total: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """One number that is seen first."""

    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Tiles:
    """The numbers that are seen first."""

    items: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing; `svg` is trusted markup of our own, `alt` says in words what it shows."""

    id: str
    svg: str
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Text for a program, such as a diagram in Mermaid."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Alert:
    """What must be read first."""

    title: str
    blocks: tuple[Paragraph | Bullets, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """A long tail: `summary` counts it, HTML can open it, paper leaves it out."""

    summary: str
    items: tuple[Words, ...]


Block = Paragraph | Bullets | Table | Tiles | Picture | Listing | Alert | Folded


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its blocks and the sections under it; `id` is unique in the report."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Page one, which stands alone, and the chapters behind it."""

    title: str
    marks: tuple[tuple[str, str], ...]
    page_one: Section
    chapters: tuple[Section, ...]
