"""Finds the accelerator that a printed device label means."""

from __future__ import annotations

import re
from collections.abc import Mapping

from advisor.domain.hardware import Accelerator

FORMS = ("sxm", "pcie", "nvl")


def find_device(
    label: str, memory_gb: float | None, accelerators: Mapping[str, Accelerator]
) -> tuple[Accelerator | None, str]:
    """Return the accelerator for `label` and an assumption ("" where the match is certain).

    The product (`a100`, `rtx4090`, `mi300x`) must be the same; memory and form factor choose
    among its variants, and SXM is taken where neither is printed. None if no product matches.
    """
    wanted = _product(label)
    same = [
        device
        for key, device in sorted(accelerators.items())
        if wanted and wanted in {_product(key), _product(device.name)}
    ]
    memory = memory_gb or _memory(label)
    if not same:
        return _nearest(label, wanted, memory, accelerators)
    best = min(same, key=lambda device: (_form_miss(label, device), _memory_miss(memory, device)))
    return best, ""


def _nearest(
    label: str, wanted: str, memory: float | None, accelerators: Mapping[str, Accelerator]
) -> tuple[Accelerator | None, str]:
    """Return the product whose name begins alike, else the card with the nearest memory."""
    if not wanted or not accelerators:
        return None, "no device is named"
    devices = [accelerators[key] for key in sorted(accelerators)]
    alike = [
        device
        for device in devices
        if len(wanted) > 2
        and (_product(device.id).startswith(wanted) or wanted.startswith(_product(device.id)))
    ]
    cards = [device for device in devices if not device.has_fast_link] or devices
    if not alike and not memory:
        return None, f"no accelerator is called {label!r}"
    nearest = min(alike or cards, key=lambda device: _memory_miss(memory, device))
    return nearest, f"device {label!r} taken as {nearest.name}"


def _product(text: str) -> str:
    low = re.sub(
        r"nvidia|amd|intel|google|aws|geforce|tesla|instinct|cloud|server|workstation",
        "",
        text.lower(),
    )
    low = re.sub(r"\b\d+\s*gi?b\b|(?<=[-_ ])\d+gi?b", "", low)
    low = re.sub(r"(sxm|pcie|nvl|hbm)\w*|ultra|superchip|core", "", low)
    return re.sub(r"[^a-z0-9]", "", low)


def _memory(label: str) -> float | None:
    found = re.search(r"(\d+)\s*gi?b", label.lower())
    return float(found.group(1)) if found else None


def _memory_miss(memory: float | None, device: Accelerator) -> float:
    return abs(device.memory_gb - memory) if memory else -device.memory_gb


def _form_miss(label: str, device: Accelerator) -> int:
    stated = [form for form in FORMS if form in label.lower()]
    form = stated[0] if stated else "sxm"
    return 0 if form in f"{device.form_factor} {device.id}".lower() else 1
