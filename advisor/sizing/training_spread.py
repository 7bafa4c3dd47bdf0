"""80 % intervals: which regime a job belongs to, and how far off estimates there have been."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.domain.hardware import Accelerator
from advisor.domain.interval import Interval
from advisor.sizing.near_measurements import Kind, Support
from advisor.sizing.serving_constants import Spread
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_job import TrainingJob
from advisor.sizing.training_work import OTHER, architecture_of

LONG_SEQUENCE = 16_384
TRANSFORMERS, ITEMS = "transformers", "items"
"""Kinds of work whose measured devices are told apart; the latter is also a regime."""
NO_DEVICE = "no training measurement on "
"""Beginning of the note on a device that no measurement of its kind of work is of."""
ROWS, PICTURES = "networks on rows", "tuned makers of pictures"
"""Work that no measurement is of: a network of a recommender, a policy, or columns of a table;
adapters of a diffusion model."""
UNMEASURED = Spread(0.4, 2.5, 0, 0)
"""Interval factors of such work, a factor of two and a half either way."""
UNKNOWN_WIDENING = 1.35
"""Factor on the width of an interval, in logarithms, for each label that was not known."""


def regimes(job: TrainingJob) -> tuple[str, ...]:
    """Return the regimes of a job, the most telling first, each part of the next; none for work
    that was never measured."""
    if job.task in (ROWS, PICTURES):
        return ()
    names = (job.task, "adapters" if job.method != "full" else "transformers")
    if job.shape.experts:
        return (f"{job.task}.moe", *names)
    if job.seq_len > LONG_SEQUENCE:
        return (f"{job.task}.long", *names)
    if any("assumed" in note and "parallel" in note for note in job.notes):
        return (f"{job.task}.open", *names)
    return names


def unmeasured(device: Accelerator, constants: TrainingConstants, kind: str) -> tuple[str, ...]:
    """Return a note where no measurement of this kind of work backs the architecture: what is told
    apart from no other stands for none of the rest."""
    architecture = architecture_of(device.architecture)
    if architecture != OTHER and constants.measured.on(kind, frozenset({architecture})):
        return ()
    return (f"{NO_DEVICE}{device.architecture}: extrapolated",)


def spread(
    constants: TrainingConstants, metric: str, names: Sequence[str], notes: Sequence[str] = ()
) -> Spread:
    """Return the interval factors of the first regime that is calibrated, else of the metric, or
    wide ones for no regime at all.

    Widened in logarithms for every label that had to be guessed, and for a device without
    measurements by what such devices ask for.
    """
    if not names:
        return UNMEASURED
    keys = [f"{metric}.{name}" for name in names]
    found = next(
        (constants.spreads[key] for key in keys if key in constants.spreads),
        constants.spreads[metric],
    )
    guesses = sum(not note.startswith(("assumed", NO_DEVICE)) for note in notes)
    strange = any(note.startswith(NO_DEVICE) for note in notes)
    width = UNKNOWN_WIDENING**guesses * (constants.measured.factor(metric) if strange else 1.0)
    return Spread(found.down**width, found.up**width, found.rows, found.sources)


def reciprocal(factors: Spread) -> Spread:
    """Return the factors on a time where `factors` are those on the rate."""
    return Spread(1.0 / factors.up, 1.0 / factors.down, factors.rows, factors.sources)


def banded(likely: float, factors: Spread) -> Interval:
    """Return the 80 % interval around a likely value."""
    return Interval(likely * min(factors.down, 1.0), likely, likely * max(factors.up, 1.0))


def based(support: Support, kind: Kind, notes: Sequence[str]) -> str:
    """Return what an estimate rests on, for the reader: the measurements near it in kind."""
    return "; ".join((support.basis(kind), *notes))


def describe(task: str, factors: Spread, notes: Sequence[str]) -> str:
    """Return what an estimate of trees rests on, whose measurements are all of one kind."""
    if not factors.rows:
        return "; ".join((f"extrapolated: no measurement of {task}", *notes))
    rows = (
        f"calibrated on {factors.rows} measurements of {factors.sources} "
        f"source{'s' if factors.sources != 1 else ''} ({task})"
    )
    return "; ".join((rows, *notes))
