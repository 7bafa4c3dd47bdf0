"""Peak memory of the fullest device, derived part by part.

Activations follow Korthikanti 2022 (arXiv 2205.05198) with the architecture's own widths;
states follow the recipe of the framework family; nothing here is fitted except the allocator's
share and the context, which `TrainingConstants` holds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from advisor.domain.hardware import GIB
from advisor.frozen import dataclass
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_flops import tokens_per_pass
from advisor.sizing.training_job import FAMILIES
from advisor.sizing.training_network import (
    local_parameters,
    sharded_share,
    shards,
    whole_between,
)
from advisor.sizing.training_work import Array, Work

Truth = NDArray[np.bool_]
ZERO1, ZERO2, ZERO3 = 2, 3, 4
FUSED, COMPILED, TORCH, HUGGINGFACE, LEGACY, TUNED = range(len(FAMILIES))
LOGIT_COPIES = np.array([6.0, 8.0, 14.0, 18.0, 8.0, 8.0])
"""Bytes a logit at the loss, by family. Plain PyTorch: 16 bits, their 32-bit copy, its log-softmax
and the gradient (torchtitan, memory of long sequences); Transformers' models also copy the 32-bit
logits once to shift them by a token."""

ADAPTER_COPY = 5.0
"""Bytes for each element of an adapter's input: its 32-bit copy and the mask of dropout (PEFT
`autocast_adapter_dtype`)."""

PAGED_ROOM = 0.97
"""Share of the usable memory up to which paged states stay on the device."""
SPILL_WINDOW = 2.0
"""Layers whose kept activations are on their way to the host's memory or back."""


@dataclass(frozen=True, slots=True)
class MemoryParts:
    """Bytes on the fullest device at the peak of a step, by what they hold."""

    weights: Array
    gradients: Array
    optimizer: Array
    activations: Array
    logits: Array
    overhead: Array

    def total(self) -> Array:
        """Return the peak in bytes."""
        return (
            self.weights
            + self.gradients
            + self.optimizer
            + self.activations
            + self.logits
            + self.overhead
        )


def peak_memory(work: Work, constants: TrainingConstants) -> MemoryParts:
    """Return the parts of the larger of two peaks: in the backward pass, or in the update."""
    weights, gradients, optimizer, update = state_bytes(work)
    kept, live, logits = activation_bytes(work, constants)
    early = np.where(work.accum * (work.sharding < ZERO3) > 1, 1.0, 0.35)
    backward = gradients * early + kept + live + logits
    update_peak = gradients + update
    in_backward = backward >= update_peak
    optimizer = paged_in(work, optimizer, weights + np.maximum(backward, update_peak), constants)
    held = weights + optimizer + np.maximum(backward, update_peak)
    overhead = constants["allocator_share"] * held + constants["context_gib"] * GIB
    overhead = overhead + work.buffer_bytes
    return MemoryParts(
        weights,
        np.where(in_backward, gradients * early, gradients),
        optimizer + np.where(in_backward, 0.0, update),
        np.where(in_backward, kept + live, 0.0),
        np.where(in_backward, logits, 0.0),
        overhead,
    )


def reserved_memory(work: Work, constants: TrainingConstants) -> Array:
    """Return the bytes that the allocator needs to run: the peak, and what it cannot reuse.

    Adapters over sharded frozen weights fragment the most: gathered layers come and go, and PEFT's
    32-bit copies with them.
    """
    sharded = (work.frozen > 0) & (work.sharding == ZERO3) & (shards(work) > 1)
    frozen, adapters = constants["sharded_frozen_reserve"], constants["sharded_adapter_reserve"]
    spare = np.where(sharded, np.where(peft(work), adapters, frozen), 1.0)
    return peak_memory(work, constants).total() * spare


def state_bytes(work: Work) -> tuple[Array, Array, Array, Array]:
    """Return bytes of weights, gradients, optimizer and the update's temporary copy per device."""
    local = local_parameters(work) + stage_tables(work)
    trained = local * work.trained / work.params
    frozen = (local - trained) * work.frozen
    part = sharded_share(work)
    share = {stage: np.where(work.sharding >= stage, part, 1.0) for stage in (ZERO1, ZERO2, ZERO3)}
    tables = frozen_tables(work) * np.maximum(2.0 - work.base_bytes, 0.0)
    whole = frozen * work.base_bytes + tables + trained * work.weight_bytes
    weights = whole * share[ZERO3] * shard_here(work) + gathered_bytes(work)
    gradients = trained * work.gradient_bytes * np.where(whole_between(work), 1.0, share[ZERO2])
    optimizer = trained * work.optimizer_bytes * share[ZERO1]
    update = trained * work.update_bytes * share[ZERO1]
    here = np.where(work.offload > 0, 0.0, 1.0)
    return weights, gradients * shard_here(work), optimizer * here, update * here


def paged_in(work: Work, optimizer: Array, beside: Array, constants: TrainingConstants) -> Array:
    """Return the bytes of optimizer states that a paged optimizer keeps on the device: what is
    left beside the rest; the driver pages the others out (arXiv 2305.14314, unified memory)."""
    room = np.maximum(constants["usable_memory"] * work.memory * PAGED_ROOM - beside, 0.0)
    return np.where(work.paged > 0, np.minimum(optimizer, room), optimizer)


def shard_here(work: Work) -> Array:
    """Return 0 where the device's share of weights and gradients lies in the host's memory."""
    return np.where((work.offload > 1) & (work.sharding == ZERO3), 0.0, 1.0)


