"""Training jobs as columns of numbers, so that one formula serves one job or 100,000 layouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from advisor.domain.model import ModelShape
from advisor.frozen import dataclass
from advisor.sizing.parameters import head_width, parameter_parts
from advisor.sizing.training_job import (
    FAMILIES,
    SHARDINGS,
    STATE_BYTES,
    TrainingJob,
    recomputed_share,
)

Array = NDArray[np.float64]
STATE_COLUMNS = ("weight_bytes", "gradient_bytes", "optimizer_bytes", "update_bytes")
DEEPSPEED_BUCKETS = 2 * 5e8 * 2.0
"""Bytes of DeepSpeed's gather and reduce buckets: 5e8 16-bit elements each by default."""
OTHER = "other"
"""Stands for the architectures that have no constants of their own."""
ARCHITECTURES = (
    "volta",
    "turing",
    "ampere",
    "ada",
    "hopper",
    "blackwell",
    "cdna",
    "tpu",
    "gaudi",
    "neuron",
    OTHER,
)
PCIE_GB_S = {3: 6.0, 4: 12.0, 5: 24.0, 6: 48.0}
"""Achieved PCIe rate of a card that shares its root with another, GB/s in one direction."""


@dataclass(frozen=True, slots=True)
class Work:
    """Columns of equal (or broadcastable) length; one entry is one job in one layout.

    Parameters are single elements, rates are per second, sizes bytes. `linear`, `expert_linear`
    and `head` are matrix parameters that one token passes through; `expert_params` are all expert
    parameters. `span` is the number of earlier tokens that one token attends to,
    `recompute` the share of layers whose forward pass is repeated; `offload` is 1 where the
    optimizer lies in the host's memory, 2 where weights and gradients do, too; `spilled` where what
    is kept for the backward pass does, `paged` where the optimizer's states give way.
    """

    layers: Array
    d_model: Array
    q_dim: Array
    kv_dim: Array
    heads: Array
    ffn_active: Array
    ffn_matrices: Array
    vocab: Array
    logits: Array
    params: Array
    expert_params: Array
    linear: Array
    expert_linear: Array
    head: Array
    experts: Array
    expert_ffn: Array
    topk: Array
    moe_share: Array
    attention_share: Array
    seq: Array
    span: Array
    flash: Array
    frozen: Array
    trained: Array
    base_bytes: Array
    low_precision: Array
    fp32: Array
    autocast: Array
    weight_bytes: Array
    gradient_bytes: Array
    optimizer_bytes: Array
    update_bytes: Array
    buffer_bytes: Array
    fused_loss: Array
    family: Array
    compiled: Array
    n_gpus: Array
    domain: Array
    tp: Array
    pp: Array
    vp: Array
    dp: Array
    cp: Array
    ep: Array
    sharding: Array
    recompute: Array
    selective: Array
    quantised: Array
    offload: Array
    spilled: Array
    paged: Array
    micro_batch: Array
    accum: Array
    architecture: Array
    peak: Array
    peak_16bit: Array
    game_card: Array
    bandwidth: Array
    memory: Array
    link: Array
    network: Array
    host: Array

    def code(self, name: str) -> NDArray[np.intp]:
        """Return a categorical column as indices."""
        return np.asarray(getattr(self, name)).astype(np.intp)

    def spread(self, places: NDArray[np.intp]) -> Work:
        """Return the entries at these places; a column in which all entries are alike stays a
        single number, which the formulas broadcast."""
        columns = {item.name: getattr(self, item.name) for item in fields(self)}
        return Work(
            **{
                name: column[:1] if (column == column[0]).all() else column[places]
                for name, column in columns.items()
            }
        )

    def taken(self, kept: NDArray[np.bool_] | NDArray[np.intp]) -> Work:
        """Return the entries where `kept` is true, or those at these places."""
        return Work(**{item.name: getattr(self, item.name)[kept] for item in fields(self)})


def work_of(jobs: Sequence[TrainingJob]) -> Work:
    """Return the columns of completed jobs (see `training_defaults.complete`)."""
    rows = [_numbers(job) for job in jobs]
    return Work(
        **{
            item.name: np.array([row[item.name] for row in rows], dtype=np.float64)
            for item in fields(Work)
        }
    )


def _numbers(job: TrainingJob) -> Mapping[str, float]:
    return {
        **shape_numbers(job.shape, job.task),
        **_method_numbers(job),
        **_layout_numbers(job),
        **_device_numbers(job),
    }


