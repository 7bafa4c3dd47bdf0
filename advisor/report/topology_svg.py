"""The topology as a drawing: five columns, boxes as high as their text, dashed trust boundaries."""

from __future__ import annotations

from advisor.frozen import dataclass
from advisor.report.svg import INK, SOFT, Look, box, dot, drawing, element, fitted, label, wrapped
from advisor.report.topology import COLUMNS, Edge, Node, Topology, Zone

BOX, GAP, MARGIN, LINE_PX, SIZE = 168.0, 74.0, 14.0, 16.0, 12.0
TAG = 19.0
TOP, BETWEEN, PORT, PART_LINES = 62.0, 52.0, 17.0, 5
WIDTH = 2 * MARGIN + COLUMNS * BOX + (COLUMNS - 1) * GAP


@dataclass(frozen=True, slots=True)
class Placed:
    """A node with its rectangle and its lines of text."""

    node: Node
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


def draw(topology: Topology, words: str) -> str:
    """Return the drawing; `words` tell it to readers who do not see it."""
    placed = _placed(topology)
    bottom = max(p.y + p.height for p in placed.values())
    inner = max(p.y + p.height for p in placed.values() if p.node.row < 2)
    shapes = [_zone(z, inner) for z in topology.zones]
    shapes += [_edge(e, placed) for e in topology.edges]
    shapes += [_box(p) for p in placed.values()]
    shapes += [_crossing(e, placed, topology) for e in topology.edges if e.crosses]
    return drawing(_arrow_head() + "".join(shapes), WIDTH, bottom + MARGIN, words)


def _placed(topology: Topology) -> dict[str, Placed]:
    rows: dict[int, list[Node]] = {}
    for node in topology.nodes:
        rows.setdefault(node.row, []).append(node)
    found: dict[str, Placed] = {}
    y = TOP
    for row in sorted(rows):
        placed = [_place(node, y) for node in rows[row]]
        found |= {p.node.id: p for p in placed}
        y = max(p.y + p.height for p in placed) + BETWEEN
    return found


def _place(node: Node, y: float) -> Placed:
    foot = node.row == 2
    x = MARGIN if foot else MARGIN + node.column * (BOX + GAP)
    width = WIDTH - 2 * MARGIN if foot else BOX
    texts = (", ".join(node.parts),) if foot else node.parts
    lines = [x for part in texts for x in wrapped(part, width - 20, SIZE, PART_LINES)]
    tag = TAG if node.personal else 0.0
    return Placed(node, x, y, width, 34 + LINE_PX * len(lines) + tag, tuple(lines))


def _box(placed: Placed) -> str:
    frame = element(
        "rect",
        x=placed.x,
        y=placed.y,
        width=placed.width,
        height=placed.height,
        rx=6.0,
        fill="#ffffff",
        stroke=INK,
        stroke_width=1.2,
        cls="box",
    )
    title = label(placed.node.title, placed.x + 10, placed.y + 20, Look(weight="bold"))
    lines = [
        label(line, placed.x + 10, placed.y + 38 + n * LINE_PX, Look(SIZE))
        for n, line in enumerate(placed.lines)
    ]
    return frame + title + "".join(lines) + _tag(placed)


def _tag(placed: Placed) -> str:
    """Return the filled foot of a box that holds data of people."""
    if not placed.node.personal:
        return ""
    top = placed.y + placed.height - TAG
    foot = box(placed.x + 1, top, placed.width - 2, TAG - 1, 4)
    text = Look(10, weight="bold")
    return foot + label("holds personal data", placed.x + 10, top + 12.5, text)


def _zone(zone: Zone, bottom: float) -> str:
    x, right = _sides(zone)
    width = right - x
    frame = element(
        "rect",
        x=x,
        y=30.0,
        width=width,
        height=bottom - 14,
        rx=10.0,
        fill="none",
        stroke=SOFT,
        stroke_width=1.4,
        stroke_dasharray="7 5",
        cls="zone",
    )
    lines = wrapped(zone.title, width, 11, 2)
    names = (
        label(line, x + 4, 24 - 14 * (len(lines) - 1 - n), Look(11, soft=True))
        for n, line in enumerate(lines)
    )
    return frame + "".join(names)


def _edge(edge: Edge, placed: dict[str, Placed]) -> str:
    """Return an arrow: straight in a row, else along the row of its start and up beside its end.

    What comes from below enters a box at its foot, so that two arrows never share a way.
    """
    start, end = placed[edge.source], placed[edge.target]
    if start.node.column == end.node.column:
        return _down(edge, start, end)
    x1, x2, y1 = start.x + start.width, end.x, start.y + PORT
    rises = start.node.row > end.node.row
    y2 = end.y + end.height - 12 if rises else y1
    path = f"M{x1:.0f} {y1:.0f} H{x2 - GAP / 2:.0f} V{y2:.0f} H{x2 - 6:.0f}"
    where = x1 + GAP / 2, y1 + 14 if rises else y1 - 6
    return _arrow(path) + label(
        fitted(edge.what, GAP + 4, 10), *where, Look(10, soft=True, anchor="middle")
    )


def _crossing(edge: Edge, placed: dict[str, Placed], topology: Topology) -> str:
    """Return a dot where an arrow passes the frame of a boundary."""
    start, end = placed[edge.source], placed[edge.target]
    rises = start.node.row > end.node.row
    dots = []
    for zone in topology.zones:
        for x in _sides(zone):
            if start.x + start.width < x < end.x:
                after = rises and x > end.x - GAP / 2
                y = end.y + end.height - 12 if after else start.y + PORT
                dots.append(dot(x, y, 4, filled=True))
    return "".join(dots)


def _sides(zone: Zone) -> tuple[float, float]:
    """Return left and right of a boundary's frame."""
    left = MARGIN + zone.first * (BOX + GAP) - 12
    return left, left + (zone.last - zone.first + 1) * BOX + (zone.last - zone.first) * GAP + 24


def _down(edge: Edge, start: Placed, end: Placed) -> str:
    x = start.x + start.width / 2
    path = f"M{x:.0f} {start.y + start.height:.0f} V{end.y - 6:.0f}"
    y = (start.y + start.height + end.y) / 2
    return _arrow(path) + label(edge.what, x + 8, y, Look(10, soft=True))


def _arrow(path: str) -> str:
    return element(
        "path",
        d=path,
        fill="none",
        stroke=INK,
        stroke_width=1.4,
        marker_end="url(#tip)",
        cls="line",
    )


def _arrow_head() -> str:
    tip = element("path", d="M0 0 L8 4 L0 8 z", fill=INK, cls="mark")
    marker = element(
        "marker",
        tip,
        id="tip",
        viewBox="0 0 8 8",
        refX=6.0,
        refY=4.0,
        markerWidth=8.0,
        markerHeight=8.0,
        orient="auto",
    )
    return element("defs", marker)
