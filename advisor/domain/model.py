"""Shape of a model: what memory, FLOPs and cache sizes are computed from."""

from __future__ import annotations

from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class ModelShape:
    """Architecture of one model; counts are elements, `params` are single parameters.

    `kind` is `decoder`, `encoder`, `encoder_decoder`, `vision_transformer`, `convnet`, `unet`,
    `diffusion_transformer`, `speech`, `recommender`, `trees` or `other`. `active_params` is what
    one token passes through (equal to `params` for dense models). Zero means "does not apply".
    `kv_elements_per_token` counts stored elements over all layers, before the data type.
    """

    id: str
    kind: str
    params: float
    active_params: float
    layers: int = 0
    d_model: int = 0
    ffn: int = 0
    heads: int = 0
    kv_heads: int = 0
    head_dim: int = 0
    vocab: int = 0
    max_context: int = 0
    kv_elements_per_token: float = 0.0
    gated_ffn: bool = True
    tied_embeddings: bool = False
    experts: int = 0
    experts_per_token: int = 0
    expert_ffn: int = 0
    shared_experts: int = 0
    dense_layers: int = 0
    latent_attention: bool = False
    native_dtype: str = "bf16"