def shape_numbers(shape: ModelShape, task: str) -> dict[str, float]:
    """Return the model columns; published totals win over counts from the architecture.

    A token of an encoder-decoder passes one of its halves (the decoder is the larger one).
    """
    part = parameter_parts(shape)
    counted = part.dense_layers * part.dense_ffn + shape.layers * part.attention
    active = part.moe_layers * (shape.experts_per_token * part.expert + part.shared_expert)
    width, kv_heads = head_width(shape), shape.kv_heads or shape.heads
    scale = _scale(shape, counted + active + part.embedding + part.head)
    halves = 0.75 if shape.kind == "encoder_decoder" else 1.0
    ffn = part.dense_layers * shape.ffn + part.moe_layers * (shape.expert_ffn or shape.ffn) * (
        shape.experts_per_token + shape.shared_experts
    )
    return {
        "layers": shape.layers,
        "d_model": shape.d_model,
        "heads": shape.heads,
        "q_dim": width * shape.heads,
        "kv_dim": width * kv_heads,
        "ffn_active": ffn / max(shape.layers, 1),
        "ffn_matrices": 3 if shape.gated_ffn else 2,
        "vocab": shape.vocab,
        "params": shape.params,
        "expert_params": min(part.moe_layers * shape.experts * part.expert, 0.97 * shape.params),
        "linear": counted * scale * halves,
        "expert_linear": active * scale,
        "head": part.embedding * halves * _predicted(shape, task),
        "logits": shape.vocab * _predicted(shape, task),
        "experts": shape.experts,
        "expert_ffn": shape.expert_ffn or shape.ffn or 1,
        "topk": shape.experts_per_token,
        "moe_share": part.moe_layers / max(shape.layers, 1),
        "attention_share": _attention_share(shape, width * kv_heads),
    }


def _predicted(shape: ModelShape, task: str) -> float:
    """Return the share of tokens that the output matrix sees: masked ones in an encoder's
    pre-training (BERT, arXiv 1810.04805), none when it is fine-tuned on another head."""
    if shape.kind != "encoder":
        return 1.0
    return 0.15 if task == "pretrain" else 0.0


def _scale(shape: ModelShape, counted: float) -> float:
    """Return published over counted active parameters where the two differ (hybrid layers)."""
    ratio = shape.active_params / counted if counted else 1.0
    return 1.0 if 0.9 < ratio < 1.1 else ratio


def _attention_share(shape: ModelShape, kv_dim: int) -> float:
    """Return the share of layers with softmax attention, from the cache size (hybrids < 1)."""
    if shape.latent_attention or not shape.kv_elements_per_token or not kv_dim:
        return 1.0
    return min(1.0, shape.kv_elements_per_token / (2 * kv_dim * shape.layers))


def _method_numbers(job: TrainingJob) -> dict[str, float]:
    shape = job.shape
    causal = shape.kind == "decoder" and job.flash_attention
    return {
        "seq": job.seq_len,
        "span": job.seq_len * (0.5 if causal else 1.0),
        "flash": job.flash_attention,
        "frozen": job.method != "full",
        "trained": trained_parameters(job),
        "base_bytes": job.base_bits / 8,
        "quantised": _quantised(job),
        "low_precision": {"fp8": 1.0, "fp4": 2.0}.get(job.precision, 0.0),
        "fp32": job.precision in ("fp32", "tf32"),
        "autocast": recipe_of(job) == "autocast",
        **_state_numbers(job),
        "buffer_bytes": DEEPSPEED_BUCKETS if recipe_of(job) == "deepspeed" else 0.0,
        "fused_loss": job.fused_loss,
        "family": FAMILIES.index(job.family),
        "compiled": job.compiled,
    }


def _state_numbers(job: TrainingJob) -> dict[str, float]:
    """Return the bytes of states by recipe, but for an optimizer of another size."""
    found = dict(zip(STATE_COLUMNS, STATE_BYTES[recipe_of(job)], strict=True))
    if job.optimizer_bytes is not None:
        found["optimizer_bytes"] = job.optimizer_bytes
    return found


