"""Where the plan pays for what no answer asks for, and where it saves at a risk."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from advisor.domain.answers import Source
from advisor.domain.lifetime import Investment, Lifetime, Mix, Step, Way, whole_cents
from advisor.planning.hardware_stage import OWN_PLACE
from advisor.planning.lifetime_capacity import Capacity, capacity_of
from advisor.planning.lifetime_case import BOUND
from advisor.planning.lifetime_frontier import cost_of, same_choice
from advisor.planning.lifetime_options import open_options
from advisor.planning.lifetime_shortfall import shortfalls_of
from advisor.planning.line import Line
from advisor.planning.market import CLOUD, OWN, RENTED
from advisor.planning.options import Option
from advisor.planning.words import counted, dollars, figure, percent
from advisor.sizing.goodput import Reliability, goodput

DAYS = Decimal("30.4")
FEW_DEVICES = 8
"""Devices of one server; below, a failure of the run is rare enough to leave out."""
CLOSE = 0.2
"""A margin under a fifth is close, as in `limits`."""
KINDS = {CLOUD: "on_demand", RENTED: "gpu_cloud", OWN: "owned"}
"""The way by which a plan pays by itself, by kind of provider."""


Found = tuple[tuple[Way, ...], tuple[Mix, ...], tuple[Step, ...]]
"""Ways to pay, mixes, and steps of capacity."""


def investments_of(line: Line, life: Lifetime, found: Found) -> tuple[Investment, ...]:
    """Return too much first, the dearest first, then too little."""
    ways, mixes, steps = found
    paid = (*_dearer_ways(line, ways), *_uncommitted(line, mixes), *_interruptible(line, ways))
    over = [*_dearer_options(line), *paid, *_assumed_spares(line), *_server_for_little(line)]
    over.sort(key=lambda i: (-(i.usd or 0), i.use, i.text))
    short = (*shortfalls_of(line, life), *_outages(line), *_lost_runs(line))
    return (*over, *short, *_close_targets(line), *_soon_full(line, steps))


def _asks_freedom(line: Line) -> bool:
    """Return whether somebody said that the load may fall or the model be dropped."""
    stated = line.brief.sources.get("scale_down_plan") in (Source.GIVEN, Source.FILE)
    return stated and line.brief.one("scale_down_plan") != "unlikely"


def _uncommitted(line: Line, mixes: tuple[Mix, ...]) -> Iterator[Investment]:
    """Yield what the freedom to stop costs where nobody asked for it: the base of the load paid
    by the hour instead of under a commitment."""
    if _asks_freedom(line):
        return
    for mix in mixes:
        if mix.saved > 0:
            text = (
                f"{mix.use} by the hour costs {dollars(mix.saved)} more over the life than the "
                f"mix of {mix.text}; the freedom to stop is paid for, and nobody asked for it"
            )
            yield Investment("overspend", mix.use, text, mix.saved)


def _interruptible(line: Line, ways: tuple[Way, ...]) -> Iterator[Investment]:
    """Yield what paying for machines that are not taken back costs where runs may be resumed."""
    if not line.practises("spot"):
        return
    for use, option in sorted(line.uses.items()):
        mine = {w.id: w for w in ways if w.use == use and w.open}
        usual, spot = mine.get(_usual(line, option)), mine.get("spot")
        if usual is None or spot is None:
            continue
        more = usual.total.likely - spot.total.likely
        if more > WORTH_A_WORD * usual.total.likely:
            text = (
                f"{use} costs {dollars(more)} more as planned than by: {spot.name}; its work may "
                "be interrupted, so try that first and keep the planned machines as the way back"
            )
            yield Investment("overspend", use, text, more)


WORTH_A_WORD = Decimal("0.1")
"""Share of a way's cost from which interruptible machines are named."""


def _dearer_options(line: Line) -> Iterator[Investment]:
    """Yield what the chosen option costs above the cheapest that meets the same targets."""
    for use, chosen in sorted(line.uses.items()):
        met = [(cost_of(line, o), o) for o in open_options(line, use) if o.feasible]
        mine = [cost for cost, o in met if same_choice(o, chosen)]
        if not mine:
            continue
        least, other = min(met, key=lambda row: (row[0], row[1].accelerator, row[1].pattern))
        more = min(mine) - least
        if more > 0:
            name = line.called.names.get(other.accelerator, "CPU machines")
            text = (
                f"{use} costs {dollars(more)} more over the life than {other.layout} on {name}, "
                "which meets the same targets; preferences decided, no target did"
            )
            yield Investment("overspend", use, text, more)


