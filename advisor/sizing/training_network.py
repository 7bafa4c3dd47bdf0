"""Bytes and seconds that the parallel dimensions send, before any overlap.

Ring collectives: an all-reduce of B bytes over n ranks moves 2B(n-1)/n through each rank, an
all-gather or reduce-scatter half of it (Thakur 2005).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from advisor.sizing.training_flops import passes, tokens_per_pass
from advisor.sizing.training_work import Array, Work

ZERO3 = 4


def ring_share(ranks: Array) -> Array:
    """Return (n-1)/n: the share of a buffer that one ring phase moves."""
    return (ranks - 1.0) / ranks


def local_parameters(work: Work) -> Array:
    """Return the parameters that one rank holds before ZeRO sharding; experts split over `ep`."""
    dense = work.params - work.expert_params
    return (dense + work.expert_params / work.ep) / (work.tp * work.pp)


def sharded_share(work: Work) -> Array:
    """Return the share of its local parameters that a rank keeps where ZeRO splits them: experts
    that lie on `ep` ranks already are split over the rest of the data-parallel ones alone."""
    ranks = shards(work)
    split = work.expert_params / work.ep / (work.tp * work.pp)
    rest = local_parameters(work) - split
    return (rest / ranks + split / np.maximum(ranks / work.ep, 1.0)) / local_parameters(work)


def whole_between(work: Work) -> NDArray[np.bool_]:
    """Return where sharded weights and gradients stay whole between the micro-batches of a step:
    in a pipeline, which would otherwise gather and scatter a stage for each (torchtitan)."""
    held: NDArray[np.bool_] = (work.sharding == ZERO3) & (shards(work) > 1) & (work.pp > 1)
    return held


def tensor_seconds(work: Work) -> Array:
    """Return the seconds of tensor-parallel collectives for one micro-batch.

    Two all-reduces a layer forward and two backward (Shoeybi 2019, arXiv 1909.08053); with
    sequence parallelism the same bytes as gathers and scatters. 16-bit at every precision.
    """
    buffer = 2.0 * tokens_per_pass(work) * work.d_model
    rounds = 2.0 + work.recompute
    rate = np.where(work.tp <= work.domain, work.link, work.network)
    layers = work.layers / work.pp
    return 2.0 * rounds * layers * buffer * 2.0 * ring_share(work.tp) / rate


def expert_seconds(work: Work) -> Array:
    """Return the seconds of dispatch and combine all-to-alls for one micro-batch.

    A token crosses the network once for each other node that holds one of its experts, and is
    copied to them over the links there (DeepSeek-V3, arXiv 2412.19437 section 3.2.2).
    """
    rounds = 2.0 * (2.0 + work.recompute)
    layers = work.layers * work.moe_share / work.pp
    buffer = 2.0 * tokens_per_pass(work) / work.tp * work.d_model * work.topk
    nodes = np.maximum(1.0, work.ep / work.domain)
    remote = (nodes - 1.0) * (1.0 - (1.0 - 1.0 / nodes) ** work.topk) / np.maximum(work.topk, 1.0)
    inside = ring_share(np.minimum(work.ep, work.domain))
    return rounds * layers * buffer * (inside / work.link + remote / work.network)


def context_seconds(work: Work) -> Array:
    """Return the seconds of the key-value ring of context parallelism for one micro-batch."""
    buffer = 2.0 * 2.0 * work.kv_dim / work.tp * tokens_per_pass(work)
    rate = np.where(work.tp * work.cp <= work.domain, work.link, work.network)
    return passes(work) * work.layers / work.pp * buffer * (work.cp - 1.0) / rate


def shards(work: Work) -> Array:
    """Return over how many ranks gradients are reduced and ZeRO splits states: context-parallel
    ranks hold the same weights, so that they count as data-parallel ones."""
    return work.dp * work.cp


def data_rate(work: Work) -> Array:
    """Return the bytes a second of a data-parallel ring: the links, or the NICs it shares."""
    ranks = np.clip(work.domain / work.tp, 1.0, shards(work))
    inside = work.tp * shards(work) <= work.domain
    return np.where(inside, work.link, np.minimum(work.link, ranks * work.network))


def gradient_seconds(work: Work) -> Array:
    """Return the seconds of one gradient reduction and, where sharded, the weight gather.

    Gradient sharding (ZeRO-1/2) replaces the all-reduce by a scatter and a gather of the same
    size: it adds no traffic (Rajbhandari 2020, arXiv 1910.02054 section 7).
    """
    trained = local_parameters(work) * work.trained / work.params
    bytes_each = np.where(work.fp32 > 0, 4.0, 2.0)
    reduced = 2.0 * bytes_each * trained * ring_share(shards(work)) / data_rate(work)
    return np.where(work.sharding == ZERO3, 0.0, reduced)


def gather_seconds(work: Work) -> Array:
    """Return the seconds that ZeRO-3 gathers weights and scatters gradients per micro-batch; a
    pipeline does so once a step."""
    each = np.where(work.fp32 > 0, 4.0, np.minimum(2.0, work.base_bytes))
    weights = local_parameters(work) * each
    scattered = np.where(work.frozen > 0, 0.0, 1.0)
    moved = (2.0 + scattered) * weights * ring_share(shards(work)) / data_rate(work)
    times = np.where(whole_between(work), work.accum, 1.0)
    return np.where(work.sharding == ZERO3, moved / times, 0.0)
