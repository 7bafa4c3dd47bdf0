"""Training of models that are counted in items: images, volumes, latents, recurrent tokens.

One item costs three forward passes of matrix work and a number of passes over its activations,
which memory bounds; small batches are bound by kernel launches, fast ones by the data loader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from advisor.domain.hardware import GIB, Accelerator
from advisor.frozen import dataclass, replace
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_work import (
    ARCHITECTURES,
    PCIE_GB_S,
    Array,
    architecture_of,
    matrix_peak,
)

DETECTION_LOADING = 6.0
"""Extra loader work of detection images: mosaics and 640 pixels a side against 224 cropped."""
PASSES = 3.0
"""Forward, and a backward pass of twice its work."""
SEQUENCE_TOKENS = 100.0
"""Tokens of one sequence of a translation or language batch, by which its batch is counted."""
TOKEN_TASKS = ("seq2seq_train", "legacy_lm_train")


@dataclass(frozen=True, slots=True)
class SampleWork:
    """Forward work of one item: FLOPs, activation elements, and the side they refer to (0: any).

    `grouped` marks grouped or depthwise convolutions; `params` are those of the model, 0 where
    the table leaves them out. `beside` are parameters of the text encoders that an image generator
    holds besides, `upcast` says that its decoder runs in 32 bits, `blocks` counts the layers of a
    denoiser that is a transformer.
    """

    flops: float
    activations: float
    size: float = 0.0
    grouped: bool = False
    params: float = 0.0
    beside: float = 0.0
    upcast: bool = False
    blocks: int = 0

    def at(self, size: float) -> SampleWork:
        """Return the work at another image side; both figures grow with its square."""
        if not size or not self.size:
            return self
        factor = (size / self.size) ** 2
        flops, written = self.flops * factor, self.activations * factor
        return replace(self, flops=flops, activations=written, size=size)


def named_work(name: str, works: Sequence[tuple[str, SampleWork]]) -> SampleWork | None:
    """Return the work of the first pattern that a model name matches: as it is spelt, else with
    other or no marks between its parts."""
    low = name.lower().strip()
    spellings = (low, *(re.sub(r"[^a-z0-9]+", mark, low) for mark in ("_", "-", "")))
    return next(
        (work for text in spellings for pattern, work in works if re.search(pattern, text)), None
    )


@dataclass(frozen=True, slots=True)
class SampleJob:
    """One job counted in items; `micro_batch` is per device, None where it is not stated."""

    work: SampleWork
    params: float
    device: Accelerator
    task: str
    precision: str
    n_gpus: int = 1
    gpus_per_node: int = 8
    network_gb_s: float = 12.5
    micro_batch: int | None = None
    detection: bool = False
    samples_total: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleColumns:
    """Sample jobs as columns of equal length."""

    flops: Array
    activations: Array
    params: Array
    peak: Array
    bandwidth: Array
    architecture: Array
    fp32: Array
    image: Array
    detection: Array
    grouped: Array
    n_gpus: Array
    link: Array
    micro_batch: Array

    def taken(self, kept: NDArray[np.bool_]) -> SampleColumns:
        """Return the entries where `kept` is true."""
        return SampleColumns(*(getattr(self, item.name)[kept] for item in fields(self)))


def sample_columns(jobs: Sequence[SampleJob]) -> SampleColumns:
    """Return the columns of `jobs`."""
    rows = np.array([_row(job) for job in jobs], dtype=np.float64)
    return SampleColumns(*rows.reshape(len(jobs), len(fields(SampleColumns))).T)


def _row(job: SampleJob) -> tuple[float, ...]:
    """Return a row of the columns; one ring over all devices has the network ports of a node to
    itself."""
    device = job.device
    fast = device.has_fast_link and device.scaleup_domain >= min(job.n_gpus, job.gpus_per_node)
    inside = device.link_gb_s / 2 if fast else PCIE_GB_S.get(device.pcie_gen, 12.0)
    shared = job.network_gb_s * min(job.n_gpus, job.gpus_per_node)
    link = inside if job.n_gpus <= job.gpus_per_node else min(inside, shared)
    fp32 = job.precision == "fp32" and "tf32" in device.tflops
    peak = matrix_peak(device.tflops, "fp32") if fp32 else matrix_peak(device.tflops, job.precision)
    return (
        job.work.flops,
        job.work.activations,
        job.params,
        peak,
        device.memory_gb_s * 1e9,
        ARCHITECTURES.index(architecture_of(device.architecture)),
        float(job.precision in ("fp32", "tf32")),
        float(job.task == "vision_train"),
        float(job.detection),
        float(job.work.grouped),
        job.n_gpus,
        link * 1e9,
        _items_per_pass(job),
    )


def _items_per_pass(job: SampleJob) -> float:
    batch = job.micro_batch or usual_batch(job)
    return batch * SEQUENCE_TOKENS if job.task in TOKEN_TASKS else float(batch)


def usual_batch(job: SampleJob) -> int:
    """Return a power of two that fits the memory, at most 256."""
    each = job.work.activations * 5.0
    room = 0.85 * job.device.memory_bytes - 16.0 * job.params
    return 1 << max(0, min(8, int(np.log2(max(room / max(each, 1.0), 1.0)))))


def item_rate(work: SampleColumns, constants: TrainingConstants) -> Array:
    """Return items a second of one device in its job."""
    architecture = work.architecture.astype(np.intp)
    efficiency = constants.table("sample_efficiency", ARCHITECTURES)[architecture]
    efficiency = np.where(work.fp32 > 0, constants["sample_efficiency.fp32"], efficiency)
    matrix = PASSES * work.flops / (work.peak * efficiency)
    size = np.where(work.fp32 > 0, 4.0, 2.0)
    vector = work.activations * size * constants["sample_traffic"] / work.bandwidth
    loader = work.image * constants["sample_loader_s"] * (1.0 + DETECTION_LOADING * work.detection)
    slow = np.where(work.grouped > 0, constants["sample_grouped"], 1.0)
    device = (matrix + vector) * slow * work.micro_batch
    launch = constants["sample_launch_s"] * (1.0 + work.detection)
    busy = (device**4 + launch**4) ** 0.25
    moved = 2.0 * 4.0 * work.params * (work.n_gpus - 1.0) / work.n_gpus / work.link
    late = np.maximum(moved - 0.5 * busy, 0.1 * moved)
    drag = 1.0 + constants["sample_scale_out"] * np.log2(work.n_gpus)
    return work.micro_batch / np.maximum((busy + late) * drag, loader * work.micro_batch)


def sample_memory(work: SampleColumns, constants: TrainingConstants) -> Array:
    """Return peak bytes: 32-bit weights, gradients and moments, and activations kept twice."""
    size = np.where(work.fp32 > 0, 4.0, 2.0)
    kept = work.activations * size * work.micro_batch * constants["sample_kept"]
    return 16.0 * work.params + kept + constants["context_gib"] * GIB
