"""What if: the same brief with some answers changed, and what differs between two plans."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from copy import copy
from dataclasses import field
from typing import TypeVar

from advisor.advise import advise, settle
from advisor.analysis.question_promise import Promise
from advisor.analysis.whatif_outcome import Outcome, amount, machines, outcome_at
from advisor.domain.answers import Answers, Source, Value
from advisor.domain.plan import Decision, HardwareUse, LibraryMark, Limit, Money, Plan
from advisor.frozen import dataclass, replace
from advisor.planning.line import Line

LIBRARY = "library"
"""The part that names entries of the library; they need not change what is recommended."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs; `before` or `after` is "" where it was not or is no more."""

    id: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two plans, by part; each part is empty where nothing does.

    `same` names what is alike, by part.
    """

    parts: Mapping[str, tuple[Change, ...]] = field(hash=False)
    feasible: tuple[bool, bool]
    same: Mapping[str, tuple[str, ...]] = field(hash=False)

    @property
    def empty(self) -> bool:
        """Return whether the plans recommend the same."""
        told = (changes for part, changes in self.parts.items() if part != LIBRARY)
        return not any(told) and self.feasible[0] == self.feasible[1]

    @property
    def same_decisions(self) -> int:
        """Return how many decisions stay as they are."""
        return len(self.same["decisions"])


class WhatIf:
    """Asks one line about one brief with changes; outcomes are remembered.

    `nearby` limits the accelerators that are sized in data centres; empty means all.
    """

    def __init__(
        self, line: Line, answers: Answers, as_of: str, nearby: frozenset[str] = frozenset()
    ) -> None:
        self.line = line
        self.answers = answers
        self.as_of = as_of
        self.nearby = nearby
        self._known: dict[Hashable, Outcome] = {}

    def given(self, changes: Mapping[str, Value]) -> Answers:
        """Return the answers with canonical values of `changes` in place."""
        return changed(self.answers, changes)

    def plan(self, changes: Mapping[str, Value]) -> Plan:
        """Return the plan with changes in place."""
        return advise(self.given(changes), self.line, self.as_of)

    def outcome(self, changes: Mapping[str, Value]) -> Outcome:
        """Return what `plan` would recommend, in short."""
        key = tuple(sorted(changes.items()))
        if key not in self._known:
            self._known[key] = self.worked_out(changes)
        return self._known[key]

    def worked_out(self, changes: Mapping[str, Value]) -> Outcome:
        """Return the outcome as it is not yet remembered."""
        return self.settled(changes, outcome_at)

    def settled(self, changes: Mapping[str, Value], read: Callable[[Line], T]) -> T:
        """Return what is read of the line once every decision is settled with changes in place."""
        settle(self.given(changes), self.line, self.as_of, self.nearby)
        return read(self.line)

    def near(self, count: int) -> WhatIf:
        """Return the same questions to the accelerators that are near the plan: of each use the
        `count` cheapest that meet every target, and the largest of these. Sizes of changed
        answers are then looked for among them alone, which is much quicker."""
        found = copy(self)
        found.limit(self.settled({}, lambda line: _nearby(line, count)))
        return found

    def limit(self, nearby: frozenset[str]) -> None:
        """Ask from now on among these accelerators, as if nothing had been asked yet."""
        self.nearby = nearby
        self._known = {}

    def promise(self) -> Promise:
        """Return what says of changes how much they could touch."""
        adaptation = self.outcome({}).choices["adaptation"]
        return Promise(self.line.kit, self.as_of, self.given, adaptation[0] if adaptation else "")


def _nearby(line: Line, count: int) -> frozenset[str]:
    kept = {"cpu", *(option.accelerator for option in line.uses.values())}
    memory = {id_: device.memory_gb for id_, device in line.kit.devices.items()}
    for options in line.lessons["estimates of hardware"].options.values():
        fit = sorted((o for o in options if o.feasible), key=lambda o: o.key(line.months))
        found = list(dict.fromkeys(o.accelerator for o in fit if o.accelerator in memory))
        kept.update(found[:count])
        kept.update(sorted(found, key=lambda a: (-memory[a], a))[:1])
    return frozenset(kept)


def changed(answers: Answers, changes: Mapping[str, Value]) -> Answers:
    """Return the answers with canonical values of `changes` in their place."""
    return replace(
        answers,
        values={**answers.values, **changes},
        sources={**answers.sources, **dict.fromkeys(changes, Source.GIVEN)},
    )


def difference(before: Plan, after: Plan) -> Difference:
    """Return what differs between two plans, in the order in which a reader asks."""
    told = {part: (of(before), of(after)) for part, of in PARTS.items()}
    parts = {part: _pairs(old, new) for part, (old, new) in told.items()}
    same = {part: _alike(old, new) for part, (old, new) in told.items()}
    parts["decisions"] = decided = _decisions(before, after)
    differing = {change.id for change in decided}
    same["decisions"] = tuple(d.name for d in after.decisions.values() if d.id not in differing)
    parts[LIBRARY] = library_changes(before.library, after.library)
    return Difference(parts, (before.feasible, after.feasible), same)


def library_changes(before: LibraryMark, after: LibraryMark) -> tuple[Change, ...]:
    """Return packs and entries that are new, gone or changed; none where a side lists none."""
    packs = _pairs(*({"packs": ("packs", ", ".join(m.packs))} for m in (before, after)))
    one, two = before.contents, after.contents
    if not one or not two:
        return packs
    entries = (
        Change(f"{kind}:{id_}", kind, id_ if old else "", id_ if new else "")
        for kind in dict.fromkeys([*one, *two])
        for id_ in dict.fromkeys([*one.get(kind, {}), *two.get(kind, {})])
        if (old := one.get(kind, {}).get(id_)) != (new := two.get(kind, {}).get(id_))
    )
    return (*packs, *entries)


Entries = Mapping[str, tuple[str, str]]
"""What a part of a plan holds: name and text by id."""


def _pairs(before: Entries, after: Entries) -> tuple[Change, ...]:
    """Return what stands on one side alone or says something else on the other."""
    return tuple(
        Change(id_, (after.get(id_) or before[id_])[0], old, new)
        for id_ in dict.fromkeys([*before, *after])
        if (old := before.get(id_, ("", ""))[1]) != (new := after.get(id_, ("", ""))[1])
    )


def _alike(before: Entries, after: Entries) -> tuple[str, ...]:
    """Return the names of what says the same on both sides."""
    return tuple(
        name for id_, (name, text) in after.items() if before.get(id_, ("", ""))[1] == text
    )


def _decisions(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Return decisions that choose something else; one product has other names on other clouds."""
    both = {**before.decisions, **after.decisions}
    pairs = ((d, before.decisions.get(id_), after.decisions.get(id_)) for id_, d in both.items())
    return tuple(
        Change(d.id, d.name, *_choices(old, new))
        for d, old, new in pairs
        if (old and old.ids) != (new and new.ids)
    )


