"""Estimates of the hardware stage: every allowed way to train and to serve, priced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain

from advisor.domain.hardware import Accelerator
from advisor.domain.offers import Provider
from advisor.domain.plan import Reason
from advisor.frozen import replace
from advisor.planning.edge_language import processor_options
from advisor.planning.hosted_choice import hosted_of
from advisor.planning.hosted_services import Hosted
from advisor.planning.idle_options import idle_options
from advisor.planning.item_work import item_work, page_item
from advisor.planning.line import Lesson, Line, Same
from advisor.planning.machine_serving import machine_serving
from advisor.planning.machine_training import machine_training
from advisor.planning.market import RENTED, Market, Where
from advisor.planning.options import Option
from advisor.planning.own_hardware import Ground, Owned, desk_market, own_market
from advisor.planning.picture_work import of_generator, picture_item
from advisor.planning.places import allowed_providers, area_of
from advisor.planning.service_options import service_options
from advisor.planning.serving_options import ServingMarket, llm_options
from advisor.planning.training_options import TrainingMarket, training_at, training_options
from advisor.planning.workload import Workload
from advisor.planning.workload_shape import makes_pictures, reads_pages
from advisor.sizing.item import ItemWork

USES = ("training", "serving")
ELECTRICITY = {
    "us": "electricity-price-us-average-commercial",
    "eu": "electricity-price-germany",
    "ap": "electricity-price-japan",
}
"""Electricity price of own hardware by area: the middle of the range of each."""


def estimate_hardware(line: Line, origin: str) -> Lesson:
    """Return the options of both uses."""
    workload = of_generator(replace(line.workload, item=item_of(line)))
    hosted = hosted_of(line, workload)
    serving = _joined(line, workload, "serving", *_serving(line, workload), _calls(line, hosted))
    training = _joined(line, workload, "training", _training(line, workload))
    return Lesson(origin, options={"serving": serving, "training": training}, hosted=hosted)


def _calls(line: Line, hosted: Hosted) -> tuple[Option, ...]:
    """Return calls of a hosted service: the same object for the same option."""
    option = hosted.option
    return line.once("calls", Same(hosted), lambda: (option,) if option else ())


def _joined(
    line: Line, workload: Workload, use: str, *parts: tuple[Option, ...]
) -> tuple[Option, ...]:
    """Return all options of a use: the same object for the same workload and parts."""

    market = market_of(line)

    def work() -> tuple[Option, ...]:
        idle = idle_options(use, workload, line.kit.library.policy)
        return tuple(_barred(line, market, (*chain(*parts), *idle)))

    return line.once("options", (use, workload.key, market.outside, *map(Same, parts)), work)


def item_of(line: Line) -> ItemWork | None:
    """Return what one item of a network takes."""
    models, samples = line.kit.library.models, line.kit.item_samples
    model = models.get(line.brief.model)
    if model is None and makes_pictures(line.brief):
        return picture_item(line.workload.shape.params, models.values(), samples)
    if model is None and reads_pages(line.brief):
        return page_item(line.workload, line.kit.number)
    return item_work(line.workload, model, lambda: samples, line.kit.number)


def market_of(line: Line) -> Market:
    """Return what may be rented or bought under the answers, and where rules let work run."""
    rented = _rents(line)
    desk = "laptop" in line.classes
    key = (Same(line.brief), rented, desk)
    allowed = line.once("market of a brief", key, lambda: _of_brief(line, rented, desk=desk))
    stands = _standing_devices(line) - set(allowed.accelerators)
    if not stands:
        return allowed
    return line.once("stands", (allowed, *sorted(stands)), lambda: _widened(line, allowed, stands))


def _standing_devices(line: Line) -> set[str]:
    """Return accelerators that stand there already, those of edge devices aside."""
    found = {line.held.first(f"{use}_accelerator") for use in USES} - {"", "none"}
    if found and line.brief.has("inference_mode", "edge_on_device"):
        return found - set(edge_market_of(line).accelerators)
    return found


def _widened(line: Line, allowed: Market, stands: set[str]) -> Market:
    """Return the market with what stands on machines that the answers do not allow, at the price
    of whoever offers them, so that it can be sized all the same."""
    anyone = line.kit.library.providers.values()
    whole = _market(line, anyone, area_of(line.brief), buys=True)
    outside = {a: rates for a, rates in whole.by_accelerator.items() if a in stands}
    both = allowed.joined(Market(outside))
    return Market(both.by_accelerator, frozenset(outside))


def _barred(line: Line, market: Market, options: Iterable[Option]) -> Iterator[Option]:
    """Yield the options, those that no allowed provider offers with that as what they miss."""
    for option in options:
        if option.accelerator not in market.outside:
            yield option
            continue
        name = line.called.names.get(option.accelerator, option.accelerator)
        text = f"no provider that the answers allow offers {name}"
        reason = Reason(text, estimate=f"{option.use}_price")
        yield replace(option, failures=(*option.failures, reason))


def _of_brief(line: Line, rented: bool, *, desk: bool) -> Market:
    brief, library = line.brief, line.kit.library
    providers = tuple(
        p for p in allowed_providers(brief, library.providers) if rented or p.kind != "gpu_cloud"
    )
    area = area_of(brief)
    owned = owned_already(line)
    must_buy = not (providers or owned.desks or owned.servers)
    buys = must_buy or brief.has("capex_ok", "yes_small", "yes_large")
    pinned = brief.has("residency", "country_or_bloc")
    hidden = brief.has("isolation", "operator_must_not_see_data")
    key = (tuple(p.id for p in providers), area, pinned, hidden, buys, owned, line.as_of)
    whole = line.once("market", key, lambda: _market(line, providers, area, buys=buys))
    return whole.joined(desk_market()) if desk else whole


def _rents(line: Line) -> bool:
    """Return whether a host may stand at a GPU cloud: what sleeps is rented there by the second."""
    if line.chosen("serving_pattern") == "serverless":
        return not _excluded(line, "serving_host", "serverless_gpu")
    return not all(_excluded(line, f"{use}_host", "gpu_cloud") for use in USES)


def _excluded(line: Line, decision: str, candidate: str) -> bool:
    return candidate in line.trace.opinion(decision).barred


def _market(line: Line, providers: Iterable[Provider], area: str, *, buys: bool) -> Market:
    pinned = line.brief.has("residency", "country_or_bloc")
    hidden = line.brief.has("isolation", "operator_must_not_see_data")
    where = Where(area, line.as_of, pinned, confidential=hidden)
    rented = line.kit.rented(where).of(p.id for p in providers)
    return rented.joined(_own(line, area, buys=buys))


def _open_devices(line: Line, use: str, market: Market) -> tuple[str, ...]:
    """Return accelerators on offer that no must has excluded, and what stands there already."""
    barred = line.trace.opinion(f"{use}_accelerator").barred - {
        line.held.first(f"{use}_accelerator")
    }
    return tuple(a for a in market.accelerators if a not in barred)


def _near(line: Line, accelerators: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(a for a in accelerators if not line.nearby or a in line.nearby)


def training_market_of(line: Line) -> Market:
    """Return the market of training, with spot prices where it may be interrupted, and without
    GPU clouds where rules let nothing train there: a cluster of one's own there is one, too."""
    market = market_of(line)
    if _excluded(line, "training_host", "gpu_cloud"):
        market = line.once("not rented", (market,), partial(market.without, RENTED))
    if not line.brief.has("interruption_ok", "training_only", "yes"):
        return market
    return line.once("interruptible", market, market.interruptible)


