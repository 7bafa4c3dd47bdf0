"""Charts in characters: cost with its range, memory of a device, cost against speed."""

from __future__ import annotations

import math
from collections.abc import Iterator

from advisor.domain.lifetime import Point
from advisor.domain.plan import HardwareUse, Plan
from advisor.report.text import clean, number, usd, usd_range

NAME = 26
"""Columns of a name; longer ones are cut."""
LEAST = 12
"""Columns of a bar below which no chart is drawn."""
FILLS = "█▓▒░▞▚"
"""One glyph a part, so that parts are told apart without colour."""
ROWS, POINTS = 8, 9


def cost_bars(plan: Plan, width: int) -> Iterator[str]:
    """Yield low to high of every line of the bill over the life; ● marks what is likely."""
    lines = [(i.name, i.one_off + i.month.times(plan.cost.months)) for i in plan.cost.items]
    most = max((float(money.high) for _, money in lines), default=0.0)
    words = [usd_range(money) for _, money in lines]
    room = width - NAME - max(map(len, words), default=0) - 4
    if most <= 0 or room < LEAST:
        return
    yield f"Cost over {plan.cost.months} months: ─ from low to high, ● likely"
    for (name, money), said in zip(lines, words, strict=True):
        low, likely, high = (
            round(float(x) / most * (room - 1)) for x in (money.low, money.likely, money.high)
        )
        cells = ["─" if low <= n <= high else " " for n in range(room)]
        cells[likely] = "●"
        yield f"{_cut(name)}  {''.join(cells)}  {said}"
    yield ""


def memory_stack(use: HardwareUse, width: int) -> Iterator[str]:
    """Yield what fills the memory of one device, and what is free."""
    figure = next((f for f in use.figures if f.id == "memory" and f.parts), None)
    room = width - 4
    if figure is None or not use.device_gib or room < LEAST * 2:
        return
    total = sum(value for _, value in figure.parts)
    scale = room / max(total, use.device_gib)
    bar = "".join(
        FILLS[n % len(FILLS)] * round(value * scale) for n, (_, value) in enumerate(figure.parts)
    )
    has = f"{clean(use.accelerator_name)}, {number(use.device_gib)} GiB"
    yield f"Memory of one device while {use.use} ({has})"
    yield f"[{bar.ljust(round(use.device_gib * scale), '·')}]"
    for n, (name, value) in enumerate(figure.parts):
        yield f"  {FILLS[n % len(FILLS)]} {clean(name)} {number(value)} GiB"
    yield f"  · free {number(max(0.0, use.device_gib - total))} GiB"
    yield ""


def frontier(plan: Plan, width: int) -> Iterator[str]:
    """Yield the options that no other beats in both cost and speed, as a picture with a legend."""
    outlook = plan.outlook
    for use in dict.fromkeys(p.use for p in outlook.frontier) if outlook else ():
        points = [p for p in outlook.frontier if p.use == use][:POINTS] if outlook else []
        if len(points) > 1 and width >= LEAST * 4:
            yield from _scatter(use, points, min(width - 4, 64))


def _scatter(use: str, points: list[Point], room: int) -> Iterator[str]:
    costs, speeds = [float(p.cost) for p in points], [p.speed for p in points]
    grid = [[" "] * room for _ in range(ROWS)]
    for n, point in enumerate(points, 1):
        x = _share(float(point.cost), costs) * (room - 1)
        y = _share(point.speed, speeds) * (ROWS - 1)
        grid[ROWS - 1 - round(y)][round(x)] = str(n)
    yield f"{use.capitalize()}: the more {points[0].unit} the higher, the dearer the further right"
    yield from (f"│{''.join(row).rstrip()}" for row in grid)
    yield f"└{'─' * room}"
    for n, point in enumerate(points, 1):
        marks = [word for word, on in (("chosen", point.chosen), ("knee", point.knee)) if on]
        marked = f" ({', '.join(marks)})" if marks else ""
        speed = f"{number(point.speed)} {point.unit}"
        yield f"  {n} {clean(point.name)}: {usd(point.cost)}, {speed}{marked}"
    yield ""


def _share(value: float, among: list[float]) -> float:
    """Return how far a value lies between the least and the most, by its magnitude."""
    low, high, here = (math.log(max(x, 1e-9)) for x in (min(among), max(among), value))
    return (here - low) / (high - low) if high > low else 0.5


def _cut(name: str) -> str:
    said = clean(name)
    return (said if len(said) <= NAME else f"{said[: NAME - 1]}…").ljust(NAME)
