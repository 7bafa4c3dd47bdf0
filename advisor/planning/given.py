"""Facts that are known before any rule fires: answers, quantities, the model, the law in force."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from advisor.domain.rule import Fact
from advisor.planning.brief import Brief
from advisor.planning.kit import Kit
from advisor.planning.quantities import lifetime_months, quantities, quantity_facts


def given_facts(brief: Brief, kit: Kit, as_of: str) -> tuple[tuple[Fact, ...], ...]:
    """Return the facts of one plan that are not catalogue facts, in groups that share none; a
    group that stays the same from plan to plan is mostly the same object."""
    return (
        *brief.facts(),
        *quantity_facts(quantities(brief, kit.number)),
        tuple(_model(brief, kit)),
        kit.clauses_in_force(as_of, _last_day(as_of, lifetime_months(brief, kit.number))),
    )


def _model(brief: Brief, kit: Kit) -> Iterable[Fact]:
    if brief.model in kit.model_attributes:
        yield Fact.of("model", id=brief.model, **kit.model_attributes[brief.model])


def _last_day(as_of: str, months: float) -> str:
    """Return the ISO day on which the planned life ends, to the mean length of a month."""
    life = datetime.timedelta(days=months * 365.25 / 12)
    return (datetime.date.fromisoformat(as_of) + life).isoformat()
