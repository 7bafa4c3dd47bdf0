"""Which decisions rest on which answers: followed back through the rules that spoke for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from advisor.domain.plan import Decision
from advisor.domain.rule import Fact, Firing
from advisor.engine.beliefs import Record
from advisor.planning.line import Line


class Roots:
    """The answers below facts; each fact is followed once."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._known: dict[Fact, frozenset[str]] = {}

    def of(self, fact: Fact) -> frozenset[str]:
        """Return the questions whose answers a fact rests on."""
        found = self._known.get(fact)
        if found is None:
            self._known[fact] = frozenset()  # what is under way adds nothing new
            found = self._known[fact] = self._followed(fact)
        return found

    def _followed(self, fact: Fact) -> frozenset[str]:
        if fact.type == "answer":
            return frozenset((str(fact.get("question")),))
        firing = self._line.session.support(fact)
        return self.below(firing) if firing else frozenset()

    def below(self, firing: Firing) -> frozenset[str]:
        """Return the questions whose answers a firing rests on."""
        return frozenset().union(*map(self.of, firing.used))


def decisions_by_question(
    line: Line, decisions: Mapping[str, Decision]
) -> dict[str, tuple[str, ...]]:
    """Return for each question the ids of the decisions whose reasons rest on its answer."""
    roots = Roots(line)
    found: dict[str, dict[str, None]] = {}
    known: dict[str, set[str]] = {id_: set() for id_ in decisions}
    for record, decision in sorted(_speaking(line, decisions), key=lambda pair: pair[0].key):
        new = roots.below(record.firing) - known[decision.id]
        known[decision.id] |= new
        for question in new:
            found.setdefault(question, {})[decision.id] = None
    return {question: tuple(ids) for question, ids in found.items()}


def excluding(line: Line, decisions: Iterable[str]) -> frozenset[str]:
    """Return the questions on whose answers some must rests that excludes a candidate of the
    decisions."""
    roots, found = Roots(line), frozenset[str]()
    barred = [(d, candidate) for d in decisions for candidate in line.trace.opinion(d).barred]
    for about in barred:
        for record, said in line.trace.about(*about).items():
            if any(
                (v.decision, v.candidate) == about and v.kind == "exclude" for v in said.verdicts
            ):
                found |= roots.below(record.firing)
    return found


def _speaking(line: Line, decisions: Mapping[str, Decision]) -> Iterator[tuple[Record, Decision]]:
    """Yield the firings that spoke for what was decided, or about doing without it."""
    for decision in decisions.values():
        rules = {reason.rule for reason in decision.because}
        for candidate in (*decision.ids, "none"):
            for record in line.trace.about(decision.id, candidate):
                if record.firing.rule in rules:
                    yield record, decision
