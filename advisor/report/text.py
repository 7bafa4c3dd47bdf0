"""Text on its way into a report: made harmless, and numbers made readable.

Answers, packs and file names may hold anything. `clean` takes away what acts on a terminal or on
the direction of text; every renderer sends every text through it and adds the escaping of its own
format (`markdown` here, autoescape in HTML, data instead of markup in PDF and workbook).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from advisor.domain.interval import Interval
    from advisor.domain.plan import Money

LONGEST = 2000
"""Characters that a text may have in a report; the JSON report holds the whole."""

_ACTING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_SPECIAL = re.compile(r"([\\`*\[\]|~])|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINK = re.compile(r"(?i)(https?|ftp|mailto)(:)|\b(www)(\.)")
_BLOCK_START = re.compile(r"^(#{1,6}(?=\s|$)|[+-](?=\s|$)|>|=+$|-+$|\d{1,9}[.)](?=\s|$))")


def clean(text: str) -> str:
    """Return one line without control, direction or unassigned characters, at most LONGEST."""
    line = " ".join(text.split())
    safe = line if line.isprintable() else "".join(map(_harmless, line))
    if len(safe) <= LONGEST:
        return safe
    return f"{safe[:LONGEST]} … ({len(safe) - LONGEST:,} more characters)"


def _harmless(character: str) -> str:
    return "\ufffd" if unicodedata.category(character) in _ACTING else character


def markdown(text: str) -> str:
    """Return the text so that Markdown and HTML show it as it is, also at the start of a line."""
    safe = _ENTITY.sub("&amp;", clean(text))
    safe = _SPECIAL.sub(lambda m: "\\" + m.group(0), safe)
    safe = _LINK.sub(lambda m: f"{m.group(1) or m.group(3)}\\{m.group(2) or m.group(4)}", safe)
    safe = safe.replace("<", "&lt;")
    return _BLOCK_START.sub(_escaped_start, safe)


def _escaped_start(match: re.Match[str]) -> str:
    mark = match.group(1)
    return mark[:-1] + "\\" + mark[-1]


def spaced(text: str, rendered: str) -> str:
    """Return what was rendered of a piece with the spaces that the piece begins and ends with."""
    lead = " " if text[:1] == " " else ""
    tail = " " if text[-1:] == " " and text.strip() else ""
    return f"{lead}{rendered}{tail}"


def usd(amount: Decimal) -> str:
    """Return dollars; cents only below ten dollars."""
    if amount and abs(amount) < 10:
        return f"${amount:,.2f}"
    return f"${amount:,.0f}"


def usd_range(money: Money) -> str:
    """Return the likely amount and its range, `$27,300 ($21,000 to $34,500)`."""
    if money.low == money.high:
        return usd(money.likely)
    return f"{usd(money.likely)} ({usd(money.low)} to {usd(money.high)})"


def number(value: float) -> str:
    """Return three significant digits with separators; `no limit` for what has no end."""
    if not math.isfinite(value):
        return "no limit"
    if abs(value) >= 100:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}"


def interval(value: Interval, unit: str) -> str:
    """Return the 80 % interval with its unit, `900 to 2,100 ms`."""
    low, high = number(value.low), number(value.high)
    return f"{low} {unit}".strip() if low == high else f"{low} to {high} {unit}".strip()


def sentence(text: str) -> str:
    """Return the text with a capital and a full stop; a name such as vLLM keeps its own letters."""
    trimmed = text.strip()
    if not trimmed:
        return ""
    named = any(letter.isupper() for letter in trimmed.split()[0][1:])
    begun = trimmed if named else trimmed[0].upper() + trimmed[1:]
    return begun + ("" if trimmed[-1] in ".!?…" else ".")


def phrase(text: str) -> str:
    """Return the text without its full stop, to stand inside a sentence or a table."""
    return text.strip().removesuffix(".")


def listed(words: Iterable[str], last: str = "and") -> str:
    """Return `a, b and c`."""
    found = list(words)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {last} {found[-1]}"


def counted(count: int, one: str, many: str = "") -> str:
    """Return `1 node`, `2 nodes`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def words_of(id_: str) -> str:
    """Return an id as words."""
    return id_.replace("_", " ")
