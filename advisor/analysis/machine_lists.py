"""Reads what programs print of machines and their accelerators: nvidia-smi, kubectl, Slurm.

nvidia-smi           its table, `-L`, `-q -x`, `--query-gpu=name,memory.total --format=csv`, with
                     or without header
kubectl get nodes    `-o json`; the labels of the device plug-ins name the products
sinfo                `-o "%N %D %G"`, `--json`; `scontrol show node`
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from advisor.errors import InputError, Place, Problem
from advisor.frozen import dataclass

CLOUDS = ("aws", "gce", "azure")
"""What the provider id of a rented node begins with."""
MIB_OF_GB = 1e9 / 2**20
SCHEDULERS = {"kubectl": "kubernetes", "sinfo": "slurm"}


@dataclass(frozen=True, slots=True)
class Machines:
    """Machines of one kind: what their accelerators are called, GB of each, how many in each."""

    label: str
    per_machine: int
    machines: int = 1
    memory_gb: float | None = None
    rented_from: str = ""

    @property
    def accelerators(self) -> int:
        """Return how many accelerators they hold together."""
        return self.per_machine * self.machines


@dataclass(frozen=True, slots=True)
class MachineList:
    """What a program printed, and which program."""

    program: str
    machines: tuple[Machines, ...]


def is_machine_list(text: str) -> bool:
    """Return whether a text looks like the output of one of the programs."""
    return _reader_of(text) is not None


def read_machine_list(text: str, name: str) -> MachineList:
    """Return the machines in a program's output; raises InputError where there are none."""
    found = _reader_of(text)
    if found is None:
        raise _error(name, "is no output of nvidia-smi, kubectl get nodes -o json or sinfo")
    if _FAILED in text:
        raise _error(name, "nvidia-smi reached no driver; run it on the machine with the cards")
    program, reader = found
    machines = tuple(m for m in reader(text) if m.per_machine > 0)
    if not machines:
        raise _error(name, f"names no accelerators; {_HINTS[program]}")
    return MachineList(program, machines)


_HINTS = {
    "nvidia-smi": "save the output of `nvidia-smi -L` on the machine",
    "kubectl": "no node offers nvidia.com/gpu or amd.com/gpu: is the device plug-in installed?",
    "sinfo": 'it must show what a node holds: sinfo -o "%N %D %G"',
}


def _error(name: str, message: str) -> InputError:
    return InputError([Problem(Place(name), "E330", "", message)])


def _reader_of(text: str) -> tuple[str, Callable[[str], Iterable[Machines]]] | None:
    document = _json_of(text)
    if document is not None:
        if "items" in document or document.get("kind") == "Node":
            return "kubectl", lambda _: _nodes(document)
        if "sinfo" in document or "nodes" in document:
            return "sinfo", lambda _: _slurm_json(document)
        return None
    for program, marks, reader in _TEXTS:
        if re.search(marks, text):
            return program, reader
    return None


def _json_of(text: str) -> dict[str, Any] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


# --- nvidia-smi -------------------------------------------------------------------------------


def _listed(text: str) -> Iterator[Machines]:
    """Yield the machine of `nvidia-smi -L`; slices of a divided GPU are indented and left out."""
    yield from _one_machine((label, None) for label in re.findall(_LISTED, text))


def _queried(text: str) -> Iterator[Machines]:
    lines = [line.split(",") for line in text.splitlines() if line.strip()]
    header = [cell.strip() for cell in lines[0]]
    name = header.index("name")
    memory = next((i for i, cell in enumerate(header) if cell.startswith("memory.total")), -1)
    yield from _one_machine(
        (cells[name].strip(), _gb(cells[memory]) if memory >= 0 else None)
        for cells in lines[1:]
        if len(cells) == len(header)
    )


def _unheaded(text: str) -> Iterator[Machines]:
    yield from _one_machine(
        (name.strip(), _gb(size) if size else None) for name, size in re.findall(_BARE, text)
    )


def _in_xml(text: str) -> Iterator[Machines]:
    names = re.findall(r"<product_name>([^<]+)</product_name>", text)
    sizes = re.findall(r"<fb_memory_usage>\s*<total>(\d+) MiB", text)
    yield from _one_machine(
        (name, _gb(size)) for name, size in zip(names, sizes or [""] * len(names), strict=False)
    )


def _table(text: str) -> Iterator[Machines]:
    names = re.findall(_ROW, text, re.MULTILINE)
    sizes = re.findall(r"\d+MiB\s*/\s*(\d+)MiB", text)
    yield from _one_machine(
        (name.rstrip(". "), _gb(size))
        for name, size in zip(names, sizes or [""] * len(names), strict=False)
    )


def _one_machine(found: Iterable[tuple[str, float | None]]) -> Iterator[Machines]:
    """Yield one entry for each kind of accelerator in a machine."""
    kinds: dict[tuple[str, float | None], int] = {}
    for kind in found:
        kinds[kind] = kinds.get(kind, 0) + 1
    for (label, memory), count in kinds.items():
        yield Machines(label, count, 1, memory)


