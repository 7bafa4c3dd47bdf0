"""The few fitted constants of the training formulas, by dotted name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from advisor.frozen import dataclass
from advisor.sizing.serving_constants import Measured, Spread


@dataclass(frozen=True, slots=True)
class TrainingConstants:
    """Constants by name (`matrix_efficiency.hopper`) and interval factors by regime."""

    values: Mapping[str, float] = field(hash=False)
    spreads: Mapping[str, Spread] = field(hash=False)
    measured: Measured = field(hash=False, default_factory=Measured)

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def table(self, group: str, names: Sequence[str]) -> NDArray[np.float64]:
        """Return the constants `group.name` for each name, in order."""
        return np.array([self.values[f"{group}.{name}"] for name in names])


@dataclass(frozen=True, slots=True)
class Prior:
    """Where a constant lies before any fit, and the standard deviation of its logarithm."""

    value: float
    sigma: float
