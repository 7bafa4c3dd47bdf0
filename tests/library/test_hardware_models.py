"""The model catalogue: parameter counts recomputed from the dimensions."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.domain.catalogue import ModelRecord, model_attributes
from advisor.domain.model import ModelShape
from advisor.library.models import load_models, model_shape

RECORDS = load_models(Path(__file__).parents[2] / "knowledge" / "models")
CLOSED = {id_: record for id_, record in RECORDS.items() if record.closed_form}
DECODERS = {id_: r for id_, r in RECORDS.items() if r.shape.kind == "decoder"}


def attention(shape: ModelShape) -> int:
    if shape.latent_attention:  # DeepSeek-V3 (arXiv 2412.19437): ranks 1536 and 512, rope 64
        query = 1536 * (shape.d_model + shape.heads * 192)
        return (
            query
            + shape.d_model * 576
            + 512 * shape.heads * 256
            + shape.heads * 128 * shape.d_model
        )
    return shape.d_model * shape.head_dim * (2 * shape.heads + 2 * shape.kv_heads)


def counted(shape: ModelShape, experts: int) -> int:
    """Parameters by hand: embedding, head, attention, feed-forward; norms are below 0.01 %."""
    matrices = 3 if shape.gated_ffn else 2
    dense = matrices * shape.d_model * shape.ffn
    expert = matrices * shape.d_model * shape.expert_ffn
    moe_layers = shape.layers - shape.dense_layers if shape.experts else 0
    embeddings = shape.vocab * shape.d_model * (1 if shape.tied_embeddings else 2)
    moe = (experts + shape.shared_experts) * expert + shape.d_model * shape.experts
    return (
        embeddings
        + shape.layers * attention(shape)
        + moe_layers * moe
        + (shape.layers - moe_layers) * dense
    )


@pytest.mark.parametrize("record", CLOSED.values(), ids=CLOSED)
def test_the_dimensions_give_the_parameter_count_within_one_percent(record: ModelRecord) -> None:
    shape = model_shape(record)
    total = counted(shape, shape.experts) + record.extra_params
    assert total == pytest.approx(shape.params, rel=0.01)


@pytest.mark.parametrize(
    "record", [r for r in CLOSED.values() if r.shape.experts], ids=lambda record: record.id
)
def test_the_active_parameters_are_those_of_the_chosen_experts(record: ModelRecord) -> None:
    """Publishers round, and some leave the embedding out: five percent."""
    shape = model_shape(record)
    active = counted(shape, shape.experts_per_token)
    without_table = active - shape.vocab * shape.d_model
    assert without_table * 0.95 <= shape.active_params <= active * 1.05


@pytest.mark.parametrize("record", DECODERS.values(), ids=DECODERS)
def test_a_decoder_that_is_no_closed_form_says_why(record: ModelRecord) -> None:
    assert record.closed_form or record.provenance.doubt
    assert record.shape.kv_elements_per_token > 0


@pytest.mark.parametrize("record", DECODERS.values(), ids=DECODERS)
def test_the_cache_holds_keys_and_values_of_every_layer(record: ModelRecord) -> None:
    shape = record.shape
    if record.attention in {"mha", "gqa"}:
        whole = 2 * shape.layers * shape.kv_heads * shape.head_dim
        assert shape.kv_elements_per_token == whole
    if shape.latent_attention:  # 512 compressed and 64 rope elements a layer
        assert shape.kv_elements_per_token == shape.layers * 576


def test_well_known_counts() -> None:
    """Model cards: Llama 3.1 8B 8.03 B, Mixtral 46.7 B with 12.9 B active, DeepSeek-V3 671 B."""
    assert RECORDS["llama-3.1-8b"].shape.params == 8.03e9
    assert RECORDS["mixtral-8x7b"].shape.active_params == 12.9e9
    assert RECORDS["deepseek-v3"].shape.params == 671e9


def test_models_that_are_not_language_models_state_their_work() -> None:
    for id_ in ("resnet50", "vit-b16", "yolo11m", "whisper-large-v3", "sdxl-base"):
        assert RECORDS[id_].flop_per_item > 0, id_
        assert RECORDS[id_].item, id_


def test_rules_see_whether_a_licence_allows_commerce() -> None:
    assert model_attributes(RECORDS["flux.1-dev"])["commercial_use"] == "no"
    assert model_attributes(RECORDS["yolo11n"])["commercial_use"] == "restricted"
    assert model_attributes(RECORDS["qwen3-8b"])["commercial_use"] == "yes"
