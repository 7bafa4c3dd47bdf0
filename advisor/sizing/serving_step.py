"""Time of one forward step: the one formula behind decode, prefill and mixed steps.

`step_seconds` is plain arithmetic on `StepWork` and `StepRates`; their fields may be numpy
arrays, so that a fit or a layout search evaluates many steps in one call.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from advisor.frozen import dataclass, replace
from advisor.sizing.scalars import greatest, least
from advisor.sizing.serving_constants import InferenceConstants, device_class
from advisor.sizing.serving_engine import EAGER, ENGINES
from advisor.sizing.serving_job import ServingJob
from advisor.sizing.serving_work import StepLoad, has_unit, step_work, uses_fast_link

US = 1e-6
MOST_SHARE = 0.97
"""Share of a peak that nothing passes."""


@dataclass(frozen=True, slots=True)
class StepRates:
    """Shares of the peaks that are reached, and fixed times in microseconds."""

    bandwidth: Any
    cache: Any
    compute: Any
    attention: Any
    reduce_us: Any
    hop_us: Any
    layer_us: Any
    step_us: Any
    sequence_us: Any
    eager: Any
    streamed: Any = False


@dataclass(frozen=True, slots=True)
class StepTime:
    """Seconds of one step through all layers, by what takes them."""

    weights_s: Any
    cache_s: Any
    compute_s: Any
    layers_s: Any
    comm_s: Any
    host_s: Any
    total_s: Any


Keys = tuple[tuple[str, tuple[str, ...]], ...]
"""Factors of one rate: a family of constants and its keys, the most specific first."""


def _compute_keys(job: ServingJob, kind: str, memory: str) -> tuple[str, ...]:
    """Return the keys of the matrix efficiency: GeForce cards hold their rate, others throttle."""
    architecture = job.device.architecture
    grade = "geforce" if job.device.name.startswith("GeForce") else memory
    return f"{grade}.{kind}", f"{architecture}.{grade}", architecture, memory


def rate_keys(job: ServingJob) -> Mapping[str, Keys]:
    """Return which constants make up each rate of `job` (a rate is the product of its factors)."""
    kind, memory = ENGINES[job.engine].kind, device_class(job.device)
    experts = "moe" if job.shape.active_params < job.shape.params else "dense"
    kernel = job.format.kernel if has_unit(job.device, job.format.compute) else "emulated"
    link = "fast" if uses_fast_link(job) else "pcie"
    formats = (f"{kernel}.{job.engine}", f"{kernel}.{kind}", kernel)
    return {
        "bandwidth": (
            ("bandwidth", (f"{job.device.architecture}.{kind}", f"{memory}.{kind}", memory)),
            ("format_bandwidth", formats),
        ),
        "cache": (("cache_bandwidth", (f"{memory}.{kind}", kind)),),
        "compute": (
            ("compute", _compute_keys(job, kind, memory)),
            ("format_compute", formats),
            ("expert_compute", (f"{experts}.{kind}", experts)),
        ),
        "attention": (("attention_compute", (f"{memory}.{kind}", kind)),),
        "reduce_us": (("reduce_us", (link,)),),
        "hop_us": (("hop_us", (link,)),),
        "layer_us": (
            ("layer_us", (job.engine, kind)),
            ("layer_scale", (memory,)),
            ("layer_format", formats),
            ("layer_experts", (f"{experts}.{kind}", experts)),
        ),
        "step_us": (("step_us", (job.engine, kind)),),
        "sequence_us": (("sequence_us", (kind,)),),
    }


def step_rates(job: ServingJob, constants: InferenceConstants) -> StepRates:
    """Return the rates of `job` under `constants`; the batch does not matter."""
    return _rates(job if job.batch is None else replace(job, batch=None), constants)


@lru_cache(maxsize=256)
def _rates(job: ServingJob, constants: InferenceConstants) -> StepRates:
    values = {
        name: prod(constants.get(family, *keys) for family, keys in factors)
        for name, factors in rate_keys(job).items()
    }
    return StepRates(**values, eager=ENGINES[job.engine].kind == EAGER, streamed=streams(job))


def streams(job: ServingJob) -> bool:
    """Return whether matrices hide behind the reads of memory: cores of a processor fetch ahead."""
    return device_class(job.device) == "cpu"


def step_seconds(work: Any, rates: Any) -> StepTime:
    """Return the time of `work` at `rates`.

    Weights, matrices, cache reads, copies from the host, launches, collectives and host work add
    up: a term for their overlap lowered no error, but on processors. An eager loop hides device
    time behind its launches, so that the larger of the two counts. A share never passes 97 % of a
    peak; links reach it once their latency is paid.
    """
    weights = work.weights_s / least(rates.bandwidth, MOST_SHARE)
    cache = work.cache_s / least(rates.cache, MOST_SHARE)
    compute = work.matrix_s / least(rates.compute, MOST_SHARE) + work.attention_s / least(
        rates.attention, MOST_SHARE
    )
    layers = work.layers * rates.layer_us * US
    comm = (work.reduces * rates.reduce_us + work.hops * rates.hop_us) * US
    comm = comm + work.link_s / MOST_SHARE
    host = (rates.step_us + rates.sequence_us * work.sequences) * US
    device = _device(weights + cache, compute, rates.streamed) + work.spill_s
    busy = _busy(device, layers, rates.eager)
    return StepTime(weights, cache, compute, layers, comm, host, busy + comm + host)


def _device(memory: Any, compute: Any, streamed: Any) -> Any:
    """Return the time of memory and matrices: the larger where one hides the other, else both."""
    if isinstance(streamed, np.ndarray):
        return np.where(streamed, np.maximum(memory, compute), memory + compute)
    return greatest(memory, compute) if streamed else memory + compute


def _busy(device: Any, layers: Any, eager: Any) -> Any:
    """Return the time of device and launches: the larger where eager, else the sum."""
    if isinstance(eager, np.ndarray):
        return np.where(eager, np.maximum(device, layers), device + layers)
    return greatest(device, layers) if eager else device + layers


def step_time(job: ServingJob, load: StepLoad, constants: InferenceConstants) -> StepTime:
    """Return the time of one step of `job`, all pipeline stages one after the other."""
    return step_seconds(step_work(job, load), step_rates(job, constants))
