"""What must hold for any job: memory grows with the model, no figure beats the device."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.library.calibration import inference_constants, training_constants
from advisor.library.hardware import load_accelerators
from advisor.library.locate import library_root
from advisor.library.models import load_models
from advisor.planning.training_layouts import DevicePool, search_layouts
from advisor.sizing.network_inference import (
    CONV,
    ENCODER,
    TRANSFORMER,
    NetworkJob,
    estimate_network,
)
from advisor.sizing.sample_estimate import estimate_samples
from advisor.sizing.serving_estimate import estimate_serving
from advisor.sizing.serving_job import OFFLINE, ServingJob
from advisor.sizing.training_estimate import estimate_training
from advisor.sizing.training_job import TrainingJob
from advisor.sizing.training_samples import SampleJob, SampleWork

KNOWLEDGE = library_root() / "knowledge"
TRAINING = training_constants(KNOWLEDGE / "calibration/training.yaml")
INFERENCE = inference_constants(KNOWLEDGE / "calibration/inference.yaml")
DEVICES = load_accelerators(KNOWLEDGE / "accelerators")
DECODERS = {
    id_: record.shape
    for id_, record in load_models(KNOWLEDGE / "models").items()
    if record.shape.kind == "decoder" and record.shape.layers and record.shape.heads
}
device = st.sampled_from(sorted(DEVICES)).map(DEVICES.__getitem__)
model = st.sampled_from(sorted(DECODERS)).map(DECODERS.__getitem__)
fast = settings(max_examples=60, deadline=None, derandomize=True)


def wider(shape: ModelShape) -> ModelShape:
    """Return the shape with half as many layers and parameters again."""
    layers = shape.layers + max(1, shape.layers // 2)
    grown = layers / shape.layers
    return replace(
        shape,
        layers=layers,
        params=shape.params * grown,
        active_params=shape.active_params * grown,
        kv_elements_per_token=shape.kv_elements_per_token * grown,
    )


@fast
@given(model, device, st.sampled_from(["full", "lora", "qlora"]), st.sampled_from([512, 4096]))
def test_more_parameters_never_need_less_memory_to_train(
    shape: ModelShape, on: Accelerator, method: str, seq_len: int
) -> None:
    job = TrainingJob(
        shape,
        on,
        seq_len=seq_len,
        method=method,
        n_gpus=8,
        micro_batch=1,
        tp=1,
        pp=1,
        dp=8,
        sharding="zero3",
        recompute="none",
    )
    small, large = (
        estimate_training(replace(job, shape=s), TRAINING) for s in (shape, wider(shape))
    )
    assert large.memory_gib.likely >= small.memory_gib.likely


@fast
@given(model, device, st.sampled_from(["bf16", "int4"]), st.sampled_from([1, 16]))
def test_more_parameters_never_need_less_memory_to_serve(
    shape: ModelShape, on: Accelerator, precision: str, batch: int
) -> None:
    job = ServingJob(shape, on, weight_precision=precision, batch=batch)
    small, large = (
        estimate_serving(replace(job, shape=s), INFERENCE) for s in (shape, wider(shape))
    )
    assert large.memory.weights_gib >= small.memory.weights_gib
    assert large.mem_gib.likely >= small.mem_gib.likely


@fast
@given(model, device, st.sampled_from([1, 8, 64]), st.sampled_from([512, 4096, 16384]))
def test_no_training_rate_beats_the_peak(
    shape: ModelShape, on: Accelerator, count: int, seq_len: int
) -> None:
    job = TrainingJob(shape, on, seq_len=seq_len, n_gpus=count)
    assert estimate_training(job, TRAINING).mfu_pct.likely <= 100.0


@fast
@given(model, device, st.sampled_from(["bf16", "int4"]))
def test_no_single_stream_reads_weights_faster_than_memory_does(
    shape: ModelShape, on: Accelerator, precision: str
) -> None:
    job = ServingJob(shape, on, weight_precision=precision, batch=1)
    step_s = estimate_serving(job, INFERENCE).tpot_ms.likely / 1e3
    body = shape.active_params - shape.vocab * shape.d_model * (not shape.tied_embeddings)
    read = body * job.format.bits / 8.0 / step_s
    assert read <= on.memory_gb_s * 1e9


@fast
@given(
    device,
    st.sampled_from([CONV, ENCODER, TRANSFORMER]),
    st.floats(1e8, 1e12),
    st.sampled_from([1, 8, 64]),
)
def test_no_network_beats_the_peak(on: Accelerator, kind: str, flops: float, batch: int) -> None:
    job = NetworkJob(kind, SampleWork(flops, flops * 1e-3), flops / 300, on, batch=batch)
    rate = estimate_network(job, INFERENCE).items_per_s.likely
    assert rate * flops <= max(on.tflops.values()) * 1e12


@fast
@given(device, st.floats(1e9, 1e12), st.sampled_from([1, 8]))
def test_no_training_on_images_beats_the_peak(on: Accelerator, flops: float, count: int) -> None:
    job = SampleJob(SampleWork(flops, flops * 1e-3), flops / 300, on, "vision_train", "bf16", count)
    assert estimate_samples(job, TRAINING).mfu_pct.likely <= 100.0


@pytest.mark.parametrize("name", ["h100-sxm5-80gb", "jetson-orin-nx-16gb", "apple-m4-max-40c"])
def test_more_parameters_never_need_less_memory_as_a_network(name: str) -> None:
    jobs = [NetworkJob(CONV, SampleWork(8e9, 1e7), p, DEVICES[name]) for p in (1e7, 1e8, 1e9)]
    held = [estimate_network(job, INFERENCE).mem_gib.likely for job in jobs]
    assert held == sorted(held)


@fast
@given(model, device, st.sampled_from(["bf16", "fp8", "int4"]), st.sampled_from([1, 64, None]))
def test_no_serving_rate_beats_the_peak(
    shape: ModelShape, on: Accelerator, precision: str, batch: int | None
) -> None:
    """Every token multiplies what is active of the model, whatever the batch."""
    job = ServingJob(shape, on, weight_precision=precision, mode=OFFLINE, batch=batch)
    rate = estimate_serving(job, INFERENCE).tokens_per_s.likely
    body = shape.active_params - shape.vocab * shape.d_model * (not shape.tied_embeddings)
    assert rate * 2.0 * body <= 2.0 * max(on.tflops.values()) * 1e12


@settings(max_examples=15, deadline=None, derandomize=True)
@given(model, st.sampled_from(["h100-sxm5-80gb", "a100-sxm4-80gb", "b200-sxm-180gb"]))
def test_more_devices_never_raise_the_time_of_the_best_layout(shape: ModelShape, name: str) -> None:
    """A search over more counts keeps all that it had; what it adds is at least as fast."""
    on = DEVICES.get(name) or DEVICES["h100-sxm5-80gb"]
    job = TrainingJob(shape, on, global_batch=512, tokens_total=1e11, gpus_per_node=8)
    fastest = []
    for counts in ((64,), (64, 256), (64, 256, 1024)):
        found = search_layouts(job, DevicePool(counts, Decimal(2)), TRAINING).pareto
        fastest.append(min((one.hours for one in found), default=float("inf")))
    assert fastest == sorted(fastest, reverse=True)
