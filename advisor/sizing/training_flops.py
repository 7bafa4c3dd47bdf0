"""Floating-point work of one pass of one device over one micro-batch.

A matrix of P parameters costs 2P FLOPs a token forward and 4P backward (2P where its weights are
frozen). Attention costs 4 x span x width FLOPs a token and layer forward; flash attention
recomputes the scores, so its backward is 2.5 times the forward (Dao 2022, arXiv 2205.14135).
Full recomputation repeats the forward pass, selective only the attention core (Korthikanti 2022,
arXiv 2205.05198).
"""

from __future__ import annotations

import numpy as np

from advisor.frozen import dataclass
from advisor.sizing.training_work import Array, Work


@dataclass(frozen=True, slots=True)
class Flops:
    """FLOPs by kind: dense and expert matrices, output head, attention scores."""

    dense: Array
    expert: Array
    head: Array
    attention: Array

    def total(self) -> Array:
        """Return the sum of all kinds."""
        return self.dense + self.expert + self.head + self.attention


def tokens_per_pass(work: Work) -> Array:
    """Return the tokens of one micro-batch on one device (context parallel ranks split it)."""
    return work.micro_batch * work.seq / work.cp


def passes(work: Work) -> Array:
    """Return forward-equivalents of the matrix work: 3 in full tuning, 2 with frozen weights."""
    return 3.0 - work.frozen + work.recompute


def pass_flops(work: Work) -> Flops:
    """Return the FLOPs of forward, backward and recomputation of one micro-batch on one device."""
    tokens, share = tokens_per_pass(work), 1.0 / (work.tp * work.pp)
    factor = 2.0 * tokens * share * passes(work)
    scores = 4.0 * tokens * work.span * work.q_dim * work.layers * work.attention_share * share
    backward = np.where(work.flash > 0, 2.5, 2.0)
    repeated = np.where(work.flash > 0, work.recompute, np.maximum(work.recompute, work.selective))
    return Flops(
        dense=factor * work.linear,
        expert=factor * work.expert_linear,
        head=2.0 * tokens * share * (3.0 - work.frozen) * work.head,
        attention=scores * (1.0 + backward + repeated),
    )


def model_flops_per_token(work: Work) -> Array:
    """Return 6N plus full attention FLOPs a token: the usual numerator of the reported MFU.

    Most publishers count attention as if it were not causal (PaLM, arXiv 2204.02311 appendix B).
    """
    matrices = work.linear + work.expert_linear + work.head
    return 6.0 * matrices + 12.0 * work.layers * work.attention_share * work.q_dim * work.seq
