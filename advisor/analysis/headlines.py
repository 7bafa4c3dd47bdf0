"""The recommendation in a few lines, with a mark on what the last answer changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from advisor.domain.answers import Source
from advisor.frozen import dataclass, replace

if TYPE_CHECKING:
    from advisor.domain.plan import Decision, HardwareUse, Money, Plan

NOTHING = ("none", "unresolved")
USES = ("training", "serving")
KNOWN = "known"
"""The line that every answer changes, and that carries no mark."""
PLATFORM = ("orchestrator", "serving_engine", "data_storage")


@dataclass(frozen=True, slots=True)
class Headline:
    """One line: what it is about, what the plan says, and whether that is new."""

    id: str
    label: str
    text: str
    changed: bool = False


def headlines(plan: Plan, before: Plan | None = None) -> tuple[Headline, ...]:
    """Return the lines of a plan; those that differ from the plan before are marked."""
    old = {line.id: line.text for line in _lines(before)} if before else {}
    return tuple(
        replace(line, changed=line.id != KNOWN and bool(before) and old.get(line.id) != line.text)
        for line in _lines(plan)
    )


def _lines(plan: Plan) -> Iterator[Headline]:
    for limit in plan.infeasible_because:
        text = f"{limit.text.removesuffix('.')}: {limit.margin}"
        yield Headline(f"limit-{limit.id}", "Fails", text)
    if plan.decisions["approach"].chosen == "no_ml_yet":
        yield Headline("approach", "Approach", plan.decisions["approach"].chosen_name)
    for use in USES:
        yield from _use(plan, use)
    for id_ in PLATFORM:
        if decision := _settled(plan, id_):
            yield Headline(id_, decision.name, decision.chosen_name)
    if plan.cost.lifetime.high:
        once = f", {_range(plan.cost.one_off)} once" if round(plan.cost.one_off.likely) else ""
        yield Headline("month", "Cost", f"{_range(plan.cost.month)} a month{once}")
        span = f"Bill of {plan.cost.months} months"
        yield Headline("lifetime", span, f"{_range(plan.cost.lifetime)} at today's load")
    given = sum(source in (Source.GIVEN, Source.FILE) for _, source in plan.answers.values())
    word = "answer" if given == 1 else "answers"
    yield Headline(KNOWN, "Known", f"{given} {word} given, {len(plan.answers) - given} assumed")


def _use(plan: Plan, use: str) -> Iterator[Headline]:
    pattern = _settled(plan, f"{use}_pattern")
    if pattern is None:
        return
    hardware = next((u for u in plan.hardware if u.use == use), None)
    host = _settled(plan, f"{use}_host")
    parts = [pattern.chosen_name, _machines(hardware), host.chosen_name if host else ""]
    yield Headline(use, use.capitalize(), ", ".join(p for p in parts if p))


def _machines(use: HardwareUse | None) -> str:
    if use is None or not use.count:
        return ""
    return f"{use.count:,} x {use.accelerator_name}"


def _settled(plan: Plan, decision: str) -> Decision | None:
    """Return a decision that chose something, None where it is absent or chose nothing."""
    found = plan.decisions.get(decision)
    return found if found and any(i not in NOTHING for i in found.ids) else None


def _range(money: Money) -> str:
    low, likely, high = (f"${amount:,.0f}" for amount in (money.low, money.likely, money.high))
    return likely if low == high else f"{likely} ({low} to {high})"


def because(plan: Plan) -> tuple[str, ...]:
    """Return why the hardware is what it is: the first reason of each use, else of the approach."""
    asked = [f"{use}_{part}" for use in USES for part in ("pattern", "accelerator")]
    found = [d for id_ in asked if (d := _settled(plan, id_)) and d.because]
    chosen = found or [plan.decisions["approach"]]
    return tuple(dict.fromkeys(d.because[0].text for d in chosen if d.because))


def close_behind(plan: Plan) -> tuple[str, ...]:
    """Return the options that nearly won where hardware is chosen, with their cost."""
    found = []
    for use in USES:
        for id_ in (f"{use}_pattern", f"{use}_accelerator"):
            decision = plan.decisions.get(id_)
            for other in decision.alternatives[:2] if decision else ():
                cost = f", ${other.month_usd:,.0f} a month" if other.month_usd else ""
                found.append(f"{use}: {other.name}{cost}")
    return tuple(found)
