"""Usual values for whatever a training job leaves open: the fastest layout that fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_job import TrainingJob
from advisor.sizing.training_memory import peak_memory
from advisor.sizing.training_work import work_of

NETWORK_GB_S = {
    "volta": 6.25, "ampere": 25.0, "hopper": 50.0, "blackwell": 50.0, "other": 25.0,
}
"""Usual node-to-node rate per accelerator of a training cluster, GB/s in one direction:
DGX-1 4 x EDR, DGX A100 8 x HDR, DGX H100 and B200 8 x NDR (NVIDIA reference architectures)."""
PASS_TOKENS = 16_384
"""Tokens of one pass beyond which a larger micro-batch no longer pays."""
MEGATRON = ("fused", "legacy")


def complete(job: TrainingJob, constants: TrainingConstants) -> TrainingJob:
    """Return the job with every blank filled; the assumed fields are listed in its notes."""
    known = _known(job)
    blanks = _blanks(known)
    if not blanks:
        return known
    options = list(_options(known))
    columns = work_of(options)
    room = constants["usable_memory"] * columns.memory
    fitting = (peak_memory(columns, constants).total() <= room).nonzero()[0]
    chosen = options[int(fitting[0])] if len(fitting) else options[-1]
    return replace(chosen, notes=(*job.notes, "assumed " + ", ".join(blanks)))


def _known(job: TrainingJob) -> TrainingJob:
    """Return the job with what follows from the stated fields, before any choice."""
    stated = (job.tp or 1) * (job.pp or 1) * (job.cp or 1)
    n_gpus = job.n_gpus or stated * (job.dp or 1)
    per_node = job.gpus_per_node or min(n_gpus, 8)
    network = job.network_gb_s or NETWORK_GB_S.get(_generation(job), 25.0)
    if job.device.link_gb_s == 0:
        network = min(network, 6.25)
    return replace(job, n_gpus=n_gpus, gpus_per_node=per_node, network_gb_s=network)


def _generation(job: TrainingJob) -> str:
    low = job.device.architecture.lower()
    return next((name for name in NETWORK_GB_S if name in low), "other")


def _blanks(job: TrainingJob) -> list[str]:
    fields = {"tensor and pipeline parallel": job.tp and job.pp, "sharding": job.sharding,
              "recomputation": job.recompute, "micro-batch": job.micro_batch}
    return [name for name, value in fields.items() if not value]


def _options(job: TrainingJob) -> Iterator[TrainingJob]:
    """Yield complete layouts, preferred ones first."""
    for layout in _layouts(job):
        recomputes = [job.recompute] if job.recompute else ["none", "selective", "full"]
        for recompute, micro in product(recomputes, _micro_batches(layout)):
            yield _batched(replace(layout, recompute=recompute, micro_batch=micro))


def _layouts(job: TrainingJob) -> Iterator[TrainingJob]:
    cp, ep = job.cp or 1, job.ep or 1
    for tp, pp, sharding in _splits(job):
        dp = max(1, (job.n_gpus or 1) // (tp * pp * cp))
        yield replace(job, tp=tp, pp=pp, cp=cp, ep=ep, vp=job.vp or 1, dp=dp, sharding=sharding)


def _splits(job: TrainingJob) -> Iterator[tuple[int, int, str]]:
    """Yield tensor degree, pipeline degree and sharding in the order in which teams try them."""
    total = job.n_gpus or 1
    megatron = job.family in MEGATRON
    shardings = [job.sharding] if job.sharding else (["zero1"] if megatron else ["ddp", "zero3"])
    wide = [1, 2, 4, 8] if megatron else [1]
    deep = [1, 2, 4, 8, 16, 32] if megatron else [1]
    pairs = product([job.pp] if job.pp else deep, [job.tp] if job.tp else wide)
    for (pp, tp), sharding in product(pairs, shardings):
        if tp * pp <= max(total, (job.tp or 1) * (job.pp or 1)):
            yield tp, pp, sharding


def _micro_batches(job: TrainingJob) -> list[int]:
    if job.micro_batch:
        return [job.micro_batch]
    if job.global_batch and job.grad_accum:
        return [max(1, job.global_batch // ((job.dp or 1) * job.grad_accum))]
    most = max(1, PASS_TOKENS // job.seq_len)
    if job.global_batch:
        most = min(most, max(1, job.global_batch // (job.dp or 1)))
    powers = [1 << power for power in range(most.bit_length()) if 1 << power <= most]
    return powers[::-1] if (job.pp or 1) == 1 else [1]


def _batched(job: TrainingJob) -> TrainingJob:
    """Return the job with its accumulation: from the global batch, else enough for the pipeline."""
    accum = job.grad_accum
    if not accum and job.global_batch:
        accum = max(1, round(job.global_batch / ((job.dp or 1) * (job.micro_batch or 1))))
    return replace(job, grad_accum=accum or (8 * (job.pp or 1) if (job.pp or 1) > 1 else 1))
