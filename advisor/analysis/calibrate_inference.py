"""Calibrates the inference estimators: constants on all rows, intervals on unseen sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

from advisor.analysis.fit_inference import fit
from advisor.analysis.fit_networks import fit_networks, network_measurements
from advisor.analysis.inference_measurements import ODD, measurements
from advisor.analysis.inference_predictions import STEMS, predict
from advisor.analysis.inference_rows import InferenceCatalogue, Row, UnidentifiedError, number
from advisor.analysis.inference_spreads import Miss, spreads
from advisor.analysis.leave_out import Grouping, source_of
from advisor.sizing.serving_constants import InferenceConstants


@dataclass(frozen=True, slots=True)
class Calibration:
    """Constants for use, and for each left-out group those of a fit that has not seen it."""

    constants: InferenceConstants
    without: Mapping[str, InferenceConstants]


def fit_all(rows: Sequence[Row], catalogue: InferenceCatalogue) -> InferenceConstants:
    """Return `catalogue.constants` (priors) refitted on all rows of all tasks."""
    served, networks = measurements(rows, catalogue), network_measurements(rows, catalogue)
    found = fit(served, catalogue.constants) if served else catalogue.constants
    return fit_networks(networks, found) if networks else found


def misses_of(rows: Sequence[Row], catalogue: InferenceCatalogue) -> list[Miss]:
    """Return the errors of `catalogue.constants` on rows that are not odd, by regime."""
    found = []
    for row in rows:
        if ODD in row["notes"]:
            continue
        try:
            guess = predict(row, catalogue)
        except UnidentifiedError:
            continue
        found += [
            Miss(
                row["case_id"],
                row["source"],
                f"{stem}.{guess.regime}",
                log(number(row, metric) / guess.figures[metric].likely),
            )
            for metric, stem in STEMS.items()
            if metric in guess.figures and number(row, metric) and not _repeated(row, metric)
        ]
    return found


def _repeated(row: Row, metric: str) -> bool:
    """Return whether a figure only restates tokens a second."""
    return metric == "requests_per_s" and number(row, "tokens_per_s_total") > 0.0


def calibrate(
    rows: Sequence[Row], priors: InferenceCatalogue, group: Grouping = source_of
) -> Calibration:
    """Return the calibration of `rows` from the priors that the catalogue's constants hold.

    Intervals come from errors on groups left out of the fit; the interval that is used on a
    left-out group itself comes from the errors on the others.
    """
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(group(row), []).append(row)
    unseen: dict[str, InferenceConstants] = {}
    misses: dict[str, list[Miss]] = {}
    for name in sorted(parts):
        unseen[name] = fit_all([row for row in rows if group(row) != name], priors)
        misses[name] = misses_of(parts[name], replace(priors, constants=unseen[name]))
    without = {
        name: replace(found, spreads=spreads(_joined(misses, but=name)))
        for name, found in unseen.items()
    }
    constants = replace(fit_all(rows, priors), spreads=spreads(_joined(misses)))
    return Calibration(constants, without)


def _joined(misses: Mapping[str, Sequence[Miss]], but: str | None = None) -> list[Miss]:
    return [miss for name, found in misses.items() if name != but for miss in found]


def calibration_text(priors: InferenceConstants, found: InferenceConstants) -> str:
    """Return the calibration file: priors, fitted values and intervals as YAML."""
    lines = [
        "# Constants of the inference estimators (README.md: what each is, how it was fitted).",
        "# `priors` are usual values that a fit is pulled towards, `values` is the fit, `spreads`",
        "# are factors on the likely value that hold 80 % of the rows of sources left out of it.",
        "schema: calibration/inference",
        "priors:",
        *(f"  {name}: {value:.4g}" for name, value in sorted(priors.values.items())),
        "values:",
        *(f"  {name}: {value:.4g}" for name, value in sorted(found.values.items())),
        "spreads:",
    ]
    for regime, row in sorted(found.spreads.items()):
        width = f"down: {row.down:.3f}, up: {row.up:.3f}"
        lines.append(f"  {regime}: {{{width}, rows: {row.rows}, sources: {row.sources}}}")
    return "\n".join(lines) + "\n"
