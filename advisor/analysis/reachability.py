"""What many plans show of the rulebook: rules that never fire, musts that contradict each other,
decisions without a reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from advisor.advise import advise
from advisor.domain.answers import Answers
from advisor.domain.plan import Plan
from advisor.domain.rule import RuleSpec
from advisor.errors import Place, Problem
from advisor.frozen import dataclass
from advisor.planning.decide import UNRESOLVED
from advisor.planning.kit import Kit
from advisor.planning.line import Line

Contradiction = tuple[str, str, str]
"""A decision, a rule that requires one of its candidates and a rule that excludes the same one."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Over how many answer sets how often each rule fired, with what went wrong in how many."""

    sets: int
    fired: Mapping[str, int]
    contradictions: Mapping[Contradiction, int]
    without_reason: Mapping[str, int]

    def never_fired(self, rules: Iterable[RuleSpec]) -> tuple[RuleSpec, ...]:
        """Return the rules that fired in no set, in the order of the rulebook."""
        return tuple(rule for rule in rules if not self.fired.get(rule.id))


def reach_of(answer_sets: Iterable[Answers], kit: Kit, as_of: str) -> Reach:
    """Return what the plans for many sets of answers show, worked out one after the other."""
    line = Line(kit)
    fired: Counter[str] = Counter()
    clashes: Counter[Contradiction] = Counter()
    without_reason: Counter[str] = Counter()
    sets = 0
    for answers in answer_sets:
        plan = advise(answers, line, as_of)
        sets += 1
        fired.update({firing.rule for firing in plan.trace})
        clashes.update(set(contradictions(plan)))
        without_reason.update(d.id for d in plan.decisions.values() if not d.because)
    return Reach(sets, fired, clashes, without_reason)


def contradictions(plan: Plan) -> Iterator[Contradiction]:
    """Yield the musts on both sides of a candidate where they leave a decision open."""
    musts: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for firing in plan.trace:
        for fact in firing.added:
            if fact.type == "verdict" and fact.get("verdict") in ("require", "exclude"):
                key = (str(fact.get(name)) for name in ("decision", "candidate", "verdict"))
                musts[next(key), next(key), next(key)].add(firing.rule)
    for (decision, candidate, verdict), required in musts.items():
        if verdict == "require" and UNRESOLVED in plan.decisions[decision].ids:
            for excluding in musts.get((decision, candidate, "exclude"), ()):
                yield from ((decision, rule, excluding) for rule in required)


def reach_problems(reach: Reach, kit: Kit) -> list[Problem]:
    """Return one warning for each rule that never fired and each thing that went wrong."""
    problems = [
        Problem(rule.place, "W160", rule.id, f"fired in none of {reach.sets} sets of answers")
        for rule in reach.never_fired(kit.library.rules)
    ]
    for (decision, requiring, excluding), count in reach.contradictions.items():
        message = (
            f"requires for {decision} what {excluding} excludes, and nothing is left in {count} "
            f"of {reach.sets} sets of answers; let one of them give way"
        )
        problems.append(Problem(kit.rules[requiring].place, "W161", requiring, message))
    for decision, count in reach.without_reason.items():
        message = f"has no reason in {count} of {reach.sets} sets of answers; write the rule"
        problems.append(Problem(Place("rules"), "W162", decision, message))
    return sorted(problems)
