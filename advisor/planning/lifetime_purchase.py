"""What machines of one's own cost on the day they are bought."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from advisor.planning.lifetime_capacity import rate_of
from advisor.planning.lifetime_payment import Purchase
from advisor.planning.line import Line
from advisor.planning.market import Rate
from advisor.planning.words import counted, dollars


def purchase_of(line: Line, rate: Rate, devices: int) -> Purchase:
    """Return an average machine of those that a use takes; those owned already cost no price.

    The price follows from what owning costs a month (`own_hardware`): its write-off and capital.
    """
    values = {v.id: v.value for v in line.kit.library.datacentre.values()}
    bought, kept = rate.month_owned, rate.month_held
    capital, resale = values["cost-of-capital-typical"], values["residual-value-gpu-after-3y"]
    yearly = (1 - resale) / values["depreciation-conservative"] + capital / 2
    if bought is None or kept is None:
        raise ValueError(f"{rate.instance} is no machine of one's own")
    needed = rate.instances(devices)
    new = Decimal(needed - min(needed, rate.held)) / needed
    return Purchase((bought.likely - kept.likely) * 12 / yearly * new, kept.likely, capital, resale)


def purchase_words(line: Line) -> Iterator[str]:
    """Yield what is paid for machines before the first use, which a bill by the month hides."""
    for use, option in sorted(line.uses.items()):
        rate = rate_of(line, option) if use == "serving" and option.provider == "own" else None
        if rate is None or rate.month_owned is None or rate.month_held is None:
            continue
        each = purchase_of(line, rate, option.devices).price
        if each:
            count = rate.instances(option.devices)
            machines = f"{counted(count, 'machine')} of your own for {use}"
            yield (
                f"{machines} {'is' if count == 1 else 'are'} bought for about "
                f"{dollars(each * count)} before the first use; the months hold what they lose "
                "in value"
            )
