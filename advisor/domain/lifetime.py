"""What a plan costs over its life, month by month."""

from __future__ import annotations

from decimal import Decimal

from advisor.domain.interval import Interval
from advisor.domain.plan import NOTHING, Money
from advisor.frozen import dataclass

CURRENCY = "USD"
INFRASTRUCTURE = "infrastructure"
"""Group of what providers bill and machines cost; people and data are the others."""


@dataclass(frozen=True, slots=True)
class Component:
    """One thing paid for: an amount for every month of the life, what it rests on, and whether
    it is infrastructure, the time of people, or data."""

    id: str
    name: str
    months: tuple[Money, ...]
    basis: str
    price_date: str = ""
    source: str = ""
    group: str = INFRASTRUCTURE

    @property
    def total(self) -> Money:
        """Return what the component costs over the life."""
        return sum(self.months, NOTHING)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """The cost of a life; every amount is in whole cents, so that sums agree in any order.

    `calendar` names the months (2026-11); `ends` says whether the life has a stated end or the
    months are a planning horizon; `assumptions` say how load and data grow. The first `lead`
    months build what the others use.
    """

    calendar: tuple[str, ...]
    components: tuple[Component, ...]
    price_date: str
    excluded: tuple[str, ...]
    assumptions: tuple[str, ...]
    ends: bool = True
    lead: int = 0

    @property
    def months_of_use(self) -> int:
        """Return the months from the first use on."""
        return len(self.calendar) - self.lead

    @property
    def months(self) -> tuple[Money, ...]:
        """Return the cost of each month."""
        return tuple(
            sum((c.months[n] for c in self.components), NOTHING) for n in range(len(self.calendar))
        )

    @property
    def total(self) -> Money:
        """Return the cost of the life: the sum of its months and of its components."""
        return sum((c.total for c in self.components), NOTHING)

    def of(self, group: str) -> Money:
        """Return the cost of the components of a group."""
        return sum((c.total for c in self.components if c.group == group), NOTHING)

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups that something is paid for, the largest first."""
        found = {c.group for c in self.components}
        return tuple(sorted(found, key=lambda g: (-self.of(g).likely, g)))

    def component(self, id_: str) -> Component | None:
        """Return the component of an id, None where nothing is paid for it."""
        return next((c for c in self.components if c.id == id_), None)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to pay for a use over its life, people included.

    `break_even` says from which use or volume it pays, `exit_cost` what is paid for nothing where
    the work ends half-way, `risk` what may go wrong. `open` is False where the answers rule it
    out; it then stands for comparison. `cash` is what is likely paid in every month of use,
    less what a machine brings when it is sold.
    """

    id: str
    use: str
    name: str
    total: Money
    break_even: str
    exit_cost: Decimal
    risk: str
    price_date: str
    open: bool = True
    cash: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Mix:
    """The cheapest way for each machine of a use: its total, people included, in words, and what
    it saves against paying the same machines by the hour."""

    use: str
    total: Decimal
    text: str
    saved: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class ApiTier:
    """Hosted models of a quality: the one in the middle by price, a month of them as listed and
    with cached prompts and batches, and the millions of tokens a month from which running a
    model of one's own costs less (0: never)."""

    name: str
    model: str
    month_usd: Decimal
    saved_usd: Decimal
    millions: Decimal
    saved_millions: Decimal


@dataclass(frozen=True, slots=True)
class Point:
    """An option on the frontier: no other is both cheaper and faster. `cost` is over the life,
    people included, `speed` in `unit`; past the `knee` each dollar buys less speed."""

    use: str
    name: str
    cost: Decimal
    speed: float
    unit: str
    chosen: bool
    knee: bool


@dataclass(frozen=True, slots=True)
class Investment:
    """Money that no answer asks for (`over`), or what the plan risks by saving (`under`); `usd`
    is None where no published rate gives a figure."""

    kind: str
    use: str
    text: str
    usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A month in which the load passes what the machines before it carry: the load as a multiple
    of the first month's, the replicas and devices then needed, and what that month costs."""

    month: str
    load: float
    replicas: int
    devices: int
    month_usd: Decimal
    full_at: float


@dataclass(frozen=True, slots=True)
class Run:
    """The trainings of one month: how many, device-hours and cost of each, tuning included."""

    month: str
    count: int
    device_hours: float
    usd: Decimal


@dataclass(frozen=True, slots=True)
class Energy:
    """Electricity and emissions of the life, by use, where the machines are likely to stand, and
    what the cheapest greener place would emit; `extra_usd` is what it costs more over the life,
    None where no price of it is known. `greener` is "" where the machines cannot move."""

    kwh: tuple[tuple[str, float], ...]
    place: str
    kg_co2e: float
    greener: str
    greener_kg_co2e: float
    basis: str
    extra_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A part that may fail: the event, what it does to the service or the run, and the answer."""

    part: str
    event: str
    effect: str
    answer: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What follows from the cost of the life: ways to pay, frontier, scaling, cycle, energy. `load`
    is each month's as a multiple of the first's; it stands where `steps` do."""

    ways: tuple[Way, ...] = ()
    mixes: tuple[Mix, ...] = ()
    api: str = ""
    tiers: tuple[ApiTier, ...] = ()
    frontier: tuple[Point, ...] = ()
    investments: tuple[Investment, ...] = ()
    steps: tuple[Step, ...] = ()
    load: tuple[Interval, ...] = ()
    scaling: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()
    cycle: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    energy: Energy | None = None


def whole_cents(amount: Decimal) -> Decimal:
    """Return the amount rounded to cents."""
    return amount.quantize(Decimal("0.01"))


def cents(money: Money) -> Money:
    """Return the money rounded to cents."""
    return Money(whole_cents(money.low), whole_cents(money.likely), whole_cents(money.high))
