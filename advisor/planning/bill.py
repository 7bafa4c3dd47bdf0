"""The bill of a plan: one line for each thing paid for, and what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from math import ceil

from advisor.domain.answers import Source
from advisor.domain.facility import StorageTier
from advisor.domain.lifetime import cents
from advisor.domain.plan import NOTHING, Cost, CostItem, Money
from advisor.domain.provenance import earliest_day
from advisor.frozen import replace
from advisor.planning.bill_people import PEOPLE_WHO_RUN, people_item
from advisor.planning.host_estimates import kind_of, premium_of
from advisor.planning.index_machines import INDEX, index_item, index_need, size_words
from advisor.planning.line import Line
from advisor.planning.market import CENT, MONTH_HOURS
from advisor.planning.options import AT_SITES, Option
from advisor.planning.places import home_of
from advisor.planning.standing_fees import SERVICES, fee_item, fees_of, request_fees_of
from advisor.planning.words import counted, figure

SHELF = {"storage": "storage_price", INDEX: "instance_price", SERVICES: "instance_price"}
"""Kind of price of the lines that no use of machines stands for."""
RUNNING = (
    "orchestrator",
    "data_pipeline",
    "feature_store",
    "vector_db",
    "llm_application",
    "monitoring",
)
"""Decisions whose entries take machines or fees of their own beside the model's."""
EXCLUDED = (
    "taxes and negotiated discounts",
    "licences and subscriptions of other software components",
    "data transfer out of the provider and between regions",
    "purchase, collection and labelling of data",
    "salaries of the people who build the model",
)
"""What no line of the bill holds."""
WHOLE = 0.995
"""Share of the hours from which a machine stands round the clock."""
UNSET = ("", "none", "unresolved")
COPIES_AT_MOST = 2
"""Copies of the stored data at the high end: the data and what is derived from them."""


def bill_of(line: Line) -> Cost:
    """Return the bill of the settled options over the stated life."""
    items = tuple(_aged(line, item) for item in _items(line))
    dates = sorted({i.price_date for i in items if i.price_date and i.id != "operations"})
    return Cost(items, line.months, dates[0] if dates else "", (*_inside(line, items), *EXCLUDED))


def _aged(line: Line, item: CostItem) -> CostItem:
    """Return the item with the days by which its price has outlived its shelf life."""
    if not item.price_date:
        return item
    life = int(line.kit.number(f"shelf_life_days.{_shelf(line, item)}"))
    age = (date.fromisoformat(line.as_of) - earliest_day(item.price_date)).days
    return replace(item, overdue_days=max(0, age - life))


def _shelf(line: Line, item: CostItem) -> str:
    """Return the kind of price that an item rests on, as shelf lives call it."""
    option = line.uses.get(item.id)
    if option is None:
        return SHELF.get(item.id, "policy")
    if option.pattern == "in_database":
        return "policy"
    if option.pattern == "model_api":
        return "api_price"
    return "purchase_price" if option.provider == "own" else "instance_price"


def _inside(line: Line, items: tuple[CostItem, ...]) -> tuple[str, ...]:
    """Return what belongs to you already, or stands in a number that nobody stated."""
    found = []
    inside = (o for o in line.uses.values() if o.pattern == "in_database")
    if any(not (o.hours_once.likely or o.hours_month.likely) for o in inside):
        found.append("compute of the warehouse or database in use")
    serving = line.uses.get("serving")
    if serving is not None and serving.pattern in AT_SITES:
        if line.brief.sources.get("edge_sites") not in (Source.GIVEN, Source.FILE):
            count = counted(int(line.brief.number("edge_sites", 1.0)), "device")
            found.append(f"devices beyond the {count} assumed (nobody said how many there are)")
        found.append("mounting, cabling, lines and data plans of the devices, and visits to them")
    training, work = line.uses.get("training"), line.workload.training
    models = int(line.brief.number("n_models", 1.0))
    if training and training.devices and work and work.entities == 1 and models > work.models:
        found.append(f"what each of {models:,} models reads beyond its share of the stored data")
    if line.workload.family == "simulation" and training and training.hours_per_run:
        found.append(_simulators(line))
    if line.workload.family == "llm" and line.chosen("vector_db") not in UNSET:
        found.append("the model that embeds documents and questions")
    if _stored_at_home(line):
        found.append("storage on your own premises")
    found += _surcharges(line)
    if line.practises("human_review"):
        found.append("the time of people who review single cases")
    parts = sorted(_running_parts(line, items))
    if parts:
        found.append(f"machines or fees of {', '.join(parts)}")
    return tuple(found)


