"""Where a fact comes from and how far it can be trusted."""

from __future__ import annotations

import datetime
import re

from advisor.frozen import dataclass

EVIDENCE = ("datasheet", "derived", "measured", "mixed", "price_list", "read", "recalled")

_DATE = re.compile(r"(\d{4})(?:-(H1|H2|\d{2})(?:-(\d{2}))?)?(?:/.*)?")
_MONTH = {"H1": 1, "H2": 7}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Source ids, place in the source, date of the figure and kind of evidence.

    `as_of` is the date of the figure (`2026-07-20`, `2026-02`, `2026-H1`, `2025`, or a span
    `2024/2025`). `doubt` is empty or a text that a report can print beside the figure.
    """

    source: tuple[str, ...]
    locator: str
    as_of: str
    evidence: str
    notes: str = ""
    doubt: str = ""


def earliest_day(as_of: str) -> datetime.date:
    """Return the first day that `as_of` may mean, so that an age is never understated.

    Raises ValueError where the text is no date.
    """
    match = _DATE.fullmatch(as_of)
    if match is None:
        raise ValueError(f"{as_of!r} is no date; write 2026-07-20, 2026-07, 2026-H1 or 2026")
    year, part, day = match.groups()
    month = _MONTH.get(part or "", int(part) if part and part.isdigit() else 1)
    return datetime.date(int(year), month, int(day or 1))
