"""The architecture of a model from its Hugging Face `config.json`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from advisor.domain.model import ModelShape
from advisor.sizing.parameters import active_parameters, parameters

_NAMES = {
    "layers": ("num_hidden_layers", "n_layer", "num_layers"),
    "d_model": ("hidden_size", "n_embd", "d_model"),
    "ffn": ("intermediate_size", "n_inner", "d_ff", "ffn_dim", "encoder_ffn_dim"),
    "heads": ("num_attention_heads", "n_head", "num_heads"),
    "kv_heads": ("num_key_value_heads",),
    "head_dim": ("head_dim", "d_kv"),
    "vocab": ("vocab_size",),
    "max_context": ("max_position_embeddings", "n_positions"),
    "experts": ("num_local_experts", "num_experts", "n_routed_experts"),
    "experts_per_token": ("num_experts_per_tok",),
    "expert_ffn": ("moe_intermediate_size",),
    "shared_experts": ("n_shared_experts",),
    "dense_layers": ("first_k_dense_replace",),
}
"""Our name of a dimension, and the names that published configurations give it."""

_REQUIRED = ("layers", "d_model", "heads", "vocab")
_LARGEST = 10_000_000
_TWO_MATRICES = frozenset(
    {"bert", "bloom", "distilbert", "falcon", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox", "mpt",
     "opt", "phi", "roberta", "t5", "whisper", "xlm-roberta"}
)
"""Model types whose feed-forward block has no gate matrix."""

_DTYPES = {"bfloat16": "bf16", "float16": "fp16", "float32": "fp32"}


def model_shape(config: Mapping[str, Any], name: str) -> ModelShape:
    """Return the shape that a configuration describes, its parameters counted.

    Raises ValueError where a dimension is missing or no positive whole number.
    """
    text = config["text_config"] if isinstance(config.get("text_config"), dict) else config
    sizes = {ours: _size(text, names) for ours, names in _NAMES.items()}
    missing = [_NAMES[ours][0] for ours in _REQUIRED if not sizes[ours]]
    if missing:
        raise ValueError(f"{', '.join(missing)} is missing; give the config.json of a transformer")
    sizes["ffn"] = sizes["ffn"] or 4 * sizes["d_model"]
    sizes["kv_heads"] = sizes["kv_heads"] or sizes["heads"]
    shape = ModelShape(
        id=name,
        kind=_kind(text),
        params=0.0,
        active_params=0.0,
        kv_elements_per_token=_cache_elements(text, sizes),
        gated_ffn=text.get("model_type") not in _TWO_MATRICES,
        tied_embeddings=text.get("tie_word_embeddings") is True,
        latent_attention=bool(text.get("kv_lora_rank")),
        native_dtype=_dtype(text, config),
        **sizes,
    )
    return dataclasses.replace(
        shape, params=parameters(shape), active_params=active_parameters(shape)
    )


def _size(config: Mapping[str, Any], names: tuple[str, ...]) -> int:
    said = next((config[name] for name in names if config.get(name) is not None), 0)
    if isinstance(said, bool) or not isinstance(said, int) or not 0 <= said <= _LARGEST:
        raise ValueError(f"{names[0]}: {said!r} is no positive whole number; correct the file")
    return said


def _cache_elements(config: Mapping[str, Any], sizes: Mapping[str, int]) -> float:
    if config.get("kv_lora_rank"):
        rank = _size(config, ("kv_lora_rank",)) + _size(config, ("qk_rope_head_dim",))
        return float(sizes["layers"] * rank)
    width = sizes["head_dim"] or sizes["d_model"] // sizes["heads"]
    return float(2 * sizes["layers"] * sizes["kv_heads"] * width)


def _kind(config: Mapping[str, Any]) -> str:
    if config.get("is_encoder_decoder") is True:
        return "encoder_decoder"
    heads = " ".join(map(str, config.get("architectures") or ()))
    return "encoder" if "MaskedLM" in heads or heads.endswith("BertModel") else "decoder"


def _dtype(config: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    quantised = whole.get("quantization_config")
    if isinstance(quantised, dict) and quantised.get("quant_method") == "fp8":
        return "fp8"
    said = config.get("torch_dtype") or config.get("dtype") or whole.get("torch_dtype")
    return _DTYPES.get(str(said), "bf16")
