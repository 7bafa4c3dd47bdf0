"""Vision, embedding and image generation, worked by hand."""

from dataclasses import replace

import pytest

from advisor.domain.model import ModelShape
from advisor.sizing.network_inference import (
    CONV,
    DIFFUSION,
    ENCODER,
    NetworkJob,
    NetworkRates,
    decoder_s,
    denoising,
    encoder_work,
    estimate_network,
    kernels_of,
    network_gib,
    network_keys,
    network_seconds,
    network_work,
)
from advisor.sizing.training_samples import SampleWork
from tests.sizing.serving_cases import H100, shipped

RESNET50 = SampleWork(8.2e9, 11.1e6)
JOB = NetworkJob(CONV, RESNET50, 25.6e6, H100, batch=256)


def test_a_large_batch_is_bound_by_matrices_and_traffic() -> None:
    work = network_work(JOB)
    matrix = 256 * 8.2e9 / 989.4e12
    traffic = 256 * 11.1e6 * 2 / 3.35e12
    seconds = network_seconds(work, NetworkRates(0.5, 4.0, 0.0))
    weights = 25.6e6 * 2 / 3.35e12
    assert seconds == pytest.approx(matrix / 0.5 + 4 * traffic + weights)


def test_a_single_image_is_bound_by_launches() -> None:
    """45 kernels times the root of 11.1 million activations, 60 microseconds each: 9 ms."""
    seconds = network_seconds(network_work(replace(JOB, batch=1)), NetworkRates(0.5, 4.0, 60.0))
    assert seconds == pytest.approx(45 * 11.1**0.5 * 60e-6, rel=0.01)


def test_an_encoder_takes_two_flops_a_parameter_and_token_and_its_attention() -> None:
    bert = ModelShape("bert-base", "encoder", 110e6, 110e6, 12, 768, 3072, 12, 12, 64, 30522)
    by_hand = 2 * (110e6 - 30522 * 768) * 128 + 4 * 128 * 128 * 768 * 12
    assert encoder_work(bert, 128).flops == pytest.approx(by_hand)


def test_a_larger_batch_never_serves_fewer_images() -> None:
    rates = [
        estimate_network(replace(JOB, batch=size), shipped()).items_per_s.likely
        for size in (1, 8, 64, 512)
    ]
    assert rates == sorted(rates)


def test_no_rate_beats_the_peak() -> None:
    found = estimate_network(JOB, shipped())
    assert found.items_per_s.likely <= 989.4e12 / 8.2e9


def test_memory_that_does_not_fit_is_told() -> None:
    assert estimate_network(JOB, shipped()).fits
    assert not estimate_network(replace(JOB, batch=100_000), shipped()).fits


def test_what_no_measurement_is_of_is_said_and_widens_the_interval() -> None:
    """A generation, a precision and a kind of network that the calibration has never seen."""
    ampere = replace(JOB.device, name="A100 SXM4 80GB", architecture="ampere")
    assert estimate_network(replace(JOB, device=ampere), shipped()).basis.startswith("calibrated")
    known = estimate_network(JOB, shipped())
    device = replace(JOB.device, name="TPU v5e", vendor="google", architecture="tpu-v5e")
    strange = (replace(JOB, device=device), replace(JOB, precision="fp4"), replace(JOB, kind="gru"))
    for job in strange:
        found = estimate_network(job, shipped())
        assert found.basis.startswith("extrapolated: no measurement ")
        width, before = (one.items_per_s.high / one.items_per_s.low for one in (found, known))
        assert width > before


def test_layers_that_share_weights_multiply_once_each() -> None:
    """ALBERT-base: 12 million parameters, the work of BERT-base's layers."""
    bert = ModelShape("bert", "encoder", 110e6, 110e6, 12, 768, 3072, 12, 12, 64, 30522)
    albert = replace(bert, params=11.7e6, active_params=11.7e6, vocab=30000)
    ratio = encoder_work(albert, 128).flops / encoder_work(bert, 128).flops
    assert ratio == pytest.approx(1.0, abs=0.05)