def _surcharges(line: Line) -> Iterator[str]:
    """Yield what shared machines at list prices of open regions leave out."""
    rented = [o for o in line.uses.values() if o.instance and o.provider != "own"]
    if line.practises("dedicated_tenancy") and any(o.bare_metal != "yes" for o in rented):
        yield "the surcharge for dedicated tenancy or whole hosts"
    if rented and any(f.get("id") == "authorised_region" for f in line.session.facts("control")):
        yield "the prices of regions for governments (with fewer machine types)"


def _simulators(line: Line) -> str:
    """Return in words what simulators take beside the learner: steps over the speed of two
    published kinds, and the cores that keep the time allowed."""
    work, number = line.workload.training, line.kit.number
    if work is None:
        return "processors of the simulators"
    hours = {
        kind: work.units / number(f"simulation.{kind}_steps") / 3600 for kind in ("game", "robot")
    }
    stated = line.brief.stated("train_volume") or line.brief.stated("data_volume_gb")
    cores = max(1, ceil(hours["game"] / work.target_hours))
    return (
        f"processors of the simulators: {figure(work.units)} steps{'' if stated else ' (assumed)'} "
        f"take {figure(hours['robot'])} core-hours as a robot of rigid bodies and "
        f"{figure(hours['game'])} as a video game ({counted(cores, 'core')} within the "
        f"{figure(work.target_hours)} h allowed); heavier simulators take hundreds of times that"
    )


def _running_parts(line: Line, items: tuple[CostItem, ...]) -> Iterator[str]:
    """Yield chosen components that run somewhere or are billed, and that no line prices."""
    priced = {decision for decision, _, _ in (*fees_of(line), *request_fees_of(line))}
    priced |= {"vector_db"} if any(item.id == INDEX for item in items) else set()
    for decision in RUNNING:
        if decision in priced:
            continue
        chosen = line.decisions[decision].ids if decision in line.decisions else ()
        for candidate in line.called.candidates[decision]:
            where = candidate.attributes.get("deployment", "library")
            if candidate.id in chosen and candidate.id != "none" and where != "library":
                yield f"{candidate.name.split(' (')[0]}{_size_of(line, decision)}"


def _size_of(line: Line, decision: str) -> str:
    """Return how large what is left out must be, in brackets, where that is known."""
    if decision == "vector_db":
        need = index_need(line)
        return f" ({size_words(need)})" if need else ""
    peak = line.brief.number("peak_rps")
    read = any(f.get("id") == "online_feature_store" for f in line.session.facts("practice"))
    if decision == "feature_store" and read and peak:
        return f" (its online store answers {figure(peak)} requests/s at the peak)"
    return ""


def _items(line: Line) -> Iterator[CostItem]:
    for use, option in sorted(line.uses.items()):
        if option.month != NOTHING or option.one_off != NOTHING or option.provider == "own":
            note = _premium(line, use, option) + (_models(line) if use == "training" else "")
            yield _use_item(line, use, option, note)
    yield from filter(None, (_storage(line), index_item(line), fee_item(line), people_item(line)))


def _premium(line: Line, use: str, option: Option) -> str:
    """Return what the managed form of the host adds to the price of the machine, in words."""
    host = line.chosen(f"{use}_host")
    factor = premium_of(line, host, option.provider)
    name = line.called.names.get(host, host)
    return f", {factor - 1:.0%} for the {name} included" if factor > 1 else ""


def _models(line: Line) -> str:
    """Return in words for how many models training is billed, where it is for more than one."""
    work = line.workload.training
    if work is None or work.models <= 1:
        return ""
    return f", {figure(work.models)} models trained alike in each release"


def _use_item(line: Line, use: str, option: Option, note: str) -> CostItem:
    rented = option.instance and option.devices
    place = "" if option.provider == "own" else f" at {line.kit.provider(option.provider)}"
    where = f"{option.instance}{place}" if rented else option.layout
    count = f"{option.nodes or option.devices:,} x " if rented else ""
    return CostItem(
        use,
        {"serving": "Serving", "training": "Training"}[use],
        cents(option.month),
        cents(option.one_off),
        f"{count}{where}{note}{_hours(option)}"
        if where == option.layout
        else f"{count}{where}; {option.layout}{note}{_hours(option)}",
        option.price_date,
        option.price_source,
    )


