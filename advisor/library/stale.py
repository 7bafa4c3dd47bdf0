"""What has outlived its shelf life on a given day."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from advisor.domain.provenance import earliest_day
from advisor.errors import Place
from advisor.frozen import dataclass
from advisor.library.store import Entry
from advisor.library.yamlfile import Pointer

SHELVES = {
    "accelerators": "accelerator",
    "api-prices": "api_price",
    "hosted-prices": "api_price",
    "commitments": "commitment",
    "components": "component",
    "datacentre": "datacentre",
    "instances": "instance_price",
    "models": "model",
    "orchestrators": "orchestrator",
    "policy": "policy",
    "region-ratios": "instance_price",
    "regulations": "regulation",
    "storage": "storage_price",
}
"""Kind of file -> its parameter in `shelf_life_days`."""


@dataclass(frozen=True, slots=True, order=True)
class Stale:
    """One entry that was checked longer ago than its shelf life; ages in days."""

    kind: str
    id: str
    as_of: str
    age_days: int
    shelf_life_days: int
    place: Place


def stale(
    found: Iterable[Entry], parameters: Mapping[str, Any], as_of: datetime.date
) -> tuple[Stale, ...]:
    """Return every entry past its shelf life on `as_of`, sorted by kind and id."""
    return tuple(sorted(item for entry in found for item in _stale(entry, parameters, as_of)))


def dated_entries(found: Iterable[Entry]) -> dict[str, int]:
    """Return how many entries with a shelf life there are of each kind."""
    kinds: Counter[str] = Counter()
    for entry in found:
        if entry.kind in SHELVES:
            kinds[entry.kind] += sum(1 for _ in _dated(entry))
    return dict(sorted(kinds.items()))


def _stale(entry: Entry, parameters: Mapping[str, Any], as_of: datetime.date) -> Iterator[Stale]:
    days = parameters.get(f"shelf_life_days.{SHELVES.get(entry.kind, '')}")
    if days is None:
        return
    for pointer, id_, row in _dated(entry):
        age = (as_of - earliest_day(row["as_of"])).days
        if age > days:
            place = entry.document.place(pointer)
            yield Stale(entry.kind, id_, row["as_of"], age, int(days), place)


def _dated(entry: Entry) -> Iterator[tuple[Pointer, str, dict[str, Any]]]:
    for key, rows in entry.document.data.items():
        items = enumerate(rows) if isinstance(rows, list) else rows.items()
        for step, row in items:
            if isinstance(row, dict) and "as_of" in row:
                yield (key, step), str(row.get("id", f"{key}.{step}")), row