def recipe_of(job: TrainingJob) -> str:
    """Return the state recipe: stated, or the usual one of the framework family.

    The HF Trainer keeps a bf16 model in bf16 on one device; FSDP under mixed precision upcasts;
    encoders are loaded in 32 bits and cast.
    """
    if job.recipe:
        return job.recipe
    if job.precision in ("fp32", "tf32"):
        return "master"
    if job.family in ("fused", "legacy"):
        return "mixed" if job.family == "fused" else "mixed_fp32_gradients"
    sharded = job.sharding in ("zero2", "zero3") and (job.dp or 1) * (job.cp or 1) > 1
    if job.shape.kind == "encoder" and not sharded:
        return "autocast"
    return "pure" if job.family in ("huggingface", "tuned") and not sharded else "master"


def _quantised(job: TrainingJob) -> float:
    """Return 0 for 16-bit frozen weights, 1 for NormalFloat and 2 for GPTQ storage."""
    if job.base_bits >= 16 or job.method == "full":
        return 0.0
    return 2.0 if job.base_format == "gptq" else 1.0


def trained_parameters(job: TrainingJob) -> float:
    """Return the trainable parameters: all, or two rank-r factors for every layer's matrices."""
    shape = job.shape
    if job.method == "full":
        return shape.params
    width = head_width(shape) * (2 * shape.heads + 2 * (shape.kv_heads or shape.heads))
    hidden = 3 * (shape.d_model + shape.ffn)
    adapters = job.lora_rank * shape.layers * (4 * shape.d_model + width + hidden)
    return min(float(adapters), shape.params)


def _layout_numbers(job: TrainingJob) -> dict[str, float]:
    return {
        "n_gpus": job.n_gpus or 1,
        "domain": scaleup_domain(job),
        "tp": job.tp or 1,
        "pp": job.pp or 1,
        "vp": job.vp or 1,
        "dp": job.dp or 1,
        "cp": job.cp or 1,
        "ep": job.ep or 1,
        "sharding": SHARDINGS.index(job.sharding or "none"),
        "recompute": recomputed_share(job),
        "selective": job.recompute == "selective",
        "offload": job.offload + job.offload_weights,
        "spilled": job.offload_activations,
        "paged": job.paged_optimizer,
        "micro_batch": job.micro_batch or 1,
        "accum": job.grad_accum or 1,
    }


def scaleup_domain(job: TrainingJob) -> float:
    """Return how many accelerators share the fast link: the node, or the rack where it spans."""
    node = job.gpus_per_node or min(job.n_gpus or 1, 8)
    if job.device.scaleup_domain > 16 and job.device.has_fast_link:
        return float(max(node, job.device.scaleup_domain))
    return float(node)


def _device_numbers(job: TrainingJob) -> dict[str, float]:
    device = job.device
    base = 16 if job.precision not in ("fp32", "tf32") else 32
    half = matrix_peak(device.tflops, "bf16" if base == 16 else job.precision)
    architecture = architecture_of(device.architecture)
    pcie = PCIE_GB_S.get(device.pcie_gen, 12.0)
    return {
        "architecture": ARCHITECTURES.index(architecture),
        "peak": matrix_peak(device.tflops, job.precision),
        "peak_16bit": half,
        "game_card": device.name.startswith("GeForce"),
        "bandwidth": device.memory_gb_s * 1e9,
        "memory": device.memory_bytes,
        "link": (device.link_gb_s / 2 if device.has_fast_link else pcie) * 1e9,
        "network": (job.network_gb_s or 3.0) * 1e9,
        "host": pcie * 1e9,
    }


FALLBACK = {
    "fp4": ("fp4", "fp8", "bf16", "fp16"),
    "fp8": ("fp8", "bf16", "fp16"),
    "bf16": ("bf16", "fp16", "fp32"),
    "fp16": ("fp16", "bf16", "fp32"),
    "tf32": ("tf32", "fp32", "bf16"),
    "fp32": ("fp32", "tf32", "bf16"),
}
"""Data types that a device without the wanted one computes in, nearest first."""


def matrix_peak(tflops: Mapping[str, float], precision: str) -> float:
    """Return the dense peak in FLOP/s for `precision` or the nearest supported type."""
    for name in FALLBACK.get(precision, FALLBACK["bf16"]):
        if tflops.get(name):
            return tflops[name] * 1e12
    return max(tflops.values(), default=1.0) * 1e12


def architecture_of(name: str) -> str:
    """Return the calibrated architecture class that a device's architecture belongs to."""
    low = name.lower()
    found = [known for known in ARCHITECTURES if known in low]
    return found[0] if found else OTHER
