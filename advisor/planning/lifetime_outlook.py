"""What follows from the cost of a life, put together for a plan that has run to its end."""

from __future__ import annotations

from advisor.domain.lifetime import Lifetime, Outlook
from advisor.domain.plan import Plan
from advisor.frozen import replace
from advisor.planning.lifetime_api import break_even_of, words
from advisor.planning.lifetime_autoscaling import autoscaling_words
from advisor.planning.lifetime_cycle import cycle_words
from advisor.planning.lifetime_energy import energy_of
from advisor.planning.lifetime_failure import failures_of
from advisor.planning.lifetime_frontier import frontier_of
from advisor.planning.lifetime_investment import investments_of
from advisor.planning.lifetime_plan import lifetime_of
from advisor.planning.lifetime_runs import leaving_words, runs_of
from advisor.planning.lifetime_scaling import loads_of, scaling_words, steps_of
from advisor.planning.lifetime_tiers import tiers_of
from advisor.planning.lifetime_ways import mixes_of, ways_of
from advisor.planning.line import Line


def with_lifetime(plan: Plan, line: Line) -> Plan:
    """Return the plan of a line with its bill laid out over the life, for a report."""
    life = lifetime_of(line, plan.cost)
    return replace(plan, life=life, outlook=outlook_of(line, life))


def outlook_of(line: Line, life: Lifetime) -> Outlook:
    """Return ways to pay, frontier, scaling, trainings and energy over the months of use."""
    months = life.months_of_use
    ways, steps, even = ways_of(line, months), steps_of(line, months), break_even_of(line)
    mixes = mixes_of(line, months)
    return Outlook(
        ways=ways,
        mixes=mixes,
        api=words(even) if even else "",
        tiers=tiers_of(line),
        frontier=frontier_of(line),
        investments=investments_of(line, life, (ways, mixes, steps)),
        steps=steps,
        load=loads_of(line, months) if steps else (),
        scaling=(*scaling_words(line), *autoscaling_words(line)),
        runs=runs_of(line, months),
        cycle=tuple(cycle_words(line, months)),
        leaving=tuple(leaving_words(line, months)),
        failures=failures_of(line),
        energy=energy_of(line, months),
    )
