"""The architecture as a graph: what stands where, what flows, and where trust changes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from advisor.domain.plan import Plan
from advisor.frozen import dataclass, replace
from advisor.report.naming import (
    CLOUDS,
    is_chosen,
    machines,
    name_of,
    short_name,
    shown_answer,
    use_of,
)

OWN = {"": "own site", "own": "machines of your own"}
COLUMNS = 5
"""Sources, data, training, serving, consumers."""
HOLD_DATA = ("sources", "pipeline", "storage", "training", "application", "serving")
"""Parts through which the data themselves pass."""
NO_PEOPLE = ("none",)


@dataclass(frozen=True, slots=True)
class Node:
    """One part; `column` counts from 0, `row` 0 is above, 1 below, 2 the foot of the drawing.
    `personal` says whether it holds data of people."""

    id: str
    title: str
    parts: tuple[str, ...]
    column: int
    row: int
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """Something that flows from one node to another; `crosses` a boundary of trust or not."""

    source: str
    target: str
    what: str
    crosses: bool = False


@dataclass(frozen=True, slots=True)
class Zone:
    """A boundary of trust around columns `first` to `last`."""

    id: str
    title: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Topology:
    """The whole drawing; `data_class` says what the data are."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    zones: tuple[Zone, ...]
    data_class: str


def topology_of(plan: Plan) -> Topology:
    """Return the graph of what the plan chose; parts that are not needed are left out."""
    touched = _touches_people(plan)
    nodes = tuple(
        replace(n, personal=touched and n.id in HOLD_DATA) for n in _nodes(plan) if n.parts
    )
    there = {n.id: n.column for n in nodes}
    zones = tuple(_zones(plan, set(there)))
    edges = tuple(
        replace(e, crosses=_inside(zones, there[e.source]) != _inside(zones, there[e.target]))
        for e in _edges(set(there))
        if {e.source, e.target} <= set(there)
    )
    return Topology(nodes, edges, zones, shown_answer(plan, "personal_data"))


def _touches_people(plan: Plan) -> bool:
    value = plan.answers["personal_data"][0] if "personal_data" in plan.answers else "none"
    return value not in NO_PEOPLE


def _inside(zones: Iterable[Zone], column: int) -> str:
    """Return the boundary around a column, "" outside of all."""
    return next((z.id for z in zones if z.first <= column <= z.last), "")


def _names(plan: Plan, decisions: Iterable[str]) -> tuple[str, ...]:
    return tuple(short_name(plan, d) for d in decisions if is_chosen(plan, d))


def _hardware(plan: Plan, use: str) -> tuple[str, ...]:
    found = use_of(plan, use)
    return (machines(found),) if found else ()


def _nodes(plan: Plan) -> Iterable[Node]:
    """Yield every part; storage goes below the pipeline, and the registry out of the way of what
    flows from storage to serving."""
    trains, serves = is_chosen(plan, "training_pattern"), is_chosen(plan, "serving_pattern")
    pipeline = _names(plan, ("orchestrator", "data_pipeline", "data_quality", "labelling"))
    storage = _names(plan, ("data_storage", "vector_db", "feature_store", "data_versioning"))
    below = 1 if pipeline and storage else 0
    yield Node("sources", "Sources", _names(plan, ("data_sources",)) or ("own data",), 0, 0)
    yield Node("pipeline", "Pipeline", pipeline, 1, 0)
    yield Node("storage", "Storage", storage, 1, below)
    training = (
        "training_pattern",
        "training_framework",
        "training_host",
        "job_scheduler",
        "compute_runtime",
        "tuning",
    )
    yield Node(
        "training",
        "Training",
        (*_names(plan, training), *_hardware(plan, "training")) if trains else (),
        2,
        0,
    )
    called = _calls_a_vendor(plan)
    door = _names(plan, ("llm_application",)) if called else ()
    yield Node("application", "Application", door, 2, 0)
    registry = ("model_registry", "experiment_tracking", "ci_cd")
    row = 0 if below and not trains and not door else 1
    yield Node("registry", "Registry", tuple(dict.fromkeys(_names(plan, registry))), 2, row)
    own = ("serving_pattern", "serving_engine", "llm_application", "serving_host")
    parts = ("hosted_service",) if called and is_chosen(plan, "hosted_service") else own
    serving = [d for d in parts if not (called and d == "llm_application")]
    yield Node(
        "serving",
        "Serving",
        (*_names(plan, serving), *_hardware(plan, "serving")) if serves else (),
        3,
        0,
    )
    yield Node("consumers", "Consumers", (shown_answer(plan, "consumers"),), 4, 0)
    yield Node(
        "watch", "Around all of it", _names(plan, ("monitoring", "security", "networking")), 1, 2
    )


