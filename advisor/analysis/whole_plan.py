"""The plan as it is written: with its life, its ways out and what to settle first, and with
sensitivity where asked."""

from __future__ import annotations

from advisor.analysis.to_settle import with_to_settle
from advisor.analysis.whatif import WhatIf
from advisor.domain.answers import Answers
from advisor.domain.plan import Plan
from advisor.planning.lifetime_outlook import with_lifetime
from advisor.planning.line import Line


def whole_plan(plan: Plan, line: Line, answers: Answers, *, sensitivity: bool = False) -> Plan:
    """Return a plan that the line has just made of these answers with all that a file of it holds.

    What writes plans and what makes them again both go through here, so that a plan can be
    reproduced.
    """
    ask = WhatIf(line, answers, plan.as_of)
    whole = with_lifetime(plan, line)
    if not plan.feasible:
        from advisor.analysis.relaxations import with_ways_out  # noqa: PLC0415  (few plans need it)

        whole = with_ways_out(whole, ask)
    whole = with_to_settle(whole, ask)
    if sensitivity:
        from advisor.analysis.plan_sensitivity import with_sensitivity  # noqa: PLC0415  (if asked)

        whole = with_sensitivity(whole, ask)
    return whole
