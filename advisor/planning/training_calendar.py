"""From ideal hours to the calendar: failures, restarts and checkpoints; what feeds the devices."""

from __future__ import annotations

from advisor.domain.hardware import GB
from advisor.domain.interval import Interval
from advisor.domain.plan import Figure
from advisor.frozen import dataclass
from advisor.planning.training_run import TrainingRun
from advisor.planning.words import figure
from advisor.planning.workload import Number, TrainingWork
from advisor.sizing.feed import (
    READ_HEADROOM,
    STATE_BYTES_PER_PARAMETER,
    CheckpointLoad,
    Feed,
    checkpoint_load,
    feed,
)
from advisor.sizing.goodput import Goodput, Reliability, goodput, goodput_range

STALL_S = 60.0
"""Seconds that a checkpoint may hold training up."""
FEED_KINDS = {
    "token": ("token", 1.0),
    "image": ("image", 1.0),
    "audio_hour": ("audio_s", 3600.0),
    "row": ("row", 1.0),
}
"""Loader work by unit of data: the item that a core handles, and how many a unit holds."""
STALLS = "Young 1974 and Daly 2006; failure rates of published runs (Llama 3, OPT-175B)"
FED = "rates of published loaders (FFCV) and the stated data"
TIERS = (
    (1.25, "object storage read in parallel"),
    (12.0, "local NVMe or a shared file system, filled from object storage"),
    (float("inf"), "a parallel file system"),
)
"""GB/s that a host draws from each tier: a 10 Gb/s stream of object reads, four NVMe drives or a
100 Gb/s share, beyond that striped servers."""


@dataclass(frozen=True, slots=True)
class TrainingCalendar:
    """How long a run lasts and what it asks of storage and hosts.

    `stretch` is calendar time over undisturbed time; `device_hours` and `hours` hold it.
    """

    hours: Interval
    device_hours: Interval
    share: Interval
    best: Goodput
    checkpoint: CheckpointLoad
    feed: Feed
    tier: str

    @property
    def facts(self) -> dict[str, str | int | float]:
        """Return what rules may read: GB/s, GB, CPU cores, percent, failures in a run."""
        return {
            "read_gb_s": round(self.feed.read_peak_gb_s, 3),
            "write_gb_s": round(self.checkpoint.write_gb_s, 3),
            "checkpoint_gb": round(self.checkpoint.bytes_each / GB, 1),
            "loader_cores": round(self.feed.loader_cores, 1),
            "goodput_pct": round(100 * self.share.likely, 1),
            "failures": round(self.best.failures_per_day * self.hours.likely / 24, 2),
        }


def calendar_of(run: TrainingRun, work: TrainingWork, number: Number) -> TrainingCalendar:
    """Return the calendar of a run.

    Reported totals hold ordinary stops already (`run.whole_run`); where failures on so many
    devices cost more than that, the larger of the two counts.
    """
    load = checkpoint_load(run.trained, STALL_S)
    reliability = Reliability(run.count, checkpoint_s=STALL_S)
    share = goodput_range(reliability)
    hours = Interval(
        *(
            end * max(1.0, 1.0 / left / run.whole_run)
            for end, left in (
                (run.device_hours.low, share.high),
                (run.device_hours.likely, share.likely),
                (run.device_hours.high, share.low),
            )
        )
    )
    kind, parts = FEED_KINDS[work.unit]
    each = GB / number(f"per_gb.{work.unit}") / parts
    drawn = feed(run.units_per_s.likely * parts, each, kind)
    tier = next(name for most, name in TIERS if drawn.read_peak_gb_s / run.nodes <= most)
    best = goodput(reliability)
    return TrainingCalendar(hours.scaled(1 / run.count), hours, share, best, load, drawn, tier)


def calendar_figures(
    run: TrainingRun, work: TrainingWork, found: TrainingCalendar
) -> tuple[Figure, ...]:
    """Return device-hours, hours, goodput, read rate and checkpoints with their arithmetic."""
    return (
        *_time(run, work, found),
        _goodput(run, found),
        _read(run, work, found),
        _checkpoint(run, found),
    )


def counted(devices: int) -> str:
    """Return a number of devices in words."""
    return "1 device" if devices == 1 else f"{devices:,} devices"


def _time(run: TrainingRun, work: TrainingWork, found: TrainingCalendar) -> tuple[Figure, ...]:
    factor = max(run.whole_run, 1.0 / found.share.likely)
    unit = work.unit.replace("_", " ")
    hours = (
        f"{figure(work.units)} {unit}s / {figure(run.units_per_s.likely, 4)} a second / 3600 x "
        f"{counted(run.count)} x {factor:.2f} for evaluation, stops and restarts"
    )
    return (
        Figure("gpu_hours", "device-hours of one run", found.device_hours, "h", hours, run.basis),
        Figure(
            "hours",
            "time of one run",
            found.hours,
            "h",
            f"device-hours / {counted(run.count)}",
            run.basis,
        ),
    )


def _goodput(run: TrainingRun, found: TrainingCalendar) -> Figure:
    every = found.best.checkpoint_interval_s / 60.0
    fail = f"{counted(run.count)} fail{'s' if run.count == 1 else ''}"
    text = (
        f"{fail} {found.best.failures_per_day:.3g} times a day; a checkpoint of "
        f"{STALL_S:.0f} s about every {every:,.0f} min and 15 min to restart lose least"
    )
    return Figure(
        "goodput",
        "share of the time that advances training",
        found.share.scaled(100.0),
        "%",
        text,
        STALLS,
    )


def _read(run: TrainingRun, work: TrainingWork, found: TrainingCalendar) -> Figure:
    rate, peak = run.units_per_s, found.feed.read_peak_gb_s
    each, cores = found.feed.read_gb_s / rate.likely * GB, found.feed.loader_cores
    unit = work.unit.replace("_", " ")
    text = (
        f"{figure(rate.likely, 4)} {unit}s/s x {figure(each)} bytes x "
        f"{READ_HEADROOM} headroom; {cores:,.1f} CPU cores load them; {found.tier}"
    )
    return Figure(
        "read", "read rate of the data", rate.scaled(peak / rate.likely), "GB/s", text, FED
    )


def _checkpoint(run: TrainingRun, found: TrainingCalendar) -> Figure:
    size, load = found.checkpoint.bytes_each / GB, found.checkpoint
    text = (
        f"{figure(run.trained)} parameters x {STATE_BYTES_PER_PARAMETER:.0f} bytes; "
        f"{figure(load.write_gb_s)} GB/s write it in {STALL_S:.0f} s; three kept take "
        f"{figure(load.kept_bytes / GB)} GB"
    )
    return Figure(
        "checkpoint",
        "size of a checkpoint",
        Interval(size, size, size),
        "GB",
        text,
        "arXiv 1910.02054, section 3",
    )
