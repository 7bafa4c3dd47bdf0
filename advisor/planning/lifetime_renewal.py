"""Machines that stand there already: when they have served their time, and what new ones cost."""

from __future__ import annotations

from advisor.domain.plan import NOTHING, Money
from advisor.planning.lifetime_capacity import rate_of
from advisor.planning.line import Line
from advisor.planning.options import Option
from advisor.planning.own_hardware import SETTLED_YEARS


def renewal_due(line: Line, lead: int) -> tuple[int, int]:
    """Return the month of use from which machines owned today are replaced, after `lead` months
    of building, and the years that machines serve."""
    served = next(
        v.value for v in line.kit.library.datacentre.values() if v.id == "depreciation-conservative"
    )
    years = int(served)
    return max(0, (years - SETTLED_YEARS) * 12 - lead), years


def renewal_month(line: Line, option: Option) -> tuple[Money, int]:
    """Return what the purchase of the machines that an option finds there comes to a month once
    they are replaced, and how many they are; nothing where others pay for them."""
    rate = rate_of(line, option) if option.provider == "own" and option.devices else None
    if rate is None or not rate.held or option.month == NOTHING:
        return NOTHING, 0
    if rate.month_owned is None or rate.month_held is None:
        return NOTHING, 0
    held = min(rate.held, rate.instances(option.devices))
    owned, kept = rate.month_owned.times(held), rate.month_held.times(held)
    more = Money(owned.low - kept.low, owned.likely - kept.likely, owned.high - kept.high)
    return more, held