def _edges(there: set[str]) -> Iterable[Edge]:
    """Yield what flows; a part that is not there is passed over."""
    data = [id_ for id_ in ("sources", "pipeline", "storage") if id_ in there]
    for source, target in pairwise(data):
        yield Edge(source, target, "data" if source == "sources" else "checked data")
    if "training" in there:
        yield Edge(data[-1], "training", "training data")
        yield Edge("training", "registry", "model")
        yield Edge("registry" if "registry" in there else "training", "serving", "release")
    elif "application" in there:
        yield Edge(data[-1], "application", "input data")
        yield Edge("registry", "application", "release")
        yield Edge("application", "serving", "prompts")
    else:
        yield Edge(data[-1], "serving", "input data")
        yield Edge("registry", "serving", "release")
    yield Edge("serving", "consumers", "results")


def _calls_a_vendor(plan: Plan) -> bool:
    return "model_api" in plan.decisions["serving_pattern"].ids


def _zones(plan: Plan, there: set[str]) -> Iterable[Zone]:
    """Yield who holds what: outside, the places of data, of training and of serving; neighbours
    at one place are one zone."""
    if "application" in there and "serving" in there:
        yield Zone("inside", f"Trust boundary: {_site(plan, 'your own accounts')}", 1, 2)
        yield Zone("serving_site", f"Trust boundary: {_place(plan, 'serving')}", 3, 3)
        return
    training = _place(plan, "training") if "training" in there else ""
    serving = (_place(plan, "serving") if "serving" in there else "") or training
    data = _home(plan, training or serving)
    places = (data, training or data, serving)
    first = 1
    for column, (here, after) in enumerate(pairwise((*places, "")), 1):
        if here != after:
            id_ = "inside" if first == 1 else "training_site" if first == 2 else "serving_site"
            yield Zone(id_, f"Trust boundary: {_site(plan, here)}", first, column)
            first = column + 1


def _home(plan: Plan, runs_at: str) -> str:
    """Return where the data lie: at the cloud that holds them where machines are rented from
    another provider, else where the work runs."""
    held = plan.answers["data_location"][0] if "data_location" in plan.answers else ()
    clouds = [str(place) for place in held if place in CLOUDS] if isinstance(held, tuple) else []
    elsewhere = runs_at and runs_at not in (*clouds, "own") and is_chosen(plan, "data_storage")
    return clouds[0] if clouds and elsewhere else runs_at


def _place(plan: Plan, use: str) -> str:
    found = use_of(plan, use)
    if found and found.provider:
        return found.provider
    return name_of(plan, f"{use}_host") if is_chosen(plan, f"{use}_host") else ""


OPEN = ("no_limit", "none", "no", "shared_cloud_ok")
"""Answers that draw no boundary."""


def _site(plan: Plan, place: str) -> str:
    limits = [
        shown_answer(plan, q)
        for q in ("residency", "isolation")
        if q in plan.answers and plan.answers[q][0] not in OPEN
    ]
    rented = {use.provider: use.rented_at for use in plan.hardware}
    return ", ".join([rented.get(place) or CLOUDS.get(place, "") or OWN.get(place, place), *limits])
