"""How many measurements are near in kind to what is estimated, and what to say where none is.

Near means the same task, family of devices, class of software and width of numbers, and at most
twice or half the parameters, all of them and those at work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from math import log2

from advisor.frozen import dataclass

DOUBLINGS = 1.0
"""Doublings of the parameters beyond which a model is of another size."""
RESPECTS = ("size", "precision", "device", "software", "task")
"""In what a measurement may differ, in the order in which an estimate carries over."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What an estimate or a measurement is of; `active` parameters are those at work (0 = all)."""

    task: str
    device: str
    software: str
    precision: str
    params: float
    active: float = 0.0

    @property
    def key(self) -> str:
        """Return all but the size, as calibration files hold it."""
        return ", ".join((self.task, self.device, self.software, self.precision))

    def words(self) -> str:
        """Return the kind as a reader sees it."""
        named = (self.task.replace("_", " "), self.device, self.software, self.precision)
        size = f"about {self.params / 1e9:.2g}B parameters" if self.params else ""
        return ", ".join(part for part in (*named, size) if part)


@dataclass(frozen=True, slots=True)
class Near:
    """Measurements near in kind, and the sources that they are of."""

    rows: int
    sources: int

    def words(self) -> str:
        """Return the count with its nouns."""
        return (
            f"{self.rows} measurement{'s' * (self.rows != 1)} "
            f"of {self.sources} source{'s' * (self.sources != 1)}"
        )


@dataclass(frozen=True, slots=True)
class Support:
    """The measurements of a fit: by `Kind.key`, entries `doublings:active doublings:source:rows`.

    Doublings are of the parameters, from one; sources are numbered.
    """

    cells: Mapping[str, str] = field(default_factory=dict)

    def near(self, kind: Kind, other: str = "") -> Near:
        """Return what is near; with `other`, one of `RESPECTS`, what differs in that alone."""
        rows = 0
        sources: set[str] = set()
        for key in self._keys(kind, other):
            for total, active, source, count in _entries(self.cells.get(key, "")):
                if (other == RESPECTS[0]) != _alike(kind, total, active):
                    rows += count
                    sources.add(source)
        return Near(rows, len(sources))

    def _keys(self, kind: Kind, other: str) -> Iterable[str]:
        if not other or other == RESPECTS[0]:
            return (kind.key,)
        return _apart(tuple(self.cells), kind.key).get(other, ())

    def basis(self, kind: Kind) -> str:
        """Return what an estimate rests on: what is near, or what it is extrapolated from."""
        here = self.near(kind)
        if here.rows:
            return f"calibrated on {here.words()} near in kind ({kind.words()})"
        told = f"extrapolated: no measurement near in kind ({kind.words()})"
        for other in RESPECTS:
            found = self.near(kind, other)
            if found.rows:
                return f"{told}; {found.words()} differ in {other} alone"
        return f"{told}, nor one that differs in one respect alone"


def support_of(found: Iterable[tuple[Kind, str]]) -> Support:
    """Return the support of measurements, each a kind and its source."""
    counts: dict[str, dict[tuple[str, str, str], int]] = {}
    for kind, source in found:
        active = kind.active or kind.params
        size = (f"{_doublings(kind.params):.1f}", f"{_doublings(active):.1f}", source)
        cell = counts.setdefault(kind.key, {})
        cell[size] = cell.get(size, 0) + 1
    names = sorted({source for cell in counts.values() for _, _, source in cell})
    number = {name: place for place, name in enumerate(names)}
    return Support(
        {
            key: " ".join(
                f"{total}:{active}:{number[source]}:{rows}"
                for (total, active, source), rows in sorted(cell.items())
            )
            for key, cell in sorted(counts.items())
        }
    )


@lru_cache(maxsize=64)
def _apart(keys: tuple[str, ...], wanted: str) -> Mapping[str, Sequence[str]]:
    """Return the keys that differ from the wanted one in one respect alone, by that respect."""
    names, mine = ("task", "device", "software", "precision"), wanted.split(", ")
    found: dict[str, list[str]] = {}
    for key in keys:
        others = [name for name, a, b in zip(names, key.split(", "), mine, strict=True) if a != b]
        if len(others) == 1:
            found.setdefault(others[0], []).append(key)
    return found


def _entries(text: str) -> Iterable[tuple[float, float, str, int]]:
    for entry in text.split():
        total, active, source, rows = entry.split(":")
        yield float(total), float(active), source, int(rows)


def _alike(kind: Kind, total: float, active: float) -> bool:
    apart = (
        abs(_doublings(kind.params) - total),
        abs(_doublings(kind.active or kind.params) - active),
    )
    return max(apart) <= DOUBLINGS


def _doublings(params: float) -> float:
    return log2(max(params, 1.0))
