"""Usual values for whatever a training job leaves open: the fastest layout that fits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from advisor.frozen import dataclass, replace
from advisor.sizing.parameters import with_dimensions
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_job import MEGATRON, SHARDINGS, TrainingJob, recomputed_share
from advisor.sizing.training_memory import reserved_memory
from advisor.sizing.training_spread import TRANSFORMERS, regimes, spread, unmeasured
from advisor.sizing.training_time import step_time
from advisor.sizing.training_work import Array, Work, work_of

NETWORK_GB_S = {
    "volta": 6.25,
    "ampere": 25.0,
    "hopper": 50.0,
    "blackwell": 50.0,
    "other": 25.0,
}
"""Usual node-to-node rate per accelerator of a training cluster, GB/s in one direction:
DGX-1 4 x EDR, DGX A100 8 x HDR, DGX H100 and B200 8 x NDR (NVIDIA reference architectures)."""
CARD_NETWORK_GB_S = 6.25
"""The same for cards without a scale-up link: servers with one or two 100 Gb/s ports."""
PASS_TOKENS = 65_536
"""Tokens of one pass beyond which a larger micro-batch no longer pays."""
PIPELINE_FILL = 8
"""Micro-batches for each pipeline stage where no batch is stated (bubble about 12 %)."""
LADDER = (("none", 0.0), ("selective", 0.0), ("full", 0.25), ("full", 0.5), ("full", 1.0))
"""Recomputation in the order in which teams add it: name and share of layers."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One complete choice of what a job may leave open."""

    tp: int
    pp: int
    dp: int
    ep: int
    sharding: str
    recompute: str
    share: float
    micro_batch: int
    accum: int


def complete(job: TrainingJob, constants: TrainingConstants) -> TrainingJob:
    """Return the job with every blank filled; what was assumed is listed in its notes."""
    return complete_each([job], constants)[0]


def complete_each(jobs: Sequence[TrainingJob], constants: TrainingConstants) -> list[TrainingJob]:
    """Return the jobs completed; one pass of the formulas compares the layouts of all."""
    known = [_known(job) for job in jobs]
    options = [_layouts(_Open.of(job)) for job in known]
    chosen = _fastest(known, options, constants)
    notes = [unmeasured(job.device, constants, TRANSFORMERS) for job in jobs]
    return [_completed(*each) for each in zip(jobs, known, chosen, notes, strict=True)]


def _completed(
    job: TrainingJob, known: TrainingJob, chosen: Layout, notes: tuple[str, ...]
) -> TrainingJob:
    blanks = _blanks(job)
    assumed = ("assumed " + ", ".join(blanks),) if blanks else ()
    return replace(
        known,
        tp=chosen.tp,
        pp=chosen.pp,
        dp=chosen.dp,
        vp=known.vp or 1,
        cp=known.cp or 1,
        ep=chosen.ep,
        sharding=chosen.sharding,
        recompute=chosen.recompute,
        recompute_share=chosen.share,
        micro_batch=chosen.micro_batch,
        grad_accum=chosen.accum,
        notes=(*job.notes, *notes, *assumed),
    )


def _fastest(
    jobs: Sequence[TrainingJob], options: Sequence[_Layouts], constants: TrainingConstants
) -> list[Layout]:
    """Return for each job the fastest option that fits, or the smallest if none does; what fits
    a prudent job holds the upper end of its memory, too."""
    open_ = [i for i, found in enumerate(options) if len(found.each) > 1]
    chosen = [found.each[0] for found in options]
    if not open_:
        return chosen
    owner = np.repeat(np.arange(len(open_)), [len(options[i].each) for i in open_])
    work = laid_out(work_of([jobs[i] for i in open_]), owner, [options[i].columns for i in open_])
    memory = reserved_memory(work, constants)
    rate = work.micro_batch * work.accum * work.dp / step_time(work, constants).total()
    margin = np.array([memory_margin(jobs[i], constants) for i in open_])[owner]
    fits = memory * margin <= constants["usable_memory"] * work.memory
    for place, i in enumerate(open_):
        mine = np.flatnonzero(owner == place)
        best = np.argmax(np.where(fits, rate, 0.0)[mine])
        chosen[i] = options[i].each[int(best if fits[mine].any() else np.argmin(memory[mine]))]
    return chosen


def memory_margin(job: TrainingJob, constants: TrainingConstants) -> float:
    """Return the factor on the likely memory of a job that a layout chosen for it must hold."""
    if not job.prudent:
        return 1.0
    return spread(constants, "memory", regimes(job), ()).up


def laid_out(work: Work, owner: NDArray[np.intp], layouts: Sequence[Mapping[str, Array]]) -> Work:
    """Return each entry of `work` in each of its layouts; `owner` says whose a layout is."""
    names = layouts[0].keys()
    columns = {name: np.concatenate([columns[name] for columns in layouts]) for name in names}
    return replace(work.spread(owner), **columns)


def _known(job: TrainingJob) -> TrainingJob:
    """Return the job with what follows from the stated fields, before any choice."""
    replica = (job.tp or 1) * (job.pp or 1) * (job.cp or 1)
    stated = replica * (job.dp or 1)
    n_gpus = job.n_gpus or (stated if stated > 1 else usual_cluster(job))
    n_gpus = max(n_gpus, replica)
    network = job.network_gb_s or NETWORK_GB_S.get(_generation(job), 25.0)
    if not job.device.has_fast_link:
        network = min(network, CARD_NETWORK_GB_S)
    return replace(
        job,
        shape=with_dimensions(job.shape),
        n_gpus=n_gpus,
        gpus_per_node=job.gpus_per_node or min(n_gpus, 8),
        network_gb_s=network,
    )


