"""Charts of a plan: the bill with its ranges, memory of a device, use of each limit.

Each row has its name on the left, its bar in the middle and its value on the right, so that labels
cannot meet whatever the values are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from advisor.domain.plan import Cost, HardwareUse, Limit
from advisor.report.chart_parts import WIDTH, legend, span_short
from advisor.report.model import Picture
from advisor.report.svg import FILL, INK, LINE, Look, box, drawing, element, fitted, label
from advisor.report.text import listed, number, usd_range, words_of

NAME, BAR, ROW = 170.0, 330.0, 34.0
VALUE_X = NAME + BAR + 14


def cost_chart(cost: Cost) -> Iterator[Picture]:
    """Yield the range of every line of the bill over the lifetime."""
    lines = [(i.name, i.one_off + i.month.times(cost.months)) for i in cost.items]
    most = max((float(money.high) for _, money in lines), default=0.0)
    if len(lines) < 2 or not most:
        return
    rows = []
    for n, (name, money) in enumerate(lines):
        low, likely, high = (
            NAME + BAR * float(x) / most for x in (money.low, money.likely, money.high)
        )
        y = 8 + n * ROW
        rows.append(_row(name, y, span_short(*map(float, (money.low, money.likely, money.high)))))
        rows.append(box(low, y + 4, max(2.0, high - low), 14, 1))
        rows.append(_tick(likely, y, 22))
    words = listed(f"{name} {usd_range(money)}" for name, money in lines)
    yield Picture(
        "chart-cost",
        drawing("".join(rows), WIDTH, 12 + len(lines) * ROW, f"Cost: {words}"),
        f"Cost over {cost.months} months by item, with low, likely and high: {words}.",
        f"Cost over {cost.months} months at the load of today; bars span low to high, "
        "the line marks what is likely.",
    )


def memory_chart(use: HardwareUse) -> Iterator[Picture]:
    """Yield what fills the memory of one device, against what it has."""
    figure = next((f for f in use.figures if f.id == "memory" and f.parts), None)
    if figure is None or not use.device_gib:
        return
    total = sum(value for _, value in figure.parts)
    scale = (WIDTH - 40) / max(total, use.device_gib)
    x, drawn = 10.0, []
    for n, (_, value) in enumerate(figure.parts):
        drawn.append(box(x, 30, value * scale, 34, n))
        x += value * scale
    end = 10 + use.device_gib * scale
    drawn.append(
        element(
            "rect",
            x=10.0,
            y=30.0,
            width=end - 10,
            height=34.0,
            fill="none",
            stroke=INK,
            stroke_width=1.5,
            cls="line",
        )
    )
    has = f"{use.accelerator_name}: {number(use.device_gib)} GiB"
    drawn.append(label(has, min(end, WIDTH - 10), 20, Look(anchor="end", soft=True)))
    parts = [*figure.parts, ("free", max(0.0, use.device_gib - total))]
    shown = [
        (f"{words_of(name)} {number(value)} GiB", None if name == "free" else n)
        for n, (name, value) in enumerate(parts)
    ]
    named, height = legend(shown, 76)
    words = listed(f"{name} {number(value)} GiB" for name, value in parts)
    yield Picture(
        f"chart-memory-{use.use}",
        drawing("".join(drawn) + named, WIDTH, height, f"Memory of one device: {words}"),
        f"Memory of one {use.accelerator_name} with {number(use.device_gib)} GiB: {words}.",
        f"Memory of one device while {use.use}; the frame is what the device has.",
    )


MOST_LIMITS = 2.0
"""Multiple of a limit at which a bar ends, so that one missed by far leaves the others visible."""


def limit_chart(limits: Iterable[Limit]) -> Iterator[Picture]:
    """Yield how much of each limit the plan takes."""
    found = [(x.name, x.used) for x in limits if x.used > 0]
    if not found:
        return
    most = min(MOST_LIMITS, max(1.0, *(used for _, used in found)))
    at_limit = NAME + BAR / most
    rows = []
    for n, (name, used) in enumerate(found):
        y = 8 + n * ROW
        rows.append(_row(name, y, f"{_share(used)} the limit"))
        rows.append(box(NAME, y + 4, BAR * min(used, most) / most, 14, 0))
        if used > most:
            rows.append(_arrow(NAME + BAR, y + 11))
    height = 12 + len(found) * ROW
    rows.append(_tick(at_limit, 4, height - 12))
    words = listed(f"{name} {_share(used)} it" for name, used in found)
    yield Picture(
        "chart-limits",
        drawing("".join(rows), WIDTH, height, f"Use of each limit: {words}"),
        f"Likely share of each limit that the plan takes: {words}.",
        "Likely share of each limit that the plan takes; the line marks the limit.",
    )


def _share(used: float) -> str:
    """Return a share of a limit, in times where it is missed by far."""
    if used > MOST_LIMITS:
        return f"{number(used)} times"
    return "under 1% of" if used < 0.005 else f"{used:.0%} of"


def _arrow(x: float, y: float) -> str:
    """Return the end of a bar that goes on."""
    path = f"M{x - 1:.1f} {y - 7:.1f} L{x + 9:.1f} {y:.1f} L{x - 1:.1f} {y + 7:.1f} Z"
    return element("path", d=path, fill=FILL[0], cls="fill0")


def _row(name: str, y: float, value: str) -> str:
    """Return name, axis and value of a row."""
    axis = element("line", x1=NAME, x2=NAME + BAR, y1=y + 22, y2=y + 22, stroke=LINE, cls="axis")
    return (
        label(fitted(name, NAME - 14), NAME - 12, y + 15, Look(anchor="end"))
        + axis
        + label(fitted(value, WIDTH - VALUE_X, 12), VALUE_X, y + 15, Look(12, soft=True))
    )


def _tick(x: float, y: float, height: float) -> str:
    return element("rect", x=x - 1.5, y=y, width=3.0, height=height, fill=INK, cls="mark")
