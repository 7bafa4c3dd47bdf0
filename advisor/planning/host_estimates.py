"""Estimates of the hosts stage: the same hardware priced at each place where it could run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from math import ceil

from advisor.domain.plan import Decision, Reason
from advisor.domain.rule import Fact
from advisor.planning.hardware_estimates import market_for
from advisor.planning.line import Lesson, Line, Same
from advisor.planning.market import CLOUD, OWN, RENTED, Market
from advisor.planning.options import Option, priced
from advisor.planning.select import Offer
from advisor.planning.shared_machines import shared

USES = ("training", "serving")
KINDS = {
    "managed_ml": (CLOUD,),
    "managed_app": (CLOUD,),
    "managed_batch": (CLOUD,),
    "vms": (CLOUD,),
    "kubernetes": (CLOUD, RENTED, OWN),
    "slurm": (CLOUD, RENTED, OWN),
    "gpu_cloud": (RENTED,),
    "serverless_gpu": (CLOUD, RENTED),
    "own_hardware": (OWN,),
    "device": (OWN,),
}
"""Kinds of provider on which a host can stand."""
PATTERN_HOSTS = {
    "online": ("managed_ml", "managed_app", "kubernetes", "gpu_cloud", "own_hardware", "vms"),
    "serverless": ("serverless_gpu", "managed_app", "managed_ml", "kubernetes"),
    "async": (
        "managed_ml",
        "managed_app",
        "managed_batch",
        "kubernetes",
        "serverless_gpu",
        "gpu_cloud",
        "own_hardware",
        "vms",
    ),
    "edge": ("device",),
    "edge_and_cloud": ("device",),
}
"""Hosts that can run a pattern; a pattern that is not listed runs on any that has the hardware."""
WITHOUT_HARDWARE = {"none": "none", "in_database": "none", "model_api": "vendor_api"}
"""The host of patterns that need no machine of one's own."""
ALREADY = {"kubernetes": "kubernetes_shop", "slurm": "slurm_shop", "own_hardware": "own_gpus"}
"""Class that says that a host is run already, so that it takes little more effort."""
CPUS = ("none", "cpu")
"""What is no accelerator."""
ONE_SERVER = 8
"""Accelerators that one server holds at most."""
People = Mapping[tuple[str, str], Decimal]
"""What people cost a month by host and kind of provider."""
CLUSTERS = ("kubernetes", "slurm")
"""Hosts that are software: on own premises the machines below take people too."""


def estimate_hosts(line: Line, origin: str) -> Lesson:
    """Return what each host would cost for the option of each use, people included."""
    people = people_by_host(line)
    return Lesson(origin, offers={f"{use}_host": _offers(line, use, people) for use in USES})


def _offers(line: Line, use: str, people: People) -> dict[str, Offer]:
    """Return what each host would cost for the option of a use."""
    option, hosts = line.uses.get(use), line.called.candidates[f"{use}_host"]

    market = market_for(line, use)

    def work() -> dict[str, Offer]:
        if option is None:
            reason = Reason(f"no way of {use} is settled", estimate=f"{use}_options")
            return {c.id: Offer(failures=(reason,)) for c in hosts}
        return {c.id: _offer(line, option, market, c.id, people) for c in hosts}

    key = (use, Same(option), market, line.months, line.called, *people.values())
    return line.once("hosts", key, work)


def repriced(line: Line, decisions: tuple[Decision, ...]) -> dict[str, Option]:
    """Return the option of each use at the price of the host that was chosen."""
    chosen = {d.id: d.ids[0] for d in decisions if d.ids}
    found = {}
    for use, option in line.uses.items():
        at = _at(line, option, market_for(line, use), chosen.get(f"{use}_host", "none"))
        found[use] = at if isinstance(at, Option) else option
    return shared(line, found)


