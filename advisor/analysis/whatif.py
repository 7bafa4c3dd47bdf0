"""What if: the same brief with some answers changed, and what differs between two plans."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from advisor.advise import advise
from advisor.analysis.whatif_outcome import Outcome, amount, machines, outcome_of
from advisor.domain.answers import Answers, Source, Value
from advisor.domain.plan import Limit, Money, Plan
from advisor.planning.line import Line


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs; `before` or `after` is "" where it was not or is no more."""

    id: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two plans, by part; each part is empty where nothing does."""

    parts: Mapping[str, tuple[Change, ...]] = field(hash=False)
    feasible: tuple[bool, bool]
    same_decisions: int

    @property
    def empty(self) -> bool:
        """Return whether the plans recommend the same."""
        return not any(self.parts.values()) and self.feasible[0] == self.feasible[1]


class WhatIf:
    """Asks one line about one brief with changes; outcomes are remembered."""

    def __init__(self, line: Line, answers: Answers, as_of: str) -> None:
        self.line = line
        self.answers = answers
        self.as_of = as_of
        self._known: dict[Hashable, Outcome] = {}

    def plan(self, changes: Mapping[str, Value]) -> Plan:
        """Return the plan for the brief with canonical values of `changes` in place."""
        return advise(changed(self.answers, changes), self.line, self.as_of)

    def outcome(self, changes: Mapping[str, Value]) -> Outcome:
        """Return what `plan` would recommend, in short."""
        key = tuple(sorted(changes.items()))
        if key not in self._known:
            self._known[key] = outcome_of(self.plan(changes))
        return self._known[key]


def changed(answers: Answers, changes: Mapping[str, Value]) -> Answers:
    """Return the answers with canonical values of `changes` in their place."""
    return replace(
        answers,
        values={**answers.values, **changes},
        sources={**answers.sources, **dict.fromkeys(changes, Source.GIVEN)},
    )


def difference(before: Plan, after: Plan) -> Difference:
    """Return what differs between two plans, in the order in which a reader asks."""
    one, two = outcome_of(before), outcome_of(after)
    decisions = _decisions(before, after)
    parts = {
        "answers": _pairs(_answers(before), _answers(after)),
        "decisions": decisions,
        "sizes": _pairs(_sizes(before), _sizes(after)),
        "cost": _pairs(_costs(before), _costs(after)),
        "failures": _pairs(_named(before.infeasible_because), _named(after.infeasible_because)),
        "limits": _pairs(_named(before.limits), _named(after.limits)),
        "findings": _pairs(_findings(before), _findings(after)),
        "controls": _pairs(_controls(before), _controls(after)),
        "practices": _pairs(_practices(before), _practices(after)),
        "rules": _pairs(_rules(before), _rules(after)),
    }
    return Difference(parts, (one.feasible, two.feasible), len(after.decisions) - len(decisions))


Entries = Mapping[str, tuple[str, str]]
"""What a part of a plan holds: name and text by id."""


def _pairs(before: Entries, after: Entries) -> tuple[Change, ...]:
    """Return what stands on one side alone or says something else on the other."""
    return tuple(
        Change(id_, (after.get(id_) or before[id_])[0], old, new)
        for id_ in dict.fromkeys([*before, *after])
        if (old := before.get(id_, ("", ""))[1]) != (new := after.get(id_, ("", ""))[1])
    )


def _decisions(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Return decisions that choose something else; list decisions by what they hold."""
    return tuple(
        Change(id_, new.name, before.decisions[id_].chosen_name, new.chosen_name)
        for id_, new in after.decisions.items()
        if before.decisions[id_].ids != new.ids
    )


def _answers(plan: Plan) -> Entries:
    return {id_: (words.question, words.shown) for id_, words in plan.answer_words.items()}


def _sizes(plan: Plan) -> Entries:
    """Return machines and layout of each use that has any."""
    return {
        use.use: (use.use.capitalize(), f"{machines(use)}, {use.layout}{_where(use.provider)}")
        for use in plan.hardware
    }


def _where(provider: str) -> str:
    return f", at {provider}" if provider else ""


def _costs(plan: Plan) -> Entries:
    cost = plan.cost
    items = {item.id: (item.name, _bill(item.month, item.one_off)) for item in cost.items}
    return {
        "month": ("A month", amount(cost.month)),
        "one_off": ("Once", amount(cost.one_off)),
        "lifetime": (f"Over {cost.months} months", amount(cost.lifetime)),
        **items,
    }


def _bill(month: Money, one_off: Money) -> str:
    once = f", {amount(one_off)} once" if one_off.likely else ""
    return f"{amount(month)} a month{once}"


def _named(limits: Iterable[Limit]) -> Entries:
    return {limit.id: (limit.text, limit.margin) for limit in limits}


def _findings(plan: Plan) -> Entries:
    return {f"{f.id}:{f.text}": (f.severity, f.text) for f in plan.findings}


def _controls(plan: Plan) -> Entries:
    return {c.id: (c.regime, c.name) for c in plan.controls}


def _practices(plan: Plan) -> Entries:
    return {p.id: ("", p.name) for p in plan.practices}


def _rules(plan: Plan) -> Entries:
    return {firing.rule: (firing.rule, plan.rule_titles[firing.rule]) for firing in plan.trace}
