"""A small catalogue and measured rows for the tests of reading, fitting and scoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.library.calibration import sample_models, training_constants, training_priors
from advisor.sizing.training_samples import SampleWork
from tests.sizing.training_cases import A100, CALIBRATION, H100, H100_PCIE, LLAMA_8B, MIXTRAL

CONSTANTS = training_constants(CALIBRATION / "training.yaml")
PRIORS = training_priors(CALIBRATION / "training.yaml")


@dataclass(frozen=True, slots=True)
class SmallCatalogue:
    """Three devices and two models."""

    accelerators: Mapping[str, Accelerator]
    models: Mapping[str, ModelShape]
    samples: Sequence[tuple[str, SampleWork]]


CATALOGUE = SmallCatalogue(
    {device.id: device for device in (A100, H100, H100_PCIE)},
    {shape.id: shape for shape in (LLAMA_8B, MIXTRAL)},
    sample_models(CALIBRATION / "samples.yaml"),
)

COLUMNS = (
    "case_id",
    "source_id",
    "task",
    "model",
    "params_b",
    "active_params_b",
    "n_layers",
    "d_model",
    "n_heads",
    "n_kv_heads",
    "vocab",
    "seq_len",
    "image_size",
    "gpu",
    "gpu_mem_gb",
    "n_gpus",
    "gpus_per_node",
    "interconnect",
    "framework",
    "precision",
    "tp",
    "pp",
    "vp",
    "dp",
    "cp",
    "ep",
    "zero_stage_or_fsdp",
    "activation_ckpt",
    "offload",
    "optimizer",
    "lora_rank",
    "micro_batch",
    "grad_accum",
    "global_batch_seqs",
    "tokens_total_b",
    "samples_total",
    "tokens_per_s_per_gpu",
    "samples_per_s_total",
    "mfu_pct",
    "step_time_s",
    "peak_mem_gib_per_gpu",
    "total_gpu_hours",
    "outcome",
    "kind",
    "score_metrics",
    "flags",
    "notes",
)


def row(**cells: str) -> dict[str, str]:
    """Return a row of blanks with `cells` over a Llama-3-8B run on 64 H100."""
    stated = {
        "case_id": "c1",
        "source_id": "s1",
        "task": "pretrain",
        "model": "Llama-3-8B",
        "params_b": "8.03",
        "seq_len": "8192",
        "gpu": "H100-80GB-SXM",
        "gpu_mem_gb": "80",
        "n_gpus": "64",
        "gpus_per_node": "8",
        "framework": "NeMo/Megatron-Core",
        "precision": "bf16",
        "tp": "1",
        "pp": "1",
        "dp": "64",
        "cp": "1",
        "micro_batch": "1",
        "grad_accum": "8",
        "zero_stage_or_fsdp": "distributed-optimizer",
        "activation_ckpt": "none",
        "kind": "measured",
        "outcome": "ok",
    }
    return dict.fromkeys(COLUMNS, "") | stated | cells
