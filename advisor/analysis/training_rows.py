"""One row of published training configurations as a job on transformer layers.

Only configuration columns are read: never a measured one, nor source, kind, flags or notes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from advisor.analysis.device_labels import find_device
from advisor.analysis.training_labels import (
    compiled_in,
    family_of,
    fused_loss_in,
    network_of,
    number,
    optimizer_bytes_in,
    precision_of,
    recipe_in,
    recompute_of,
    sharding_of,
    unfused_attention_in,
    whole,
)
from advisor.analysis.training_shapes import shape_of
from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.frozen import dataclass, replace
from advisor.sizing.training_job import TrainingJob
from advisor.sizing.training_samples import SampleWork

RLHF_TOKENS_B = 0.135
"""Tokens of the usual RLHF demonstration, half of them generated (DeepSpeed-Chat README)."""
FLASH_YEAR = 2021
"""Last year before flash attention (May 2022): older devices ran Megatron without it too."""
METHOD = {"lora": "lora", "qlora": "qlora", "adapter": "adapter"}


class Catalogue(Protocol):
    """What rows are looked up in: accelerators and models by id."""

    @property
    def accelerators(self) -> Mapping[str, Accelerator]:
        """Accelerators by id."""

    @property
    def models(self) -> Mapping[str, ModelShape]:
        """Model shapes by id."""

    @property
    def samples(self) -> Sequence[tuple[str, SampleWork]]:
        """Name patterns and forward work of models counted in items, first match first."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row cannot be predicted."""

    reason: str


def job_of(row: Mapping[str, str], catalogue: Catalogue) -> TrainingJob | Refusal:
    """Return the job that a row describes, with its assumptions in `notes`, or a refusal."""
    device, device_notes = find_device(
        row.get("gpu", ""), number(row, "gpu_mem_gb"), catalogue.accelerators
    )
    shape, shape_note = shape_of(row, catalogue.models)
    if device is None:
        return Refusal(device_notes[0])
    if shape is None:
        return Refusal("neither model name nor size identifies the work")
    task = row.get("task", "") or "pretrain"
    precision, precision_note = precision_of(row.get("precision", ""))
    family, family_note = _family(row, task, shape, device)
    sharding, sharding_note = sharding_of(row.get("zero_stage_or_fsdp", ""))
    notes = (*device_notes, shape_note, precision_note, family_note, sharding_note)
    return _with_layout(
        TrainingJob(
            shape=shape,
            device=_linked(device, row),
            task=task,
            seq_len=whole(row, "seq_len") or (512 if shape.kind == "encoder" else 2048),
            precision=precision.compute,
            base_bits=precision.base_bits,
            base_format=precision.base_format,
            method=METHOD.get(task, "full"),
            lora_rank=whole(row, "lora_rank") or 16,
            sharding=sharding,
            recompute=recompute_of(row.get("activation_ckpt", "")),
            offload=_offloads(row),
            offload_weights=_offloads(row) and "fsdp" in row.get("zero_stage_or_fsdp", "").lower(),
            offload_activations="activation" in row.get("offload", "").lower(),
            paged_optimizer="paged" in row.get("optimizer", "").lower(),
            recipe=recipe_in(row),
            optimizer_bytes=optimizer_bytes_in(row),
            family=family,
            compiled=compiled_in(row.get("framework", "")),
            fused_loss=fused_loss_in(row.get("framework", "")),
            flash_attention=_fused_attention(row, family, shape),
            notes=tuple(note for note in notes if note),
        ),
        row,
    )


def _fused_attention(row: Mapping[str, str], family: str, shape: ModelShape) -> bool:
    """Return whether attention keeps no scores: fused programs and all decoders of today. Gates or
    shared keys give these away where the program is one that once had no such kernel."""
    if unfused_attention_in(row.get("framework", "")):
        return False
    today = shape.gated_ffn or 0 < shape.kv_heads < shape.heads
    return family == "fused" or (shape.kind == "decoder" and (family != "legacy" or today))


def _offloads(row: Mapping[str, str]) -> bool:
    """Return whether weights or optimizer are offloaded: FSDP offloads all (`CPUOffload`),
    DeepSpeed its optimizer."""
    stated = row.get("offload", "").lower() not in ("", "none", "no", "activations")
    return stated or bool(re.search("offload|inf", row.get("zero_stage_or_fsdp", "").lower()))


def _family(
    row: Mapping[str, str], task: str, shape: ModelShape, device: Accelerator
) -> tuple[str, str]:
    """Return the framework family and an assumption.

    Megatron on a device younger than flash attention uses it; a mixture of experts is pre-trained
    in a framework that splits experts and layers.
    """
    family, note = family_of(row.get("framework", ""), task)
    megatron = "megatron" in row.get("framework", "").lower()
    if family == "legacy" and megatron and device.launch_year > FLASH_YEAR:
        return "fused", note
    if note and shape.experts and task == "pretrain":
        return "fused", note.replace(f"taken as {family}", "taken as fused")
    return family, note


def _with_layout(job: TrainingJob, row: Mapping[str, str]) -> TrainingJob:
    per_node = whole(row, "gpus_per_node")
    tokens = number(row, "tokens_total_b") or (RLHF_TOKENS_B if job.task == "rlhf" else None)
    return replace(
        job,
        n_gpus=whole(row, "n_gpus"),
        gpus_per_node=per_node,
        network_gb_s=network_of(row.get("interconnect", ""), per_node or 8),
        tp=whole(row, "tp"),
        pp=whole(row, "pp"),
        vp=whole(row, "vp"),
        dp=whole(row, "dp"),
        cp=whole(row, "cp"),
        ep=whole(row, "ep"),
        micro_batch=whole(row, "micro_batch"),
        grad_accum=whole(row, "grad_accum"),
        global_batch=whole(row, "global_batch_seqs"),
        tokens_total=tokens * 1e9 if tokens else None,
    )


def _linked(device: Accelerator, row: Mapping[str, str]) -> Accelerator:
    """Return the device without its fast link where the row says PCIe or the bridge is short."""
    ranks = min(whole(row, "gpus_per_node") or 8, whole(row, "n_gpus") or 1)
    if row.get("interconnect", "").lower() == "pcie" or device.scaleup_domain < ranks:
        return replace(device, link_gb_s=0.0)
    return device