def _hours(option: Option) -> str:
    """Return hours times price of rented machines, so that the line can be worked out again."""
    monthly = bool(option.month.likely)
    usd = option.month.likely if monthly else option.one_off.likely
    device_hours = (option.hours_month if monthly else option.hours_once).likely
    if option.provider == "own" or not (option.devices and usd and device_hours):
        return ""
    hours = device_hours * max(1, option.nodes) / option.devices
    share = hours / (MONTH_HOURS * max(1, option.nodes))
    often = " a month" if monthly else ""
    if monthly and option.pattern == "online" and share < WHOLE:
        often += f", {share:.0%} of all,"
    each = float(usd) / hours
    shown = f"${each:,.2f}" if each >= 1 else f"${each:.4f}"
    return f"; {figure(hours, 4)} machine-hours{often} at {shown}"


def _storage(line: Line) -> CostItem | None:
    """Return the stored data at the price of object storage at home, or of a parallel file
    system beside the accelerators where one is chosen; growth included."""
    gigabytes = line.brief.number("data_volume_gb")
    parallel = _is_parallel(line)
    kind = "parallel-file" if parallel else "object"
    known = line.kit.library.storage.values()
    tiers = [t for t in known if t.storage_class == kind and t.usd_per_gb_month]
    uses = [line.uses[use] for use in ("training", "serving") if use in line.uses]
    places = (home_of(line.brief), *(o.provider for o in uses))
    if parallel and uses:
        tiers = _alike(line, tiers, kind_of(line, uses[0]))
        places = (*places[1:], places[0])
    mine = _of_first(tiers, places)
    stored = line.chosen("data_storage") not in ("", "none")
    if not stored or _stored_at_home(line) or not gigabytes or not mine:
        return None
    tier = min(mine, key=lambda t: (not _usual_tier(t.tier), t.usd_per_gb_month, t.id))
    price = tier.usd_per_gb_month or Decimal(0)
    low = (price * Decimal(str(gigabytes))).quantize(CENT)
    grown = Decimal(str(1 + line.brief.number("data_growth") / 100))
    month = cents(Money(low, low * (1 + grown) / 2, low * grown * COPIES_AT_MOST))
    basis = f"{gigabytes:,.0f} GB at ${price} a GB; high: two copies"
    if grown > 1:
        basis = (
            f"{gigabytes:,.0f} GB at ${price} a GB, growing {grown:.2f}x a year: likely the mean "
            "of the first year, low today's; high: two copies at its end"
        )
    return CostItem(
        "storage",
        "Data storage",
        month,
        NOTHING,
        f"{tier.service} {tier.tier}: {basis}",
        tier.provenance.as_of,
        ", ".join(tier.provenance.source),
    )


def _alike(line: Line, tiers: list[StorageTier], kind: str) -> list[StorageTier]:
    """Return the tiers of one kind of provider, all of them where it has none."""
    kinds = {id_: provider.kind for id_, provider in line.kit.library.providers.items()}
    return [t for t in tiers if kinds.get(t.provider) == kind] or tiers


def _is_parallel(line: Line) -> bool:
    """Return whether the chosen store is a parallel file system."""
    chosen = line.chosen("data_storage")
    stores = {c.id: c for c in line.called.candidates["data_storage"]}
    return chosen in stores and "parallel_file_system" in stores[chosen].traits.get("provides", ())


def _stored_at_home(line: Line) -> bool:
    """Return whether data stay on own premises: by policy, or in a store of one's own beside
    machines of one's own."""
    if home_of(line.brief) == "on_prem":
        return True
    stores = {c.id: c.attributes.get("deployment") for c in line.called.candidates["data_storage"]}
    machines = [o for o in line.uses.values() if o.devices]
    own = bool(machines) and all(o.provider == "own" for o in machines)
    return own and stores.get(line.chosen("data_storage")) in ("self_hosted", "library")


def _of_first(tiers: list[StorageTier], homes: Iterable[str]) -> list[StorageTier]:
    """Return the tiers of the first provider that has any, all of them where none has."""
    found = ([t for t in tiers if t.provider == home] for home in homes)
    return next((mine for mine in found if mine), tiers)


def _usual_tier(tier: str) -> bool:
    """Return whether this is the tier for data in use, in one region."""
    words = tier.lower()
    return ("standard" in words or "hot" in words) and not any(
        other in words for other in ("dual", "multi", "-ia", "infrequent", "archive")
    )


def infrastructure_month(cost: Cost) -> Money:
    """Return the monthly bill that the budget is held against: everything but people."""
    return sum((i.month for i in cost.items if i.id != PEOPLE_WHO_RUN), NOTHING)


def infrastructure_once(cost: Cost) -> Money:
    """Return what is paid once, people aside."""
    return sum((i.one_off for i in cost.items if i.id != PEOPLE_WHO_RUN), NOTHING)
