"""Which decisions rest on which answers: followed back through the rules that spoke for them."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.domain.plan import Decision
from advisor.domain.rule import Fact
from advisor.planning.line import Line


class Roots:
    """The answers below facts; each fact is followed once."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._known: dict[Fact, frozenset[str]] = {}

    def of(self, fact: Fact) -> frozenset[str]:
        """Return the questions whose answers a fact rests on."""
        if fact.type == "answer":
            return frozenset((str(fact.get("question")),))
        if fact not in self._known:
            self._known[fact] = frozenset()  # what is under way adds nothing new
            self._known[fact] = frozenset(
                question
                for firing in self._line.session.supports(fact)[:1]
                for used in firing.used
                for question in self.of(used)
            )
        return self._known[fact]


def decisions_by_question(
    line: Line, decisions: Mapping[str, Decision]
) -> dict[str, tuple[str, ...]]:
    """Return for each question the names of the decisions whose reasons rest on its answer."""
    roots = Roots(line)
    found: dict[str, dict[str, None]] = {}
    speaking = {(d.id, reason.rule) for d in decisions.values() for reason in d.because}
    rules = {rule for _, rule in speaking}
    for firing in line.trace.firings:
        for fact in firing.added if firing.rule in rules else ():
            decision = str(fact.get("decision"))
            mine = fact.type == "verdict" and (decision, firing.rule) in speaking
            if mine and _about(fact, decisions[decision]):
                for used in firing.used:
                    for question in roots.of(used):
                        found.setdefault(question, {})[decisions[decision].name] = None
    return {question: tuple(names) for question, names in found.items()}


def _about(verdict: Fact, decision: Decision) -> bool:
    return verdict.get("candidate") in (*decision.ids, "none")
