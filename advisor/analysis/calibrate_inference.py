"""Calibrates the inference estimators: constants on all rows, intervals on unseen sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from typing import TypeVar

from advisor.analysis.calibration_document import device_lines
from advisor.analysis.conformal import Intervals, Residual, Unseen
from advisor.analysis.fit_inference import fit
from advisor.analysis.fit_networks import (
    TASKS,
    NetworkMeasurement,
    fit_networks,
    network_measurements,
)
from advisor.analysis.inference_measurements import ODD, Measurement, measurements
from advisor.analysis.inference_predictions import STEMS, predict
from advisor.analysis.inference_rows import (
    InferenceCatalogue,
    Row,
    UnidentifiedError,
    device_of_row,
    number,
)
from advisor.analysis.leave_out import Grouping, grouping, source_of
from advisor.frozen import dataclass, replace
from advisor.sizing.near_measurements import Support, support_of
from advisor.sizing.network_inference import kind_of_network
from advisor.sizing.serving_constants import (
    LANGUAGE,
    MEMORY,
    NETWORKS,
    PRECISIONS,
    InferenceConstants,
    Measured,
    device_keys,
    regimes_of,
    unmeasured,
)
from advisor.sizing.serving_estimate import kind_of_job

T = TypeVar("T")
ALIKE = 0.5
"""How much errors of one source resemble each other: a source counts as two independent rows at
most, what holds best on sources that no interval was fitted on (README.md of the calibration)."""
NETWORK = "network_"
"""Beginning of the names of constants that networks other than language models have."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Constants for use, and for each left-out group those of a fit that has not seen it."""

    constants: InferenceConstants
    without: Mapping[str, InferenceConstants]


@dataclass(frozen=True, slots=True)
class _Equations:
    """The equations of every group of rows: of language models, and of other networks.

    The two kinds share no constant, so that a group without one of them leaves its fit as it is.
    """

    served: Mapping[str, Sequence[Measurement]]
    networks: Mapping[str, Sequence[NetworkMeasurement]]
    priors: InferenceConstants
    held: frozenset[str] = frozenset()

    def whole(self) -> InferenceConstants:
        """Return the priors refitted on all groups."""
        return self._fitted(self.priors, None)

    def without(self, group: str, whole: InferenceConstants) -> InferenceConstants:
        """Return the priors refitted without a group, where it has a say in `whole`."""
        return self._fitted(whole, group)

    def _fitted(self, known: InferenceConstants, but: str | None) -> InferenceConstants:
        values = dict(known.values)
        served, networks = _but(self.served, but), _but(self.networks, but)
        if served and (but is None or self.served[but]):
            found = fit(served, self.priors, self.held).values
            values |= {name: found[name] for name in found if not name.startswith(NETWORK)}
        if networks and (but is None or self.networks[but]):
            found = fit_networks(networks, self.priors, self.held).values
            values |= {name: found[name] for name in found if name.startswith(NETWORK)}
        return replace(
            self.priors,
            values=values,
            measured=Measured(
                _measured(served, networks), known.measured.widening, _support(served, networks)
            ),
        )


def _measured(
    served: Sequence[Measurement], networks: Sequence[NetworkMeasurement]
) -> Mapping[str, frozenset[str]]:
    """Return the devices of measurements by kind of work."""
    return {
        LANGUAGE: frozenset[str]().union(*(device_keys(one.terms[0].job.device) for one in served)),
        NETWORKS: frozenset[str]().union(*(device_keys(one.job.device) for one in networks)),
        PRECISIONS: frozenset(one.job.precision for one in networks),
    }


def _support(served: Sequence[Measurement], networks: Sequence[NetworkMeasurement]) -> Support:
    """Return how many rows there are of each kind."""
    rows = {one.case_id: (kind_of_job(one.terms[0].job), one.source) for one in served}
    rows |= {one.case_id: (kind_of_network(one.job), one.source) for one in networks}
    return support_of(rows.values())


def _but(parts: Mapping[str, Sequence[T]], group: str | None) -> list[T]:
    return [one for name, found in parts.items() if name != group for one in found]


def _equations(parts: Mapping[str, Sequence[Row]], catalogue: InferenceCatalogue) -> _Equations:
    return _Equations(
        {name: measurements(rows, catalogue) for name, rows in parts.items()},
        {name: network_measurements(rows, catalogue) for name, rows in parts.items()},
        catalogue.constants,
    )


