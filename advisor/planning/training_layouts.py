"""Layout search for training: device counts x parallel degrees x precision, all at once.

Every combination is one entry of `Work`, so that the training formulas price 100,000 layouts in
one pass. The result is the Pareto set of time and cost: no layout in it is beaten in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from advisor.frozen import dataclass, replace
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_defaults import LADDER, complete_each, laid_out, memory_margin
from advisor.sizing.training_job import SHARDINGS, TrainingJob
from advisor.sizing.training_memory import reserved_memory
from advisor.sizing.training_time import step_time
from advisor.sizing.training_work import Array, Work, work_of

DEGREES = (1, 2, 4, 8, 16, 32, 64)
TENSOR_DEGREES = (1, 2, 4, 8)
MICRO_BATCHES = (1, 2, 4, 8, 16, 32)
SECONDS_AN_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class DevicePool:
    """Devices of one kind on offer: counts that can be had and the price of one for an hour."""

    counts: tuple[int, ...]
    hourly_price: Decimal
    precisions: tuple[str, ...] = ("bf16",)


@dataclass(frozen=True, slots=True)
class LayoutChoice:
    """One layout of the Pareto set with ideal hours of the run, its cost and why it is there."""

    job: TrainingJob
    tokens_per_s: float
    hours: float
    cost: Decimal
    memory_share: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LayoutSearch:
    """What a search looked at and what it kept, cheapest first."""

    tried: int
    fitting: int
    pareto: tuple[LayoutChoice, ...]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Layout columns of equal length, and the precision of each entry."""

    work: Work
    precision: NDArray[np.intp]


def search_layouts(
    job: TrainingJob, pool: DevicePool, constants: TrainingConstants
) -> LayoutSearch:
    """Return the Pareto set of hours and cost for `job` over `pool`.

    `job` gives model, device, sequence, global batch and tokens; its parallel degrees are
    ignored. `tokens_total` must be stated; ValueError otherwise. A prudent job takes layouts
    that hold the upper end of its memory, where there are any.
    """
    if not job.tokens_total:
        raise ValueError("a layout search needs the tokens of the run")
    grid = _grid(job, pool, constants)
    work = grid.work
    rate = work.micro_batch * work.accum * work.dp * work.seq / step_time(work, constants).total()
    share = reserved_memory(work, constants) / (constants["usable_memory"] * work.memory)
    roomy = share * memory_margin(job, constants) <= 1.0
    fits = roomy if roomy.any() else share <= 1.0
    hours = job.tokens_total / rate / SECONDS_AN_HOUR * constants["whole_run_factor"]
    kept = _pareto(hours, hours * work.n_gpus, fits)
    choices = tuple(_choice(job, pool, grid, int(place), (rate, hours, share)) for place in kept)
    return LayoutSearch(len(hours), int(fits.sum()), choices)


