"""Numbers and counts as a reader writes them."""

from __future__ import annotations

import re
from decimal import Decimal

_NOBODY = re.compile(r"\b(?:none|None)\b")


def figure(value: float, digits: int = 3) -> str:
    """Return a number to `digits` significant digits, grouped, never with an exponent."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits}g}")
    if abs(rounded) >= 10 ** (digits - 1):
        return f"{rounded:,.0f}"
    return f"{Decimal(str(rounded)).normalize():f}"


def percent(share: float) -> str:
    """Return a share in whole percent; what is nearly nothing or all is not rounded to it."""
    if 0 < share < 0.005:
        return "under 1%"
    return "over 99%" if 0.995 <= share < 1 else f"{share:.0%}"


def lasting(hours: float) -> str:
    """Return a time in hours; minutes below a tenth of an hour."""
    if hours >= 0.1:
        return f"{figure(hours)} h"
    return f"{figure(hours * 60, 1)} min" if hours * 60 >= 1 else "a minute"


def counted(count: float, one: str, many: str = "") -> str:
    """Return a count with its noun: `1 replica`, `3 replicas`."""
    return f"{figure(count, 6)} {one if count == 1 else many or one + 's'}"


def devices(count: float, name: str) -> str:
    """Return devices with their count: `2 x L4`; those without a name are CPU machines."""
    return f"{figure(count, 6)} x {name}" if name else counted(count, "CPU machine")


def dollars(value: Decimal | float) -> str:
    """Return whole dollars; cents below ten dollars."""
    amount = Decimal(str(value))
    sign = "-" if amount < 0 else ""
    return f"{sign}${abs(amount):,.2f}" if 0 < abs(amount) < 10 else f"{sign}${abs(amount):,.0f}"


def price(value: float) -> str:
    """Return the price of one thing: cents, or all its digits below ten cents."""
    return f"${value:,.2f}" if value >= 0.1 else f"${value:g}"


def as_it(text: str, name: str, id_: str, beside: str = "") -> str:
    """Return the text with "it" where it first names the candidate that it stands beside, as a
    whole word and not as part of the names `beside` it: doing without is called "none" in rules."""
    first = rf"(?<![,/(] )(?<![\w/(]){re.escape(name)}(?![\w/])"  # not in a list of names
    longer = [other for other in beside.split(", ") if name in other and name != other]
    for place, other in enumerate(longer):
        text = text.replace(other, f"\0{place}\0")
    said = re.sub(first, "it", text, count=1) if name in text else text
    if id_ == "none" and said == text:
        said = _NOBODY.sub("it", said, count=1)
    for place, other in enumerate(longer):
        said = said.replace(f"\0{place}\0", other)
    return said
