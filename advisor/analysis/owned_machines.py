"""Answers that the list of machines gives: what is owned, how much, and what schedules it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from advisor.analysis.device_labels import find_device
from advisor.analysis.machine_lists import MachineList, Machines, is_machine_list, read_machine_list
from advisor.domain.answers import Answers, Source, Value
from advisor.domain.hardware import Accelerator
from advisor.domain.questions import Question
from advisor.frozen import replace
from advisor.planning.kit import Kit
from advisor.planning.own_hardware import DESK, machine_of

OTHER = "other"
LARGEST = 50_000_000
"""Bytes of an output that is read; that of ten thousand nodes is smaller."""


def read_owned(path: Path, kit: Kit) -> tuple[Answers, str] | None:
    """Return the answers that a saved output gives and what it says in words.

    None where the file is no such output; raises InputError where it names no accelerators.
    """
    try:
        if path.stat().st_size > LARGEST:
            return None
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    if not is_machine_list(text):
        return None
    return owned_answers(read_machine_list(text, path.name), kit)


def owned_answers(found: MachineList, kit: Kit) -> tuple[Answers, str]:
    """Return answers about what is owned, marked as from a file, and the finding in words.

    Nodes of a cloud are rented: they say that Kubernetes is run, and nothing of what is owned.
    """
    owned = [m for m in found.machines if not m.rented_from]
    values = _platform(found)
    if owned:
        values |= _hardware(owned, kit)
    questions = {question.id: question for question in kit.questions}
    kept = {id_: values[id_] for id_ in questions if id_ in values}
    words = _words(found, owned, values, questions)
    return Answers(kept, dict.fromkeys(kept, Source.FILE)), words


def beside(answers: Answers, added: Answers) -> Answers:
    """Return answers with others taken in; what is in use already stays in use."""
    tools = _joined(answers.values.get("existing_tools"), added.values.get("existing_tools"))
    return replace(
        answers,
        values={**answers.values, **added.values, **({"existing_tools": tools} if tools else {})},
        sources={**answers.sources, **added.sources},
    )


def _joined(old: Value | None, new: Value | None) -> Value | None:
    parts = [part for part in (old, new) if isinstance(part, tuple)]
    return tuple(dict.fromkeys(t for part in parts for t in part if t != "none")) or old


def _platform(found: MachineList) -> dict[str, Value]:
    if found.program == "sinfo":
        return {"existing_tools": ("slurm",)}
    if found.program == "kubectl":
        rented = any(m.rented_from for m in found.machines)
        return {"k8s_skill": "yes_managed" if rented else "yes_self_managed"}
    return {}


def _hardware(owned: Iterable[Machines], kit: Kit) -> dict[str, Value]:
    """Return the answers for the kind of accelerator with the most memory in total."""
    kinds: dict[str, list[Machines]] = {}
    for machines in owned:
        kinds.setdefault(_kind(machines, kit), []).append(machines)
    kind, most = max(kinds.items(), key=lambda item: _weight(item[0], item[1], kit.devices))
    count = sum(m.accelerators for m in most)
    per_machine: Counter[int] = Counter()
    for machines in most:
        per_machine[machines.per_machine] += machines.machines
    return {
        "onprem_gpus": _where(kind, count, kit),
        "owned_accelerator": kind,
        "owned_count": count,
        "owned_per_machine": max(per_machine, key=lambda size: (per_machine[size], size)),
    }


def _kind(machines: Machines, kit: Kit) -> str:
    """Return the option that the label surely means, else "another one"."""
    device, doubt = find_device(machines.label, machines.memory_gb, kit.devices)
    asked = next(q for q in kit.questions if q.id == "owned_accelerator")
    known = device is not None and not doubt and any(o.id == device.id for o in asked.options)
    return device.id if device is not None and known else OTHER


def _weight(
    kind: str, machines: Iterable[Machines], devices: Mapping[str, Accelerator]
) -> tuple[bool, float, str]:
    count = sum(m.accelerators for m in machines)
    return kind != OTHER, count * (devices[kind].memory_gb if kind in devices else 1.0), kind


def _where(kind: str, count: int, kit: Kit) -> str:
    if kind in kit.devices and machine_of(kit.devices[kind].form_factor) is DESK:
        return "workstations"
    return "cluster" if count >= kit.number("owned_accelerators.cluster") else "few_servers"


def _words(
    found: MachineList,
    owned: Iterable[Machines],
    values: Mapping[str, Value],
    questions: Mapping[str, Question],
) -> str:
    said = [f"{found.program}: {_counted(found.machines)}"]
    rented = sorted({m.rented_from for m in found.machines} - {""})
    if rented:
        said.append(f"rented from {', '.join(rented)}, so not taken as owned")
    if values.get("owned_accelerator") == OTHER:
        said.append("no accelerator of the catalogue is called so; choose the nearest")
    elif len({m.label for m in owned}) > 1:
        labels = {o.id: o.label for o in questions["owned_accelerator"].options}
        said.append(f"planned with {labels[str(values['owned_accelerator'])]}")
    filled = [question.title for id_, question in questions.items() if id_ in values]
    said.append(f"filled in, to be checked: {', '.join(filled)}")
    return "; ".join(said)


def _counted(machines: Iterable[Machines]) -> str:
    counts: Counter[str] = Counter()
    for one in machines:
        counts[one.label] += one.accelerators
    return ", ".join(f"{count} x {label}" for label, count in sorted(counts.items()))
