"""What charts share: scales with round ticks, axes, legends, and labels moved apart."""

from __future__ import annotations

import math
from collections.abc import Sequence

from advisor.frozen import dataclass
from advisor.report.svg import Look, box, element, fitted, label, stroke

WIDTH = 760.0
TICKS = 5
DECADES = 20.0
"""Ratio of the ends from which a scale is logarithmic."""
SWATCH, COLUMN, LEGEND_ROW = 12.0, 245.0, 22.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` on pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """Return the pixel of a value, held inside the scale."""
        low, high = self._placed(self.low), self._placed(self.high)
        share = (self._placed(value) - low) / (high - low or 1.0)
        return self.start + (self.end - self.start) * min(1.0, max(0.0, share))

    def _placed(self, value: float) -> float:
        return math.log10(max(value, self.low if self.low > 0 else 1e-9)) if self.log else value

    def ticks(self) -> tuple[float, ...]:
        """Return round values inside the scale."""
        return _decades(self.low, self.high) if self.log else _steps(self.low, self.high)


def scale_for(values: Sequence[float], start: float, end: float, *, from_zero: bool) -> Scale:
    """Return a scale that holds the values; logarithmic where its ends lie far apart."""
    low, high = min(values), max(values)
    if not from_zero and low > 0 and high / low >= DECADES:
        return Scale(low / 1.15, high * 1.15, start, end, log=True)
    room = 0.0 if from_zero else 0.1 * (high - low or abs(high) or 1.0)
    bottom = 0.0 if from_zero else max(0.0, low - room)
    return Scale(bottom, high + (room or 0.05 * (high or 1.0)), start, end)


def _steps(low: float, high: float) -> tuple[float, ...]:
    rough = (high - low) / TICKS or 1.0
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * m for m in (1, 2, 5, 10) if size * m >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(n * step, 12) for n in range(first, last + 1))


def _decades(low: float, high: float) -> tuple[float, ...]:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    wide = last - first > TICKS
    found = [10.0**n for n in range(first, last + 1, 2 if wide else 1)]
    return tuple(v for v in found if low <= v <= high)


def usd_short(amount: float, digits: int = 3) -> str:
    """Return dollars in few characters, `$1.6M`."""
    for size, unit in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(amount) >= size * 0.9995:
            return f"${float(f'{amount / size:.{digits}g}'):g}{unit}"
    return f"${float(f'{amount:.{digits}g}'):g}"


def usd_ticks(scale: Scale) -> list[str]:
    """Return the ticks as dollars, in as many digits as tell them apart."""
    texts: list[str] = []
    for digits in range(3, 8):
        texts = [usd_short(value, digits) for value in scale.ticks()]
        if len(set(texts)) == len(texts):
            break
    return texts


def span_short(low: float, likely: float, high: float) -> str:
    """Return an amount and its range in few characters."""
    if low == high:
        return usd_short(likely)
    return f"{usd_short(likely)} ({usd_short(low)} to {usd_short(high)})"


def cost_axis(x: Scale, y: float) -> str:
    """Return ticks and dollars under a level scale, as many as have room."""
    drawn, free = [], 0.0
    for value, text in zip(x.ticks(), usd_ticks(x), strict=True):
        at, half = x.at(value), len(text) * 3.5
        if at - half >= free:
            drawn.append(stroke(f"M{at:.1f} {y:.1f} v5", "axis"))
            drawn.append(label(text, at, y + 18, Look(11, soft=True, anchor="middle")))
            free = at + half + 8
    return "".join(drawn)


def apart(wanted: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """Return places of labels near those wanted, in the same order, at least `gap` apart."""
    found: list[float] = []
    for place in wanted:
        found.append(max(place, top if not found else found[-1] + gap))
    limit = bottom
    for n in reversed(range(len(found))):
        found[n] = min(found[n], limit)
        limit = found[n] - gap
    return found


def legend(parts: Sequence[tuple[str, int | None]], y: float) -> tuple[str, float]:
    """Return swatches with their texts, three a line, and the height that they end at; a fill of
    None is a frame."""
    drawn = []
    for n, (text, fill) in enumerate(parts):
        x, top = 10 + (n % 3) * COLUMN, y + (n // 3) * LEGEND_ROW
        drawn.append(_frame(x, top) if fill is None else box(x, top, SWATCH, SWATCH, fill))
        drawn.append(label(fitted(text, COLUMN - 30), x + SWATCH + 6, top + 10))
    return "".join(drawn), y + ((len(parts) - 1) // 3 + 1) * LEGEND_ROW


def _frame(x: float, y: float) -> str:
    return element(
        "rect", x=x, y=y, width=SWATCH, height=SWATCH, fill="none", stroke="#1b2430", cls="line"
    )


def months_axis(calendar: Sequence[str], x: Scale, y: float) -> str:
    """Return the line under a chart with as many months named as fit."""
    step = (x.end - x.start) / max(1, len(calendar))
    every = max(1, math.ceil(58 / step))
    names = "".join(
        label(name, x.start + (n + 0.5) * step, y + 16, Look(11, soft=True, anchor="middle"))
        for n, name in enumerate(calendar)
        if n % every == 0 and x.start + (n + 0.5) * step < x.end - 18
    )
    return stroke(f"M{x.start:.1f} {y:.1f} H{x.end:.1f}", "axis") + names


def value_axis(scale: Scale, left: float, right: float, texts: Sequence[str]) -> str:
    """Return horizontal lines at the ticks of an upright scale, each with its text on the left."""
    lines = []
    for value, text in zip(scale.ticks(), texts, strict=True):
        y = scale.at(value)
        lines.append(stroke(f"M{left:.1f} {y:.1f} H{right:.1f}", "axis", 1.0))
        lines.append(label(text, left - 8, y + 4, Look(11, soft=True, anchor="end")))
    return "".join(lines)
