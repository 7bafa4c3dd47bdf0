"""The two engines: experta's KnowledgeEngine with our matcher, and with its own as a judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from advisor.domain.rule import Fact
from advisor.engine import _experta as experta
from advisor.engine.compile import CompiledRule, Program, shell
from advisor.engine.conditions import blocked, blocked_clauses, blocker_conditions, conditions
from advisor.engine.matcher import HashMatcher
from advisor.engine.working import TypedFact, WorkingFact, WorkingMemory

Conclude = Callable[[CompiledRule, Mapping[str, Any]], None]
"""What a session does when a rule fires: takes the rule and the context of the firing."""


class HashEngine(experta.KnowledgeEngine):  # type: ignore[misc]  # experta is untyped
    """Runs the rules of a program with joins over indexed facts.

    `limit` is the last rank that may fire; `follows_changes` says that matches end when their
    facts go, so that what they concluded can be taken back.
    """

    __matcher__ = HashMatcher
    __strategy__ = experta.TotalOrder
    follows_changes = True
    limit = -1

    def __init__(self, program: Program, conclude: Conclude) -> None:
        self.program = program
        self.conclude = conclude
        super().__init__()
        self.facts = WorkingMemory()

    def working(self, statement: Fact, number: int) -> WorkingFact:
        """Return the fact for working memory, the program's own for one of its base."""
        return self.program.base.get(statement) or self.program.working(statement, number)

    def get_rules(self) -> list[Any]:
        """Return the rules in the order of the program."""
        return [rule.shell for rule in self.program.rules]


class ReteEngine(experta.KnowledgeEngine):  # type: ignore[misc]
    """Runs the same rules with experta's own matcher, which cannot take a firing back."""

    __strategy__ = experta.TotalOrder
    follows_changes = False
    limit = -1

    def __init__(self, program: Program, conclude: Conclude) -> None:
        self.program = program
        self.conclude = conclude
        super().__init__()
        self.reset()

    def working(self, statement: Fact, number: int) -> TypedFact:
        """Return the fact for working memory, of experta's class for its type."""
        return self.program.type(statement.type).of(statement, number)

    def get_rules(self) -> list[Any]:
        """Return the rules and the helpers of those whose `none` compares with a variable."""
        types = self.program.type
        rules = [
            shell(r.spec.id, r.index, r.shell.salience, conditions(r.spec, types))
            for r in self.program.rules
        ]
        for rule in self.program.rules:
            rules += [self._helper(rule, number) for number in blocked_clauses(rule.spec)]
        return rules

    def _helper(self, rule: CompiledRule, number: int) -> Any:
        def fire(engine: ReteEngine, **context: Any) -> None:
            engine.facts.declare(blocked(rule.spec, number, context))

        fire.__name__ = f"{rule.spec.id}~{number}"
        found = blocker_conditions(rule.spec, number, self.program.type)
        return experta.Rule(*found, salience=rule.shell.salience + 1)(fire)


ENGINES = {"hash": HashEngine, "rete": ReteEngine}
