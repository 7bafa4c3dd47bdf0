"""Cost against time or latency: the options that no other beats in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.domain.lifetime import Point
from advisor.report.chart_parts import WIDTH, Scale, apart, cost_axis, scale_for, value_axis
from advisor.report.model import Picture
from advisor.report.svg import Look, dot, drawing, fitted, label, stroke
from advisor.report.text import listed, number, usd

LEFT, RIGHT, TOP, NAMES = 66.0, 420.0, 18.0, 474.0
SLOT = 36.0
"""Height of a label of two lines."""
AXIS = {"ms": "latency, ms", "h a run": "hours a run"}


def frontier_charts(points: Sequence[Point]) -> Iterator[Picture]:
    """Yield a chart for each use that has more than one such option."""
    for use in sorted({point.use for point in points}):
        mine = [point for point in points if point.use == use]
        if len(mine) > 1:
            yield _chart(use, mine)


def _chart(use: str, points: list[Point]) -> Picture:
    bottom = TOP + max(170.0, SLOT * len(points))
    x = scale_for([float(p.cost) for p in points], LEFT, RIGHT, from_zero=False)
    y = scale_for([p.speed for p in points], bottom, TOP, from_zero=False)
    placed = [(x.at(float(p.cost)), y.at(p.speed)) for p in points]
    content = "".join(
        (
            value_axis(y, LEFT, RIGHT, [number(t) for t in y.ticks()]),
            _axis_below(x, bottom),
            stroke(_stairs(placed), "soft", 1.2, "4 3"),
            _names(points, placed, bottom),
            *(
                dot(px, py, 5.5, filled=p.chosen)
                for p, (px, py) in zip(points, placed, strict=True)
            ),
            label(
                f"{AXIS.get(points[0].unit, points[0].unit)}", LEFT, TOP - 7, Look(11, soft=True)
            ),
        )
    )
    words = listed(f"{p.name}: {usd(p.cost)}, {number(p.speed)} {p.unit}{_mark(p)}" for p in points)
    return Picture(
        f"chart-frontier-{use}",
        drawing(content, WIDTH, bottom + 40, f"Cost against speed of {use}: {words}"),
        f"Options of {use} that no other beats in both cost and speed: {words}.",
        f"{use.capitalize()}: cost over the life against {AXIS.get(points[0].unit, 'time')}, both "
        "better towards the lower left. No option is both cheaper and faster than one of these; "
        "the solid point is chosen, past the knee each dollar buys less.",
    )


def _mark(point: Point) -> str:
    marks = [w for w, on in (("chosen", point.chosen), ("knee", point.knee)) if on]
    return f" ({', '.join(marks)})" if marks else ""


def _axis_below(x: Scale, y: float) -> str:
    line = stroke(f"M{LEFT:.1f} {y:.1f} H{RIGHT:.1f}", "axis")
    title = label("cost over the life", RIGHT, y + 34, Look(11, soft=True, anchor="end"))
    return line + cost_axis(x, y) + title


def _stairs(placed: Sequence[tuple[float, float]]) -> str:
    path = f"M{placed[0][0]:.1f} {placed[0][1]:.1f}"
    return path + "".join(f" H{px:.1f} V{py:.1f}" for px, py in placed[1:])


def _names(points: list[Point], placed: list[tuple[float, float]], bottom: float) -> str:
    """Return the names beside the chart, each joined to its point, none over another."""
    order = sorted(range(len(points)), key=lambda n: (placed[n][1], placed[n][0]))
    places = apart([placed[n][1] for n in order], SLOT, TOP + 8, bottom - 14)
    drawn = []
    for n, y in zip(order, places, strict=True):
        (px, py), point = placed[n], points[n]
        drawn.append(stroke(f"M{px + 7:.1f} {py:.1f} L{NAMES - 8:.1f} {y:.1f}", "axis", 1.0))
        weight = "bold" if point.chosen else "normal"
        name = fitted(point.name, WIDTH - NAMES, 12.5)
        drawn.append(label(name, NAMES, y + 1, Look(12.5, weight=weight)))
        told = f"{usd(point.cost)}, {number(point.speed)} {point.unit}{_mark(point)}"
        drawn.append(label(fitted(told, WIDTH - NAMES, 11), NAMES, y + 16, Look(11, soft=True)))
    return "".join(drawn)
