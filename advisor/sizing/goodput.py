"""What failures, checkpoints and restarts leave of a run: goodput and calendar time.

Young 1974 and Daly 2006: with a mean time M between failures and C seconds to write a
checkpoint, the interval sqrt(2 C M) loses least; what is lost is the writing, half an interval of
work and the restart at each failure.
"""

from __future__ import annotations

import math

from advisor.domain.interval import Interval
from advisor.frozen import dataclass

FAILURES_PER_DEVICE_DAY = Interval(1.0e-4, 5.0e-4, 1.5e-3)
"""Interruptions of one accelerator with its share of host and network, a day: 419 in 54 days on
16,384 H100 (Llama 3, arXiv 2407.21783 section 3.3.4) are 4.7e-4; OPT-175B's log is worse."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """How often a run stops and what a stop costs, in seconds."""

    devices: int
    failures_per_device_day: float = FAILURES_PER_DEVICE_DAY.likely
    restart_s: float = 900.0
    checkpoint_s: float = 60.0
    checkpoint_blocks: bool = True


@dataclass(frozen=True, slots=True)
class Goodput:
    """Share of the calendar time that advances training, and the checkpoint interval behind it."""

    share: float
    checkpoint_interval_s: float
    failures_per_day: float

    def calendar_s(self, ideal_s: float) -> float:
        """Return the calendar seconds that `ideal_s` seconds of undisturbed training take."""
        return ideal_s / self.share


def mean_time_between_failures_s(run: Reliability) -> float:
    """Return the mean seconds between interruptions of the whole run; infinite without any."""
    rate = run.devices * run.failures_per_device_day / 86_400.0
    return 1.0 / rate if rate else math.inf


def checkpoint_interval_s(checkpoint_s: float, mtbf_s: float) -> float:
    """Return the Young/Daly interval, never shorter than the checkpoint itself."""
    return max(checkpoint_s, math.sqrt(2.0 * checkpoint_s * mtbf_s))


def goodput(run: Reliability, interval_s: float | None = None) -> Goodput:
    """Return the goodput at the stated checkpoint interval, or at the best one."""
    mtbf = mean_time_between_failures_s(run)
    if math.isinf(mtbf):
        return Goodput(1.0, math.inf, 0.0)
    interval = interval_s or checkpoint_interval_s(run.checkpoint_s, mtbf)
    writing = run.checkpoint_s / interval if run.checkpoint_blocks else 0.0
    lost = (interval / 2.0 + run.restart_s) / mtbf
    return Goodput(1.0 / (1.0 + writing + lost), interval, 86_400.0 / mtbf)


def goodput_range(run: Reliability, rates: Interval = FAILURES_PER_DEVICE_DAY) -> Interval:
    """Return goodput over a range of failure rates; the highest rate gives the lowest goodput."""

    def at(rate: float) -> float:
        return goodput(
            Reliability(run.devices, rate, run.restart_s, run.checkpoint_s, run.checkpoint_blocks)
        ).share

    return Interval(at(rates.high), at(rates.likely), at(rates.low))
