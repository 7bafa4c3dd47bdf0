"""Facts that are known before any rule fires: answers, quantities, the model, the law in force."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from advisor.domain.rule import Fact
from advisor.planning.brief import Brief
from advisor.planning.kit import Kit
from advisor.planning.quantities import lifetime_months, quantities, quantity_facts


def given_facts(brief: Brief, kit: Kit, as_of: str) -> tuple[Fact, ...]:
    """Return the facts of one plan that are not catalogue facts."""
    return (
        *brief.facts(),
        *quantity_facts(quantities(brief, kit.number)),
        *_model(brief, kit),
        *_clauses(kit, as_of, _last_day(as_of, lifetime_months(brief, kit.number))),
    )


def _model(brief: Brief, kit: Kit) -> Iterable[Fact]:
    if brief.model in kit.model_attributes:
        yield Fact.of("model", id=brief.model, **kit.model_attributes[brief.model])


def _clauses(kit: Kit, as_of: str, last: str) -> Iterable[Fact]:
    """Yield the clauses that bind at some time of the planned life."""
    for clause in kit.clauses:
        if clause.in_force(as_of, last):
            yield Fact.of("clause", id=clause.id, duty=clause.duty, control=clause.control)


def _last_day(as_of: str, months: float) -> str:
    """Return the ISO day on which the planned life ends, to the mean length of a month."""
    life = datetime.timedelta(days=months * 365.25 / 12)
    return (datetime.date.fromisoformat(as_of) + life).isoformat()
