"""Tornado: what each answer does to the whole-life cost, with the values that flip the plan."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.sensitivity import Sensitivity, Swing
from advisor.report.chart_parts import DECADES, WIDTH, Scale, cost_axis, usd_short
from advisor.report.model import Picture
from advisor.report.svg import Look, box, drawing, fitted, label, stroke, wrapped
from advisor.report.text import clean, listed, usd

NAME, VALUE, TOP, ROW = 252.0, 628.0, 30.0, 44.0
SHOWN = 10


def tornado_chart(found: Sensitivity) -> Iterator[Picture]:
    """Yield the answers that move the cost most; nothing where none does."""
    rows = [s for s in found.swings if s.low_usd != s.high_usd][:SHOWN]
    if not rows:
        return
    x, now = _scale(rows), float(found.lifetime_usd)
    bottom = TOP + ROW * len(rows)
    drawn = [_grid(x, bottom)]
    drawn += [_row(n, swing, x, now) for n, swing in enumerate(rows)]
    at = x.at(now)
    drawn.append(label(f"as planned {usd(found.lifetime_usd)}", *_beside(at), _side(at)))
    words = listed(f"{s.text} {usd(s.low_usd)} to {usd(s.high_usd)}" for s in rows)
    yield Picture(
        "chart-tornado",
        drawing("".join(drawn), WIDTH, bottom + 26, f"What moves the whole-life cost: {words}"),
        f"Whole-life cost over the likely range of each answer: {words}.",
        "Whole-life cost over the likely range of each answer, all others as they are; the line is "
        "the plan, the text under a bar the nearest answer at which it chooses otherwise.",
    )


def _scale(rows: list[Swing]) -> Scale:
    low = min(float(s.low_usd) for s in rows)
    high = max(float(s.high_usd) for s in rows)
    positive = max(low, high / 1e5, 1.0)
    if high / positive >= DECADES:
        return Scale(positive, high, NAME, VALUE, log=True)
    return Scale(min(0.0, low), high, NAME, VALUE)


def _beside(at: float) -> tuple[float, float]:
    return (at + 6 if at < (NAME + VALUE) / 2 else at - 6), TOP - 10


def _side(at: float) -> Look:
    return Look(11.5, anchor="start" if at < (NAME + VALUE) / 2 else "end")


def _grid(x: Scale, bottom: float) -> str:
    line = stroke(f"M{x.start:.1f} {bottom:.1f} H{x.end:.1f}", "axis", 1.0)
    return line + cost_axis(x, bottom)


def _row(n: int, swing: Swing, x: Scale, now: float) -> str:
    """Return name, bar in two shades around the plan, ends, and the nearest flips."""
    y = TOP + n * ROW + 6
    low, here, high = (x.at(v) for v in (float(swing.low_usd), now, float(swing.high_usd)))
    ends = f"{usd_short(float(swing.low_usd))} to {usd_short(float(swing.high_usd))}"
    told = fitted(f"now {swing.shown}; {_flips(swing)}", WIDTH - NAME - 4, 10.5)
    names = wrapped(_short(swing.text), NAME - 16, 12, 2)
    return (
        "".join(
            label(line, NAME - 12, y + 11 + 15 * row, Look(12, anchor="end"))
            for row, line in enumerate(names)
        )
        + box(low, y, here - low, 16, 1)
        + box(here, y, max(1.0, high - here), 16, 0)
        + stroke(f"M{here:.1f} {y - 5:.1f} v26", "line", 2.0)
        + label(ends, VALUE + 12, y + 12, Look(12, soft=True))
        + label(told, NAME, y + 29, Look(10.5, soft=True))
    )


def _short(question: str) -> str:
    """Return a question without what it says in brackets."""
    return clean(question).partition(" (")[0].rstrip("?")


def _flips(swing: Swing) -> str:
    texts = []
    for flip in swing.flips:
        more = f" +{len(flip.decisions) - 1}" if len(flip.decisions) > 1 else ""
        texts.append(f"{flip.shown}: {flip.decisions[0].lower()}{more}")
    return f"flips at {'; '.join(texts)}" if texts else "no flip in the range"
