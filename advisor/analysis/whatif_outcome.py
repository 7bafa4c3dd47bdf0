"""What a plan recommends in short: what sweeps, sensitivity and question order compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from decimal import Decimal

from advisor.domain.plan import HardwareUse, Limit, Money, Plan
from advisor.frozen import dataclass
from advisor.planning.bill import bill_of
from advisor.planning.limits import BUDGET, failures_of, limits_of
from advisor.planning.line import Line
from advisor.planning.words import counted

CPU = "CPU"
"""How a machine without accelerators is called."""
NO_DEVICE = ("", "none")
"""Names of a use that has no machine of its own."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Choices and names by decision, device count and name by use, likely costs in US dollars.

    `failures` names the constraints that fail; `budget_used` is the share of the stated budget
    that the dearest month takes, 0 where none is stated.
    """

    failures: tuple[str, ...]
    choices: Mapping[str, tuple[str, ...]] = field(hash=False)
    names: Mapping[str, str] = field(hash=False)
    devices: Mapping[str, tuple[int, str]] = field(hash=False)
    month_usd: Decimal
    one_off_usd: Decimal
    lifetime_usd: Decimal
    budget_used: float = 0.0

    @property
    def feasible(self) -> bool:
        """Return whether every must and every stated constraint is met."""
        return not self.failures

    def machines(self, use: str) -> str:
        """Return "2 x L40S", or the name alone where nothing is counted, "" without the use."""
        count, name = self.devices.get(use, (0, ""))
        name = CPU if name == CPU.lower() else name
        return f"{count:,} x {name}" if count else name

    def runs_on(self, use: str) -> str:
        """Return the machines of a use, or the way it is done where it takes none."""
        machines = self.machines(use)
        return self.name(f"{use}_pattern") if machines in NO_DEVICE else machines

    def name(self, decision: str) -> str:
        """Return what a decision chose, in words."""
        return self.names[decision]


def outcome_of(plan: Plan) -> Outcome:
    """Return what a plan recommends in short."""
    month, one_off = plan.cost.month.likely, plan.cost.one_off.likely
    return Outcome(
        tuple(failure.id for failure in plan.infeasible_because),
        {id_: decision.ids for id_, decision in plan.decisions.items()},
        {id_: decision.chosen_name for id_, decision in plan.decisions.items()},
        {use.use: (use.count, use.accelerator_name) for use in plan.hardware},
        month,
        one_off,
        one_off + month * plan.cost.months,
        _budget_used(plan.limits),
    )


def in_short(outcome: Outcome) -> str:
    """Return machines and cost in a few words, "serving 2 x L40S, $930 a month"."""
    if not outcome.feasible:
        return "no plan meets every must"
    used = {use: outcome.machines(use) for use in outcome.devices}
    uses = [f"{use} {used[use]}" for use in used if used[use] not in NO_DEVICE]
    once = [f"{usd(outcome.one_off_usd)} once"] if round(outcome.one_off_usd) else []
    return ", ".join([*uses, f"{usd(outcome.month_usd)} a month", *once])


def outcome_at(line: Line) -> Outcome:
    """Return what `outcome_of` says of the plan of a line where every decision is settled."""
    decisions, cost = line.decisions, bill_of(line)
    names, month, one_off = line.called.names, cost.month.likely, cost.one_off.likely
    return Outcome(
        tuple(failure.id for failure in failures_of(line, cost, decisions)),
        {id_: decisions[id_].ids for id_ in line.kit.decisions},
        {id_: decisions[id_].chosen_name for id_ in line.kit.decisions},
        {
            use: (option.accelerators, names.get(option.accelerator, option.accelerator))
            for use, option in sorted(line.uses.items())
        },
        month,
        one_off,
        one_off + month * cost.months,
        _budget_used(limits_of(line, cost)),
    )


def _budget_used(limits: Iterable[Limit]) -> float:
    return next((limit.used for limit in limits if limit.id == BUDGET), 0.0)


def differing(one: Outcome, other: Outcome) -> tuple[str, ...]:
    """Return the decisions that the two settle differently, in the order of the plan."""
    return tuple(id_ for id_, chosen in one.choices.items() if other.choices.get(id_) != chosen)


def machines(use: HardwareUse) -> str:
    """Return what a use runs on: "2 x L40S", "1 CPU machine", or that it takes no machine."""
    if use.count:
        return f"{use.count:,} x {use.accelerator_name}"
    if use.accelerator == "none":
        return "no machine"
    return counted(max(1, use.nodes), f"{CPU} machine")


def usd(value: Decimal) -> str:
    """Return whole dollars with separators, "$27,300"."""
    return f"-${-value:,.0f}" if value < 0 else f"${value:,.0f}"


def amount(money: Money) -> str:
    """Return the likely amount and its range, "$27,300 ($21,000 to $34,500)"."""
    if money.low == money.high:
        return usd(money.likely)
    return f"{usd(money.likely)} ({usd(money.low)} to {usd(money.high)})"
