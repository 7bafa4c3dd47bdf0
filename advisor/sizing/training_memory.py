"""Peak memory of the fullest device, derived part by part.

Activations follow Korthikanti 2022 (arXiv 2205.05198) with the architecture's own widths;
states follow the recipe of the framework family; nothing here is fitted except the allocator's
share and the context, which `TrainingConstants` holds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from advisor.domain.hardware import GIB
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_flops import tokens_per_pass
from advisor.sizing.training_job import FAMILIES
from advisor.sizing.training_network import local_parameters
from advisor.sizing.training_work import Array, Work

ZERO1, ZERO2, ZERO3 = 2, 3, 4
FUSED, COMPILED, TORCH, HUGGINGFACE, LEGACY, TUNED = range(len(FAMILIES))


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
        return (self.weights + self.gradients + self.optimizer + self.activations + self.logits
                + self.overhead)


def peak_memory(work: Work, constants: TrainingConstants) -> MemoryParts:
    """Return the parts of the larger of two peaks: in the backward pass, or in the update."""
    weights, gradients, optimizer, update = state_bytes(work)
    activations, logits = activation_bytes(work), logit_bytes(work)
    early = np.where(work.accum * (work.sharding < ZERO3) > 1, 1.0, 0.35)
    backward = gradients * early + activations + logits
    update_peak = gradients + update
    in_backward = backward >= update_peak
    held = weights + optimizer + np.maximum(backward, update_peak)
    overhead = constants["allocator_share"] * held + constants["context_gib"] * GIB
    return MemoryParts(
        weights,
        np.where(in_backward, gradients * early, gradients),
        optimizer + np.where(in_backward, 0.0, update),
        np.where(in_backward, activations, 0.0),
        np.where(in_backward, logits, 0.0),
        overhead)


def state_bytes(work: Work) -> tuple[Array, Array, Array, Array]:
    """Return bytes of weights, gradients, optimizer and the update's temporary copy per device."""
    local = local_parameters(work)
    trained = local * work.trained / work.params
    frozen = (local - trained) * work.frozen
    per = recipe(work)
    ranks = work.dp * work.cp
    share = {stage: np.where(work.sharding >= stage, ranks, 1.0) for stage in (ZERO1, ZERO2, ZERO3)}
    weights = (frozen * work.base_bytes + trained * per[0]) / share[ZERO3] + gathered_bytes(work)
    gradients = trained * per[1] / share[ZERO2]
    optimizer = trained * per[2] / share[ZERO1]
    update = trained * per[3] / share[ZERO1]
    here = np.where(work.offload > 0, 0.0, 1.0)
    return weights, gradients, optimizer * here, update * here


def recipe(work: Work) -> tuple[Array, Array, Array, Array]:
    """Return bytes a trained parameter: weight, gradient, optimizer state, update temporary.

    Megatron keeps 16-bit weights, 12 bytes of state (arXiv 1910.02054) and gradients in 32 bits,
    later in 16;
    torch FSDP and autocast keep 32-bit masters, gradients and moments; a bf16 model loaded by the
    HF Trainer on one device keeps everything in bf16, but FSDP under mixed precision upcasts.
    """
    family = work.code("family")
    mixed = (family == FUSED) | (family == LEGACY)
    pure = ((family == HUGGINGFACE) | (family == TUNED)) & (work.sharding < ZERO1) & (work.fp32 == 0)
    weight = np.where(mixed | pure, 2.0, 4.0)
    gradient = np.where(pure | (family == FUSED), 2.0, 4.0)
    state = np.where(mixed, 12.0, np.where(pure, 4.0, 8.0))
    update = np.where(pure, 2.0, np.where(mixed, 0.0, 4.0))
    stated = work.state_recipe > 0
    scale = np.where(stated, work.state_recipe / (weight + gradient + state), 1.0)
    return weight * scale, gradient * scale, state * scale, np.where(stated, 0.0, update)


def gathered_bytes(work: Work) -> Array:
    """Return the bytes of weights that ZeRO-3 has gathered at one time: two layers and a table."""
    table = work.vocab * work.d_model
    layer = (work.params - 2.0 * table) / work.layers
    units = (2.0 * layer + table) / work.tp * np.minimum(2.0, 2.0 * work.base_bytes)
    return np.where((work.sharding == ZERO3) & (work.dp > 1), units, 0.0)


def layer_bytes(work: Work) -> Array:
    """Return the bytes that one layer keeps for its backward pass, per device and micro-batch."""
    tokens = tokens_per_pass(work)
    family = work.code("family")
    parallel = np.where(family == LEGACY, 1.0, work.tp)
    size = np.where(work.fp32 > 0, 4.0, 2.0)
    eager = np.where((family == TORCH) | (family == HUGGINGFACE), 2.0, 0.0)
    outside = size * (4.0 + eager) * work.d_model
    inside = size * (2.0 * work.q_dim + 2.0 * work.kv_dim)
    hidden = size * work.ffn_matrices * work.ffn_active
    routed = size * 2.0 * work.moe_share * work.topk * work.d_model
    masks = np.where(family == LEGACY, 2.0, 0.0) * work.d_model
    return tokens * ((outside + masks) / parallel + (inside + hidden + routed) / work.tp)


def score_bytes(work: Work) -> Array:
    """Return the bytes of attention scores that one layer keeps where no flash kernel runs."""
    scores = 5.0 * tokens_per_pass(work) * work.heads * work.seq / work.tp
    return np.where(work.flash > 0, 0.0, scores)


def activation_bytes(work: Work) -> Array:
    """Return the bytes of activations at the start of the backward pass on the first stage."""
    layer, scores = layer_bytes(work), score_bytes(work)
    parallel = np.where(work.code("family") == LEGACY, 1.0, work.tp)
    checkpoint = 2.0 * tokens_per_pass(work) * work.d_model / parallel
    stored = layer + np.where(work.selective > 0, 0.0, scores)
    kept = work.recompute * checkpoint + (1.0 - work.recompute) * stored
    live = np.where(work.recompute > 0, 1.5 * layer + 2.0 * scores, layer + scores)
    flight = np.minimum(work.pp * (1.0 + (work.pp - 1.0) / (work.pp * work.vp)), work.accum)
    return kept * work.layers / work.pp * np.where(work.pp > 1, flight, 1.0) + live


def logit_bytes(work: Work) -> Array:
    """Return the bytes of the output logits and their gradient where the loss is not fused.

    With pipeline stages the logits lie on the last stage, which keeps one micro-batch, so the
    first stage stays the fullest.
    """
    each = np.where(work.code("family") == FUSED, 6.0, 8.0)
    logits = tokens_per_pass(work) * work.vocab * each / work.tp
    return np.where((work.fused_loss > 0) | (work.pp > 1), 0.0, logits)
