"""Work of one forward step: bytes, operations, launches and messages, before any fitted number.

A step streams the weights that it touches, reads the cache of its sequences, multiplies its
tokens, launches its layers and exchanges activations between tensor ranks and stages.
"""

from __future__ import annotations

from math import log2
from typing import Any

from advisor.domain.hardware import GIB, Accelerator
from advisor.domain.model import ModelShape
from advisor.frozen import dataclass
from advisor.sizing.scalars import ceiling, greatest
from advisor.sizing.serving_engine import EAGER, ENGINES, LOCAL
from advisor.sizing.serving_format import WeightFormat
from advisor.sizing.serving_job import ServingJob
from advisor.sizing.serving_memory import (
    CONTEXT_GIB,
    USABLE_SHARE,
    body_bits,
    embedding_params,
    kv_elements,
    routed_params,
    routed_share,
    weight_bytes,
)

PCIE_GB_S = {3: 16.0, 4: 32.0, 5: 64.0, 6: 128.0}
"""One direction of 16 PCIe lanes by generation (PCI-SIG)."""
PCIE_SHARE = 0.75
"""Share of it that copies from pinned memory reach (NVIDIA bandwidthTest: 12 of 16 GB/s)."""
HOST_GB = 200.0
"""Host memory beside one card that offloading loops can fill (FlexGen, arXiv 2303.06865)."""
DISK_GB_S = 2.0
"""Read rate of the solid-state disk that holds the rest (FlexGen, arXiv 2303.06865)."""

UNITS = {
    "fp4": ("fp4", "fp8", "bf16", "fp16", "fp32"),
    "mxfp4": ("fp4", "bf16", "fp16", "fp32"),
    "fp8": ("fp8", "bf16", "fp16", "fp32"),
    "int8": ("int8", "bf16", "fp16", "fp32"),
    "16": ("bf16", "fp16", "fp32"),
    "tf32": ("tf32", "fp32"),
    "fp32": ("fp32", "fp16"),
}
"""Units that can do a format's multiplications, its own first."""


@dataclass(frozen=True, slots=True)
class StepLoad:
    """What one step is given, over a whole replica.

    `tokens` run through the layers, `sequences` get logits, `cache_tokens` are cached tokens
    that are read, `pairs` are query-key pairs among prompt tokens. Fields may be numpy arrays: a
    search evaluates many batches of one layout in one call.
    """

    tokens: Any
    sequences: Any
    cache_tokens: Any
    pairs: Any = 0.0


@dataclass(frozen=True, slots=True)
class StepWork:
    """Seconds at the device's published peaks, and counts of what costs a fixed time.

    `weights_s`, `cache_s`, `matrix_s`, `attention_s` and `link_s` are at 100 % of the peak
    bandwidth, FLOP/s or link rate of one tensor rank; `spill_s` is the time to bring in what a
    loop keeps in the host's memory or on its disk; `reduces`, `hops`, `layers` count collectives,
    stage hand-overs and layers of the whole step.
    """

    sequences: Any
    weights_s: Any
    cache_s: Any
    matrix_s: Any
    attention_s: Any
    link_s: Any
    spill_s: Any
    reduces: Any
    hops: Any
    layers: Any


def peak_flops(device: Accelerator, compute: str, half_sums: bool = False) -> float:
    """Return the dense peak in FLOP/s of the unit for `compute`, or of the next wider one.

    GeForce cards add up products in 16 bits (`half_sums`) at twice the rate of 32 bits (NVIDIA
    Ampere and Ada whitepapers); the catalogue holds the 32-bit rate.
    """
    doubled = half_sums and compute == "16" and device.name.startswith("GeForce")
    for name in UNITS[compute]:
        if rate := device.peak(name):
            return rate * (2.0 if doubled else 1.0)
    return 1e12 * (2.0 if doubled else 1.0)


def has_unit(device: Accelerator, compute: str) -> bool:
    """Return whether the device multiplies `compute` itself, without a wider stand-in."""
    return compute in ("16", "mxfp4") or device.peak(compute) is not None


def _head_params(shape: ModelShape) -> tuple[float, float]:
    """Return parameters of both embedding matrices, and of the output matrix alone."""
    both = min(embedding_params(shape), 0.9 * shape.active_params)
    return both, both if shape.tied_embeddings else both / 2.0


