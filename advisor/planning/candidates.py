"""Candidates: every entry of the catalogue that could fill a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from advisor.domain.rule import Fact, Scalar
from advisor.frozen import dataclass, replace


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry that could fill `decision`; `slot` only where the decision takes a list.

    `attributes` are single values, `traits` many-valued ones; `names` are by cloud. The fee is
    what a managed service bills whether it works or not.
    """

    decision: str
    id: str
    name: str
    slot: str = ""
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    traits: Mapping[str, tuple[Scalar, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    fee_usd_month: float = 0.0

    def on(self, home: str) -> Candidate:
        """Return the candidate under the name that it has on a cloud."""
        return replace(self, name=self.names[home]) if home in self.names else self

    @property
    def people(self) -> int:
        """Return how many people it takes to run this, 0 where the catalogue does not say."""
        return int(self.attributes.get("min_team", 0))

    def facts(self) -> tuple[Fact, ...]:
        """Return the `candidate` fact and one `trait` fact for each many-valued attribute."""
        own = Fact.of("candidate", decision=self.decision, id=self.id, **self.attributes)
        traits = (
            Fact.of("trait", decision=self.decision, candidate=self.id, name=name, value=value)
            for name, values in sorted(self.traits.items())
            for value in values
        )
        return (own, *traits)

    def choice(self) -> Fact:
        """Return the fact that later stages read once this is chosen."""
        return Fact.of("choice", decision=self.decision, id=self.id, **self.attributes)
