"""What a training job is, as measurements near it are counted."""

from __future__ import annotations

from advisor.domain.hardware import Accelerator
from advisor.sizing.near_measurements import Kind
from advisor.sizing.serving_constants import device_class
from advisor.sizing.training_defaults import usual_cluster
from advisor.sizing.training_job import TrainingJob
from advisor.sizing.training_samples import SampleJob
from advisor.sizing.training_work import architecture_of

COUNTS = ((1, "one"), (8, "up to 8"), (128, "9 to 128"), (2048, "129 to 2,048"))
"""Bands of device counts: a card, a node, a few racks, a cluster; more beyond them."""
TASKS = {
    "pretrain": "pre-training",
    "full_ft": "full tuning",
    "lora": "tuning by adapters",
    "qlora": "tuning by adapters on 4-bit weights",
    "adapter": "tuning by adapters",
    "rlhf": "tuning by feedback",
    "vision_train": "training on images",
    "seq2seq_train": "training of translators",
    "legacy_lm_train": "training of recurrent and early language models",
    "diffusion_pretrain": "training of image generators",
}
PROGRAMS = {
    "fused": "a Megatron-like program",
    "compiled": "an XLA program",
    "torch": "plain PyTorch",
    "huggingface": "the Hugging Face trainer",
    "legacy": "a program before flash attention",
    "tuned": "a trainer with fused kernels",
}
WIDTHS = {"bf16": "16-bit", "fp16": "16-bit", "fp32": "32-bit"}


def kind_of_training(job: TrainingJob) -> Kind:
    """Return what a job on transformer layers is: method, devices and how many, class of
    framework, width of the products, size."""
    shape = job.shape
    return Kind(
        _task(job.task),
        _devices(job.device, job.n_gpus or usual_cluster(job)),
        PROGRAMS[job.family],
        _width(job.precision),
        shape.params,
        shape.active_params,
    )


def kind_of_samples(job: SampleJob) -> Kind:
    """Return what a job counted in items is; no framework is told of one."""
    devices = _devices(job.device, job.n_gpus)
    return Kind(_task(job.task), devices, "", _width(job.precision), job.params)


def _task(name: str) -> str:
    return TASKS.get(name, name.replace("_", " "))


def _width(precision: str) -> str:
    return WIDTHS.get(precision, precision)


def _devices(device: Accelerator, count: int) -> str:
    """Return the band of the count with the generation of the devices and their memory."""
    band = next((words for most, words in COUNTS if count <= most), "over 2,048")
    known = architecture_of(device.architecture)
    family = device.architecture if known == "other" else known
    memory = device_class(device)
    return f"{band} {family}" + (f" {memory}" if memory in ("hbm", "gddr") else "")
