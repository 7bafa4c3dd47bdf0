"""Products, patterns and orchestrators that can fill a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from advisor.domain.provenance import Provenance
from advisor.domain.rule import Scalar
from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Component:
    """One catalogue entry.

    `attributes` are what rules read as fields of the candidate, `traits` its many-valued ones,
    `texts` the prose for reports (`choose_text`, `cost_model`, `licence`, `features` ...).
    `names` are what it is called on one cloud (aws, gcp, azure) or on premises (on_prem), where
    the entry stands for several products. `successor` names what to take where `status` is not
    active.
    """

    id: str
    name: str
    decision: str
    slot: str
    status: str
    status_note: str
    successor: str
    attributes: Mapping[str, Scalar] = field(hash=False)
    traits: Mapping[str, tuple[Scalar, ...]] = field(hash=False)
    texts: Mapping[str, str] = field(hash=False)
    names: Mapping[str, str] = field(hash=False)
    provenance: Provenance
