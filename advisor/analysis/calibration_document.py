"""The text of `knowledge/calibration/training.yaml`, with what each constant rests on."""

from __future__ import annotations

import numpy as np

from advisor.analysis.calibrate_training import RUN_FACTORS, Evidence
from advisor.analysis.fit_training import ItemRates, TokenRates
from advisor.frozen import dataclass, replace
from advisor.sizing.serving_constants import Measured
from advisor.sizing.training_constants import TrainingConstants

HEADER = """\
# Constants of the training formulas, written by the refit that README.md describes.
# values: a constant with a prior was fitted (beside it: the prior, and the measurements that a
# change of 10 % moves by more than 0.5 %, with their sources); one without is derived, assumed or
# taken from the reference in the formula's docstring. spreads: factors from the likely value to
# the ends of the 80 % interval, from residuals of left-out sources. devices: what was measured, and
# the widening of intervals (a factor on the logarithm) on all others, from left-out generations.
# near: how many rows a kind has (parameters, active ones, as powers of two; source; rows).
# priors: value and sigma of the logarithm.
"""
MOVED = 0.005
CHANGE = 0.1


@dataclass(frozen=True, slots=True)
class Support:
    """How many measurements, of how many sources, inform a constant."""

    rows: int
    sources: int


def support(observed: TokenRates | ItemRates, constants: TrainingConstants, name: str) -> Support:
    """Return the measurements whose prediction a change of 10 % in the constant moves by 0.5 %."""
    values = {**constants.values, name: constants[name] * (1.0 + CHANGE)}
    shift = observed.log_errors(replace(constants, values=values)) - observed.log_errors(constants)
    moved = np.abs(shift) > MOVED
    sources = {source for source, one in zip(observed.sources, moved, strict=True) if one}
    return Support(int(moved.sum()), len(sources))


def training_document(evidence: Evidence, constants: TrainingConstants) -> str:
    """Return the YAML text of the calibration file."""
    lines = [HEADER.rstrip(), "values:"]
    lines += [_value(evidence, constants, name) for name in constants.values]
    lines.append("spreads:")
    for name, one in sorted(constants.spreads.items()):
        lines.append(
            f"  {name}: {{down: {one.down:.3f}, up: {one.up:.3f}, "
            f"rows: {one.rows}, sources: {one.sources}}}"
        )
    lines += device_lines(constants.measured)
    lines.append("priors:")
    lines += [
        f"  {name}: [{prior.value:g}, {prior.sigma:g}]" for name, prior in evidence.priors.items()
    ]
    return "\n".join(lines) + "\n"


def device_lines(measured: Measured) -> list[str]:
    """Return what was measured on which devices, the widening on all others, and how many
    measurements there are by kind, as YAML."""
    lines = ["devices:", "  measured:"]
    for kind, names in sorted(measured.devices.items()):
        lines.append(f"    {kind}: [{', '.join(sorted(names))}]")
    lines.append("  widening:")
    lines += [f"    {name}: {one:.3f}" for name, one in sorted(measured.widening.items())]
    cells = sorted(measured.support.cells.items())
    return lines + (["near:", *(f'  "{key}": "{cell}"' for key, cell in cells)] if cells else [])


def _value(evidence: Evidence, constants: TrainingConstants, name: str) -> str:
    text = f"  {name}: {constants[name]:.4g}"
    prior = evidence.priors.get(name)
    if prior is None or name in RUN_FACTORS:
        return text
    observed = evidence.items if name.startswith("sample_") else evidence.tokens
    found = support(observed, constants, name)
    return f"{text}  # before {prior.value:g}; moves {found.rows} rows of {found.sources} sources"
