"""Where the plan falls short of what the answers ask for later: the budget as load and data grow,
a region that is lost, spare nodes that no line of the bill holds."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import ceil

from advisor.domain.lifetime import INFRASTRUCTURE, Investment, Lifetime
from advisor.planning.hardware_stage import OWN_PLACE
from advisor.planning.lifetime_capacity import capacity_of, rate_of
from advisor.planning.lifetime_failure import carried_without_a_region
from advisor.planning.lifetime_products import unmanned_products
from advisor.planning.lifetime_purchase import purchase_of
from advisor.planning.lifetime_work import WEEKS_A_YEAR
from advisor.planning.limits import BUDGET
from advisor.planning.line import Line
from advisor.planning.market import MONTH_HOURS
from advisor.planning.options import AT_SITES
from advisor.planning.words import counted, dollars, figure


def shortfalls_of(line: Line, life: Lifetime) -> Iterator[Investment]:
    """Yield what is short, the budget first."""
    yield from _outgrown_budget(line, life)
    yield from _lost_region(line)
    yield from _second_machine(line)
    yield from _releases_in_turns(line)
    yield from _starved_devices(line)
    yield from _unpriced_spares(line)
    yield from _devices_on_the_shelf(line)
    yield from unmanned_products(line)
    yield from _other_models(line)
    yield from _second_copy(line, life)
    yield from _controls_before_the_release(line, life)


def _outgrown_budget(line: Line, life: Lifetime) -> Iterator[Investment]:
    """Yield the month of use in which a stated budget no longer holds what providers bill."""
    if not line.brief.stated(BUDGET):
        return
    budget = Decimal(str(line.brief.number(BUDGET)))
    paid = [c.months for c in life.components if c.group == INFRASTRUCTURE and c.id not in ONCE]
    months = [sum((row[n].likely for row in paid), Decimal(0)) for n in range(len(life.calendar))]
    over = [n for n, usd in enumerate(months) if n >= life.lead and usd > budget]
    if not over or over[0] == life.lead:
        return
    most = max(over, key=lambda n: months[n])
    later = f", and up to {dollars(months[most])} in {life.calendar[most]}"
    text = (
        f"as {_growing(line)}, a month likely takes {dollars(months[over[0]])} in "
        f"{life.calendar[over[0]]}, above the budget of {dollars(budget)}"
        f"{later if most > over[0] else ''}"
    )
    yield Investment("underinvest", "budget", text, months[most] - budget)


def _growing(line: Line) -> str:
    """Return what grows, and which growth nobody stated."""
    found = {"growth_12m": "the load", "data_growth": "the data"}
    grows = {"growth_12m": line.brief.number("growth_12m", 1.0) > 1}
    grows["data_growth"] = line.brief.number("data_growth") > 0
    names = [
        what if line.brief.stated(id_) else f"{what} (assumed)"
        for id_, what in found.items()
        if grows[id_]
    ]
    return f"{' and '.join(names)} grow{'s' if names == ['the load'] else ''}"


ONCE = ("leaving", "migration", "renewal")
"""Components that fall due in single months and are planned for on their own."""


def _lost_region(line: Line) -> Iterator[Investment]:
    """Yield what a service in several regions cannot carry while one of them is out."""
    capacity = capacity_of(line)
    if capacity is None or capacity.option.pattern != "online" or capacity.load.regions < 2:
        return
    if capacity.load.availability < OUTLIVES_A_REGION:
        return
    share = carried_without_a_region(capacity)
    if share >= 1:
        return
    regions = capacity.load.regions
    each = capacity.option.month.likely / capacity.option.replicas
    held = capacity.busy + capacity.spares
    more = 1
    while (regions - 1) * (held + more) < regions * capacity.demand:
        more += 1
    text = (
        f"without one of {counted(regions, 'region')} the rest carries {share:.0%} of the peak; "
        f"{counted(more, 'replica')} more in each would carry all of it, for "
        f"{dollars(each * more * regions)} a month"
    )
    yield Investment("underinvest", "serving", text, each * more * regions * line.months)


def _second_machine(line: Line) -> Iterator[Investment]:
    """Yield the machine more that an availability asks for where one holds every replica."""
    capacity = capacity_of(line)
    if capacity is None or not capacity.spares or capacity.load.regions > 1:
        return
    option = capacity.option
    if option.nodes == 1 and option.replicas > 1 and option.month.likely:
        text = (
            f"{capacity.load.availability:g} % is asked, and one machine holds all "
            f"{counted(option.replicas, 'replica')}: a second one takes "
            f"{dollars(option.month.likely)} a month more"
        )
        yield Investment("underinvest", "serving", text, option.month.likely * line.months)


OUTLIVES_A_REGION = 99.99
"""Percent from which a service must answer while one of its regions is out: no large cloud promises
as much for the machines of one."""


def _releases_in_turns(line: Line) -> Iterator[Investment]:
    """Yield how many sets of machines must train at a time where a release takes longer than the
    time to the next."""
    option, work = line.uses.get("training"), line.workload.training
    if option is None or work is None or not (option.devices and work.releases_a_month):
        return
    each = option.hours_month.likely / option.devices / work.releases_a_month
    between = MONTH_HOURS / work.releases_a_month
    if each > between:
        held = "machines" if option.provider == OWN_PLACE else "hours"
        sets = ceil(each / between)
        models = f" of {figure(work.models)} models" if work.models > 1 else ""
        text = (
            f"a release{models} takes {figure(each)} h with its trials and one falls due every "
            f"{figure(between)} h: {sets} must train beside each other, each on "
            f"{counted(option.devices, 'device')}; the bill holds their {held}"
        )
        yield Investment("underinvest", "training", text)


def _starved_devices(line: Line) -> Iterator[Investment]:
    """Yield that the processors of the machine cannot load what its devices would read."""
    option = line.uses.get("training")
    rate = rate_of(line, option) if option and option.devices else None
    if option is None or rate is None or not rate.vcpus:
        return
    cores = rate.vcpus * max(1, option.nodes) / 2
    wanted = float(option.facts.get("loader_cores", 0.0))
    if wanted > LOADED * cores:
        text = (
            f"{figure(wanted, 2)} cores would load what the devices read, and {option.instance} "
            f"has {figure(cores, 2)}: the run takes up to {figure(wanted / cores, 2)} times as "
            "long where data are decoded while it reads them; prepare them beforehand"
        )
        yield Investment("underinvest", "training", text)


LOADED = 1.5
"""Times the cores of a machine from which loading is said to hold training up."""


def _unpriced_spares(line: Line) -> Iterator[Investment]:
    """Yield the spare node that a long run over several nodes wants and that no line holds."""
    option = line.uses.get("training")
    wanted = line.practises("spares")
    if option is None or option.nodes < 2 or not wanted or not option.one_off.likely:
        return
    spare = max(1, round(option.nodes * SPARE_SHARE))
    usd = option.one_off.likely * spare / option.nodes
    text = (
        f"{counted(spare, 'spare node')} beside the {option.nodes} of the run would likely cost "
        f"{dollars(usd)} more; the bill holds none: rent it, or have the provider promise in "
        "writing how soon a broken node is replaced"
    )
    yield Investment("underinvest", "training", text, usd)


SPARE_SHARE = 0.075
"""Nodes kept spare for a long run: the middle of the 5 to 10 % of PERF-042."""


def _devices_on_the_shelf(line: Line) -> Iterator[Investment]:
    """Yield the devices that lie ready to be swapped at the sites, which no line holds."""
    option = line.uses.get("serving")
    rate = rate_of(line, option) if option and option.pattern in AT_SITES else None
    if option is None or rate is None or rate.month_owned is None or rate.month_held is None:
        return
    each = purchase_of(line, rate, option.devices).price
    spare = ceil(option.devices * SHELF_SHARE)
    if each:
        text = (
            f"{counted(spare, 'device')} on the shelf, one for every twenty at work, would cost "
            f"{dollars(each * spare)} more; the bill holds none, and a site waits for the next one"
        )
        yield Investment("underinvest", "serving", text, each * spare)


SHELF_SHARE = 0.05
"""Devices kept ready to swap: a planning value, as makers replace within weeks and few fail."""


def _other_models(line: Line) -> Iterator[Investment]:
    """Yield what training takes where each model reads all it may, not its share of the data."""
    option, work = line.uses.get("training"), line.workload.training
    models = int(line.brief.number("n_models", 1.0))
    if option is None or work is None or work.entities > 1 or not option.devices:
        return
    more = Decimal(str(models / work.models)) - 1
    month, once = option.month.likely * more, option.one_off.likely * more
    if option.provider == "own" or not (month or once):
        return
    text = (
        f"nobody counted the examples of a model, so {models:,} models share what is stored: it is "
        f"enough for {figure(work.models)} of the trainings described; if each reads as much, they "
        f"take {dollars(month)} a month and {dollars(once)} for their first releases on top"
    )
    yield Investment("underinvest", "training", text, once + month * line.months)


def _second_copy(line: Line, life: Lifetime) -> Iterator[Investment]:
    """Yield the second copy of the data that backups ask for, while the bill holds one."""
    stored = life.component("storage")
    wanted = line.practises("backups")
    if stored is None or not wanted or stored.total.likely < NOTABLE_SHARE * life.total.likely:
        return
    text = (
        f"the bill holds the data once, {dollars(stored.total.likely)} over the life: a second "
        "copy of what no source gives again comes on top, up to as much at the same tier"
    )
    yield Investment("underinvest", "storage", text, stored.total.likely)


NOTABLE_SHARE = Decimal("0.01")
"""Share of the cost of a life from which a second copy is worth a word."""


def _controls_before_the_release(line: Line, life: Lifetime) -> Iterator[Investment]:
    """Yield the share of the team that putting controls in place takes before the first release."""
    clauses = line.kit.library.clauses
    controls = {clauses[str(f.get("clause"))].control for f in line.session.facts("control")}
    people = line.brief.number("ml_staff") + line.brief.number("platform_staff")
    weeks = line.brief.number("deadline_weeks", 12.0)
    number = line.kit.number
    time = people * weeks * number("life.hours_year") / WEEKS_A_YEAR
    work = len(controls) * number("compliance.hours_once")
    if not controls or not time or work < time * MUCH_OF_THE_TIME or not life.lead:
        return
    text = (
        f"putting {counted(len(controls), 'control')} in place takes about {work:,.0f} h, "
        f"{work / time:.0%} of the hours of {counted(int(people), 'person', 'people')} in "
        f"{weeks:,.0f} weeks: add people or weeks, or agree with the legal owner what may come "
        "later"
    )
    yield Investment("underinvest", "compliance", text)


MUCH_OF_THE_TIME = 0.2
"""Share of the team's time before the first release that a plan must not hide."""
