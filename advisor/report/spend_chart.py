"""What is spent in each month of the life, by component."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.domain.lifetime import Component, Lifetime
from advisor.domain.plan import Money
from advisor.report.chart_parts import WIDTH, Scale, legend, months_axis, usd_ticks, value_axis
from advisor.report.model import Picture
from advisor.report.svg import box, drawing, stroke
from advisor.report.text import listed, usd

LEFT, RIGHT, TOP, BOTTOM = 62.0, 748.0, 14.0, 216.0
MOST = 6
"""Components that have a fill of their own; the smallest beyond are drawn as one."""


def spend_chart(life: Lifetime) -> Iterator[Picture]:
    """Yield the months as stacked bars with the range of their total; nothing for one month."""
    months = life.months
    top = max((float(m.high) for m in months), default=0.0)
    if len(life.calendar) < 2 or not top:
        return
    rows = _rows(life.components)
    x, y = Scale(0.0, len(life.calendar), LEFT, RIGHT), Scale(0.0, top * 1.05, BOTTOM, TOP)
    bars = "".join(_bar(n, rows, month, x, y) for n, month in enumerate(months))
    axis = value_axis(y, LEFT, RIGHT, usd_ticks(y))
    named, height = legend([(name, n) for n, (name, _) in enumerate(rows)], BOTTOM + 30)
    dearest = max(range(len(months)), key=lambda n: months[n].likely)
    words = (
        f"Likely spend a month: {usd(months[0].likely)} in {life.calendar[0]}, "
        f"{usd(months[dearest].likely)} in the dearest month, {life.calendar[dearest]}, and "
        f"{usd(months[-1].likely)} in {life.calendar[-1]}; by "
        f"{listed(name.lower() for name, _ in rows)}."
    )
    content = axis + bars + months_axis(life.calendar, x, BOTTOM) + named
    caption = (
        "Likely spend of each month by component; the thin line spans low to high of the month."
    )
    yield Picture("chart-spend", drawing(content, WIDTH, height, words), words, caption)


Row = tuple[str, list[float]]


def _rows(components: Sequence[Component]) -> list[Row]:
    """Return what is paid for, the dearest at the foot of the bars."""
    paid = [(c.name, [float(m.likely) for m in c.months]) for c in components if c.total.likely]
    paid.sort(key=lambda row: -sum(row[1]))
    if len(paid) <= MOST:
        return paid
    rest = [sum(values) for values in zip(*(v for _, v in paid[MOST - 1 :]), strict=True)]
    return [*paid[: MOST - 1], ("Everything else", rest)]


def _bar(n: int, rows: list[Row], month: Money, x: Scale, y: Scale) -> str:
    width = max(2.0, (x.at(1) - x.at(0)) * 0.72)
    left, drawn, below = x.at(n + 0.5) - width / 2, [], 0.0
    for fill, (_, values) in enumerate(rows):
        high = y.at(below + values[n])
        drawn.append(box(left, high, width, y.at(below) - high, fill))
        below += values[n]
    if month.low != month.high:
        middle = x.at(n + 0.5)
        ends = y.at(float(month.low)), y.at(float(month.high))
        drawn.append(stroke(f"M{middle:.1f} {ends[0]:.1f} V{ends[1]:.1f}", "line", 1.0))
    return "".join(drawn)
