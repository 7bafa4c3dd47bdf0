"""Numbers and money as JSON holds them."""

from __future__ import annotations

import math
from decimal import Decimal

from advisor.domain.interval import Interval
from advisor.domain.plan import Money


def rounded(number: float) -> float | int | None:
    """Return the number to six significant digits, whole ones as int, None if it is not finite."""
    if not math.isfinite(number):
        return None
    short = float(f"{number:.6g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short


def dollars(amount: Decimal) -> str:
    """Return the amount to the cent, as digits and a point."""
    return f"{amount:.2f}"


def interval_data(value: Interval) -> dict[str, float | int | None]:
    """Return the ends and the likely value of an estimate."""
    return {"low": rounded(value.low), "likely": rounded(value.likely), "high": rounded(value.high)}


def money_data(money: Money) -> dict[str, str]:
    """Return the ends and the likely amount in dollars."""
    return {"low": dollars(money.low), "likely": dollars(money.likely), "high": dollars(money.high)}
