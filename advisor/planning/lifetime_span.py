"""The months of a life: those of building before the first use, then those of use."""

from __future__ import annotations

from math import ceil

from advisor.frozen import dataclass
from advisor.planning.line import Line

DAYS_A_MONTH = 365 / 12


@dataclass(frozen=True, slots=True)
class Span:
    """Names of the months (2026-11); the first `lead` of them build what the others use."""

    names: tuple[str, ...]
    lead: int
    ends: bool

    @property
    def use(self) -> tuple[str, ...]:
        """Return the months of use."""
        return self.names[self.lead :]


def span_of(line: Line, months: int) -> Span:
    """Return the life with `months` of use, from the day of the plan on."""
    lead = build_months(line)
    ends = line.brief.one("lifetime") not in (None, "indefinite")
    return Span(calendar(line.as_of, lead + months), lead, ends)


def build_months(line: Line) -> int:
    """Return the whole months until the first version must run; none where nothing is built."""
    if line.chosen("approach") == "no_ml_yet":
        return 0
    return ceil(round(line.brief.number("deadline_weeks", 12.0) * 7 / DAYS_A_MONTH, 6))


def calendar(as_of: str, months: int) -> tuple[str, ...]:
    """Return the months from the day of the plan on, as 2026-11."""
    year, month = int(as_of[:4]), int(as_of[5:7]) - 1
    return tuple(
        f"{year + (month + n) // 12:04d}-{(month + n) % 12 + 1:02d}" for n in range(months)
    )
