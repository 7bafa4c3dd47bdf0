"""Vision, embedding and image generation, worked by hand."""

from dataclasses import replace

import pytest

from advisor.domain.model import ModelShape
from advisor.sizing.network_inference import (
    CONV,
    NetworkJob,
    NetworkRates,
    encoder_work,
    estimate_network,
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
