"""Hardware options: one way to run training or serving on one kind of device, priced."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal
from math import ceil

from advisor.domain.deployment import Setting
from advisor.domain.evidence import Setup
from advisor.domain.interval import Interval
from advisor.domain.plan import NOTHING, Figure, Money, Reason
from advisor.frozen import dataclass, replace
from advisor.planning.market import MONTH_HOURS, Market, Rate

NONE = Interval(0.0, 0.0, 0.0)
WITHOUT_LATENCY = ("batch", "async")
"""Patterns in which nobody waits for an answer."""
AT_SITES = ("edge", "edge_and_cloud")
"""Patterns that run on devices of their own at each site, whatever the load."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way to do the work.

    `devices` counts accelerators, or machines where there are none, over `nodes` machines.
    `together` of them must share a host; where there are no accelerators, each machine has
    `vcpus` and at least `machine_gb` of memory. `hours_once` and `hours_month` are device-hours of
    the first release and of every month; `one_off` and `month` what they cost at the rate.
    `failures` says which stated target or physical limit it misses, `overshoot` by which factor.
    `facts` are fields that rules may read; `run` says what was estimated, so that measurements
    like it can be found; `setting` how it is set up. `per_node` devices share a machine.
    """

    use: str
    pattern: str
    accelerator: str
    devices: int
    nodes: int
    provider: str
    instance: str
    layout: str
    why: str
    hours_once: Interval = NONE
    hours_month: Interval = NONE
    one_off: Money = NOTHING
    month: Money = NOTHING
    hours_per_run: float = 0.0
    latency_ms: float = 0.0
    replicas: int = 1
    together: int = 1
    vcpus: int = 0
    machine_gb: float = 0.0
    figures: tuple[Figure, ...] = ()
    failures: tuple[Reason, ...] = ()
    price_date: str = ""
    price_source: str = ""
    bare_metal: str = "no"
    overshoot: float = 0.0
    run: Setup | None = None
    per_node: int = 0
    setting: Setting | None = None
    facts: dict[str, str | int | float] = field(default_factory=dict, hash=False)

    @property
    def feasible(self) -> bool:
        """Return whether it fits and meets every stated target."""
        return not self.failures

    @property
    def accelerators(self) -> int:
        """Return the accelerators, 0 where the machines have none."""
        return self.devices if self.accelerator not in ("none", "cpu") else 0

    def device_hours(self, months: int) -> float:
        """Return likely device-hours of an average month over `months`."""
        return self.hours_once.likely / months + self.hours_month.likely

    def lifetime(self, months: int) -> Decimal:
        """Return the likely cost over `months` in USD."""
        return self.one_off.likely + self.month.likely * months

    def key(self, months: int) -> tuple[bool, Decimal, int, str, str]:
        """Return the sort key: feasible first, then cheapest, fewest devices, names."""
        return (
            not self.feasible,
            self.lifetime(months),
            self.devices,
            self.accelerator,
            self.pattern,
        )


def occupied(option: Option) -> int:
    """Return the devices that the hours of a month keep busy, whole runs beside each other; at
    least those of one run."""
    if not option.devices:
        return 0
    sets = ceil(round(option.hours_month.likely / (MONTH_HOURS * option.devices), 6))
    return option.devices * max(1, sets)


def priced(option: Option, rate: Rate, premium: Decimal = Decimal(1)) -> Option:
    """Return the option at a rate; `premium` is the factor that a managed form costs."""
    month = rate.standing(occupied(option)) or rate.cost(option.hours_month, option.devices)
    once = NOTHING if rate.month_owned else rate.cost(option.hours_once, option.devices)
    return replace(
        option,
        provider=rate.provider,
        instance=rate.instance,
        nodes=rate.instances(option.devices),
        per_node=rate.per_node,
        one_off=once.times(premium),
        month=month.times(premium),
        price_date=rate.effective,
        price_source=rate.basis(occupied(option)),
        bare_metal=rate.bare_metal,
    )


def placed(option: Option, market: Market, usual: Rate) -> Option:
    """Return the option at the rate that is cheapest for all of its devices and their hours;
    at the usual rate of one replica, as a failure, where so many cannot be had."""
    hours = option.hours_month.likely
    rate = market.rate(option.accelerator, option.devices, option.together, hours)
    if rate is not None:
        return priced(option, rate)
    text = f"{option.devices} devices are needed, and fewer stand there with none to be bought"
    short = Reason(text, estimate=f"{option.use}_size")
    return priced(replace(option, failures=(*option.failures, short)), usual)


def best(options: tuple[Option, ...], months: int) -> Option | None:
    """Return the cheapest feasible option, else the cheapest of the others, None of none."""
    return min(options, key=lambda o: o.key(months), default=None)
