"""The fitted numbers of the inference estimators, as `knowledge/calibration` delivers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache

from advisor.domain.hardware import Accelerator
from advisor.domain.interval import Interval
from advisor.frozen import dataclass
from advisor.sizing.near_measurements import Support


@dataclass(frozen=True, slots=True)
class Spread:
    """Bounds of an 80 % interval as factors on the likely value, and the rows behind them."""

    down: float
    up: float
    rows: int
    sources: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Devices that constants were fitted on, and how much wider intervals are on all others.

    `devices` maps a kind of work to architectures, and to classes of one maker's chips.
    `widening` maps a figure (`tokens`, `throughput`) to a factor on the width of its interval in
    logarithms, as generations of devices that a fit had not seen ask for. `support` counts the
    measurements of the fit by kind.
    """

    devices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    widening: Mapping[str, float] = field(default_factory=dict)
    support: Support = field(default_factory=Support)

    def on(self, kind: str, keys: frozenset[str]) -> bool:
        """Return whether work of this kind was measured on a device of one of these keys."""
        return bool(self.devices.get(kind, frozenset()) & keys)

    def factor(self, figure: str) -> float:
        """Return the widening of a figure on a device without measurements."""
        return self.widening.get(figure, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class InferenceConstants:
    """Fitted constants by name and residual spreads by regime.

    `values` maps a dotted name (`bandwidth.hbm`, `layer_us.server`) to a number. `spreads` maps
    a regime (`decode.server`) to its interval; `all` is the widest fallback.
    """

    values: Mapping[str, float]
    spreads: Mapping[str, Spread]
    measured: Measured = field(default_factory=Measured)

    def get(self, family: str, *keys: str) -> float:
        """Return the value of the first key that has one, else that of `family.all`.

        Raises:
            KeyError: neither a key nor `family.all` is calibrated.
        """
        for key in keys:
            found = self.values.get(f"{family}.{key}")
            if found is not None:
                return found
        return self.values[f"{family}.all"]

    def has(self, family: str, key: str) -> bool:
        """Return whether `family.key` is calibrated by itself."""
        return f"{family}.{key}" in self.values

    def spread(self, *regimes: str) -> Spread:
        """Return the spread of the first regime that has one, else the spread `all`."""
        for regime in regimes:
            if regime in self.spreads:
                return self.spreads[regime]
        return self.spreads["all"]


_HBM_PARTS: tuple[str, ...] = (
    "V100",
    "A100",
    "A800",
    "A30",
    "H100",
    "H800",
    "H20",
    "H200",
    "GH200",
    "B100",
)
_HBM_PARTS += ("B200", "GB200", "B300", "GB300", "Rubin", "Instinct", "Gaudi", "P100")


MIXED_CLASSES = ("hbm", "gddr")
"""Classes of many generations: a constant of theirs says nothing of one of them."""


def device_class(device: Accelerator) -> str:
    """Return how the device's memory system behaves.

    `hbm` data-centre GPU, `gddr` card, `apple` unified memory, `apu` shared-memory system on
    chip, `amd` consumer Radeon, `neuron`, `tpu`, `cpu`.
    """
    if device.vendor in {"aws", "amazon"}:
        return "neuron"
    if device.vendor in {"apple", "cpu"}:
        return device.vendor
    if device.vendor == "google":
        return "tpu"
    if device.form_factor in {"soc", "desktop-soc", "apu", "module", "embedded"}:
        return "apu"
    if device.vendor == "amd" and device.architecture.startswith("rdna"):
        return "amd"
    return "hbm" if device.name.startswith(_HBM_PARTS) else "gddr"


UNMEASURED_WIDENING = 1.3
"""Factor on the width of an interval, in logarithms, for a precision or a kind of network that
no measurement is of: as for a label that had to be guessed."""
LANGUAGE, NETWORKS, PRECISIONS = "language", "networks", "precisions"
"""Kinds of work whose measured devices are told apart, and the precisions of networks."""
MEMORY = "mem"
"""The figure that hardly depends on the device."""


def widened(spread: Spread, factor: float) -> Spread:
    """Return the spread with its bounds raised to the power `factor`."""
    return Spread(spread.down**factor, spread.up**factor, spread.rows, spread.sources)


def device_keys(device: Accelerator) -> frozenset[str]:
    """Return the architecture, and the class where one maker's generations are alike."""
    return frozenset({device.architecture, device_class(device)} - set(MIXED_CLASSES))


def device_family(device: Accelerator) -> str:
    """Return the generation and memory of a device, or the class where generations are alike."""
    kept = device_class(device)
    if kept in MIXED_CLASSES or kept == "apu":
        return f"{device.architecture} {kept}"
    return kept


def unmeasured(device: Accelerator, constants: InferenceConstants, kind: str) -> str:
    """Return in words that no measurement of this kind of work is of such a device, else ""."""
    if constants.measured.on(kind, device_keys(device)):
        return ""
    return f"no measurement of {device.name} or its generation"


def interval_around(likely: float, spread: Spread) -> Interval:
    """Return `likely` between its bounds; a spread never excludes the likely value."""
    return Interval(likely * min(spread.down, 1.0), likely, likely * max(spread.up, 1.0))


@lru_cache(maxsize=512)
def regimes_of(name: str) -> tuple[str, ...]:
    """Return a regime and all that it is part of: `a.b.c`, `a.b`, `a`, `all`."""
    parts = name.split(".")
    return (*(".".join(parts[:size]) for size in range(len(parts), 0, -1)), "all")


def spread_on(device: Accelerator, constants: InferenceConstants, kind: str, name: str) -> Spread:
    """Return the interval of a figure and regime (`tpot.single.server`) on a device: that of the
    most telling regime that was measured, wider where no measurement is of such a device."""
    known = constants.spread(*regimes_of(name))
    figure = name.split(".", maxsplit=1)[0]
    if figure == MEMORY or not unmeasured(device, constants, kind):
        return known
    return widened(known, constants.measured.factor(figure))