def market_for(line: Line, use: str) -> Market:
    """Return the market of a use: what serves stands in each region apart."""
    if use == "training":
        return training_market_of(line)
    return market_of(line).over(int(line.brief.number("regions_served", 1.0)))


def _training(line: Line, workload: Workload) -> tuple[Option, ...]:
    market = training_market_of(line)
    open_ = _near(line, _open_devices(line, "training", market))
    number = line.kit.number

    def work(part: Market) -> tuple[Option, ...]:
        devices, runs = _devices(line, open_), line.kit.training_runs
        supply = TrainingMarket(devices, part, runs, number, searched=not line.nearby)
        machines = machine_training(workload, part, number) if "cpu" in open_ else ()
        networks = () if workload.classical else training_options(workload, supply)
        return (*machines, *networks)

    key = (workload.key, open_, market, not line.nearby)
    return line.once("training", key, lambda: tuple(o for part in market.parts for o in work(part)))


def training_hours_at(line: Line, option: Option, count: int) -> tuple[float, tuple[Reason, ...]]:
    """Return the hours of a run on `count` devices over those on the option's own, and what
    does not fit on so many."""
    device, runs = line.kit.devices[option.accelerator], line.kit.training_runs
    supply = TrainingMarket((device,), training_market_of(line), runs, line.kit.number)
    workload = replace(line.workload, item=item_of(line))
    then, now = (training_at(workload, supply, device, n) for n in (option.devices, count))
    if then is None or now is None or not then.hours_per_run:
        return option.devices / count, ()
    short = tuple(f for f in now.failures if f.estimate == "training_memory")
    return now.hours_per_run / then.hours_per_run, short


