"""One answer over a range: the plan at each value, and the exact values where it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby, pairwise
from operator import methodcaller

from advisor.analysis.sweep_values import Axis, between, finest
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import Outcome
from advisor.domain.answers import Value
from advisor.frozen import dataclass

MOST_SIZES = 6
"""Changes of a device count over the range beyond which only the device is followed exactly."""
MOST_PLANS = 400
"""Plans made for one range; flips not yet narrowed then are given between two values tried."""
NO_UNIT = ("", "factor", "percent", "billions")
USES = ("serving", "training")


@dataclass(frozen=True, slots=True)
class Row:
    """The plan at one value."""

    value: Value
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Stretch:
    """Values over which a part of the plan stays the same; both ends were tried."""

    label: str
    first: Value
    last: Value


@dataclass(frozen=True, slots=True)
class Track:
    """One part of the plan over the range."""

    id: str
    name: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Swept:
    """The plan over the values of one question; `tracks` holds the parts that change."""

    axis: Axis
    unit: str
    rows: tuple[Row, ...]
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the plan that is followed; `label` says in words what it is in an outcome."""

    id: str
    name: str
    label: Callable[[Outcome], str]
    coarse: _Part | None = None
    """What is followed instead where the part changes too often to be told."""


def swept(ask: WhatIf, axis: Axis, given: Mapping[str, Value]) -> Swept:
    """Return the plan at each value of the axis, on top of the changes `given`.

    Flip points of an ordered axis are exact to four significant digits, whole numbers where the
    question counts things. What changes and returns between two neighbours is not seen.
    """
    known = {value: _at(ask, axis, given, value) for value in axis.values}
    rows = tuple(Row(value, outcome) for value, outcome in known.items())
    parts = [part for part in _parts(ask, rows) if len({part.label(r.outcome) for r in rows}) > 1]
    if axis.ordered:
        parts = _narrow(known, parts, axis, lambda value: _at(ask, axis, given, value))
    values = sorted(known, key=_number) if axis.ordered else list(known)
    tracks = (Track(part.id, part.name, tuple(_stretches(part, values, known))) for part in parts)
    changing = tuple(track for track in tracks if len(track.stretches) > 1)
    return Swept(axis, axis.question.unit_for(ask.answers.values), rows, changing)


def _at(ask: WhatIf, axis: Axis, given: Mapping[str, Value], value: Value) -> Outcome:
    return ask.outcome({**given, axis.question.id: value})


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _parts(ask: WhatIf, rows: tuple[Row, ...]) -> Iterator[_Part]:
    """Yield what is followed: feasibility, the machines of each use, every other decision."""
    yield _Part("feasible", "A plan that meets every must", lambda o: "yes" if o.feasible else "no")
    decisions = dict(ask.line.kit.decisions)
    for use in USES:
        spec = decisions.pop(f"{use}_accelerator")  # the machines say it
        device = _Part(spec.id, spec.name, methodcaller("name", spec.id))
        part = _Part(use, f"{use.capitalize()} hardware", methodcaller("runs_on", use), device)
        yield part if _steps(part, [row.outcome for row in rows]) <= MOST_SIZES else device
    for id_, spec in decisions.items():
        yield _Part(id_, spec.name, methodcaller("name", id_))


def _narrow(
    known: dict[Value, Outcome],
    parts: list[_Part],
    axis: Axis,
    at: Callable[[Value], Outcome],
) -> list[_Part]:
    """Add values until those on the two sides of every flip have none between them; return the
    parts that were followed to the end."""
    least = finest(axis)
    while len(known) < MOST_PLANS:
        outcomes = [known[value] for value in sorted(known, key=_number)]
        parts = [_told(part, outcomes) for part in parts]
        middles = [
            middle
            for a, b in pairwise(sorted(known, key=_number))
            if any(part.label(known[a]) != part.label(known[b]) for part in parts)
            and (middle := between(axis.question, _number(a), _number(b), least)) is not None
        ]
        if not middles:
            break
        known.update({middle: at(middle) for middle in middles})
    return parts


def _steps(part: _Part, outcomes: list[Outcome]) -> int:
    """Return how many times a part changes along a range."""
    return sum(a != b for a, b in pairwise(map(part.label, outcomes)))


def _told(part: _Part, outcomes: list[Outcome]) -> _Part:
    """Return a part, or what is followed instead of it where it changes too often."""
    often = part.coarse is not None and _steps(part, outcomes) > MOST_SIZES
    return part.coarse if often and part.coarse else part


def _stretches(
    part: _Part, values: list[Value], known: Mapping[Value, Outcome]
) -> Iterator[Stretch]:
    for label, run in groupby(values, key=lambda value: part.label(known[value])):
        same = list(run)
        yield Stretch(label, same[0], same[-1])


def flip_line(track: Track, unit: str) -> str:
    """Return a track as a sentence: "2 x L40S up to 38 requests/s, then 1 x H200"."""
    counted = "" if unit in NO_UNIT else f" {unit}"
    *before, last = track.stretches
    said = [f"{s.label} up to {shown_number(s.last)}{counted}" for s in before]
    return f"{track.name}: {', then '.join([*said, last.label])}"


def shown_number(value: Value) -> str:
    """Return a value of an answer in few digits."""
    if isinstance(value, tuple):
        return "+".join(shown_number(v) for v in value)
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"