def test_guided_denoising_launches_both_passes_at_once() -> None:
    plain = replace(JOB, kind=DIFFUSION, passes=60.0, batch=1)
    work, abreast = (network_work(job) for job in (plain, replace(plain, abreast=2.0)))
    assert abreast.kernels == work.kernels / 2
    assert abreast.matrix_s == work.matrix_s


def test_frameworks_run_convolutions_of_32_bits_in_tf32_where_the_card_has_it() -> None:
    """PyTorch's default; an engine, a card without TF32 and an encoder stay with 32 bits."""
    flops, plain = 256 * 8.2e9, {"bf16": 989.4, "fp32": 66.9}
    older = replace(H100, tflops=plain)
    asked = replace(JOB, precision="fp32", device=replace(H100, tflops=plain | {"tf32": 494.7}))
    assert network_work(asked).matrix_s == pytest.approx(flops / 494.7e12)
    others = ({"device": older}, {"engine": "engine"}, {"kind": ENCODER})
    for job in (replace(asked, **other) for other in others):
        assert network_work(job).matrix_s == pytest.approx(flops / 66.9e12)


SDXL = SampleWork(5.98e12, 1e9, size=1024, beside=0.8e9, upcast=True)
DRAWN = NetworkJob(DIFFUSION, SDXL, 2.6e9, H100, passes=60.0, abreast=2.0)


def test_a_larger_image_takes_no_more_kernels() -> None:
    sized = replace(RESNET50, size=224.0)
    larger = replace(JOB, work=sized.at(448.0))
    assert kernels_of(larger) == pytest.approx(kernels_of(replace(JOB, work=sized)))


def test_a_denoising_transformer_launches_by_its_layers() -> None:
    """FLUX writes 9,000 million elements a step in 57 layers."""
    flux = SampleWork(59e12, 9e9, 1024, blocks=57)
    job = NetworkJob(DIFFUSION, flux, 12e9, H100, passes=28)
    assert kernels_of(job) == 57 * 20
    assert network_keys(job)["compute"][0][1][-1] == "denoiser"


def test_an_image_generator_holds_its_text_encoders_and_its_decoder() -> None:
    """SDXL, one image at 1,024 pixels: weights, encoders, 3.5 maps of 256 channels in 32 bits."""
    maps = 3.5 * 256 * 1024**2 * 4 / 2**30
    weights = (2.6e9 + 0.8e9) * 2 / 2**30
    assert network_gib(DRAWN) == pytest.approx(weights + maps + 0.6, abs=0.2)
    eight = replace(DRAWN, batch=8)
    assert network_gib(eight) - network_gib(DRAWN) == pytest.approx(7 * maps)
    held = network_gib(replace(DRAWN, batch=9)) - network_gib(eight)
    assert held < maps / 2


def test_an_image_is_decoded_once_whatever_the_steps() -> None:
    few = replace(DRAWN, passes=4.0, abreast=1.0)
    work, many = network_work(few), network_work(DRAWN)
    step = (many.matrix_s - work.matrix_s) / 56
    assert work.matrix_s == pytest.approx(4 * step + decoder_s(few))
    sixteen = replace(DRAWN, work=replace(SDXL, upcast=False))
    assert decoder_s(DRAWN) > decoder_s(sixteen) > 0.0
    assert decoder_s(JOB) == 0.0


@pytest.mark.parametrize(
    ("name", "steps", "abreast"),
    [
        ("sdxl-base", 30.0, 2.0),
        ("SDXL Turbo", 1.0, 1.0),
        ("flux.1-schnell", 4.0, 1.0),
        ("flux.1-dev", 30.0, 1.0),
    ],
)
def test_distilled_models_take_few_steps_without_guidance(
    name: str, steps: float, abreast: float
) -> None:
    assert denoising(name) == (steps, abreast)


def test_cards_for_games_are_told_from_those_for_servers() -> None:
    game = replace(H100, name="GeForce RTX 4090", architecture="ada")
    keys = [
        dict(network_keys(replace(DRAWN, device=d))["compute"])["network_device"]
        for d in (H100, game)
    ]
    assert [key[1] for key in keys] == ["hopper.hbm", "ada.geforce"]