def usual_cluster(job: TrainingJob) -> int:
    """Return how many devices such a job usually runs on: about eight a billion parameters."""
    if job.task != "pretrain":
        return 1
    wanted = max(8.0, job.shape.params / 1e9 * 8)
    return int(2 ** min(11, round(math.log2(wanted))))


def _generation(job: TrainingJob) -> str:
    low = job.device.architecture.lower()
    return next((name for name in NETWORK_GB_S if name in low), "other")


def _blanks(job: TrainingJob) -> list[str]:
    fields = {
        "device count": job.n_gpus or job.dp,
        "tensor and pipeline parallel": job.tp and job.pp,
        "sharding": job.sharding,
        "recomputation": job.recompute,
        "micro-batch": job.micro_batch,
    }
    return [name for name, value in fields.items() if not value]


@dataclass(frozen=True, slots=True)
class _Open:
    """What the layouts of a job hang on: neither the device nor the rest of the model."""

    n_gpus: int | None
    tp: int | None
    pp: int | None
    cp: int | None
    ep: int | None
    sharding: str | None
    recompute: str | None
    recompute_share: float
    micro_batch: int | None
    global_batch: int | None
    grad_accum: int | None
    family: str
    seq_len: int
    layers: int
    experts: int

    @classmethod
    def of(cls, job: TrainingJob) -> _Open:
        """Return what is stated of a job's layout, and what bounds the rest."""
        return cls(
            job.n_gpus,
            job.tp,
            job.pp,
            job.cp,
            job.ep,
            job.sharding,
            job.recompute,
            recomputed_share(job),
            job.micro_batch,
            job.global_batch,
            job.grad_accum,
            job.family,
            job.seq_len,
            job.shape.layers,
            job.shape.experts,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Layouts:
    """Complete layouts, and the same as columns of `Work`."""

    each: tuple[Layout, ...]
    columns: Mapping[str, Array]


@lru_cache(maxsize=24)
def _layouts(job: _Open) -> _Layouts:
    """Return the complete layouts that the stated fields allow, as most devices share them."""
    each = tuple(_options(job))

    def column(name: str) -> Array:
        return np.array([getattr(layout, name) for layout in each], dtype=np.float64)

    columns = {name: column(name) for name in ("tp", "pp", "dp", "ep", "micro_batch", "accum")}
    columns["recompute"] = column("share")
    columns["selective"] = np.array([float(layout.recompute == "selective") for layout in each])
    columns["sharding"] = np.array([float(SHARDINGS.index(layout.sharding)) for layout in each])
    return _Layouts(each, columns)


def _options(job: _Open) -> Iterator[Layout]:
    """Yield complete layouts that the stated fields allow."""
    recomputes = [(job.recompute, job.recompute_share)] if job.recompute else _ladder(job)
    for tp, pp, sharding in _splits(job):
        dp = max(1, (job.n_gpus or 1) // (tp * pp * (job.cp or 1)))
        rest = product(_expert_degrees(job, dp), recomputes, _micro_batches(job, dp))
        for ep, (recompute, share), micro in rest:
            yield Layout(
                tp, pp, dp, ep, sharding, recompute, share, micro, _accum(job, pp, dp * micro)
            )


def _ladder(job: _Open) -> list[tuple[str, float]]:
    """Return the steps of recomputation that the family knows by name."""
    return [step for step in LADDER if step[0] != "selective" or job.family in MEGATRON]


def _expert_degrees(job: _Open, dp: int) -> list[int]:
    """Return the expert-parallel degrees to try: the stated one, else powers of eight."""
    if job.ep or not job.experts or job.family not in MEGATRON:
        return [job.ep or 1]
    return [degree for degree in (1, 8, 64) if degree <= min(dp, job.experts)]


def _splits(job: _Open) -> Iterator[tuple[int, int, str]]:
    """Yield tensor degree, pipeline degree and sharding that the framework family offers."""
    total = job.n_gpus or 1
    megatron = job.family in MEGATRON
    shardings = [job.sharding] if job.sharding else (["zero1"] if megatron else ["ddp", "zero3"])
    wide = [1, 2, 4, 8] if megatron else [1]
    deep = [1, 2, 4, 8, 16, 32] if megatron else [1]
    pairs = product([job.pp] if job.pp else deep, [job.tp] if job.tp else wide)
    for (pp, tp), sharding in product(pairs, shardings):
        if tp * pp * (job.cp or 1) <= total and pp <= max(job.layers, job.pp or 1):
            yield tp, pp, sharding


def _micro_batches(job: _Open, dp: int) -> list[int]:
    if job.micro_batch:
        return [job.micro_batch]
    if job.global_batch and job.grad_accum:
        return [max(1, job.global_batch // (dp * job.grad_accum))]
    most = max(1, PASS_TOKENS // job.seq_len)
    if job.global_batch:
        most = min(most, max(1, job.global_batch // dp))
    return [1 << power for power in range(most.bit_length()) if 1 << power <= most]


def _accum(job: _Open, pp: int, sequences: int) -> int:
    """Return accumulation steps: stated, from the global batch, or enough for the pipeline."""
    if job.grad_accum:
        return job.grad_accum
    if job.global_batch:
        return max(1, round(job.global_batch / sequences))
    return PIPELINE_FILL * pp if pp > 1 else 1