def placements(line: Line, uses: Mapping[str, Option]) -> tuple[Fact, ...]:
    """Return where each use runs, for rules over later decisions; `second` marks the cheaper use
    where two providers are rented from."""
    providers = line.kit.library.providers
    rented = [o for o in uses.values() if kind_of(line, o) in (CLOUD, RENTED)]
    rented.sort(key=lambda o: o.lifetime(line.months))
    two = len({o.provider for o in rented}) > 1
    second = rented[0].provider if two else ""
    found = []
    for use, option in sorted(uses.items()):
        if not option.provider:
            continue
        provider = providers.get(option.provider)
        kind = provider.kind if provider else OWN
        cloud = (provider.cloud if provider else "") or (RENTED if kind == RENTED else "other")
        found.append(
            Fact.of(
                "placement",
                use=use,
                provider=option.provider,
                provider_kind=kind,
                cloud=cloud,
                second="yes" if option.provider == second else "no",
            )
        )
    return tuple(found)


def people_month(line: Line, host: str, kind: str = "") -> Decimal:
    """Return the monthly cost of the people that a host takes beyond what the team runs, on
    machines of a kind of provider."""
    return _people(line, host, kind, line.classes)


def manned_months(line: Line, option: Option) -> int:
    """Return the months in which an option takes people: those of use; for training that is done
    once on rented machines those of its runs, and one to set up and to hand back."""
    if option.use != "training" or option.provider == "own" or not option.hours_once.likely:
        return line.months
    work = line.workload.training
    if work is None or work.releases_a_month:
        return line.months
    hours = option.hours_once.likely / max(1, option.devices)
    return min(line.months, ceil(hours / line.kit.number("cost.hours_per_month")) + 1)


def people_by_host(line: Line) -> dict[tuple[str, str], Decimal]:
    """Return what `people_month` says of every host on every kind of provider."""
    known = line.classes
    hosts = {**KINDS, **dict.fromkeys(WITHOUT_HARDWARE.values(), ("",))}
    return {(h, k): _people(line, h, k, known) for h, kinds in hosts.items() for k in kinds}


def _people(line: Line, host: str, kind: str, known: Collection[str]) -> Decimal:
    """Return the cost of a host's people; machines of one's own below a cluster take more of
    them, unless the cluster that is run already stands on such machines."""
    effort = _machines(line) if host == "own_hardware" else _effort(line, host)
    if host == "own_hardware" and "laptop" in known:
        return Decimal(0)
    at_home = "on_premises" in known or "own_gpus" in known
    if ALREADY.get(host, "") in known:
        effort = max(
            effort * line.kit.number("host_effort_share.run_already"), _upkeep(line, effort)
        )
        below = kind == OWN and not at_home
    else:
        below = kind == OWN or "on_premises" in known
    if host in CLUSTERS and below:
        effort += _machines(line)
    if host == "kubernetes" and kind == RENTED:  # one cluster more, with fewer services around it
        effort += _effort(line, "gpu_cloud")
    return salary(effort, line)


def _machines(line: Line) -> float:
    """Return the share of a person that machines of one's own take, by what they are."""
    if line.brief.has("onprem_gpus", "workstations"):
        return _effort(line, "workstation")
    devices = sum(o.devices for o in line.uses.values() if o.accelerator not in CPUS)
    one_server = devices <= ONE_SERVER and not line.brief.has("onprem_gpus", "cluster")
    return _effort(line, "own_server" if one_server else "own_hardware")


def _upkeep(line: Line, effort: float) -> float:
    """Return the upkeep of a workload itself, which no host that runs already takes away: as much
    as on a managed service; who works at a machine under the desk keeps it anyway."""
    desk = line.brief.has("onprem_gpus", "workstations")
    return 0.0 if desk else min(effort, _effort(line, "managed_ml"))


def _effort(line: Line, host: str) -> float:
    """Return the share of a person that a host takes; a fleet of devices takes more as it grows,
    unless its phones belong to the users, whom a shop of applications brings each release."""
    least = line.kit.number(f"host_effort_fte.{host}")
    users_own = line.brief.has("edge_constraints", "phone") and line.brief.has(
        "consumers", "external_users"
    )
    if host != "device" or users_own:
        return least
    return max(least, line.brief.number("edge_sites") / line.kit.number("edge.devices_per_person"))


