"""Rows of training measurements that count items or rows instead of transformer tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from advisor.analysis.device_labels import find_device
from advisor.analysis.training_labels import network_of, number, precision_of, whole
from advisor.analysis.training_rows import Catalogue, Refusal
from advisor.domain.hardware import Accelerator
from advisor.frozen import replace
from advisor.sizing.training_defaults import CARD_NETWORK_GB_S, NETWORK_GB_S
from advisor.sizing.training_samples import SampleJob, SampleWork, named_work
from advisor.sizing.training_trees import LIBRARIES, TreeJob

SAMPLE_TASKS = ("vision_train", "seq2seq_train", "legacy_lm_train", "diffusion_pretrain")
DETECTORS = r"rcnn|retinanet|rpn|panoptic|yolo|ssd"
FLOPS_PER_PARAMETER = 0.34e3
USUAL_PARAMETERS = 0.03e9
ACTIVATIONS_BASE, ACTIVATIONS_PER_FLOP = 6e6, 0.9e-3
"""Usual convolutional or vision-transformer classifier at 224 pixels (timm profiles: ResNet-50
25.6 M parameters, 8.2 GFLOP, 11 M activations; ViT-B/16 86.6 M, 35 GFLOP, 24 M)."""

TEXT_TOWERS = {"b": (6.0, 7.6, 63.4), "l": (13.3, 11.4, 123.7), "h": (46.3, 30.0, 354.0)}
TEXT_TOWERS["g"] = TEXT_TOWERS["h"]
"""Forward GFLOP, millions of elements written and of parameters of the text tower beside a vision
transformer of that size: 77 tokens (OpenCLIP's docs/model_profile.csv)."""


def counts_items(row: Mapping[str, str]) -> bool:
    """Return whether the row's work is counted in items rather than transformer tokens."""
    return row.get("task", "") in SAMPLE_TASKS and not (
        whole(row, "n_layers")
        or (row.get("task") == "diffusion_pretrain" and whole(row, "seq_len"))
    )


def sample_job_of(row: Mapping[str, str], catalogue: Catalogue) -> SampleJob | Refusal:
    """Return the item-counted job that a row describes, or a refusal."""
    device, device_notes = find_device(
        row.get("gpu", ""), number(row, "gpu_mem_gb"), catalogue.accelerators
    )
    work, work_note = _work(row, catalogue.samples)
    if device is None:
        return Refusal(device_notes[0])
    if work is None:
        return Refusal("neither model name nor size identifies the work")
    precision, precision_note = precision_of(row.get("precision", ""))
    notes = tuple(note for note in (*device_notes, work_note, precision_note) if note)
    per_node = whole(row, "gpus_per_node") or 8
    return SampleJob(
        work,
        (number(row, "params_b") or 0.0) * 1e9 or work.params or USUAL_PARAMETERS,
        _linked(device, row),
        row["task"],
        precision.compute,
        whole(row, "n_gpus") or 1,
        per_node,
        network_of(row.get("interconnect", ""), per_node) or _network(device),
        whole(row, "micro_batch"),
        bool(re.search(DETECTORS, row.get("model", "").lower())),
        number(row, "samples_total"),
        notes,
    )


def _linked(device: Accelerator, row: Mapping[str, str]) -> Accelerator:
    pcie = row.get("interconnect", "").lower() == "pcie"
    return replace(device, link_gb_s=0.0) if pcie else device


def _network(device: Accelerator) -> float:
    if not device.has_fast_link:
        return CARD_NETWORK_GB_S
    low = device.architecture.lower()
    return next((rate for name, rate in NETWORK_GB_S.items() if name in low), 25.0)


def _work(
    row: Mapping[str, str], samples: Sequence[tuple[str, SampleWork]]
) -> tuple[SampleWork | None, str]:
    name = row.get("model", "")
    named = named_work(name, samples)
    if named is not None:
        return _with_text(name, named.at(image_side(row.get("image_size", "")))), ""
    params = number(row, "params_b")
    if not params:
        return None, ""
    return _guessed(row, params * 1e9), "forward work guessed from the size"


def _with_text(name: str, image: SampleWork) -> SampleWork:
    """Return the work of a pair of image and caption where the model takes both."""
    if "clip" not in name.lower():
        return image
    found = re.search(r"\b(b|l|h|g)\b|base|large|huge|giant", name.lower())
    gflop, written, params = TEXT_TOWERS[found[0][0] if found else "b"]
    return replace(
        image,
        flops=image.flops + gflop * 1e9,
        activations=image.activations + written * 1e6,
        params=image.params + params * 1e6,
    )


def _guessed(row: Mapping[str, str], params: float) -> SampleWork:
    """Return the usual forward work of a model of this size: of an image, or of a token."""
    if not image_side(row.get("image_size", "")):
        return SampleWork(1.2 * params, 1.5e-3 * params)
    flops = FLOPS_PER_PARAMETER * params
    work = SampleWork(flops, ACTIVATIONS_BASE + ACTIVATIONS_PER_FLOP * flops, 224.0)
    return work.at(image_side(row.get("image_size", "")))


def image_side(label: str) -> float:
    """Return pixels a side that a label means: the geometric mean of `192x160`, the mean of a
    range, 0 where nothing or only the short side of a detector is printed."""
    if not label or "short" in label:
        return 0.0
    sides = [float(side) for side in re.findall(r"\d+", label)]
    if not sides:
        return 0.0
    if "x" in label and len(sides) > 1:
        return float((sides[0] * sides[1]) ** 0.5)
    return sum(sides) / len(sides)


def tree_job_of(row: Mapping[str, str], catalogue: Catalogue) -> TreeJob | Refusal:
    """Return the boosted-tree run that a row describes, or a refusal."""
    device, device_notes = find_device(
        row.get("gpu", ""), number(row, "gpu_mem_gb"), catalogue.accelerators
    )
    name = f"{row.get('model', '')} {row.get('framework', '')}".lower()
    known = [library for library in LIBRARIES if library in name]
    if device is None:
        return Refusal(device_notes[0])
    notes = () if known else ("library taken as xgboost",)
    return TreeJob(
        known[0] if known else "xgboost",
        number(row, "samples_total") or 1e6,
        device,
        (*notes, *device_notes),
    )
