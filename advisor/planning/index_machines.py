"""The machines of a vector index that is kept in memory: how large, how many, at what price."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import ceil

from advisor.domain.interval import Interval
from advisor.domain.lifetime import cents
from advisor.domain.plan import NOTHING, CostItem, Money
from advisor.frozen import dataclass
from advisor.planning.hardware_estimates import market_of
from advisor.planning.line import Line
from advisor.planning.market import MONTH_HOURS, OWN, Rate
from advisor.planning.places import home_of
from advisor.planning.words import counted, figure
from advisor.sizing.classical import vcpus_for
from advisor.sizing.vector_index import index_gib

INDEX = "index"


@dataclass(frozen=True, slots=True)
class IndexNeed:
    """One copy of the index in GiB, the vCPUs that answer its queries, and the copies."""

    vectors: int
    dimensions: int
    gib: Interval
    vcpus: int
    copies: int
    compressed: bool


def index_need(line: Line) -> IndexNeed | None:
    """Return what the chosen vector database holds in memory, None where it holds nothing there."""
    load, vectors = line.workload.serving, int(line.brief.number("corpus_chunks"))
    attributes = _chosen(line)
    if load is None or not vectors or attributes.get("index_in") != "memory":
        return None
    number, shape = line.kit.number, line.workload.shape
    embeds = line.workload.family in ("encoder", "vision")
    dimensions = int(shape.d_model) if embeds else int(number("index.dimensions"))
    compressed = line.practises("vector_compression")
    return IndexNeed(
        vectors,
        dimensions,
        index_gib(vectors, dimensions, compressed=compressed),
        vcpus_for(load.peak_rps, number("index.queries_per_vcpu")),
        load.regions * (2 if load.spares else 1),
        compressed,
    )


def index_item(line: Line) -> CostItem | None:
    """Return the bill of the index's machines, None where it takes none that are rented.

    Low is a more compressed index that the team runs itself; high is one with room for rebuilding
    or of whole numbers, run by a vendor.
    """
    need = index_need(line)
    if need is None:
        return None
    sizes = (need.gib.low, need.gib.likely, need.gib.high)
    least, usual, most = (_machines(line, gib, need) for gib in sizes)
    if least is None or usual is None or most is None:
        return None
    vendor = Decimal(str(line.kit.number("premium.managed_index")))
    rate, count = usual
    month = Money(
        least[0].hour.low * least[1],
        rate.hour.likely * count * (vendor if _managed(line) else 1),
        most[0].hour.high * most[1] * vendor,
    ).times(Decimal(MONTH_HOURS))
    like = f"{rate.instance} at {line.kit.provider(rate.provider)}"
    machines = f"{counted(count, 'machine')} like {like}"
    copies = f", {counted(need.copies, 'copy', 'copies')}" if need.copies > 1 else ""
    run_by = f", {vendor - 1:.0%} for the vendor who runs it included" if _managed(line) else ""
    return CostItem(
        INDEX,
        "Vector index",
        cents(month),
        NOTHING,
        f"{machines}: {size_words(need)}{copies}{run_by}",
        rate.effective,
        rate.source,
    )


def size_words(need: IndexNeed) -> str:
    """Return how large one copy of the index is, and of what."""
    width, less = (" in eight bits", "one bit") if need.compressed else ("", "eight bits")
    return (
        f"{need.vectors:,} vectors of {need.dimensions:,} numbers{width} and their graph take "
        f"{figure(need.gib.likely)} GiB, {figure(need.gib.low)} in {less}"
    )


def _machines(line: Line, gib: float, need: IndexNeed) -> tuple[Rate, int] | None:
    """Return the machines that hold every copy where the plan lives: in as few parts as may be,
    as each is one more to ask and not every index can be split."""
    usable = line.kit.number("index.memory_share")
    offers = []
    for rate in _rates(line):
        parts = max(ceil(gib / (rate.memory_gb * usable)), ceil(need.vcpus / rate.vcpus))
        offers.append((rate, parts))
    if not offers:
        return None
    rate, parts = min(offers, key=lambda o: (o[1], o[0].hour.likely, o[0].instance))
    return rate, parts * need.copies


def _rates(line: Line) -> tuple[Rate, ...]:
    """Return rented CPU machines of known memory at the home provider, else where the model is
    served, else anywhere."""
    known = [
        rate
        for rate in market_of(line).by_accelerator.get("cpu", ())
        if rate.memory_gb and rate.vcpus and rate.provider_kind != OWN
    ]
    for place in _places(line):
        if here := tuple(rate for rate in known if rate.provider == place):
            return here
    return tuple(known)


def _places(line: Line) -> Iterator[str]:
    yield home_of(line.brief)
    yield from (line.uses[use].provider for use in ("serving", "training") if use in line.uses)


def _managed(line: Line) -> bool:
    """Return whether a vendor runs the index: nobody else can, or nobody else may."""
    nobody = line.brief.number("platform_staff") < 1
    return _chosen(line).get("deployment") == "managed" or nobody


def _chosen(line: Line) -> dict[str, object]:
    chosen = line.chosen("vector_db")
    found = (c for c in line.called.candidates["vector_db"] if c.id == chosen)
    return dict(next((c.attributes for c in found), {}))
