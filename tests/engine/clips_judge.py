"""CLIPS as a judge: the same rules written in its language, through clipspy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import clips

from advisor.analysis.engine_benchmark_clips import build, tell
from advisor.domain.rule import Fact, RuleSpec
from advisor.engine.stratify import Order


def judged(
    rules: Sequence[RuleSpec], order: Order, given: Sequence[Fact], level: int
) -> tuple[set[Fact], Counter[str]]:
    """Return all facts, and how often each rule fired, up to a level."""
    fired: list[str] = []
    env = clips.Environment()
    build(
        env, [rule for rule in rules if order.levels[rule.id] <= level], order, given, fired.append
    )
    tell(env, given)
    env.run()
    return _facts(env), Counter(fired)


def _facts(env: Any) -> set[Fact]:
    found = set()
    for fact in env.facts():
        if fact.template.name != "initial-fact":
            fields = {name: values[0] for name, values in fact if values}
            found.add(Fact.of(fact.template.name, **fields))
    return found
