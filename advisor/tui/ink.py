"""Styles of text: what is a heading, a key, new, in order or wrong, beside the glyph that says so.

Texts are put together from pieces, never from markup, so that no answer acts as a style.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from textual.content import Content

HEAD = KEY = "bold $ink-head"
STRONG = "bold"
MUTED = "$ink-muted"
GOOD = "$ink-good"
NEW = "bold $ink-new"
WARN = "bold $ink-warn"
NEWLINE = Content("\n")
GAP = "  "
KEYS = re.compile(r"\S+(?: [→>](?= ))?")
"""What begins a hint: a key, or two keys with a blank between them."""
LEADS = {"!": WARN, "◆": NEW, "▸": KEY, "=": GOOD}
"""Glyphs that begin a line, and the style of the whole line."""


def lines(parts: Iterable[Content | str]) -> Content:
    """Return lines below each other."""
    return NEWLINE.join(parts)


def hints(line: str) -> Content:
    """Return a line of hints, the keys marked."""
    return Content(GAP).join(_hint(part) for part in line.split(GAP))


def _hint(part: str) -> Content:
    found = KEYS.match(part)
    key = found.group() if found else ""
    return Content.assemble((key, KEY), (part[len(key) :], MUTED))


def hint_at(line: str, column: int) -> str:
    """Return the key of the hint that stands at a column of a line of hints, "" for none."""
    start = 0
    for part in line.split(GAP):
        found = KEYS.match(part)
        if found and start <= column < start + len(part):
            return found.group()
        start += len(part) + len(GAP)
    return ""


def led(text: str, otherwise: str = "") -> Content:
    """Return lines, each in the style of the glyph that begins it, else in the one given."""
    return lines(_led(text.splitlines(), otherwise))


def _led(text: Iterable[str], otherwise: str) -> Iterator[Content]:
    style = otherwise
    for line in text:
        bare = line.lstrip()
        if bare and not line.startswith(GAP * 2):
            style = LEADS.get(bare[0], otherwise)
        yield Content.styled(line, style) if style else Content(line)


def labelled(line: str, style: str = MUTED) -> Content:
    """Return a line whose words up to the first colon stand back."""
    label, colon, rest = line.partition(": ")
    return Content.assemble((f"{label}{colon}", style), rest) if colon else Content(line)


def wrapped(text: str, width: int) -> Content:
    """Return lines wrapped to a width, each behind the blanks that it begins with."""
    rows: list[Content] = []
    for line in text.splitlines():
        bare = line.lstrip(" ")
        lead = line[: len(line) - len(bare)]
        style = LEADS.get(bare[:1], "")
        rows += hung(Content.styled(bare, style), width, lead, f"{lead}  ") if bare else [Content()]
    return lines(rows)


def hung(text: Content, width: int, lead: str = "", hang: str | None = None) -> Iterator[Content]:
    """Yield a text wrapped to a width, its first line behind `lead`, the others behind `hang`."""
    behind = " " * len(lead) if hang is None else hang
    room = max(8, width - max(len(lead), len(behind)))
    for n, line in enumerate(text.wrap(room)):
        yield Content.assemble(behind if n else lead, line.rstrip())
