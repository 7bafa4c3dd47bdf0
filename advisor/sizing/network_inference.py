"""Inference of networks that take whole items: images, sequences to embed, denoising steps.

One batch multiplies its FLOPs, moves its activations through memory and launches its kernels; a
Python loop cannot launch faster than some microseconds a kernel, compiled engines hardly wait.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from advisor.domain.hardware import GIB, Accelerator
from advisor.domain.interval import Interval
from advisor.domain.model import ModelShape
from advisor.frozen import dataclass, replace
from advisor.sizing.near_measurements import Kind
from advisor.sizing.parameters import attention_parameters
from advisor.sizing.serving_constants import (
    NETWORKS,
    PRECISIONS,
    UNMEASURED_WIDENING,
    InferenceConstants,
    device_class,
    device_family,
    interval_around,
    regimes_of,
    spread_on,
    widened,
)
from advisor.sizing.serving_memory import CONTEXT_GIB, USABLE_SHARE
from advisor.sizing.serving_work import peak_flops
from advisor.sizing.training_samples import SampleWork

CONV, TRANSFORMER, DETECTOR, DIFFUSION = "conv", "transformer", "detector", "diffusion"
ENCODER = "encoder"
"""Kinds of network: their kernels differ in shape and number."""
GUIDANCE = 2.0
"""Passes of a denoising step: with and without the prompt (classifier-free guidance)."""
DENOISING_STEPS = 30.0
"""Usual steps of an image generator (diffusers default of 50, 20 to 30 with faster solvers)."""
SCORE_ROUNDS = 20.0
"""Passes over the attention scores of a denoiser where no kernel is fused: five layers at the
largest feature map (Stable Diffusion U-Net), each writing, normalising (two) and reading them."""
DECODER_FLOP = 2.5e12
"""Work of decoding one latent image of `LATENT_SIDE` pixels (decoder of Stable Diffusion)."""
DECODER_MAPS = 3.5
"""Feature maps that decoding holds at once, each as large as the image with `DECODER_CHANNELS`:
input, norm and result of a convolution, workspace (SDXL at 1,024 pixels: 3.5 GiB an image)."""
DECODED_TOGETHER = 8.0
"""Images decoded at once: larger batches are decoded in slices (Lambda's benchmark of diffusers
holds more with eight images than with 32)."""
DECODER_CHANNELS = 256.0
"""Channels at full resolution of the last stage of the decoders of Stable Diffusion and like."""
LATENT_SIDE = 512.0
"""Side of an image where the table names none (Stable Diffusion 1 and 2)."""
KERNEL_SIDE = 224.0
"""Side of the images at which kernels were counted: larger ones take no more of them."""
KERNELS_A_LAYER = 12.0
"""Kernels of one transformer layer: six matrices, attention, norms, additions, activation."""
KERNELS_A_BLOCK = 20.0
"""Kernels of one layer of a denoising transformer: those of a layer, its text stream or
cross-attention, and the modulation by the step (DiT, arXiv 2212.09748; FLUX)."""
TF32_SHARE = {CONV: 1.0, DETECTOR: 1.0, DIFFUSION: 0.67}
"""Share of the work, that of convolutions, which frameworks run in TF32 where 32 bits are asked
for (PyTorch: `cudnn.allow_tf32` is on by default, `cuda.matmul.allow_tf32` off since 1.12)."""
FRAMEWORKS = ("eager", "compiled")
UNITS = {"16": "16-bit", "fp32": "32-bit", "tf32": "tf32", "int8": "int8", "fp8": "fp8"}
"""Precisions as measurements near a job are counted."""
US = 1e-6


@dataclass(frozen=True, slots=True)
class NetworkJob:
    """One network served in batches on one device of `n_gpus` equal ones.

    `work` is one pass over one item, `passes` how often it runs for an item. `engine` is
    `eager`, `compiled`, `engine` (TensorRT and like) or `mobile`. `precision` is a key of
    `peak_flops` (`16`, `fp32`, `tf32`, `int8`, `fp8`) with `bytes` for stored elements. `scores`
    are attention scores of one item that an unfused kernel keeps in memory; `abreast` passes of
    an item run in one launch (guided denoising: with and without the prompt).
    """

    kind: str
    work: SampleWork
    params: float
    device: Accelerator
    precision: str = "16"
    bytes: float = 2.0
    engine: str = "eager"
    batch: int = 1
    n_gpus: int = 1
    passes: float = 1.0
    kernels: float = 0.0
    scores: float = 0.0
    abreast: float = 1.0


@dataclass(frozen=True, slots=True)
class NetworkWork:
    """Seconds of one batch at the device's peaks, and kernels launched one after the other.

    `weights_s` also holds unfused attention scores: both are streamed at the full bandwidth.
    """

    matrix_s: Any
    traffic_s: Any
    weights_s: Any
    kernels: Any


@dataclass(frozen=True, slots=True)
class NetworkRates:
    """Share of the matrix peak, passes over memory for each activation, microseconds a kernel."""

    compute: Any
    traffic: Any
    kernel_us: Any


@dataclass(frozen=True, slots=True)
class NetworkEstimate:
    """Rate over all devices, latency of a batch, memory, and what the figures rest on."""

    items_per_s: Interval
    batch_ms: Interval
    mem_gib: Interval
    fits: bool
    regime: str
    basis: str


def encoder_work(shape: ModelShape, tokens: float) -> SampleWork:
    """Return the work of one sequence: two FLOPs a parameter and token, attention of all pairs.

    Layers that share their weights multiply by them once each (ALBERT). Activations: each layer
    writes about ten times its width and twice the attention scores.
    """
    body = shape.params - shape.vocab * shape.d_model
    shared = shape.layers * (attention_parameters(shape) + 2.0 * shape.d_model * shape.ffn)
    body = max(body, 0.5 * shape.params, shared if shape.params < 0.5 * shared else 0.0)
    flops = 2.0 * body * tokens
    flops += 4.0 * tokens * tokens * shape.d_model * shape.layers
    written = shape.layers * tokens * (10.0 * shape.d_model + 0.5 * shape.heads * tokens)
    return SampleWork(flops, written)


def denoising(name: str) -> tuple[float, float]:
    """Return the usual steps of an image and the passes of each, by a model's name.

    Distilled models need one to four steps and no guidance (model cards of SDXL Turbo, Lightning
    and FLUX schnell); FLUX.1 [dev] holds its guidance in the weights.
    """
    low = name.lower()
    distilled = re.search(r"turbo|lightning|schnell|lcm|hyper|distill", low)
    if distilled:
        return (1.0 if distilled[0] == "turbo" else 4.0), 1.0
    return DENOISING_STEPS, 1.0 if "flux" in low else GUIDANCE


def kernels_of(job: NetworkJob) -> float:
    """Return kernels of one pass; convolutions follow the activations, as deeper nets write more.

    Named counts (12 a transformer layer) take precedence. A larger image writes more with the same
    kernels.
    """
    if job.kernels or job.work.blocks:
        return job.kernels or KERNELS_A_BLOCK * job.work.blocks
    side = job.work.size if job.kind != DIFFUSION else 0.0
    written = job.work.at(KERNEL_SIDE).activations if side > KERNEL_SIDE else job.work.activations
    return float(45.0 * (written / 1e6) ** 0.5)


def network_work(job: NetworkJob) -> NetworkWork:
    """Return the work of one batch of `job` on one device."""
    items = job.batch / job.n_gpus * job.passes
    rounds = job.passes / job.abreast
    stream = job.device.memory_gb_s * 1e9
    unfused = items / job.abreast * job.scores * SCORE_ROUNDS * job.bytes / stream
    return NetworkWork(
        matrix_s=items * job.work.flops * seconds_a_flop(job) + decoder_s(job),
        traffic_s=items * job.work.activations * job.bytes / stream,
        weights_s=job.params * job.bytes * rounds / stream + unfused,
        kernels=kernels_of(job) * rounds,
    )


def decoder_s(job: NetworkJob) -> float:
    """Return the time at the peak of decoding the latent images of a batch; SDXL's decoder runs in
    32 bits in the frameworks."""
    if job.kind != DIFFUSION:
        return 0.0
    upcast = job.work.upcast and job.engine in FRAMEWORKS
    decoder = replace(job, kind=CONV, precision="fp32") if upcast else job
    area = ((job.work.size or LATENT_SIDE) / LATENT_SIDE) ** 2
    return job.batch / job.n_gpus * DECODER_FLOP * area * seconds_a_flop(decoder)


def tf32_share(job: NetworkJob) -> float:
    """Return the share of a 32-bit network's work that runs in TF32 without being told to."""
    if job.precision != "fp32" or job.engine not in FRAMEWORKS or not job.device.peak("tf32"):
        return 0.0
    return TF32_SHARE.get(job.kind, 0.0)


