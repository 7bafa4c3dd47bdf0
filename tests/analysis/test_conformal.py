"""Intervals hold four of five errors to come, lean on what is around them and widen when thin."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from advisor.analysis.conformal import (
    LEAST,
    Residual,
    Unseen,
    spreads_of,
    weighted_quantile,
    widenings,
)


def residual(name: str, source: str, error: float) -> Residual:
    return Residual((name, "throughput"), source, error)


def test_quantiles_interpolate_between_weighted_values() -> None:
    values, weights = np.array([3.0, 1.0, 2.0]), np.ones(3)
    assert weighted_quantile(values, weights, 0.5) == pytest.approx(2.0)
    assert weighted_quantile(values, np.array([8.0, 1.0, 1.0]), 0.5) > 2.5


def test_an_interval_holds_most_residuals_and_every_source_counts_alike() -> None:
    rng = np.random.default_rng(7)
    found = [
        residual("throughput.pretrain", f"s{place % 5}", float(error))
        for place, error in enumerate(rng.normal(0.0, 0.2, 400))
    ]
    one = spreads_of(found)["throughput.pretrain"]
    inside = [one.down <= math.exp(item.error) <= one.up for item in found]
    assert 0.77 < sum(inside) / len(inside) < 0.86
    assert (one.rows, one.sources) == (400, 5)
    assert one.down == pytest.approx(1 / one.up)


def test_sources_that_lie_apart_widen_more_than_many_rows_of_one() -> None:
    near = [residual("tpot.x", s, 0.01 * i) for s in "abc" for i in (-1, 0, 1)]
    shifts = zip("abc", (-0.5, 0.0, 0.5), strict=True)
    apart = [residual("tpot.x", s, shift) for s, shift in shifts]
    assert spreads_of(apart)["tpot.x"].up > 1.5
    assert spreads_of(near)["tpot.x"].up < 1.05


def test_a_source_counts_as_five_independent_rows_at_most() -> None:
    """Many rows of one source do not drown ten rows of ten others, each off by more."""
    rows = 400
    near = [residual("tpot.x", "large", 0.01) for _ in range(rows)]
    apart = [residual("tpot.x", f"s{n}", 0.5) for n in range(10)]
    assert math.log(spreads_of(near + apart)["tpot.x"].up) == pytest.approx(0.5)
    assert np.quantile([abs(item.error) for item in near + apart], 0.8) == pytest.approx(0.01)


def test_a_regime_of_few_sources_leans_on_the_regime_around_it() -> None:
    def width(sources: int) -> float:
        rare = [residual("throughput.rare", f"s{n}", 0.0) for n in range(sources)]
        usual = [residual("throughput.usual", f"u{n}", (-1) ** n * 0.5) for n in range(20)]
        return spreads_of(rare + usual)["throughput.rare"].up

    widths = [width(sources) for sources in (1, 4, 40)]
    assert widths[0] > 1.4
    assert all(later <= earlier for earlier, later in pairwise(widths))
    assert widths[2] < 1.1


def test_a_regime_is_part_of_the_next_that_its_rows_name() -> None:
    names = ("memory.lora.long", "memory.lora", "memory.adapters", "memory")
    assert set(spreads_of([Residual(names, "s", 0.1)])) == set(names)


def test_devices_that_a_fit_has_not_seen_widen_by_what_they_are_off() -> None:
    usual = [residual("tokens.x", f"s{n}", 0.1 * (-1) ** n) for n in range(30)]
    spreads = spreads_of(usual)
    far = [residual("tokens.x", f"generation {n}", 0.3) for n in range(5)]
    near = [residual("tokens.x", f"generation {n}", 0.05) for n in range(5)]
    assert widenings(far, spreads)["tokens"] == pytest.approx(3.0, rel=0.01)
    assert widenings(near, spreads)["tokens"] == LEAST


def test_rows_that_are_left_out_shape_no_interval() -> None:
    errors = [[residual("tokens.x", "a", 0.1)], [residual("tokens.x", "b", 2.0)]]
    found, _ = Unseen(errors, [[], []]).intervals([True, False])
    assert found["tokens.x"].up == pytest.approx(math.exp(0.1))