def errors_of(row: Row, catalogue: InferenceCatalogue) -> list[Residual]:
    """Return the errors of the constants on the figures of a row; none where it is odd."""
    if ODD in row["notes"]:
        return []
    try:
        guess = predict(row, catalogue)
    except UnidentifiedError:
        return []
    return [
        Residual(
            regimes_of(f"{stem}.{guess.regime}"),
            row["source"],
            log(number(row, metric) / guess.figures[metric].likely),
        )
        for metric, stem in STEMS.items()
        if metric in guess.figures and number(row, metric) and not _repeated(row, metric)
    ]


def _repeated(row: Row, metric: str) -> bool:
    """Return whether a figure only restates tokens a second."""
    return metric == "requests_per_s" and number(row, "tokens_per_s_total") > 0.0


def calibrate(
    rows: Sequence[Row], priors: InferenceCatalogue, group: Grouping = source_of
) -> Calibration:
    """Return the calibration of `rows` from the priors that the catalogue's constants hold.

    Intervals come from errors on sources left out of the fit, and are wider for devices by the
    errors on generations left out; those of a left-out group come from the errors on the others.
    """
    whole, unseen = refits(rows, priors, group)
    errors = _unseen_errors(rows, priors)
    without = {
        name: _with(one, errors.intervals([group(row) != name for row in rows]))
        for name, one in unseen.items()
    }
    return Calibration(_with(whole, errors.intervals()), without)


def _with(constants: InferenceConstants, found: Intervals) -> InferenceConstants:
    spreads, widening = found
    measured = replace(constants.measured, widening=widening)
    return replace(constants, spreads=spreads, measured=measured)


def refits(
    rows: Sequence[Row],
    priors: InferenceCatalogue,
    group: Grouping,
    held: frozenset[str] = frozenset(),
) -> tuple[InferenceConstants, dict[str, InferenceConstants]]:
    """Return constants fitted on all rows, and without each group; intervals are not touched.

    Constants that are `held` keep the value that the catalogue has.
    """
    parts = _parts(rows, group)
    equations = replace(_equations(parts, priors), held=held)
    whole = equations.whole()
    return whole, {name: equations.without(name, whole) for name in parts}


def _unseen_errors(rows: Sequence[Row], priors: InferenceCatalogue) -> Unseen:
    generation = grouping("device", priors.devices)
    sources, devices = refits(rows, priors, source_of)[1], refits(rows, priors, generation)[1]
    views = {name: replace(priors, constants=one) for name, one in sources.items()}
    strange = {name: replace(priors, constants=one) for name, one in devices.items()}
    return Unseen(
        [errors_of(row, views[source_of(row)]) for row in rows],
        [
            [
                replace(item, source=generation(row))
                for item in _strange(row, strange[generation(row)])
            ]
            for row in rows
        ],
        ALIKE,
    )


def _strange(row: Row, catalogue: InferenceCatalogue) -> list[Residual]:
    """Return the errors on a row whose device the constants have not seen, else none."""
    try:
        device, _ = device_of_row(row, catalogue)
    except UnidentifiedError:
        return []
    kind = NETWORKS if row["task"] in TASKS else LANGUAGE
    if not unmeasured(device, catalogue.constants, kind):
        return []
    return [error for error in errors_of(row, catalogue) if error.figure != MEMORY]


def _parts(rows: Sequence[Row], group: Grouping) -> dict[str, list[Row]]:
    """Return the rows of every group, by name."""
    parts: dict[str, list[Row]] = {name: [] for name in sorted({group(row) for row in rows})}
    for row in rows:
        parts[group(row)].append(row)
    return parts


def calibration_text(priors: InferenceConstants, found: InferenceConstants) -> str:
    """Return the calibration file: priors, fitted values and intervals as YAML."""
    lines = [
        "# Constants of the inference estimators (README.md: what each is, how it was fitted).",
        "# `priors` are usual values that a fit is pulled towards, `values` is the fit, `spreads`",
        "# are factors on the likely value that hold 80 % of the rows of sources left out of it,",
        "# `devices` what was measured, and the widening of intervals on all other devices, `near`",
        "# how many rows a kind has (parameters, active ones, as powers of two; source; rows).",
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
    lines += device_lines(found.measured)
    return "\n".join(lines) + "\n"