def least_people_month(line: Line, option: Option) -> Decimal:
    """Return the monthly cost of the people that the least demanding host of an option takes."""
    kind = kind_of(line, option)
    found = (people_month(line, host, kind) for host in hosts_of(line, option))
    return min(found, default=Decimal(0))


def kind_of(line: Line, option: Option) -> str:
    """Return the kind of provider that an option stands at, "" where nothing of one's own runs."""
    if option.pattern in WITHOUT_HARDWARE:
        return ""
    provider = line.kit.library.providers.get(option.provider)
    return provider.kind if provider else OWN


def hosts_of(line: Line, option: Option) -> tuple[str, ...]:
    """Return the hosts where an option could run."""
    host = WITHOUT_HARDWARE.get(option.pattern)
    if host:
        return (host,)
    kind, known = (
        kind_of(line, option),
        {c.id for c in line.called.candidates[f"{option.use}_host"]},
    )
    return tuple(h for h in _fitting(option) if kind in KINDS[h] and h in known)


def _fitting(option: Option) -> tuple[str, ...]:
    """Return the hosts that can run the pattern of an option; serverless GPUs rent no CPUs."""
    hosts = PATTERN_HOSTS.get(option.pattern, tuple(h for h in KINDS if h != "device"))
    return tuple(h for h in hosts if h != "serverless_gpu" or option.accelerator not in CPUS)


def salary(people: float, line: Line) -> Decimal:
    """Return what a number of people cost a month."""
    return Decimal(str(people)) * Decimal(str(line.kit.number("cost.staff_usd_year"))) / 12


def _offer(line: Line, option: Option, market: Market, host: str, people: People) -> Offer:
    at = _at(line, option, market, host)
    if isinstance(at, Reason):
        return Offer(failures=(at,))
    staff, manned = people.get((host, kind_of(line, at)), Decimal(0)), manned_months(line, at)
    lifetime = at.lifetime(line.months) + staff * manned
    always = manned == line.months
    month = at.month.likely + (staff if always else 0)
    text = "with the people who run it" if staff and (always or not month) else ""
    return Offer(lifetime, month.quantize(Decimal("0.01")), text)


def _at(line: Line, option: Option, market: Market, host: str) -> Option | Reason:
    """Return the option priced at the host, or why it cannot run there."""
    key = (Same(option), host, market, line.months, line.called)
    return line.once("placed", key, lambda: _placed(line, option, host, market))


def _placed(line: Line, option: Option, host: str, whole: Market) -> Option | Reason:
    wanted = WITHOUT_HARDWARE.get(option.pattern)
    if wanted is not None:
        text = f"{option.pattern.replace('_', ' ')} runs elsewhere"
        return option if host == wanted else Reason(text, estimate=f"{option.use}_pattern")
    if host not in _fitting(option):
        text = f"this kind of host does not do {option.pattern.replace('_', ' ')}"
        return Reason(text, estimate=f"{option.use}_pattern")
    if host == "device":
        return option
    market = whole.only(KINDS[host]).of_size(option.vcpus, option.machine_gb)
    hours = option.device_hours(line.months)
    wanted_there = (option.accelerator, option.devices, option.together, hours)
    there = market.of((option.provider,)).rate(*wanted_there)
    rate = there or market.rate(*wanted_there)
    if rate is None:
        name = line.called.names.get(option.accelerator, option.accelerator)
        text = f"no provider that the answers allow offers {name} there"
        return Reason(text, estimate=f"{option.use}_price")
    return priced(option, rate, premium_of(line, host, rate.provider))


def premium_of(line: Line, host: str, provider: str) -> Decimal:
    """Return the factor of a managed form over the bare machine: the provider's own where the
    policy has one, else the usual one, else 1."""
    known = line.kit.library.policy.parameters
    for id_ in (f"premium.{host}.{provider}", f"premium.{host}"):
        if id_ in known:
            return Decimal(str(known[id_].value))
    return Decimal(1)