def stage_tables(work: Work) -> Array:
    """Return the parameters by which the embedding table makes the first stage the fullest."""
    return work.vocab * work.d_model / work.tp * (1.0 - 1.0 / work.pp)


def frozen_tables(work: Work) -> Array:
    """Return frozen embedding and output parameters, which 4-bit formats leave in 16 bits."""
    return work.frozen * 2.0 * work.vocab * work.d_model / work.tp


def gathered_bytes(work: Work) -> Array:
    """Return the bytes of weights that ZeRO-3 has gathered at one time: two layers and a table,
    or a whole stage."""
    table = work.vocab * work.d_model
    held = work.params - work.expert_params * (1.0 - 1.0 / work.ep)
    layer = (held - 2.0 * table) / work.layers
    units = np.where(whole_between(work), local_parameters(work), (2.0 * layer + table) / work.tp)
    gathered = units * np.minimum(2.0, 2.0 * work.base_bytes)
    return np.where((work.sharding == ZERO3) & (shards(work) > 1), gathered, 0.0)


def sequence_parallel(work: Work) -> Array:
    """Return over how many ranks norms and residuals are split: tensor ranks, but one in Megatron
    before it had selective recomputation (Korthikanti 2022 brought both)."""
    old = (work.code("family") == LEGACY) & (work.selective == 0)
    return np.where(old, 1.0, work.tp)


def layer_bytes(work: Work) -> Array:
    """Return the bytes that one layer keeps for its backward pass, per device and micro-batch.

    Autocast keeps what norms take in 32 bits, and a cast for each of query, key and value.
    """
    tokens = tokens_per_pass(work)
    family = work.code("family")
    parallel = sequence_parallel(work)
    size = np.where(work.fp32 > 0, 4.0, 2.0)
    eager = np.where(family == HUGGINGFACE, np.where(work.autocast > 0, 5.0, 2.0), 0.0)
    outside = size * (4.0 + eager) * work.d_model
    inside = size * (2.0 * work.q_dim + 2.0 * work.kv_dim)
    hidden = size * work.ffn_matrices * work.ffn_active
    routed = size * 2.0 * work.moe_share * work.topk * work.d_model
    masks = np.where(family == LEGACY, 2.0, 0.0) * work.d_model
    return tokens * ((outside + masks) / parallel + (inside + hidden + routed) / work.tp)


def adapter_bytes(work: Work) -> Array:
    """Return the bytes of its own input that each adapter keeps in a layer, where PEFT's 32-bit
    adapters take a cast and dropped-out copy of it; others share the input of the matrix."""
    inputs = 4.0 * work.d_model + work.q_dim + work.ffn_active
    inputs = inputs + (work.ffn_matrices - 2.0) * work.d_model
    return np.where(peft(work), ADAPTER_COPY * tokens_per_pass(work) * inputs / work.tp, 0.0)


def peft(work: Work) -> Truth:
    """Return where PEFT's modules hold the adapters."""
    family = work.code("family")
    found: Truth = (work.frozen > 0) & ((family == HUGGINGFACE) | (family == TUNED))
    return found


def score_bytes(work: Work) -> Array:
    """Return the bytes of attention scores that one layer keeps where no flash kernel runs.

    Softmax, dropout's mask and result; autocast takes the softmax in 32 bits and casts the result.
    """
    kept = np.where(work.fp32 > 0, 9.0, np.where(work.autocast > 0, 7.0, 5.0))
    scores = kept * tokens_per_pass(work) * work.heads * work.seq / work.tp
    return np.where(work.flash > 0, 0.0, scores)


def activation_bytes(work: Work, constants: TrainingConstants) -> tuple[Array, Array, Array]:
    """Return bytes kept for the backward pass, live in one layer, and of the logits.

    The loss is computed when nothing is live yet: 16-bit logits stay, their 32-bit copy and its
    gradient are gone before the last layer's backward pass begins.
    """
    layer, scores = layer_bytes(work), score_bytes(work)
    parallel = sequence_parallel(work)
    checkpoint = 2.0 * tokens_per_pass(work) * work.d_model / parallel
    stored = layer + adapter_bytes(work) + np.where(work.selective > 0, 0.0, scores)
    kept = work.recompute * checkpoint + (1.0 - work.recompute) * stored
    sharded = (work.frozen > 0) & (work.sharding == ZERO3) & (shards(work) > 1)
    copies = np.where(sharded, constants["sharded_adapter_copies"], 1.0)
    live = np.where(
        work.recompute > 0, constants["live_layer"] * layer * copies + 2.0 * scores, layer + scores
    )
    more = np.where(work.vp > 1, (work.pp - 1.0) / work.vp, 0.0)
    flight = np.minimum(work.pp + more, work.accum)
    layers = np.where(work.spilled > 0, np.minimum(SPILL_WINDOW, work.layers), work.layers)
    held = kept * layers / work.pp * np.where(work.pp > 1, flight, 1.0)
    half, whole = logit_bytes(work)
    return held, live, np.maximum(whole - live, half)


def logit_bytes(work: Work) -> tuple[Array, Array]:
    """Return bytes of the 16-bit logits, and of all their copies where the loss is not fused.

    With pipeline stages the logits lie on the last stage, which keeps one micro-batch, so the
    first stage stays the fullest.
    """
    copies = LOGIT_COPIES[work.code("family")]
    logits = tokens_per_pass(work) * work.logits / work.tp
    logits = np.where((work.fused_loss > 0) | (work.pp > 1), 0.0, logits)
    return 2.0 * logits, copies * logits
