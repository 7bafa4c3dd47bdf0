"""What the parts of a life are made of: values with their range, hours of work, paid months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from advisor.domain.interval import Interval
from advisor.domain.lifetime import Component, cents, whole_cents
from advisor.domain.plan import NOTHING, Cost, Money
from advisor.frozen import dataclass
from advisor.planning.lifetime_growth import Curve
from advisor.planning.lifetime_span import Span
from advisor.planning.line import Line
from advisor.planning.workload import Workload

PEOPLE, DATA = "people", "data"
"""Groups of components beside infrastructure: time of one's own people, and data bought."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Factors on today's load, stored data and training work for every month of use."""

    load: Curve
    data: Curve
    training: Curve


@dataclass(frozen=True, slots=True)
class Life:
    """A plan over its months: what every part of the life is worked out from."""

    line: Line
    cost: Cost
    span: Span
    curves: Curves
    workload: Workload

    @property
    def months(self) -> int:
        """Return the months of use."""
        return len(self.span.use)

    def ranged(self, id_: str) -> Interval:
        """Return a value of the policy with its range."""
        found = self.line.kit.library.policy.parameters[id_]
        likely = float(found.value)
        low, high = found.low, found.high
        return Interval(likely if low is None else low, likely, likely if high is None else high)

    @property
    def hour_usd(self) -> float:
        """Return what an hour of one's own people costs."""
        number = self.line.kit.number
        return number("cost.staff_usd_year") / number("life.hours_year")

    def dated(self, id_: str) -> str:
        """Return the date of a value of the policy."""
        return self.line.kit.library.policy.parameters[id_].provenance.as_of


@dataclass(frozen=True, slots=True)
class Part:
    """A component before its months: id, name, what it rests on, its group and the policy value
    that it rests on most."""

    id: str
    name: str
    basis: str
    group: str
    value: str


def money(amount: Interval) -> Money:
    """Return an interval of dollars in whole cents."""
    ends = (amount.low, amount.likely, amount.high)
    return cents(Money(*(Decimal(str(round(end, 6))) for end in ends)))


def times(a: Interval, b: Interval) -> Interval:
    """Return the product of two intervals of positive numbers, end by end."""
    return Interval(a.low * b.low, a.likely * b.likely, a.high * b.high)


def component(life: Life, part: Part, months: Iterable[Money]) -> Iterator[Component]:
    """Yield the component with its months, nothing where all of them are empty."""
    amounts = tuple(months)
    if any(amount.high for amount in amounts):
        source = "policy" if part.group == PEOPLE else _source(life, part.value)
        dated = life.dated(part.value)
        yield Component(part.id, part.name, amounts, part.basis, dated, source, part.group)


def _source(life: Life, id_: str) -> str:
    found = life.line.kit.library.policy.parameters[id_].provenance
    return ", ".join((*found.source, found.locator)).strip(", ")


def in_use(life: Life, months: Iterable[Money]) -> tuple[Money, ...]:
    """Return amounts of the months of use, with nothing in those before."""
    return (*(NOTHING for _ in range(life.span.lead)), *months)


def before_use(life: Life, once: Money) -> tuple[Money, ...]:
    """Return an amount spread over the months of building, in the first where there are none."""
    return tuple(spread(once, max(1, life.span.lead), len(life.span.names)))


def in_month(life: Life, month: int, once: Money) -> tuple[Money, ...]:
    """Return an amount paid in one month of the life, counted from 0."""
    return tuple(once if n == month else NOTHING for n in range(len(life.span.names)))


def before_month(life: Life, month: int, over: int, once: Money) -> tuple[Money, ...]:
    """Return an amount spread over the `over` months that end where the month begins."""
    rest = tuple(spread(once, over, over))
    lead = (NOTHING,) * (month - over)
    return (*lead, *rest, *(NOTHING for _ in life.span.names[month:]))


def added(*rows: tuple[Money, ...]) -> tuple[Money, ...]:
    """Return the sum of amounts month by month."""
    return tuple(sum(month, NOTHING) for month in zip(*rows, strict=True))


def spread(once: Money, over: int, months: int) -> Iterator[Money]:
    """Yield an amount paid in even parts over the first months, whole cents, nothing after."""
    over = min(over, months)
    parts = [_parts(amount, over) for amount in (once.low, once.likely, once.high)]
    yield from (Money(*(part[n] for part in parts)) for n in range(over))
    yield from (NOTHING for _ in range(months - over))


def _parts(amount: Decimal, count: int) -> list[Decimal]:
    """Return `count` even parts in whole cents; the first ones hold the cents left over."""
    each, left = divmod(int(whole_cents(amount) * 100), count)
    return [Decimal(each + (n < left)) / 100 for n in range(count)]
