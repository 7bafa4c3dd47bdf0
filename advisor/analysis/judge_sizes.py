"""The size of hardware that stands, against what its load asks for: too little, or too much."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from advisor.analysis.standing import Standing
from advisor.analysis.whatif_outcome import amount
from advisor.domain.plan import NOTHING, Money, Reason
from advisor.domain.review import ReviewFinding
from advisor.planning.options import Option

DEARER = Decimal("0.2")
"""Share of the machines above which too many are more than a trifle: a fifth."""
SPARES = "serving_spares"


def sizes_judged(stands: Standing) -> Iterator[ReviewFinding]:
    """Yield what is wrong with the counts that stand."""
    for use, needed in sorted(stands.needed.items()):
        there = stands.first.get(use)
        if there is not None and there.devices != needed.devices:
            yield from _use(stands, use, there, needed)


def _use(stands: Standing, use: str, there: Option, needed: Option) -> Iterator[ReviewFinding]:
    subject = f"{use}_machines"
    name = _called(stands, use, there)
    new = tuple(f for f in there.failures if f not in needed.failures)
    if new:
        spare = all(f.estimate == SPARES for f in new)
        yield ReviewFinding(
            f"{subject}.too_little",
            subject,
            "too_little",
            "medium" if spare else "high",
            f"{use.capitalize()}: {there.devices} x {name} are too few.",
            new,
            f"{needed.devices} x {name}",
            (Reason(needed.why, estimate=f"{use}_{needed.pattern}"),),
        )
    elif there.devices > needed.devices and not there.failures:
        yield _too_much(stands, use, there, needed)


def _too_much(stands: Standing, use: str, there: Option, needed: Option) -> ReviewFinding:
    subject = f"{use}_machines"
    name = _called(stands, use, there)
    extra = _extra(stands.uses.get(use, there), there, needed)
    share = Decimal(there.devices - needed.devices) / there.devices
    notable = share >= DEARER and extra != NOTHING
    paid = "paid only while they run, they cost about the same"
    cost = f"about {amount(extra)} a month for what the load does not ask for"
    return ReviewFinding(
        f"{subject}.too_much",
        subject,
        "too_much",
        "medium" if notable else "low",
        f"{use.capitalize()}: {there.devices} x {name}, {needed.devices} would do.",
        (Reason(cost if extra != NOTHING else paid, cost="month"),),
        f"{needed.devices} x {name}",
        (Reason(needed.why, estimate=f"{use}_{needed.pattern}"),),
    )


def _called(stands: Standing, use: str, option: Option) -> str:
    """Return what the machines are called behind their number."""
    if option.accelerator == "cpu":
        return "CPU machines"
    return stands.name(f"{use}_accelerator", option.accelerator)


def _extra(priced: Option, there: Option, needed: Option) -> Money:
    """Return what a month costs above what the load asks for, at the price of its host."""
    if there.month.likely <= needed.month.likely * Decimal("1.02"):
        return NOTHING
    share = 1 - needed.month.likely / there.month.likely
    cut = priced.month.times(share)
    cent = Decimal("0.01")
    found = Money(*(end.quantize(cent) for end in (cut.low, cut.likely, cut.high)))
    return found if found.likely >= 1 else NOTHING
