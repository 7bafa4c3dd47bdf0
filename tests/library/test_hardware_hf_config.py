"""Hugging Face configurations: shapes with the published parameter counts, clear problems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from advisor.errors import InputError
from advisor.library.hf_config import FAMILIES, read_config

LLAMA_31_8B = {
    "model_type": "llama",
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "vocab_size": 128256,
    "max_position_embeddings": 131072,
    "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
    "rms_norm_eps": 1e-05,
}
MIXTRAL = {
    "model_type": "mixtral",
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "num_local_experts": 8,
    "num_experts_per_tok": 2,
    "vocab_size": 32000,
    "max_position_embeddings": 32768,
}
DEEPSEEK_V3 = {
    "model_type": "deepseek_v3",
    "hidden_size": 7168,
    "intermediate_size": 18432,
    "moe_intermediate_size": 2048,
    "num_hidden_layers": 61,
    "num_attention_heads": 128,
    "num_key_value_heads": 128,
    "n_routed_experts": 256,
    "num_experts_per_tok": 8,
    "n_shared_experts": 1,
    "first_k_dense_replace": 3,
    "kv_lora_rank": 512,
    "q_lora_rank": 1536,
    "qk_rope_head_dim": 64,
    "vocab_size": 129280,
    "max_position_embeddings": 163840,
    "quantization_config": {"quant_method": "fp8"},
}
QWEN3_30B = {
    "model_type": "qwen3_moe",
    "hidden_size": 2048,
    "intermediate_size": 6144,
    "moe_intermediate_size": 768,
    "num_hidden_layers": 48,
    "num_attention_heads": 32,
    "num_key_value_heads": 4,
    "head_dim": 128,
    "num_experts": 128,
    "num_experts_per_tok": 8,
    "vocab_size": 151936,
    "max_position_embeddings": 40960,
}
GPT2 = {
    "model_type": "gpt2",
    "n_embd": 768,
    "n_layer": 12,
    "n_head": 12,
    "vocab_size": 50257,
    "n_positions": 1024,
}
GEMMA2_9B = {
    "model_type": "gemma2",
    "hidden_size": 3584,
    "intermediate_size": 14336,
    "num_hidden_layers": 42,
    "num_attention_heads": 16,
    "num_key_value_heads": 8,
    "head_dim": 256,
    "vocab_size": 256000,
    "max_position_embeddings": 8192,
}
PHI2 = {
    "model_type": "phi",
    "hidden_size": 2560,
    "intermediate_size": 10240,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "vocab_size": 51200,
}
BERT = {
    "model_type": "bert",
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "vocab_size": 30522,
    "max_position_embeddings": 512,
}


def config(folder: Path, data: dict[str, Any]) -> Path:
    path = folder / "config.json"
    path.write_text(json.dumps(data, indent=2), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("data", "total_b", "active_b"),
    [  # model cards
        (LLAMA_31_8B, 8.03, 8.03),
        (MIXTRAL, 46.7, 12.9),
        (DEEPSEEK_V3, 671, 37.6),
        (QWEN3_30B, 30.5, 3.34),
        (GPT2, 0.124, 0.124),
        (GEMMA2_9B, 9.24, 9.24),
        (PHI2, 2.78, 2.78),
        (BERT, 0.109, 0.109),
    ],
    ids=lambda value: value["model_type"] if isinstance(value, dict) else None,
)
def test_a_configuration_gives_the_published_parameter_counts(
    tmp_path: Path, data: dict[str, Any], total_b: float, active_b: float
) -> None:
    shape = read_config(config(tmp_path, data))
    assert shape.params / 1e9 == pytest.approx(total_b, rel=0.01)
    assert shape.active_params / 1e9 == pytest.approx(active_b, rel=0.02)


def test_the_cache_of_grouped_latent_and_encoder_attention(tmp_path: Path) -> None:
    assert read_config(config(tmp_path, LLAMA_31_8B)).kv_elements_per_token == 2 * 32 * 8 * 128
    assert read_config(config(tmp_path, DEEPSEEK_V3)).kv_elements_per_token == 61 * (512 + 64)
    assert read_config(config(tmp_path, BERT)).kv_elements_per_token == 0


def test_stored_precision_and_tied_embeddings_are_read(tmp_path: Path) -> None:
    assert read_config(config(tmp_path, DEEPSEEK_V3)).native_dtype == "fp8"
    assert read_config(config(tmp_path, LLAMA_31_8B)).native_dtype == "bf16"
    assert not read_config(config(tmp_path, LLAMA_31_8B)).tied_embeddings
    assert read_config(config(tmp_path, GEMMA2_9B)).tied_embeddings


def test_the_text_part_of_a_multimodal_model_is_sized(tmp_path: Path) -> None:
    data = {
        "model_type": "mistral3",
        "text_config": {**LLAMA_31_8B, "model_type": "mistral"},
        "vision_config": {"hidden_size": 1024},
    }
    assert read_config(config(tmp_path, data)).d_model == 4096


def test_what_the_smaller_gemma_3_leave_unsaid_is_known(tmp_path: Path) -> None:
    """google/gemma-3-4b-it states neither heads nor vocabulary; 3.88 billion are of its text."""
    text = {
        "model_type": "gemma3_text",
        "hidden_size": 2560,
        "intermediate_size": 10240,
        "num_hidden_layers": 34,
        "sliding_window": 1024,
    }
    shape = read_config(config(tmp_path, {"model_type": "gemma3", "text_config": text}))
    assert shape.params == pytest.approx(3.88e9, rel=0.005)


@pytest.mark.parametrize(
    "data",
    [{"model_type": "whisper"}, {"model_type": "vit"}, {"_class_name": "UNet2DConditionModel"}],
)
def test_models_of_pictures_and_speech_are_refused_with_what_to_do(
    tmp_path: Path, data: dict[str, Any]
) -> None:
    with pytest.raises(InputError, match="name the model or state its size"):
        read_config(config(tmp_path, data))


def test_every_missing_field_is_named_at_once(tmp_path: Path) -> None:
    data = {k: v for k, v in MIXTRAL.items() if k not in {"hidden_size", "num_local_experts"}}
    with pytest.raises(InputError) as caught:
        read_config(config(tmp_path, data))
    said = str(caught.value)
    assert "E330: hidden_size: the field 'hidden_size' is missing; add it" in said
    assert "num_local_experts" in said


def test_an_unknown_family_offers_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"config\.json:2:3: E332: .*did you mean 'mixtral'\?"):
        read_config(config(tmp_path, {**MIXTRAL, "model_type": "mixtrall"}))


def test_a_count_that_is_text_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"E331: hidden_size: '4096' is no count"):
        read_config(config(tmp_path, {**LLAMA_31_8B, "hidden_size": "4096"}))


def test_a_model_without_layers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="0 is no count; write a whole number from 1"):
        read_config(config(tmp_path, {**LLAMA_31_8B, "num_hidden_layers": 0}))


@pytest.mark.parametrize("text", ["[]", "3", '{"hidden_size": 8}', "{"])
def test_what_is_no_configuration_is_refused_without_a_traceback(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_config(path)


def test_the_families_that_people_use_are_known() -> None:
    assert {
        "llama",
        "mistral",
        "mixtral",
        "qwen2",
        "qwen3",
        "deepseek_v3",
        "gemma2",
        "phi3",
        "gpt2",
        "bert",
    } <= FAMILIES.keys()
