"""The straight line: answers in, a plan out.

Answers become facts; at each stage rules turn facts into requirements and verdicts, formulas turn
the survivors into estimates, rules read these, and one choice a decision is made and becomes a
fact for later stages. Last, rules over everything give advice. Nothing flows back.
"""

from __future__ import annotations

from advisor.domain.answers import Answers
from advisor.domain.plan import Plan
from advisor.planning.compose import compose
from advisor.planning.line import Line
from advisor.planning.stages import choose, estimate


def advise(answers: Answers, line: Line, as_of: str) -> Plan:
    """Return the plan for `answers`, with the library and prices as they stand on `as_of`.

    A line that has planned before works out only what changed.
    """
    settle(answers, line, as_of)
    line.run(line.kit.last_level)
    return compose(line)


def settle(answers: Answers, line: Line, as_of: str, nearby: frozenset[str] = frozenset()) -> None:
    """Bring the line to where every decision is settled; `advise` adds the advice on them.

    `nearby` limits the accelerators that are sized in data centres; empty means all.
    """
    line.state(answers, as_of, nearby)
    for stage in line.kit.stages:
        line.run(stage.propose)
        line.learn(estimate(stage, line))
        line.run(stage.judge)
        line.learn(choose(stage, line))