def _grid(job: TrainingJob, pool: DevicePool, constants: TrainingConstants) -> _Grid:
    """Return every sensible combination as columns."""
    counts = sorted(pool.counts)
    bases = [_base(replace(job, precision=p, n_gpus=n)) for p in pool.precisions for n in counts]
    full = complete_each(bases, constants)
    axes = _axes(full[0])
    columns = [_columns(base, count, axes) for base, count in zip(full, counts, strict=False)]
    columns *= len(pool.precisions)
    owner = np.repeat(np.arange(len(full)), [len(one["tp"]) for one in columns])
    return _Grid(laid_out(work_of(full), owner, columns), owner // len(counts))


def _base(job: TrainingJob) -> TrainingJob:
    """Return the job in its plainest layout, so that only rates and shapes come from it."""
    return replace(
        job,
        tp=1,
        pp=1,
        vp=1,
        cp=1,
        ep=1,
        dp=job.n_gpus,
        sharding="none",
        recompute="none",
        micro_batch=1,
        grad_accum=1,
    )


def _axes(job: TrainingJob) -> tuple[NDArray[np.intp], ...]:
    """Return every combination of parallel degrees, sharding, recomputation and micro-batch."""
    shape = job.shape
    axes = np.meshgrid(
        [degree for degree in TENSOR_DEGREES if degree <= max(1, shape.heads)],
        [degree for degree in DEGREES if degree <= max(1, shape.layers)],
        _expert_axis(job),
        np.arange(1, len(SHARDINGS)),
        np.arange(len(LADDER)),
        np.array(MICRO_BATCHES),
        indexing="ij",
    )
    return tuple(axis.ravel() for axis in axes)


def _columns(job: TrainingJob, count: int, axes: tuple[NDArray[np.intp], ...]) -> dict[str, Array]:
    """Return the layout columns of one device count, impossible combinations left out."""
    tp, pp, ep, sharding, ladder, micro = axes
    dp = count // (tp * pp)
    batch = job.global_batch or max(1, 4_000_000 // job.seq_len)
    possible = (tp * pp * dp == count) & (dp * micro <= batch) & (ep <= np.maximum(dp, 1))
    possible &= (tp <= (job.gpus_per_node or 8)) & ((sharding < 3) | (pp == 1))
    chosen = ladder[possible]
    columns = {"tp": tp, "pp": pp, "dp": dp, "ep": ep, "sharding": sharding, "micro_batch": micro}
    columns["n_gpus"] = np.full(len(tp), count)
    found = {name: column[possible].astype(np.float64) for name, column in columns.items()}
    found["recompute"] = np.array([share for _, share in LADDER])[chosen]
    found["selective"] = np.array([float(name == "selective") for name, _ in LADDER])[chosen]
    found["accum"] = np.maximum(1.0, np.round(batch / (found["dp"] * found["micro_batch"])))
    return found


def _expert_axis(job: TrainingJob) -> list[int]:
    if not job.shape.experts:
        return [1]
    return [degree for degree in (1, 8, 64) if degree <= job.shape.experts]


def _pareto(hours: Array, device_hours: Array, fits: NDArray[np.bool_]) -> list[int]:
    """Return the places of layouts that no fitting layout beats in both, cheapest first."""
    places = np.flatnonzero(fits)
    order = places[np.lexsort((hours[places], np.round(device_hours[places], 6)))]
    kept: list[int] = []
    best = np.inf
    for place in order:
        if hours[place] < best * (1.0 - 1e-9):
            kept.append(int(place))
            best = float(hours[place])
    return kept


def _choice(
    job: TrainingJob, pool: DevicePool, grid: _Grid, place: int, figures: Sequence[Array]
) -> LayoutChoice:
    work = grid.work
    rate, hours, share = (float(column[place]) for column in figures)

    def degree(name: str) -> int:
        return int(getattr(work, name)[place])

    recompute = "selective" if work.selective[place] else "none"
    part = float(work.recompute[place])
    laid = replace(
        job,
        precision=pool.precisions[int(grid.precision[place])],
        n_gpus=degree("n_gpus"),
        tp=degree("tp"),
        pp=degree("pp"),
        dp=degree("dp"),
        ep=degree("ep"),
        vp=1,
        cp=1,
        sharding=SHARDINGS[degree("sharding")],
        recompute="full" if part else recompute,
        recompute_share=part or 1.0,
        micro_batch=degree("micro_batch"),
        grad_accum=degree("accum"),
    )
    spent = Decimal(repr(round(hours * degree("n_gpus"), 6))) * pool.hourly_price
    return LayoutChoice(
        laid, rate, hours, spent.quantize(Decimal("0.01")), share, tuple(reasons(laid, share))
    )


def reasons(job: TrainingJob, share: float) -> Iterator[str]:
    """Yield why a layout looks as it does, in the terms of the field."""
    if (job.tp or 1) > 1:
        yield f"tensor parallel {job.tp} stays on the fast link of one node"
    if (job.pp or 1) > 1:
        yield (
            f"pipeline parallel {job.pp} splits the layers over hosts, which exchange activations "
            f"alone; {job.grad_accum} micro-batches keep its bubble small"
        )
    if (job.ep or 1) > 1:
        yield f"expert parallel {job.ep} spreads the experts over data-parallel ranks"
    if job.sharding in ("zero1", "zero2", "zero3"):
        yield f"{job.sharding} shards the states over {job.dp} data-parallel ranks"
    if job.recompute != "none":
        yield f"{job.recompute} recomputation trades FLOPs for activation memory"
    if job.precision in ("fp8", "fp4"):
        yield f"{job.precision} speeds up the matrix part only"
    yield f"uses {100 * share:.0f} % of the usable memory"
