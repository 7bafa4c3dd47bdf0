"""Minimum, maximum and ceiling of single numbers and of arrays: numpy is slow on single numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def least(one: Any, other: Any) -> Any:
    """Return the smaller of two values, element by element where one is an array."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.minimum(one, other)
    return min(one, other)


def greatest(one: Any, other: Any) -> Any:
    """Return the larger of two values, element by element where one is an array."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.maximum(one, other)
    return max(one, other)


def ceiling(value: Any) -> Any:
    """Return the next whole number, element by element of an array."""
    return np.ceil(value) if isinstance(value, np.ndarray) else math.ceil(value)