def _choices(old: Decision | None, new: Decision | None) -> tuple[str, str]:
    """Return the names of two choices, their ids where the names do not tell them apart."""
    before, after = (d.chosen_name if d else "" for d in (old, new))
    if before != after:
        return before, after
    return ", ".join(old.ids if old else ()), ", ".join(new.ids if new else ())


def _answers(plan: Plan) -> Entries:
    return {id_: (words.question, words.shown) for id_, words in plan.answer_words.items()}


def _sizes(plan: Plan) -> Entries:
    """Return machines and layout of each use that has any."""
    return {
        use.use: (use.use.capitalize(), f"{machines(use)}, {use.layout}{_where(use)}")
        for use in plan.hardware
    }


def _where(use: HardwareUse) -> str:
    return ", your own" if use.provider == "own" else ""


def _costs(plan: Plan) -> Entries:
    cost = plan.cost
    items = {item.id: (item.name, _bill(item.month, item.one_off)) for item in cost.items}
    return {
        "month": ("A month", amount(cost.month)),
        "one_off": ("Once", amount(cost.one_off)),
        "lifetime": ("Over the life", f"{amount(cost.lifetime)} in {cost.months} months"),
        **items,
    }


def _bill(month: Money, one_off: Money) -> str:
    once = f", {amount(one_off)} once" if one_off.likely else ""
    return f"{amount(month)} a month{once}"


def _named(limits: Iterable[Limit]) -> Entries:
    """Return limits under words for their ids: the texts hold figures of their own plan."""
    return {
        limit.id: (limit.name, f"{limit.text.removesuffix('.')}: {limit.margin}")
        for limit in limits
    }


def _findings(plan: Plan) -> Entries:
    return {f"{f.id}:{f.text}": (f.severity, f.text) for f in plan.findings}


def _controls(plan: Plan) -> Entries:
    return {c.id: (c.regime, c.name) for c in plan.controls}


def _practices(plan: Plan) -> Entries:
    return {p.id: ("", p.name) for p in plan.practices}


def _rules(plan: Plan) -> Entries:
    return {firing.rule: (firing.rule, plan.rule_titles[firing.rule]) for firing in plan.trace}


PARTS: Mapping[str, Callable[[Plan], Entries]] = {
    "answers": _answers,
    "failures": lambda plan: _named(plan.infeasible_because),
    "decisions": lambda _: {},
    "sizes": _sizes,
    "cost": _costs,
    "limits": lambda plan: _named(plan.limits),
    "controls": _controls,
    "findings": _findings,
    "practices": _practices,
    "rules": _rules,
}
"""What is compared, in the order in which it is told; decisions are compared by what they hold."""
