"""Assumed answers that drive the money: with which other answer the plan would cost clearly less.

A cautious assumption may rule out cheaper hardware, and nobody has asked for it. Limits on time are
followed from the options that they excluded; of the other questions a milder answer is tried among
the accelerators near the plan. The most telling are then planned anew as they stand, so that the
figures are those of a plan, never of an estimate of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from math import ceil, floor, log10

from advisor.analysis.question_value import NEAREST, brief_of
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import NO_DEVICE, Outcome, usd
from advisor.domain.answers import Source, Value
from advisor.domain.plan import Plan, ToSettle
from advisor.domain.questions import Question
from advisor.frozen import dataclass, replace
from advisor.planning.answer_words import answer_words
from advisor.planning.bill import bill_of
from advisor.planning.brief import Brief
from advisor.planning.lifetime_plan import lifetime_of
from advisor.planning.line import Line
from advisor.planning.options import Option
from advisor.planning.resting import excluding
from advisor.planning.workload import Number

LIMITS = {
    "latency_p99_ms": ("serving", "serving_latency"),
    "train_hours_target": ("training", "training_time"),
}
"""Questions that limit time, with the use and the failure of options that miss the limit."""
FARTHEST = 5.0
"""Times the assumed limit up to which it is said what a wider one would save."""
QUEUE = 1.2
"""Times the latency of a lone request that leaves time to wait for others."""
GROWING = {"growth_12m": (1.0, ("serving",)), "data_growth": (0.0, ("storage", "index"))}
"""Questions on growth: the answer that says none, and the components that grow with it."""
SHOWN = 3
"""Questions that page one names."""
TRIED = 3
"""Answers that are planned anew in full."""
ROUGH = Decimal("0.5")
"""Share of what is worth saving that the look among the accelerators near the plan must show."""
LOWER, HIGHER = "lower", "higher"
USES = ("serving", "training")
PARTS = ("pattern", "accelerator")
ALONE = {
    "serving": ("serving",),
    "training": ("train_hours_target", "retrain_cadence", "hpo_trials"),
}
"""Sections and questions that bear on one use alone."""
BY_RULES = ("sensitivity", "team")
"""Sections whose questions change no size: what they ask excludes places and machines."""
PLACES = ("residency", "cloud_policy")
"""Questions that say who may be rented from."""
RUN = ("serving_pattern", "serving_accelerator", "serving_host", "training_pattern",
       "training_accelerator", "training_host")  # fmt: skip
"""Decisions whose candidates cost machines."""


@dataclass(frozen=True, slots=True)
class _Lead:
    """An answer that may save money, and about how much over the life."""

    question: Question
    value: Value
    saved: Decimal


@dataclass(frozen=True, slots=True)
class _Bill:
    """What the plan spends over the life: in all, by use, and what is least worth saving."""

    whole: Outcome
    by_use: Mapping[str, Decimal]
    least: Decimal
    excluding: frozenset[str]

    def worth_it(self, question: Question) -> bool:
        """Return whether a question bears on machines that cost what is worth saving."""
        if question.section in BY_RULES and question.id not in self.excluding:
            return False
        own = {use for use in USES if {question.section, question.id} & {*ALONE[use]}}
        cost = sum(self.by_use[use] for use in own or USES)
        return not self.whole.feasible or cost >= self.least

    def clearly(self, other: Outcome) -> bool:
        """Return whether another plan is possible and saves enough to be settled first."""
        saved = self.whole.lifetime_usd - other.lifetime_usd
        return other.feasible and (not self.whole.feasible or saved >= self.least)


def with_to_settle(plan: Plan, ask: WhatIf) -> Plan:
    """Return the plan with the assumed answers that drive its cost, those that save most first,
    and growth where the months to come drive it."""
    return replace(plan, to_settle=(*to_settle(ask), *_growth(plan, ask))[:SHOWN])


def _growth(plan: Plan, ask: WhatIf) -> Iterator[ToSettle]:
    """Yield an assumed growth that takes a clear share of the cost over the life, with what the
    life costs without it."""
    life, brief = plan.life, brief_of(ask)
    if life is None:
        return
    today = {item.id: item.month.likely * plan.cost.months for item in plan.cost.items}
    least = _least(ask.line.kit.number, life.total.likely, plan.cost.months)
    for question in ask.line.kit.questions:
        still, grows = GROWING.get(question.id, (0.0, ()))
        if not grows or not _assumed(brief, question):
            continue
        found = {id_: life.component(id_) for id_ in grows}
        more = sum(
            (c.total.likely - today.get(id_, 0) for id_, c in found.items() if c), Decimal(0)
        )
        if more < least:
            continue
        changes: dict[str, Value] = {question.id: still}
        other = ask.settled(changes, lambda line: lifetime_of(line, bill_of(line)).total.likely)
        told = _shown(ask, brief, question, brief.values[question.id])
        text = (
            f"not given, {told} assumed. Without any the whole life takes about {usd(other)} "
            f"instead of {usd(life.total.likely)}."
        )
        yield ToSettle(question.id, question.title, text, question.find_out)


def to_settle(ask: WhatIf) -> tuple[ToSettle, ...]:
    """Return the assumed answers in place of which a milder one gives a clearly cheaper plan, or
    any plan where none meets every must."""
    brief = brief_of(ask)
    bill = ask.settled({}, lambda line: _bill(line, ask.outcome({})))
    open_ = [
        q for q in ask.line.kit.questions if q.milder and _assumed(brief, q) and bill.worth_it(q)
    ]
    if not open_:
        return ()
    leads = [*ask.settled({}, lambda line: list(_limits(line, open_))), *_milder(ask, open_, bill)]
    found: dict[str, tuple[Decimal, ToSettle]] = {}
    for lead in sorted(leads, key=lambda lead: (-lead.saved, lead.question.order))[:TRIED]:
        other = ask.outcome({lead.question.id: lead.value})
        if lead.question.id not in found and bill.clearly(other):
            saved = bill.whole.lifetime_usd - other.lifetime_usd
            found[lead.question.id] = saved, _said(ask, lead, other)
    ranked = sorted(found.values(), key=lambda pair: (-pair[0], pair[1].question))
    return tuple(said for _, said in ranked[:SHOWN])


def _assumed(brief: Brief, question: Question) -> bool:
    return brief.sources.get(question.id) in (Source.DEFAULT, Source.UNKNOWN)


def _bill(line: Line, whole: Outcome) -> _Bill:
    least = _least(line.kit.number, whole.lifetime_usd, line.months)
    costs = {use: line.uses[use].lifetime(line.months) for use in USES if use in line.uses}
    by_use = {use: costs.get(use, Decimal(0)) for use in USES}
    rules = excluding(line, RUN)
    return _Bill(whole, by_use, least, rules.union(PLACES))


def _least(number: Number, life_usd: Decimal, months: int) -> Decimal:
    """Return what another answer has to save over a life to be settled first."""
    share = Decimal(str(number("settle_first.share_pct"))) / 100
    return max(share * life_usd, Decimal(str(number("settle_first.usd_month"))) * months)


def _limits(line: Line, questions: Iterable[Question]) -> Iterator[_Lead]:
    """Yield for each assumed limit on time the values at which the options that it alone excluded
    would be in time and cheaper, of each value once the cheapest."""
    for question in questions:
        use, failure = LIMITS.get(question.id, ("", ""))
        taken, limit = line.uses.get(use), line.brief.number(question.id)
        if taken is None or not limit:
            continue
        cost = taken.lifetime(line.months)
        best: dict[float, Decimal] = {}
        for option in _allowed(line, use):
            took = QUEUE * option.latency_ms if use == "serving" else option.hours_per_run
            within = took <= FARTHEST * limit or use in line.misses
            if {f.estimate for f in option.failures} == {failure} and within:
                saved, value = cost - option.lifetime(line.months), _rounded_up(took)
                best[value] = max(saved, best.get(value, saved))
        for value, saved in best.items():
            if use in line.misses:  # the least that is enough comes first
                yield _Lead(question, value, -Decimal(str(value)))
            elif saved > 0:
                yield _Lead(question, value, saved)


def _allowed(line: Line, use: str) -> Iterator[Option]:
    """Yield the options of a use that no must of a rule excludes."""
    barred = {b for part in PARTS for b in line.trace.opinion(f"{use}_{part}").barred}
    for option in line.lessons["estimates of hardware"].options[use]:
        if not {option.pattern, option.accelerator} & barred:
            yield option


def _rounded_up(value: float) -> float:
    """Return the next number of two digits."""
    step = 10.0 ** (floor(log10(value)) - 1)
    return float(f"{ceil(value / step) * step:.6g}")


def _milder(ask: WhatIf, questions: Iterable[Question], bill: _Bill) -> Iterator[_Lead]:
    """Yield milder answers that may save enough, by the accelerators near the plan: what is
    assumed, where saying so saves enough already, else the next milder answer."""
    brief, near = brief_of(ask), ask.near(NEAREST)
    base = near.outcome({})
    for question in questions:
        said = brief.values[question.id] if question.milder == (LOWER,) else None
        for value in (said, milder_value(question, brief)):
            if value is None:
                continue
            other = near.outcome({question.id: value})
            saved = base.lifetime_usd - other.lifetime_usd
            if other.feasible and (saved >= ROUGH * bill.least or not base.feasible):
                yield _Lead(question, value, saved)
                break


def milder_value(question: Question, brief: Brief) -> Value | None:
    """Return the next milder answer than the one assumed: the option before it, a smaller number
    or a wider limit; None where there is none."""
    value = brief.values[question.id]
    if question.milder == (HIGHER,):
        return 2 * value if isinstance(value, int | float) else None
    if question.milder == (LOWER,):
        return _smaller(question, brief)
    many = value if isinstance(value, tuple) else (value,)
    if len(many) != 1 or str(many[0]) not in question.milder:
        return None
    place = question.milder.index(str(many[0]))
    if not place:
        return None
    other = question.milder[place - 1]
    return (other,) if isinstance(value, tuple) else other


def _smaller(question: Question, brief: Brief) -> Value | None:
    """Return the low end of what is likely, half of what is assumed where none is known."""
    value = brief.values[question.id]
    if isinstance(value, tuple):
        return tuple(max(1, round(v / 2)) for v in value if isinstance(v, int | float))
    if not isinstance(value, int | float):
        return None
    low = question.prior_of(brief.values).get("low", value / 2)
    kept = max(round(low), 1) if question.counts else low
    return kept if kept < value else None


def _said(ask: WhatIf, lead: _Lead, other: Outcome) -> ToSettle:
    """Return the assumption and what another answer would save, with figures."""
    question, base, brief = lead.question, ask.outcome({}), brief_of(ask)
    why = "not known" if brief.sources[question.id] is Source.UNKNOWN else "not given"
    assumed, milder = (
        _shown(ask, brief, question, value) for value in (brief.values[question.id], lead.value)
    )
    if milder != assumed:
        why += f", {assumed} assumed"
    end = {LOWER: " or less", HIGHER: " or more"}.get(question.milder[0], "")
    machines = _machines(base, other)
    takes = f" {machines} would do" if machines else ""
    text = f"{why}. With {milder}{end}{takes}: {_instead(base, other)}."
    return ToSettle(question.id, question.title, text, question.find_out)


def _shown(ask: WhatIf, brief: Brief, question: Question, value: Value) -> str:
    """Return an answer in words, options in quotation marks."""
    words = answer_words(ask.line.kit.questions, {**brief.values, question.id: value})
    shown = words[question.id].shown
    return f'"{shown}"' if question.options else shown


def _instead(base: Outcome, other: Outcome) -> str:
    """Return what the other plan costs, and this one."""
    if not base.feasible:
        return f"{_cost(other)}, while no plan meets every must as it stands"
    if round(base.one_off_usd) or round(other.one_off_usd):
        return f"about {_cost(other)} instead of {_cost(base)}"
    return f"about {_cost(other)} instead of {usd(base.month_usd)}"


def _machines(base: Outcome, other: Outcome) -> str:
    """Return the machines of the uses that come out otherwise."""
    found = [
        f"{other.machines(use)} for {use}"
        for use in USES
        if other.machines(use) not in NO_DEVICE and other.machines(use) != base.machines(use)
    ]
    return " and ".join(found)


def _cost(outcome: Outcome) -> str:
    once = f" and {usd(outcome.one_off_usd)} once" if round(outcome.one_off_usd) else ""
    return f"{usd(outcome.month_usd)} a month{once}"
