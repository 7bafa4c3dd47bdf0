"""The model shape that a measurement's columns describe, completed from the catalogue or size."""

from __future__ import annotations

import re
from collections.abc import Mapping

from advisor.analysis.model_labels import nearest_model, size_from_name
from advisor.analysis.training_labels import number, whole
from advisor.domain.model import ModelShape
from advisor.frozen import replace
from advisor.sizing.parameters import attention_parameters, with_dimensions

PLAIN_FFN = r"gpt|mpt|opt|bloom|pythia|neox|bert|t5|t0|falcon|stablelm-alpha|phi-?[12]|nemotron|vit"
ENCODERS = r"bert|electra|bge|e5-|gte"
SEQ2SEQ = r"t5|t0|bart|pegasus|ul2|marian"
HYBRID = r"nemotron-?(h|3)|mamba|jamba|hybrid|granite-4|falcon-h"
HYBRID_ATTENTION = 0.1
"""Share of layers with softmax attention in published Mamba hybrids (Nemotron-H: 10 of 118)."""
DIFFUSION = r"wan-?2|\bdit\b|flux|sd3|hunyuan|pixart|sora"
LATENT = r"deepseek-(v[23]|r1)|kimi"
TIED = r"mpt|bert|gpt-?2|gpt2|opt|bloom|gemma|t5"


def shape_of(
    row: Mapping[str, str], models: Mapping[str, ModelShape]
) -> tuple[ModelShape | None, str]:
    """Return the shape of the row's model and what was assumed; None if nothing identifies it.

    Columns of the row win over the catalogue, the catalogue over what the size suggests.
    """
    name = row.get("model", "")
    near = nearest_model(name, models)
    known = models[near[0]] if near and not near[1] else None
    told = None if known else size_from_name(name)
    size = number(row, "params_b") or (told[0] / 1e9 if told else None)
    nameless = size is None and not whole(row, "n_layers")
    if known is None and nameless:
        if near is None:
            return None, ""
        return _completed(_stated(row, models[near[0]], None), False), f"model taken as {near[0]}"
    base = known or _blank(name)
    stated = _stated(row, base, size)
    assumed = "" if known or stated.layers else "architecture guessed from the size"
    return _completed(stated, size is None and known is None), assumed


def _blank(name: str) -> ModelShape:
    low = name.lower()
    kind = "encoder" if re.search(ENCODERS, low) else "decoder"
    kind = "diffusion_transformer" if re.search(DIFFUSION, low) else kind
    kind = "encoder_decoder" if re.search(SEQ2SEQ, low) else kind
    return ModelShape(
        name,
        kind,
        0.0,
        0.0,
        gated_ffn=not re.search(PLAIN_FFN, low),
        tied_embeddings=bool(re.search(TIED, low)),
        latent_attention=bool(re.search(LATENT, low)),
    )


def _stated(row: Mapping[str, str], base: ModelShape, size: float | None) -> ModelShape:
    active = number(row, "active_params_b")
    params = size * 1e9 if size else base.params
    same_width = whole(row, "d_model") in (None, base.d_model)
    return replace(
        base,
        params=params,
        active_params=active * 1e9 if active else (base.active_params or params),
        layers=whole(row, "n_layers") or base.layers,
        d_model=whole(row, "d_model") or base.d_model,
        heads=whole(row, "n_heads") or base.heads,
        kv_heads=whole(row, "n_kv_heads") or base.kv_heads,
        vocab=whole(row, "vocab") or base.vocab,
        ffn=base.ffn if same_width else 0,
    )


def _completed(shape: ModelShape, sizeless: bool) -> ModelShape:
    """Return the shape with missing sizes filled from the usual proportions of transformers."""
    shape = replace(with_dimensions(shape), vocab=shape.vocab or 50_000)
    if sizeless:
        shape = replace(shape, params=12.0 * shape.layers * shape.d_model**2)
        shape = replace(shape, active_params=shape.params)
    if re.search(HYBRID, shape.id.lower()) and not shape.kv_elements_per_token:
        cache = 2.0 * shape.layers * shape.kv_heads * (shape.head_dim or 128)
        shape = replace(shape, kv_elements_per_token=HYBRID_ATTENTION * cache)
    if shape.active_params < 0.9 * shape.params and not shape.experts:
        return _with_experts(shape)
    return shape if shape.ffn or shape.experts else replace(shape, ffn=_ffn_width(shape))


def _ffn_width(shape: ModelShape) -> int:
    """Return the feed-forward width that makes the parameter count come out."""
    tables = (1 if shape.tied_embeddings else 2) * shape.vocab * shape.d_model
    layer = (shape.params - tables) / shape.layers - attention_parameters(shape)
    width = layer / ((3 if shape.gated_ffn else 2) * shape.d_model)
    return int(max(width, shape.d_model))


def _with_experts(shape: ModelShape) -> ModelShape:
    """Return a mixture whose totals match: 8 experts, 2 active, or 128 and 8 where sparser."""
    experts, chosen = (8, 2) if shape.active_params > 0.2 * shape.params else (128, 8)
    idle = shape.params - shape.active_params
    width = idle / ((experts - chosen) * shape.layers * 3 * shape.d_model)
    return replace(shape, experts=experts, experts_per_token=chosen, expert_ffn=max(1, int(width)))
