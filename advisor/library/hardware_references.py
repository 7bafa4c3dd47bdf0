"""Checks across hardware and price files: references, dates and bounds no schema can see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from advisor.domain.provenance import earliest_day
from advisor.errors import Problem
from advisor.library.store import Entry
from advisor.library.words import remedy
from advisor.library.yamlfile import Document, Pointer, dotted

Row = dict[str, Any]
Located = tuple[Document, Pointer, Row]
UNKNOWN, IMPLAUSIBLE, NO_DATE = "E211", "E212", "E213"

KEYS = {
    "accelerators": "accelerators",
    "models": "models",
    "instances": "instances",
    "providers": "providers",
    "region-ratios": "region_ratios",
    "commitments": "commitments",
    "api-prices": "api_prices",
    "hosted-prices": "hosted_prices",
    "storage": "storage",
    "datacentre": "datacentre",
}
REFERENCES = {
    "instances": {"accelerator_id": "accelerators", "provider": "providers"},
    "api-prices": {"model_id": "models", "provider": "providers"},
    "hosted-prices": {"model_id": "models", "service": "components"},
    "region-ratios": {"provider": "providers"},
}
"""Kind -> field -> kind of the entry that it names."""


def reference_problems(found: Iterable[Entry]) -> list[Problem]:
    """Return ids that name nothing, dates that are none, and prices or ranges upside down."""
    documents: dict[str, list[Document]] = defaultdict(list)
    for entry in found:
        documents[entry.kind].append(entry.document)
    known = {kind: _ids(documents[kind], key) for kind, key in KEYS.items()}
    known["sources"] = _ids(documents["sources"], "sources")
    known["components"] = _ids(documents["components"], "components")
    services = tuple(_rows(documents["components"], "components"))
    return [
        *(
            problem
            for kind, key in KEYS.items()
            for located in _rows(documents[kind], key)
            for problem in _row_problems(kind, located, known)
        ),
        *_hosted_problems(documents["hosted-prices"], services, known["providers"]),
    ]


def _hosted_problems(
    prices: Iterable[Document], components: Iterable[Located], providers: frozenset[str]
) -> Iterator[Problem]:
    """Yield services of unknown providers, prices of tasks that their service does not do, and
    tiers or ranges upside down."""
    tasks: dict[str, list[str]] = {}
    for document, pointer, row in components:
        tasks.setdefault(row["id"], []).extend(row.get("tasks", ()))
        yield from _unknown(document, (*pointer, "provider"), row.get("provider"), providers)
    for document, pointer, row in _rows(prices, "hosted_prices"):
        valid = frozenset(tasks.get(row["service"], ()))
        if valid:
            yield from _unknown(document, (*pointer, "task"), row["task"], valid)
        yield from _tiers(document, pointer, row)


def _tiers(document: Document, pointer: Pointer, row: Row) -> Iterator[Problem]:
    starts = [tier["from"] for tier in row["tiers"]]
    if starts[0] != 0 or starts != sorted(set(starts)):
        text = f"tiers from {starts} do not rise from 0; order them"
        yield _problem(document, (*pointer, "tiers"), IMPLAUSIBLE, text)
    amounts = [Decimal(tier["usd"]) for tier in row["tiers"]]
    usual = next((usd for usd in amounts if usd), Decimal(0))
    low, high = (Decimal(row.get(end, str(usual))) for end in ("low_usd", "high_usd"))
    if not low <= usual <= high or not usual:
        text = f"{low} <= {usual} <= {high} does not hold; correct the price, low_usd or high_usd"
        yield _problem(document, pointer, IMPLAUSIBLE, text)


def _ids(documents: Iterable[Document], key: str) -> frozenset[str]:
    return frozenset(row["id"] for _, _, row in _rows(documents, key))


def _rows(documents: Iterable[Document], key: str) -> Iterator[Located]:
    for document in documents:
        for index, row in enumerate(document.data[key]):
            yield document, (key, index), row


def _row_problems(
    kind: str, located: Located, known: dict[str, frozenset[str]]
) -> Iterator[Problem]:
    document, pointer, row = located
    for field, target in REFERENCES.get(kind, {}).items():
        yield from _unknown(document, (*pointer, field), row.get(field), known[target])
    for index, source in enumerate(row["source"]):
        yield from _unknown(document, (*pointer, "source", index), source, known["sources"])
    yield from _dates(document, pointer, row)
    yield from _ranges(document, pointer, row)
    for index, price in enumerate(row.get("prices", ())):
        place = (*pointer, "prices", index)
        yield from _unknown(document, (*place, "source"), price["source"], known["sources"])
        yield from _dates(document, place, price)
    yield from _dear_concessions(located)


def _unknown(
    document: Document, pointer: Pointer, said: str | None, valid: frozenset[str]
) -> Iterator[Problem]:
    if said is not None and said not in valid:
        yield _problem(document, pointer, UNKNOWN, f"'{said}' is unknown; {remedy(said, valid)}")


def _dates(document: Document, pointer: Pointer, row: Row) -> Iterator[Problem]:
    for field in ("as_of", "effective", "checked"):
        if field in row:
            try:
                earliest_day(row[field])
            except ValueError as error:
                yield _problem(document, (*pointer, field), NO_DATE, f"{error}; correct it")


def _ranges(document: Document, pointer: Pointer, row: Row) -> Iterator[Problem]:
    middle = row.get("value", row.get("ratio"))
    if middle is not None:
        low, high = row.get("low", middle), row.get("high", middle)
        if not Decimal(str(low)) <= Decimal(str(middle)) <= Decimal(str(high)):
            yield _problem(
                document,
                pointer,
                IMPLAUSIBLE,
                f"{low} <= {middle} <= {high} does not hold; correct low or high",
            )
    if row.get("active_params_b", 0) > row.get("params_b", 0):
        yield _problem(
            document,
            (*pointer, "active_params_b"),
            IMPLAUSIBLE,
            "more parameters are active than there are; correct one of them",
        )


def _dear_concessions(located: Located) -> Iterator[Problem]:
    """Yield spot and reserved prices above the on-demand price of their area."""
    document, pointer, row = located
    prices = row.get("prices", ())
    full: dict[str, Decimal] = {}
    for price in (p for p in prices if p["terms"] == "on_demand"):
        usd = Decimal(price["usd_per_hour"])
        full[price["area"]] = max(usd, full.get(price["area"], usd))
    for index, price in enumerate(prices):
        if Decimal(price["usd_per_hour"]) > full.get(price["area"], Decimal("Infinity")):
            yield _problem(
                document,
                (*pointer, "prices", index, "usd_per_hour"),
                IMPLAUSIBLE,
                f"{price['terms']} costs more than on demand in the area; correct one of them",
            )


def _problem(document: Document, pointer: Pointer, id_: str, message: str) -> Problem:
    return Problem(document.place(pointer), id_, dotted(pointer), message)
