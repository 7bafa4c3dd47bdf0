"""Measurements of one's own: constants refitted to them, and which devices they were taken on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class OwnRuns:
    """Runs of one use on one device: how many, and how far they scatter about the estimates.

    `down` and `up` are factors from the likely value to the ends of the interval.
    """

    use: str
    device: str
    rows: int
    down: float
    up: float


@dataclass(frozen=True, slots=True)
class OwnMeasurements:
    """What packs measured: constants of training and serving by name, and the runs behind them."""

    training: Mapping[str, float] = field(default_factory=dict, hash=False)
    serving: Mapping[str, float] = field(default_factory=dict, hash=False)
    runs: tuple[OwnRuns, ...] = ()

    def over(self, other: OwnMeasurements) -> OwnMeasurements:
        """Return `other` with these laid over it."""
        mine = {(run.use, run.device) for run in self.runs}
        kept = tuple(run for run in other.runs if (run.use, run.device) not in mine)
        return OwnMeasurements(
            {**other.training, **self.training},
            {**other.serving, **self.serving},
            (*kept, *self.runs),
        )

    def of(self, use: str, device: str) -> OwnRuns | None:
        """Return the runs of a use on a device, None where nothing was measured."""
        return next((r for r in self.runs if (r.use, r.device) == (use, device)), None)
