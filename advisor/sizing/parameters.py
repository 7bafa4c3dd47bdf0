"""Parameter counts from an architecture, exact for published decoders and encoders.

The counts follow the published reference implementations (Hugging Face `config.json` semantics):
separate query, key, value and output matrices, two or three feed-forward matrices, one norm
vector before each block and one at the end, an output matrix unless it is tied to the embedding.
"""

from __future__ import annotations

from advisor.domain.model import ModelShape
from advisor.frozen import dataclass, replace

MLA_QUERY_RANK = 1536
MLA_KEY_RANK = 512
MLA_ROPE = 64
MLA_NOPE = 128
MLA_VALUE = 128
"""Latent attention sizes of DeepSeek-V3 (arXiv 2412.19437 section 4.2), shared by Kimi-K2."""


@dataclass(frozen=True, slots=True)
class ParameterParts:
    """Parameters of one model by place; matrices are per layer, `expert` is one expert."""

    embedding: float
    head: float
    attention: float
    dense_ffn: float
    expert: float
    shared_expert: float
    router: float
    norms: float
    dense_layers: int
    moe_layers: int


def parameter_parts(shape: ModelShape) -> ParameterParts:
    """Return the parameters of a transformer by place; `shape.layers` must be positive."""
    matrices = 3 if shape.gated_ffn else 2
    moe_layers = shape.layers - shape.dense_layers if shape.experts else 0
    expert = float(matrices * shape.d_model * (shape.expert_ffn or shape.ffn))
    return ParameterParts(
        embedding=float(shape.vocab * shape.d_model),
        head=0.0 if shape.tied_embeddings else float(shape.vocab * shape.d_model),
        attention=attention_parameters(shape),
        dense_ffn=float(matrices * shape.d_model * shape.ffn),
        expert=expert,
        shared_expert=expert * shape.shared_experts,
        router=float(shape.d_model * shape.experts),
        norms=float((2 * shape.layers + 1) * shape.d_model),
        dense_layers=shape.layers - moe_layers,
        moe_layers=moe_layers,
    )


def attention_parameters(shape: ModelShape) -> float:
    """Return the matrix parameters of one attention block, latent (MLA) attention included."""
    if shape.latent_attention:
        query = MLA_QUERY_RANK * (shape.d_model + shape.heads * (MLA_NOPE + MLA_ROPE))
        key = shape.d_model * (MLA_KEY_RANK + MLA_ROPE)
        key += MLA_KEY_RANK * shape.heads * (MLA_NOPE + MLA_VALUE)
        return float(query + key + shape.heads * MLA_VALUE * shape.d_model)
    width = head_width(shape)
    return float(shape.d_model * width * (2 * shape.heads + 2 * (shape.kv_heads or shape.heads)))


def head_width(shape: ModelShape) -> int:
    """Return the elements of one attention head."""
    return shape.head_dim or shape.d_model // max(shape.heads, 1)


def parameters(shape: ModelShape) -> float:
    """Return all parameters computed from the architecture, every expert included."""
    part = parameter_parts(shape)
    dense = part.dense_layers * part.dense_ffn + shape.layers * part.attention + part.norms
    experts = shape.experts * part.expert + part.shared_expert + part.router
    return part.embedding + part.head + dense + part.moe_layers * experts


def active_parameters(shape: ModelShape) -> float:
    """Return the parameters that one token passes through, the embedding row table included."""
    part = parameter_parts(shape)
    idle = (shape.experts - shape.experts_per_token) * part.expert
    return parameters(shape) - part.moe_layers * idle


def with_dimensions(shape: ModelShape) -> ModelShape:
    """Return the shape with missing depth, width and heads in the usual proportions.

    Twelve squares of the width a layer, a layer for each 128 of width, heads of 128 (GPT-3,
    arXiv 2005.14165 table 2.1). A sparse mixture of experts is as wide and deep as a dense model of
    its active parameters (Qwen3-30B-A3B, gpt-oss, DeepSeek-V3).
    """
    sparse = 0.0 < shape.active_params < 0.5 * shape.params
    size = shape.active_params if sparse else shape.params
    if not shape.d_model:
        deep = shape.layers or (size * 128 / 12) ** (1 / 3) / 128
        width = (size / max(deep, 1.0) / 12) ** 0.5
        shape = replace(shape, d_model=128 * max(1, round(width / 128)))
    if not shape.layers:
        shape = replace(shape, layers=max(1, round(size / (12 * shape.d_model**2))))
    heads = shape.heads or max(1, shape.d_model // 128)
    return replace(shape, heads=heads, kv_heads=shape.kv_heads or heads)
