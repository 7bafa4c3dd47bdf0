"""What cannot hold in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.domain.plan import Plan

OVERRULED = "wish"
"""Kind of a finding that says that a wish gives way."""


def clashes(plan: Plan) -> tuple[str, ...]:
    """Return what cannot hold: musts that no plan meets, with by how much, and overruled wishes."""
    failing = [f"{limit.text} {limit.margin}".strip() for limit in plan.infeasible_because]
    wishes = [f"{f.text} [{f.rule}]" for f in plan.findings if f.kind == OVERRULED]
    return (*failing, *wishes)