def _dearer_ways(line: Line, ways: tuple[Way, ...]) -> Iterator[Investment]:
    """Yield what the place costs above the cheapest that the answers leave; commitments at the
    place itself are for the mix to say."""
    free = line.brief.one("scale_down_plan") != "unlikely"
    commitments = ("commit_12", "commit_36")
    for use, option in sorted(line.uses.items()):
        mine = {w.id: w for w in ways if w.use == use and w.open}
        usual = mine.get(_usual(line, option)) or mine.get("existing")
        if usual is None:
            continue
        bound = BOUND if free else commitments
        others = [w for w in mine.values() if w.id not in (*bound, "spot", "serverless")]
        best = min(others, key=lambda w: (w.total.likely, w.id), default=usual)
        more = usual.total.likely - best.total.likely
        if more > 0:
            text = (
                f"{use} costs {dollars(more)} more as planned than by: {best.name}; what the "
                "dearer place brings was preferred, no answer asks for it"
            )
            yield Investment("overspend", use, text, more)


HARDLY_PCT = 5.0
"""Use at the peak below which a server bought for a model is mostly air."""


def _server_for_little(line: Line) -> Iterator[Investment]:
    """Yield that a server of one's own would hardly work, where processors carry the load."""
    option = line.uses.get("serving")
    if (
        option is None
        or option.provider != OWN_PLACE
        or option.accelerators
        or not option.month.likely
    ):
        return
    used = float(option.facts.get("utilisation_pct", 0.0))
    if 0 < used < HARDLY_PCT:
        text = (
            f"the server of its own would be busy {percent(used / 100)} at the peak: a virtual "
            "machine on servers that you run already does the same, and spares up to "
            f"{dollars(option.month.likely)} a month"
        )
        yield Investment("overspend", "serving", text, option.month.likely * line.months)


def _usual(line: Line, option: Option) -> str:
    if option.pattern == "model_api":
        return option.pattern
    provider = line.kit.library.providers.get(option.provider)
    return KINDS.get(provider.kind if provider else OWN, "")


def _assumed_spares(line: Line) -> Iterator[Investment]:
    """Yield the spare replicas that rest on an availability that nobody stated."""
    capacity = capacity_of(line)
    source = line.brief.sources.get("availability_slo")
    if capacity is None or not capacity.spares or source in (Source.GIVEN, Source.FILE):
        return
    spares = capacity.spares * capacity.load.regions
    share = Decimal(spares) / capacity.option.replicas
    usd = whole_cents(capacity.option.month.likely * share * line.months)
    text = (
        f"{counted(spares, 'spare replica')} at {dollars(usd)} over the life: the availability "
        "is assumed, nobody stated it"
    )
    yield Investment("overspend", "serving", text, usd)


def _outages(line: Line) -> Iterator[Investment]:
    """Yield the failures to expect where no replica stands by."""
    capacity = capacity_of(line)
    if capacity is None or capacity.spares or not _stands(capacity):
        return
    rate = line.kit.library.datacentre["node-failure-rate", "meta-rsc-1-a100"]
    days = DAYS * line.months
    expected = float(rate.value * days * capacity.option.nodes)
    text = (
        f"no replica stands by: at {rate.value} failures a node and day "
        f"({rate.provenance.locator}) about {figure(expected, 2)} failures in the life interrupt "
        "or slow the service until a replacement has started"
    )
    yield Investment("underinvest", "serving", text)


def _stands(capacity: Capacity) -> bool:
    return capacity.option.pattern == "online" and capacity.option.devices > 0


def _lost_runs(line: Line) -> Iterator[Investment]:
    """Yield the hours of a run that failures take, where checkpoints are as usual."""
    option = line.uses.get("training")
    if option is None or option.devices <= FEW_DEVICES or not option.hours_per_run:
        return
    share = goodput(Reliability(option.devices)).share
    hours = option.hours_per_run * (1 / share - 1)
    text = (
        f"of a run of {figure(option.hours_per_run)} h on {option.devices} devices about "
        f"{figure(hours, 2)} h more go to failures and checkpoints (419 interruptions in 54 days "
        "on 16,384 H100, arXiv 2407.21783)"
    )
    yield Investment("underinvest", "training", text)


def _close_targets(line: Line) -> Iterator[Investment]:
    """Yield targets that are met with little to spare, in words: no rate says how often."""
    asked = {
        "training": (line.brief.number("train_hours_target", 12.0), "h of a run"),
        "serving": (line.brief.number("latency_p99_ms"), "ms of latency"),
    }
    for use, option in sorted(line.uses.items()):
        target, unit = asked[use]
        value = option.hours_per_run or option.latency_ms
        if target and value and 0 <= 1 - value / target < CLOSE:
            text = (
                f"{figure(value)} of {figure(target)} {unit} allowed are likely: the target may "
                "be missed; how often, no published rate says"
            )
            yield Investment("underinvest", use, text)


def _soon_full(line: Line, steps: tuple[Step, ...]) -> Iterator[Investment]:
    """Yield the month in which more machines are needed than stand today."""
    option = line.uses.get("serving")
    held = option.nodes * max(1, option.per_node) if option else 0
    step = next((s for s in steps[1:] if s.devices > held), None)
    if step is not None:
        text = (
            f"today's machines are full in {step.month}, at {figure(step.load)}x the load: "
            f"machines for {counted(step.replicas, 'replica')} must be had by then"
        )
        yield Investment("underinvest", "serving", text)