def _serving(line: Line, workload: Workload) -> Iterator[tuple[Option, ...]]:
    """Yield ways to serve in the cloud or on own machines, and on devices at the edge."""
    if workload.serving is None:
        return
    yield _served(line, workload, market_for(line, "serving"), CENTRAL)
    if "edge_on_device" in workload.serving.modes:
        yield _served(line, _at_each_site(workload), edge_market_of(line), AT_THE_EDGE)
        if line.brief.has("edge_constraints", "phone", "cpu_only"):
            work = partial(processor_options, workload, line.kit.number, AT_THE_EDGE)
            yield line.once("processors", workload.key, work)


def _at_each_site(workload: Workload) -> Workload:
    """Return the workload with a part of the load at each device, as central ones have at each
    region."""
    load = workload.serving
    return replace(workload, serving=load and replace(load, regions=max(1, load.sites)))


CENTRAL = ("online", "serverless", "async", "batch")
AT_THE_EDGE = ("edge", "edge_and_cloud")


def _served(
    line: Line, workload: Workload, market: Market, patterns: tuple[str, ...]
) -> tuple[Option, ...]:
    open_ = _open_devices(line, "serving", market)
    if patterns == CENTRAL:
        open_ = _near(line, open_)
    number = line.kit.number

    def work(part: Market) -> tuple[Option, ...]:
        constants = line.kit.inference_constants
        supply = ServingMarket(_devices(line, open_), part, constants, number)
        if workload.family == "llm":
            return llm_options(workload, supply, patterns)
        machines = machine_serving(workload, part, number, patterns) if "cpu" in open_ else ()
        return (*machines, *service_options(workload, supply, patterns))

    key = (workload.key, open_, market, patterns)
    return line.once("serving", key, lambda: tuple(o for part in market.parts for o in work(part)))


def edge_market_of(line: Line) -> Market:
    """Return devices that can be bought for a site; as many are counted as the answers say."""
    area = area_of(line.brief)
    key = (area, owned_already(line), line.as_of)
    return line.once("edge market", key, lambda: _own(line, area, buys=True))


def _own(line: Line, area: str, *, buys: bool) -> Market:
    """Return machines of one's own; those taken as owned already need no purchase."""
    library = line.kit.library
    values = {value.id: value for value in library.datacentre.values()}
    year = int(line.as_of[:4])
    ground = Ground(values, ELECTRICITY[area], owned_already(line), year, buys, line.kit.bought)
    return own_market(library.accelerators.values(), ground)


def owned_already(line: Line) -> Owned:
    """Return the accelerators that are owned: as the answers say, else as is usual."""
    brief = line.brief
    where = str(brief.one("onprem_gpus") or "none")
    if where not in ("workstations", "few_servers", "cluster"):
        return Owned()
    count = int(brief.number("owned_count") or line.kit.number(f"owned_accelerators.{where}"))
    kind = str(brief.one("owned_accelerator") or "other")
    named = kind if kind != "other" else ""
    together = min(count, int(brief.number("owned_per_machine") or 0)) if named else 0
    desks, servers = (count, 0) if where == "workstations" else (0, count)
    return Owned(desks, servers, named, together)


def _devices(line: Line, open_: tuple[str, ...]) -> tuple[Accelerator, ...]:
    return tuple(line.kit.devices[a] for a in open_ if a in line.kit.devices)
