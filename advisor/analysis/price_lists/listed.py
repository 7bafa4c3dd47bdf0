"""What every price list comes down to: an instance type, a place, terms and US dollars an hour."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """One price of a list, in USD an hour for the whole instance."""

    instance_type: str
    region: str
    terms: str
    usd_per_hour: Decimal


@dataclass(frozen=True, slots=True)
class Left:
    """A row that was left out, and why."""

    reason: str


Row = Listed | Left


def rows_of(text: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV by the names in its header; files differ in columns and order."""
    for row in csv.DictReader(io.StringIO(text)):
        yield {str(name): (value or "").strip() for name, value in row.items() if name}


def amount(text: object) -> Decimal | None:
    """Return the dollars written, None where there are none: empty, zero, or no number."""
    try:
        found = Decimal(str(text).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and found > 0 else None