def touched_bytes(shape: ModelShape, fmt: WeightFormat, tokens: Any) -> Any:
    """Return weight bytes that a step of `tokens` reads: each expert once it is visited.

    With uniform routing an expert is missed by a token with probability 1 - share.
    """
    share = routed_share(shape)
    routed = routed_params(shape)
    both, read_head = _head_params(shape)
    shared = max(shape.params - routed - both, 0.0)
    visited = 1.0 if share >= 1.0 else 1.0 - (1.0 - share) ** greatest(tokens, 1.0)
    shared_bits = 16.0 if fmt.name == "mxfp4" and routed else body_bits(shape, fmt)
    body = shared * shared_bits + routed * visited * fmt.bits
    return (body + read_head * fmt.head_bits) / 8.0


def pipelined(tokens: Any, budget: int, stages: int) -> tuple[Any, Any]:
    """Return chunks of a step, and the share of the serial time that pipelining them takes.

    `n` chunks pass `p` stages in `n + p - 1` stage times instead of `n * p`.
    """
    chunks = greatest(1.0, ceiling(tokens / budget))
    return chunks, (chunks + stages - 1) / (chunks * stages)


def _link_gb_s(job: ServingJob) -> float:
    """Return one direction of the link between tensor ranks."""
    if uses_fast_link(job):
        return job.device.link_gb_s / 2.0
    return PCIE_GB_S.get(job.device.pcie_gen, 32.0)


def uses_fast_link(job: ServingJob) -> bool:
    """Return whether the tensor ranks all sit in one scale-up domain."""
    return job.device.has_fast_link and job.tp <= job.device.scaleup_domain


def spill_seconds(job: ServingJob, load: StepLoad) -> Any:
    """Return the time of a step to bring in the weights and cache that the devices cannot hold.

    Python loops (Accelerate, FlexGen) keep them in the host's memory, then on its disk; servers
    do not start, and local runtimes compute there.
    """
    if ENGINES[job.engine].kind != EAGER:
        return 0.0
    stages = job.tp * job.pp
    held = weight_bytes(job.shape, job.format)
    held = held + load.cache_tokens * kv_elements(job.shape) * job.kv_bytes
    room = (job.device.memory_bytes * USABLE_SHARE - CONTEXT_GIB * GIB) * stages
    spilt = greatest(held - room, 0.0)
    disk = greatest(spilt - HOST_GB * 1e9, 0.0)
    link = PCIE_GB_S.get(job.device.pcie_gen, 32.0) * PCIE_SHARE * 1e9
    return (spilt - disk) / link / job.tp + disk / (DISK_GB_S * 1e9)


def step_work(job: ServingJob, load: StepLoad) -> StepWork:
    """Return the work of one step on `job`, all pipeline stages one after the other."""
    shape, fmt, device = job.shape, job.format, job.device
    stream = device.memory_gb_s * 1e9
    heads = 1 if shape.latent_attention else (shape.kv_heads or shape.heads or job.tp)
    cache = load.cache_tokens * kv_elements(shape) * job.kv_bytes / min(job.tp, heads)
    both, read_head = _head_params(shape)
    flops = 2.0 * ((shape.active_params - both) * load.tokens + read_head * load.sequences)
    width = float(shape.heads * shape.head_dim or shape.d_model)
    pairs = 4.0 * load.pairs * shape.layers * width
    payload = load.tokens * shape.d_model * 2.0
    ring = 2.0 * shape.layers * 2.0 * payload * (job.tp - 1) / job.tp
    half_sums = ENGINES[job.engine].kind == LOCAL or fmt.kernel == "int4"
    chunks, span = pipelined(load.tokens, ENGINES[job.engine].token_budget, job.pp)
    return StepWork(
        sequences=load.sequences,
        weights_s=touched_bytes(shape, fmt, load.tokens / chunks) / job.tp / stream * chunks * span,
        cache_s=cache / stream,
        matrix_s=span * flops / job.tp / peak_flops(device, fmt.compute, half_sums),
        attention_s=span * pairs / job.tp / peak_flops(device, "16", half_sums),
        link_s=(ring + (job.pp - 1) * payload) / (_link_gb_s(job) * 1e9),
        spill_s=spill_seconds(job, load),
        reduces=2.0 * shape.layers * log2(job.tp) if job.tp > 1 else 0.0,
        hops=job.pp - 1.0,
        layers=shape.layers * chunks * span,
    )
