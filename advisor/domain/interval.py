"""A figure with its 80 % interval."""

from __future__ import annotations

from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A likely value between the ends of its 80 % interval: low <= likely <= high."""

    low: float
    likely: float
    high: float

    def scaled(self, factor: float) -> Interval:
        """Return the interval in another unit; `factor` is positive."""
        return Interval(self.low * factor, self.likely * factor, self.high * factor)

    def inverted(self, numerator: float = 1.0) -> Interval:
        """Return `numerator` / value, so that a rate becomes a time and its ends swap."""
        return Interval(numerator / self.high, numerator / self.likely, numerator / self.low)
