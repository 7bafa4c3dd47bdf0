"""CLIPS as a judge: the same rules written in its language, through clipspy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import clips

from advisor.analysis.engine_benchmark_clips import Lasting, build, tell
from advisor.domain.rule import Fact, RuleSpec
from advisor.engine.stratify import Order


class Judge:
    """Rules built once and run on many sets of facts; `every` holds a fact with each field."""

    def __init__(self, rules: Sequence[RuleSpec], order: Order, every: Sequence[Fact]) -> None:
        self._env = Lasting()
        self._fired: list[str] = []
        build(self._env, rules, order, every, self._fired.append)

    def of(self, given: Iterable[Fact]) -> tuple[set[Fact], Counter[str]]:
        """Return all facts, and how often each rule fired."""
        self._env.reset()
        self._fired.clear()
        tell(self._env, given)
        self._env.run()
        return _facts(self._env), Counter(self._fired)


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