def _gb(mebibytes: str) -> float | None:
    found = re.search(r"\d+", mebibytes)
    return round(int(found.group()) / MIB_OF_GB, 1) if found else None


# --- kubectl ----------------------------------------------------------------------------------

_PLUGINS = {"nvidia.com/gpu": "nvidia.com/gpu", "amd.com/gpu": "amd.com/gpu"}
_NAMES = (
    "nvidia.com/gpu.product",
    "cloud.google.com/gke-accelerator",
    "amd.com/gpu.product-name",
    "beta.amd.com/gpu.product-name",
    "node.kubernetes.io/instance-type",
)


def _nodes(document: dict[str, Any]) -> Iterator[Machines]:
    for node in document.get("items", [document]):
        labels = _part(node, "metadata", "labels")
        capacity = _part(node, "status", "capacity")
        shared = _whole(labels.get("nvidia.com/gpu.replicas")) or 1
        name = next((str(labels[key]) for key in _NAMES if key in labels), "unknown")
        provider = str(_part(node, "spec").get("providerID", "")).partition(":")[0]
        yield Machines(
            label=name.removesuffix("-SHARED"),
            per_machine=sum(_whole(capacity.get(plugin)) for plugin in _PLUGINS) // shared,
            memory_gb=_gb(str(labels.get("nvidia.com/gpu.memory", ""))),
            rented_from=provider if provider in CLOUDS else "",
        )


def _part(data: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _whole(text: object) -> int:
    return int(str(text)) if str(text).isdigit() else 0


# --- Slurm ------------------------------------------------------------------------------------


def _slurm_json(document: dict[str, Any]) -> Iterator[Machines]:
    """Yield machines of `sinfo --json` or `scontrol show nodes --json`."""
    for row in document.get("sinfo", ()):
        count = _part(row, "nodes").get("total", 1)
        yield from _held(str(_part(row, "gres").get("total", "")), _whole(count))
    for node in document.get("nodes", ()):
        yield from _held(str(node.get("gres", "")) if isinstance(node, dict) else "", 1)


def _partitions(text: str) -> Iterator[Machines]:
    """Yield machines of a table with a header; nodes of several partitions count once."""
    header, *rows = (line.split() for line in text.splitlines() if line.strip())
    if "GRES" not in header:
        return
    at = {name: header.index(name) for name in ("NODELIST", "NODES", "GRES") if name in header}
    seen = set()
    for row in rows:
        nodes = row[at["NODELIST"]] if "NODELIST" in at and len(row) == len(header) else None
        if len(row) != len(header) or (nodes is not None and nodes in seen):
            continue
        seen.add(nodes)
        yield from _held(row[at["GRES"]], _whole(row[at["NODES"]]) if "NODES" in at else 1)


def _shown_nodes(text: str) -> Iterator[Machines]:
    for gres in re.findall(r"^\s*Gres=(\S+)", text, re.MULTILINE):
        yield from _held(gres, 1)


def _held(gres: str, machines: int) -> Iterator[Machines]:
    """Yield what a list of generic resources holds, such as `gpu:a100:8(S:0-1),shard:32`."""
    for label, count in re.findall(r"(?:^|,)gpu:(?:([^:,()]+):)?(\d+)", gres):
        yield Machines(label or "unknown", int(count), machines)


_LISTED = r"(?m)^GPU \d+: (.+?) \(UUID"
_ROW = r"^\|\s+\d+\s+((?:NVIDIA|Tesla|GeForce|Quadro|TITAN|GRID)[^|]*?)\s+(?:On|Off|N/A)\s+\|"
_BARE = r"(?m)^((?:NVIDIA|Tesla|GeForce|Quadro|TITAN|GRID) [^,\n]+)(?:, (\d+)(?: MiB)?)?[^\n]*$"
_FAILED = "NVIDIA-SMI has failed"
_TEXTS: tuple[tuple[str, str, Callable[[str], Iterable[Machines]]], ...] = (
    ("nvidia-smi", _LISTED, _listed),
    ("nvidia-smi", r"<nvidia_smi_log>", _in_xml),
    ("nvidia-smi", r"NVIDIA-SMI \d", _table),
    ("nvidia-smi", _FAILED, _table),
    ("nvidia-smi", rf"\A{_BARE.removeprefix('(?m)^').removesuffix('$')}", _unheaded),
    ("nvidia-smi", r"\A(?:[a-z_. ]+, )*name(?:,|\s*$)(?m:.*$)", _queried),
    ("sinfo", r"(?m)^\s*NodeName=\S+", _shown_nodes),
    ("sinfo", r"\A\s*(?:[A-Z:]+\s+)*(?:PARTITION|NODELIST|NODES)\b", _partitions),
)
"""What tells an output from others, looked for in this order."""
