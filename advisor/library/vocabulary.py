"""The words that rules may use, so that a misspelt one is refused instead of never matching."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.domain.facts import (
    ASSUMED,
    CLOUDS,
    FINDING_KINDS,
    PROVIDER_KINDS,
    SEVERITIES,
    TEMPLATES,
    USES,
    VERDICTS,
    YES_NO,
)
from advisor.domain.rule import Scalar
from advisor.frozen import dataclass

Words = frozenset[Scalar]
ANY: Words = frozenset()
"""The vocabulary of an attribute that holds numbers or free text."""

ANY_DECISION = ""
"""Where a clause does not say which decision it is about, the fields of all are its words."""

_FIXED: dict[str, Words] = {
    "assumed": frozenset(ASSUMED),
    "finding_kind": frozenset(FINDING_KINDS),
    "severity": frozenset(SEVERITIES),
    "verdict": frozenset(VERDICTS),
    "use": frozenset(USES),
    "cloud": frozenset(CLOUDS),
    "provider_kind": frozenset(PROVIDER_KINDS),
    "yes_no": frozenset(YES_NO),
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every closed set of words, by what they name.

    `words` holds question, decision, trait, class, need, duty, control, clause, practice and
    quantity ids. `options` are by question, empty for numbers; `candidates` and `attributes`
    (field -> values) by decision, with `model` for models and their union under ANY_DECISION;
    `trait_values` are by trait.
    """

    words: Mapping[str, Words]
    options: Mapping[str, Words]
    candidates: Mapping[str, Words]
    attributes: Mapping[str, Mapping[str, Words]]
    trait_values: Mapping[str, Words]

    def fields(self, fact: str, known: Mapping[str, Scalar]) -> frozenset[str]:
        """Return the fields of a fact; `known` are the fields with a literal value."""
        template = TEMPLATES[fact]
        own = frozenset(template.fields)
        return own | self._attributes(fact, known).keys() if template.attributes else own

    def values(self, fact: str, field: str, known: Mapping[str, Scalar]) -> Words | None:
        """Return the values that a field may have, or None where it is not a closed set."""
        kind = TEMPLATES[fact].fields.get(field)
        if kind is None:
            return self._attributes(fact, known)[field] or None
        if kind == "option":
            return self.options.get(str(known.get("question"))) or None
        if kind == "trait_value":
            return self.trait_values.get(str(known.get("name")))
        if kind == "candidate":
            return self._candidates(known)
        return self.words.get(kind) if kind in self.words else _FIXED.get(kind)

    def is_number(self, question: str) -> bool:
        """Return whether the question is answered by a number."""
        return not self.options.get(question, {question})

    def _candidates(self, known: Mapping[str, Scalar]) -> Words:
        decision = (
            f"{known['use']}_accelerator" if "use" in known else str(known.get("decision", ""))
        )
        if decision in self.candidates:
            return self.candidates[decision]
        return frozenset().union(*self.candidates.values())

    def _attributes(self, fact: str, known: Mapping[str, Scalar]) -> Mapping[str, Words]:
        owner = "model" if fact == "model" else str(known.get("decision", ""))
        return self.attributes.get(owner) or self.attributes[ANY_DECISION]


def with_union(
    attributes: Mapping[str, Mapping[str, Words]],
) -> dict[str, Mapping[str, Words]]:
    """Return the attributes with those of all decisions together under ANY_DECISION."""
    merged: dict[str, Words] = {}
    for decision in sorted(attributes.keys() - {"model"}):
        for field, values in attributes[decision].items():
            merged[field] = merged.get(field, values) | values
    return {**attributes, ANY_DECISION: merged}
