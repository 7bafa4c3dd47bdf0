"""Load against capacity over the months of the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.domain.lifetime import Outlook, Step
from advisor.report.chart_parts import WIDTH, Scale, apart, months_axis, value_axis
from advisor.report.model import Picture
from advisor.report.svg import FILL, Look, drawing, element, label, stroke
from advisor.report.text import counted, number

LEFT, RIGHT, TOP, BOTTOM = 52.0, 606.0, 26.0, 236.0
HEIGHT = 268.0
LABEL_GAP = 74.0
"""Pixels between two labels of steps."""


def load_chart(calendar: Sequence[str], outlook: Outlook) -> Iterator[Picture]:
    """Yield the load with its range and the capacity above it; nothing where machines do not
    follow the load or where it never changes."""
    steps, load = outlook.steps, outlook.load
    if not steps or len(load) < 2 or load[0].likely == load[-1].likely:
        return
    months = list(calendar[: len(load)])
    held = [_full_at(steps, name) for name in months]
    top = max(*(f.likely for f in load), *held) * 1.25
    x, y = Scale(0.0, len(months), LEFT, RIGHT), Scale(0.0, top, BOTTOM, TOP)
    ticks = [f"{number(t)}x" if t else "0" for t in y.ticks()]
    content = (
        value_axis(y, LEFT, RIGHT, ticks)
        + months_axis(months, x, BOTTOM)
        + _band([f.low for f in load], [f.high for f in load], x, y)
        + stroke(_line([f.likely for f in load], x, y), "line", 1.6, "5 4")
        + stroke(_stairs(held, x, y), "line", 2.6)
        + _replicas(months, steps, x, y)
        + _ends(load[-1].likely, load[-1].high, held[-1], y)
    )
    last, first = steps[-1], steps[0]
    held_words = (
        f"Capacity begins with {counted(first.replicas, 'replica')} and ends with "
        f"{counted(last.replicas, 'replica')} from {last.month} on"
        if first != last
        else f"Capacity stays at {counted(first.replicas, 'replica')}"
    )
    words = (
        f"The likely load grows from 1x in {months[0]} to {number(load[-1].likely)}x in "
        f"{months[-1]}, at the high end to {number(load[-1].high)}x. {held_words}, full at "
        f"{number(last.full_at)}x."
    )
    caption = (
        "Load as a multiple of the first month's peak: the dashed line is likely, the band runs "
        "from low to high. The steps are what the planned replicas carry."
    )
    yield Picture("chart-load", drawing(content, WIDTH, HEIGHT, words), words, caption)


def _full_at(steps: Sequence[Step], month: str) -> float:
    return [s.full_at for s in steps if s.month <= month][-1]


def _middle(n: int, x: Scale) -> float:
    return x.at(n + 0.5)


def _line(values: Sequence[float], x: Scale, y: Scale) -> str:
    return "M" + " L".join(f"{_middle(n, x):.1f} {y.at(v):.1f}" for n, v in enumerate(values))


def _band(low: Sequence[float], high: Sequence[float], x: Scale, y: Scale) -> str:
    up = [f"{_middle(n, x):.1f} {y.at(v):.1f}" for n, v in enumerate(high)]
    down = [f"{_middle(n, x):.1f} {y.at(v):.1f}" for n, v in reversed(list(enumerate(low)))]
    return element("path", d=f"M{' L'.join((*up, *down))} Z", fill=FILL[1], cls="fill1")


def _stairs(held: Sequence[float], x: Scale, y: Scale) -> str:
    path = f"M{x.at(0):.1f} {y.at(held[0]):.1f}"
    for n, value in enumerate(held):
        path += f" V{y.at(value):.1f} H{x.at(n + 1):.1f}"
    return path


def _replicas(months: Sequence[str], steps: Sequence[Step], x: Scale, y: Scale) -> str:
    """Return how many replicas stand from each step on, as far as the labels have room."""
    drawn: list[str] = []
    free = 0.0
    for step in steps:
        at = x.at(months.index(step.month)) + 2
        text = counted(step.replicas, "replica") if not drawn else f"{step.replicas:,}"
        if at >= free and at < RIGHT - 20:
            width = 7.0 * len(text)
            over = [s for s in steps if at <= x.at(months.index(s.month)) < at + width]
            highest = max(s.full_at for s in (step, *over))
            drawn.append(label(text, at, y.at(highest) - 6, Look(11)))
            free = at + LABEL_GAP
    return "".join(drawn)


def _ends(load: float, high: float, held: float, y: Scale) -> str:
    """Return what each line is, beside its end."""
    off = ", above" if high > y.high else ""
    names = sorted(
        (
            (y.at(high), f"high load {number(high)}x{off}"),
            (y.at(load), f"likely load {number(load)}x"),
            (y.at(held), f"capacity {number(held)}x"),
        ),
    )
    if high == load:
        names = [(p, t.replace("likely ", "")) for p, t in names if "high" not in t]
    places = apart([p + 4 for p, _ in names], 15, TOP, BOTTOM)
    return "".join(
        label(text, RIGHT + 8, place, Look(11.5))
        for (_, text), place in zip(names, places, strict=True)
    )
