"""Goodput by Young and Daly."""

from __future__ import annotations

import math

import pytest

from advisor.sizing.goodput import (
    Reliability,
    checkpoint_interval_s,
    goodput,
    goodput_range,
    mean_time_between_failures_s,
)


def test_llama_3_fails_about_every_three_hours() -> None:
    # arXiv 2407.21783: 419 unexpected interruptions in 54 days on 16,384 devices
    run = Reliability(16_384, failures_per_device_day=419 / 54 / 16_384)
    assert mean_time_between_failures_s(run) == pytest.approx(54 * 86_400 / 419)


def test_the_best_interval_is_the_root_of_twice_cost_times_mtbf() -> None:
    assert checkpoint_interval_s(50.0, 10_000.0) == pytest.approx(1000.0)


def test_what_is_lost_is_writing_half_an_interval_and_the_restart() -> None:
    run = Reliability(1, failures_per_device_day=86_400 / 10_000, restart_s=300, checkpoint_s=50)
    # interval 1000 s: 5 % writing, 500/10,000 rework, 300/10,000 restart
    assert goodput(run).share == pytest.approx(1 / 1.13)
    assert goodput(run).calendar_s(100.0) == pytest.approx(113.0)


def test_the_best_interval_beats_its_neighbours() -> None:
    run = Reliability(1024)
    best = goodput(run)
    for factor in (0.5, 2.0):
        assert goodput(run, best.checkpoint_interval_s * factor).share < best.share


def test_a_run_without_failures_loses_nothing() -> None:
    found = goodput(Reliability(8, failures_per_device_day=0.0))
    assert found.share == 1.0
    assert math.isinf(found.checkpoint_interval_s)


def test_asynchronous_checkpoints_lose_less() -> None:
    blocking = goodput(Reliability(1024)).share
    assert goodput(Reliability(1024, checkpoint_blocks=False)).share > blocking


def test_more_devices_have_less_goodput_and_the_range_is_ordered() -> None:
    assert goodput(Reliability(16_384)).share < goodput(Reliability(1024)).share
    found = goodput_range(Reliability(4096))
    assert found.low < found.likely < found.high <= 1.0
