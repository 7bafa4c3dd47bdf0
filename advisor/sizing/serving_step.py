"""Time of one forward step: the one formula behind decode, prefill and mixed steps.

A step streams the weights it touches, reads the cache of its sequences, multiplies its tokens,
launches its layers and exchanges activations between tensor ranks. All arguments may be numpy
arrays, so that a layout search evaluates many candidates in one call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.sizing.serving_constants import InferenceConstants, device_class
from advisor.sizing.serving_engine import EAGER, ENGINES
from advisor.sizing.serving_format import WeightFormat
from advisor.sizing.serving_job import ServingJob
from advisor.sizing.serving_memory import (
    body_bits,
    embedding_params,
    kv_elements,
    routed_params,
    routed_share,
)

Num = float | NDArray[np.float64]
PCIE_GB_S = {3: 16.0, 4: 32.0, 5: 64.0, 6: 128.0}
"""One direction of 16 PCIe lanes by generation (PCI-SIG)."""
US = 1e-6


@dataclass(frozen=True, slots=True)
class StepLoad:
    """Work of one step over a whole replica.

    `tokens` run through the layers, `sequences` get logits, `cache_tokens` are cached tokens
    that are read, `pairs` are query-key pairs of prompt tokens.
    """

    tokens: Any
    sequences: Any
    cache_tokens: Any
    pairs: Any = 0.0


@dataclass(frozen=True, slots=True)
class StepTime:
    """Seconds of one step through all layers, by what takes them."""

    weights_s: Any
    cache_s: Any
    compute_s: Any
    layers_s: Any
    comm_s: Any
    host_s: Any
    total_s: Any


def touched_bytes(shape: ModelShape, fmt: WeightFormat, tokens: Any) -> Any:
    """Return weight bytes that a step of `tokens` reads: each expert once it is visited.

    With uniform routing an expert is missed by a token with probability 1 - share.
    """
    share = routed_share(shape)
    routed = routed_params(shape)
    head = min(embedding_params(shape), 0.9 * shape.active_params)
    read_head = head if shape.tied_embeddings else head / 2.0
    shared = max(shape.params - routed - head, 0.0)
    visited = 1.0 if share >= 1.0 else 1.0 - (1.0 - share) ** np.maximum(tokens, 1.0)
    expert_bits = fmt.bits
    shared_bits = 16.0 if fmt.name == "mxfp4" and routed else body_bits(shape, fmt)
    return (shared * shared_bits + routed * visited * expert_bits + read_head * fmt.head_bits) / 8.0


def peak_flops(device: Accelerator, fmt: WeightFormat) -> float:
    """Return the dense peak in FLOP/s of the unit that multiplies this format.

    A missing unit falls back to the next wider one, as engines do.
    """
    order = {
        "fp4": ("fp4", "fp8", "bf16", "fp16", "fp32"),
        "fp8": ("fp8", "bf16", "fp16", "fp32"),
        "int8": ("int8", "fp16", "bf16", "fp32"),
        "16": ("bf16", "fp16", "fp32"),
        "tf32": ("tf32", "fp32"),
        "fp32": ("fp32",),
    }[fmt.compute]
    rates = (device.peak(name) for name in order)
    return next((rate for rate in rates if rate), 1e12)


def _weights_s(job: ServingJob, load: StepLoad, constants: InferenceConstants) -> Any:
    kind = ENGINES[job.engine].kind
    share = constants.get(
        "bandwidth", f"{device_class(job.device)}.{kind}", device_class(job.device)
    )
    share = share * constants.get(
        "format_bandwidth", f"{job.format.kernel}.{kind}", job.format.kernel
    )
    share = min(share, 0.97)
    moved = touched_bytes(job.shape, job.format, load.tokens) / job.tp
    return moved / (job.device.memory_gb_s * 1e9 * share)


def _cache_s(job: ServingJob, load: StepLoad, constants: InferenceConstants) -> Any:
    heads = 1 if job.shape.latent_attention else (job.shape.kv_heads or job.shape.heads or job.tp)
    ranks = min(job.tp, heads)
    share = constants.get("cache_bandwidth", ENGINES[job.engine].kind)
    moved = load.cache_tokens * kv_elements(job.shape) * job.kv_bytes / ranks
    return moved / (job.device.memory_gb_s * 1e9 * share)


def _compute_s(job: ServingJob, load: StepLoad, constants: InferenceConstants) -> Any:
    kind = ENGINES[job.engine].kind
    peak = peak_flops(job.device, job.format)
    share = constants.get("compute", job.device.architecture, device_class(job.device))
    share = share * constants.get(
        "format_compute", f"{job.format.kernel}.{kind}", job.format.kernel
    )
    half = constants.get("half_tokens", kind)
    reach = load.tokens / (load.tokens + half)
    head = min(embedding_params(job.shape), 0.9 * job.shape.active_params)
    body = job.shape.active_params - head
    read_head = head if job.shape.tied_embeddings else head / 2.0
    flops = 2.0 * (body * load.tokens + read_head * load.sequences)
    wide = peak_flops(job.device, _SIXTEEN)
    attention = 4.0 * load.pairs * job.shape.layers * _attention_width(job.shape)
    reached = constants.get("attention_compute", kind)
    return (flops / (peak * share * reach) + attention / (wide * reached)) / job.tp


def _attention_width(shape: ModelShape) -> float:
    return float(shape.heads * shape.head_dim or shape.d_model)


_SIXTEEN = WeightFormat("bf16", 16, 16, "16", "plain")


def _comm_s(job: ServingJob, load: StepLoad, constants: InferenceConstants) -> Any:
    """Return two all-reduces a layer between tensor ranks, and the hops between stages."""
    fast = job.device.has_fast_link and job.tp <= job.device.scaleup_domain
    link = "fast" if fast else "pcie"
    one_way = job.device.link_gb_s / 2.0 if fast else PCIE_GB_S.get(job.device.pcie_gen, 32.0)
    payload = load.tokens * job.shape.d_model * 2.0
    reduce_s = constants.get("reduce_us", link) * US * (1.0 + np.log2(max(job.tp, 2)) / 3.0)
    reduce_s = reduce_s + 2.0 * payload * (job.tp - 1) / job.tp / (
        one_way * 1e9 * constants.get("link_share", link)
    )
    hop_s = constants.get("hop_us", link) * US + payload / (one_way * 1e9)
    ring = 2.0 * job.shape.layers * reduce_s if job.tp > 1 else 0.0
    return ring + (job.pp - 1) * hop_s


def step_time(job: ServingJob, load: StepLoad, constants: InferenceConstants) -> StepTime:
    """Return the time of one step, all pipeline stages one after the other.

    Weight traffic and multiplication overlap (a 3-norm stands between sum and maximum); cache
    reads, launches, collectives and host work do not. An eager loop hides device time behind
    its launches, so the larger of the two counts.
    """
    kind = ENGINES[job.engine].kind
    weights, cache = _weights_s(job, load, constants), _cache_s(job, load, constants)
    compute, comm = _compute_s(job, load, constants), _comm_s(job, load, constants)
    layer_us = constants.get("layer_us", f"{job.format.kernel}.{kind}", kind)
    layers = (
        job.shape.layers * layer_us * US * constants.get("layer_scale", device_class(job.device))
    )
    host = (
        constants.get("step_us", kind) + constants.get("sequence_us", kind) * load.sequences
    ) * US
    device = (weights**3 + compute**3) ** (1.0 / 3.0) + cache
    total = (
        np.maximum(device, layers) + comm + host if kind == EAGER else device + layers + comm + host
    )
    return StepTime(weights, cache, compute, layers, comm, host, total)
