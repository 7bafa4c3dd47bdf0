"""Facts that are known before any rule fires: answers, quantities, the model, the law in force."""

from __future__ import annotations

from collections.abc import Iterable

from advisor.domain.rule import Fact
from advisor.planning.brief import Brief
from advisor.planning.kit import Kit
from advisor.planning.quantities import quantities, quantity_facts


def given_facts(brief: Brief, kit: Kit, as_of: str) -> tuple[Fact, ...]:
    """Return the facts of one plan that are not catalogue facts."""
    return (
        *brief.facts(),
        *quantity_facts(quantities(brief, kit.number)),
        *_model(brief, kit),
        *_clauses(kit, as_of),
    )


def _model(brief: Brief, kit: Kit) -> Iterable[Fact]:
    if brief.model in kit.model_attributes:
        yield Fact.of("model", id=brief.model, **kit.model_attributes[brief.model])


def _clauses(kit: Kit, as_of: str) -> Iterable[Fact]:
    """Yield the clauses in force; dates compare as text because they are ISO dates."""
    for clause in kit.clauses:
        if clause.in_force(as_of):
            yield Fact.of("clause", id=clause.id, duty=clause.duty, control=clause.control)
