"""Ways to split measurements into groups that a fit leaves out in turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from advisor.analysis.device_labels import find_device
from advisor.analysis.inference_labels import engine_of
from advisor.analysis.model_labels import model_key
from advisor.analysis.training_labels import family_of, number
from advisor.domain.hardware import Accelerator

SPLITS = ("source", "device", "model", "engine")
"""By publisher; by generation of the device; by family of the model; by engine or framework."""
Row = Mapping[str, str]
Grouping = Callable[[Row], str]


def source_of(row: Row) -> str:
    """Return who published a row."""
    return row.get("source_id") or row["source"]


def grouping(split: str, accelerators: Mapping[str, Accelerator]) -> Grouping:
    """Return the function from a row to its group; `split` is one of `SPLITS`."""
    known: dict[str, Grouping] = {
        "source": source_of,
        "device": lambda row: _generation(row, accelerators),
        "model": lambda row: model_family(row.get("model", "")),
        "engine": _software,
    }
    return known[split]


def _generation(row: Row, accelerators: Mapping[str, Accelerator]) -> str:
    device, _ = find_device(row.get("gpu", ""), number(row, "gpu_mem_gb"), accelerators)
    return device.architecture if device else "no device"


def model_family(name: str) -> str:
    """Return the first word of a model's name: `llama`, `qwen`, `resnet`."""
    found = re.match(r"[a-z]+", model_key(name).removeprefix("tf-"))
    return found[0] if found else "no name"


def _software(row: Row) -> str:
    """Return the engine that serves, or the framework that trains."""
    if row.get("engine"):
        return engine_of(row["engine"])[0] if row["task"].startswith("llm") else row["engine"]
    label = row.get("framework", "")
    return f"{family_of(label, row.get('task', ''))[0]} {label.split(' ')[0]}" if label else "none"
