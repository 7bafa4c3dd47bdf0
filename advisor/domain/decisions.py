"""What the advisor decides, in which order, and the words that rules use between themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from advisor.domain.rule import Scalar
from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """One part of a list decision, filled where `need` holds ("" = by verdicts alone).

    `pick` is `one` or `all`.
    """

    id: str
    name: str
    pick: str
    need: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate that no catalogue holds; `attributes` are single values, `traits` many."""

    id: str
    name: str
    attributes: Mapping[str, Scalar] = field(default_factory=dict, hash=False)
    traits: Mapping[str, tuple[Scalar, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class DecisionSpec:
    """One decision; `catalogue` names where further candidates come from ("" = nowhere)."""

    id: str
    name: str
    stage: str
    is_list: bool
    catalogue: str
    slots: tuple[Slot, ...]
    options: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class StageSpec:
    """Decisions that are settled together."""

    id: str
    name: str
    decisions: tuple[DecisionSpec, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Closed vocabularies of derived facts: id to meaning."""

    classes: Mapping[str, str] = field(hash=False)
    needs: Mapping[str, str] = field(hash=False)
    duties: Mapping[str, str] = field(hash=False)
