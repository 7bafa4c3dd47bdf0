"""Read rates, loader cores and checkpoint traffic."""

from __future__ import annotations

import pytest

from advisor.sizing.feed import checkpoint_load, feed


def test_images_a_second_times_bytes_is_the_read_rate() -> None:
    found = feed(3000.0, 110_000.0, "image")
    assert found.read_gb_s == pytest.approx(0.33)
    assert found.loader_cores == pytest.approx(20.0)


def test_tokens_need_little_bandwidth() -> None:
    assert feed(1e6, 4.0).read_gb_s == pytest.approx(0.004)


def test_a_seventy_billion_checkpoint_is_about_a_terabyte() -> None:
    found = checkpoint_load(70e9, stall_s=98.0, kept=2)
    assert found.bytes_each == pytest.approx(980e9)
    assert found.write_gb_s == pytest.approx(10.0)
    assert found.kept_bytes == pytest.approx(1960e9)
