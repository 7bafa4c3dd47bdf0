"""Parameter counts against the published ones."""

import pytest

from advisor.domain.model import ModelShape
from advisor.sizing.parameters import active_parameters, parameters


def llama(*sizes: int) -> ModelShape:
    layers, d, ffn, heads, kv, vocab = sizes
    return ModelShape(
        "llama",
        "decoder",
        0.0,
        0.0,
        layers=layers,
        d_model=d,
        ffn=ffn,
        heads=heads,
        kv_heads=kv,
        head_dim=d // heads,
        vocab=vocab,
    )


@pytest.mark.parametrize(
    ("shape", "count"),
    [
        (llama(32, 4096, 11008, 32, 32, 32000), 6_738_415_616),
        (llama(32, 4096, 14336, 32, 8, 128256), 8_030_261_248),
        (llama(80, 8192, 28672, 64, 8, 32000), 68_976_648_192),
    ],
)
def test_dense_counts_equal_the_released_checkpoints(shape: ModelShape, count: int) -> None:
    assert parameters(shape) == count


def test_an_untied_output_matrix_and_a_third_ffn_matrix_are_counted() -> None:
    shape = llama(1, 8, 16, 2, 2, 10)
    # embedding 80 + head 80, attention 4 x 64, three 8 x 16 matrices, three norm vectors of 8
    assert parameters(shape) == 80 + 80 + 256 + 384 + 24


def test_a_mixture_counts_all_experts_and_activates_two() -> None:
    shape = ModelShape(
        "mixtral-8x7b",
        "decoder",
        0.0,
        0.0,
        layers=32,
        d_model=4096,
        ffn=14336,
        heads=32,
        kv_heads=8,
        head_dim=128,
        vocab=32000,
        experts=8,
        experts_per_token=2,
        expert_ffn=14336,
    )
    # Mixtral of Experts, arXiv 2401.04088: 47B and 13B
    assert parameters(shape) == pytest.approx(46.70e9, rel=1e-3)
    assert active_parameters(shape) == pytest.approx(12.88e9, rel=1e-3)


def test_latent_attention_counts_deepseek_v3() -> None:
    shape = ModelShape(
        "deepseek-v3",
        "decoder",
        0.0,
        0.0,
        layers=61,
        d_model=7168,
        ffn=18432,
        heads=128,
        vocab=129280,
        experts=256,
        experts_per_token=8,
        expert_ffn=2048,
        shared_experts=1,
        dense_layers=3,
        latent_attention=True,
    )
    # DeepSeek-V3 technical report, arXiv 2412.19437: 671B and 37B
    assert parameters(shape) == pytest.approx(671e9, rel=2e-3)
    assert active_parameters(shape) == pytest.approx(37.5e9, rel=2e-2)
