"""The frontier of cost against time or latency among the options left open, and its knee."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from math import log

from advisor.domain.lifetime import Point, whole_cents
from advisor.planning.host_estimates import least_people_month, manned_months
from advisor.planning.lifetime_options import open_options, unnamed
from advisor.planning.line import Line
from advisor.planning.options import WITHOUT_LATENCY, Option
from advisor.planning.words import devices

Rated = tuple[Decimal, float, Option]
"""Lifetime cost with people, speed, and the option."""


def frontier_of(line: Line) -> tuple[Point, ...]:
    """Return the Pareto set of each use, the cheapest first."""
    return tuple(point for use in sorted(line.uses) for point in _points(line, use))


def cost_of(line: Line, option: Option) -> Decimal:
    """Return the likely cost of an option over the stated life, with the people it takes."""
    people = least_people_month(line, option) * manned_months(line, option)
    return whole_cents(option.lifetime(line.months) + people)


def _points(line: Line, use: str) -> Iterator[Point]:
    chosen = line.uses[use]
    if use == "serving" and chosen.pattern in WITHOUT_LATENCY:
        return  # nobody waits, so no speed is bought
    if unnamed(line, chosen):
        return
    rated = [(cost_of(line, o), _speed(o), o) for o in open_options(line, use) if o.feasible]
    kept = noticeable(within_reach(pareto(row for row in rated if row[1]), chosen), chosen)
    middle = knee([(float(cost), speed) for cost, speed, _ in kept])
    for n, (cost, speed, option) in enumerate(kept):
        what = devices(option.devices, line.called.names.get(option.accelerator, ""))
        name = f"{what}, {option.pattern.replace('_', ' ')}"
        unit = "h a run" if use == "training" else "ms"
        yield Point(use, name, cost, speed, unit, same_choice(option, chosen), n == middle)


REACH = 4
"""Times the cost of the cheapest option beyond which a faster one is no alternative to it."""


def within_reach(rows: list[Rated], chosen: Option) -> list[Rated]:
    """Return the rows that may be weighed against the cheapest, and the one chosen."""
    most = REACH * rows[0][0] if rows else Decimal(0)
    return [row for row in rows if row[0] <= most or same_choice(row[2], chosen)]


NOTICED = 0.9
"""Share of the time from which nobody notices that an option is faster."""


def noticeable(rows: list[Rated], chosen: Option) -> list[Rated]:
    """Return the rows that are noticeably faster than the cheaper ones before, and the one
    chosen."""
    found: list[Rated] = []
    for row in rows:
        if not found or row[1] <= NOTICED * found[-1][1] or same_choice(row[2], chosen):
            found.append(row)
    return found


def same_choice(option: Option, other: Option) -> bool:
    """Return whether two options settle on the same pattern and accelerator, at any price."""
    return (option.accelerator, option.pattern) == (other.accelerator, other.pattern)


def _speed(option: Option) -> float:
    return 0.0 if option.pattern in WITHOUT_LATENCY else option.hours_per_run or option.latency_ms


def pareto(rows: Iterable[Rated]) -> list[Rated]:
    """Return the rows that no other beats in both cost and speed, the cheapest first."""
    found: list[Rated] = []
    for row in sorted(rows, key=lambda r: (r[0], r[1], r[2].accelerator, r[2].pattern)):
        if not found or row[1] < found[-1][1]:
            found.append(row)
    return found


def knee(points: list[tuple[float, float]]) -> int | None:
    """Return the point farthest below the line between both ends on logarithmic axes, None where
    fewer than three leave no bend."""
    if len(points) < 3:
        return None
    logs = [(log(max(cost, 0.01)), log(max(speed, 1e-9))) for cost, speed in points]
    (x0, y0), (x1, y1) = logs[0], logs[-1]
    bends = [(x - x0) / (x1 - x0 or 1) + (y - y1) / (y0 - y1 or 1) for x, y in logs]
    least = min(range(len(bends)), key=lambda n: (bends[n], n))
    return least if bends[least] < 1 else None