def seconds_a_flop(job: NetworkJob) -> float:
    """Return the time of one operation at the peaks that the network's parts run at."""
    share = tf32_share(job)
    plain = (1.0 - share) / peak_flops(job.device, job.precision)
    return plain + (share / peak_flops(job.device, "tf32") if share else 0.0)


def network_keys(job: NetworkJob) -> Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return which constants make up each rate of `job`."""
    kind = "grouped" if job.work.grouped else "denoiser" if job.work.blocks else job.kind
    memory, family = device_class(job.device), job.device.architecture
    grade = "geforce" if job.device.name.startswith("GeForce") else memory
    sort = "tf32" if tf32_share(job) == 1.0 else job.precision
    return {
        "compute": (
            ("network_compute", (f"{kind}.{job.engine}", kind)),
            ("network_device", (f"{family}.{sort}", f"{family}.{grade}", family, memory)),
            ("network_precision", (sort,)),
        ),
        "traffic": (("network_traffic", (f"{kind}.{job.engine}", job.engine)),),
        "kernel_us": (("network_kernel_us", (f"{kind}.{job.engine}", job.engine)),),
    }


def network_seconds(work: Any, rates: Any) -> Any:
    """Return seconds of one batch: matrices and traffic add up, launches hide behind them.

    A 4-norm stands for the overlap; no share passes the peak and no pass is below one.
    """
    device = work.matrix_s / np.minimum(rates.compute, 0.97)
    device = device + work.traffic_s * np.maximum(rates.traffic, 1.0) + work.weights_s
    launches = work.kernels * rates.kernel_us * US
    return (device**4 + launches**4) ** 0.25


def estimate_network(job: NetworkJob, constants: InferenceConstants) -> NetworkEstimate:
    """Return the estimate of `job`."""
    rates = NetworkRates(
        **{
            name: float(np.prod([constants.get(family, *keys) for family, keys in factors]))
            for name, factors in network_keys(job).items()
        }
    )
    seconds = float(network_seconds(network_work(job), rates))
    regime = f"{job.kind}.{job.engine}"
    known = spread_on(job.device, constants, NETWORKS, f"items.{regime}")
    spread = widened(known, UNMEASURED_WIDENING ** len(_unmeasured(job, constants)))
    memory = network_gib(job)
    basis = constants.measured.support.basis(kind_of_network(job))
    return NetworkEstimate(
        items_per_s=interval_around(job.batch / seconds, spread),
        batch_ms=interval_around(seconds * 1e3, spread),
        mem_gib=interval_around(
            memory * job.n_gpus, constants.spread(*regimes_of(f"mem.{regime}"))
        ),
        fits=memory * GIB <= job.device.memory_bytes * USABLE_SHARE,
        regime=regime,
        basis=basis,
    )


def kind_of_network(job: NetworkJob) -> Kind:
    """Return what a job is, as measurements near it are counted."""
    family = device_family(job.device)
    return Kind(
        f"{job.kind} inference",
        family,
        job.engine,
        UNITS.get(job.precision, job.precision),
        job.params,
    )


def _unmeasured(job: NetworkJob, constants: InferenceConstants) -> list[str]:
    """Return what of `job` no measurement is of and no regime's interval allows for: the kind of
    network, the precision."""
    found = []
    if f"items.{job.kind}" not in constants.spreads:
        found.append(f"no measurement of {job.kind} networks")
    if not constants.measured.on(PRECISIONS, frozenset({job.precision})):
        found.append(f"no measurement in {job.precision}")
    return found


def network_gib(job: NetworkJob) -> float:
    """Return GiB on one device: weights, the activations that live at once, the context.

    A forward pass frees its inputs; about an eighth of what it writes is alive at its widest, a
    quarter where long skip connections keep the first half (U-Nets). An image generator holds its
    text encoders, in 16 bits at least, and decodes several images of a batch at once.
    """
    share = 4.0 if job.kind == DIFFUSION else 8.0
    items = job.batch / job.n_gpus
    alive = items * (job.work.activations / share + job.scores) * job.bytes
    if job.kind == DIFFUSION:
        alive = max(alive, min(items, DECODED_TOGETHER) * decoder_bytes(job))
    beside = job.work.beside * max(job.bytes, 2.0)
    return (job.params * job.bytes + beside + alive) / GIB + CONTEXT_GIB


def decoder_bytes(job: NetworkJob) -> float:
    """Return the bytes that live while one latent image is decoded."""
    pixels = (job.work.size or LATENT_SIDE) ** 2
    width = 4.0 if job.work.upcast else max(job.bytes, 2.0)
    return DECODER_MAPS * DECODER_CHANNELS * pixels * width
