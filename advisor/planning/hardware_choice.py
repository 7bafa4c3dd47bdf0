"""Choices of the hardware stage: pattern and accelerator of serving and of training."""

from __future__ import annotations

from advisor.domain.decisions import DecisionSpec
from advisor.domain.plan import Decision, Reason
from advisor.domain.rule import Fact
from advisor.planning.decide import state
from advisor.planning.hardware_stage import UseCase, UseOutcome, settle_use
from advisor.planning.host_estimates import least_people_month
from advisor.planning.line import Lesson, Line
from advisor.planning.options import Option

USES = ("serving", "training")


def choose_hardware(line: Line, origin: str) -> Lesson:
    """Return patterns, accelerators and the option of each use."""
    outcomes = {use: settle_use(_case(line, use)) for use in USES}
    decisions: dict[str, Decision] = {}
    facts: list[Fact] = []
    for use, outcome in outcomes.items():
        for spec, decision, own in _stated(line, use, outcome):
            decisions[spec.id] = decision
            facts += own
    stage = line.kit.decisions
    return Lesson(
        origin,
        tuple(facts),
        tuple(decisions[d] for d in stage if d in decisions),
        uses={use: o.option for use, o in outcomes.items() if o.option is not None},
        misses={use: o.miss for use, o in outcomes.items() if o.miss is not None},
    )


def _case(line: Line, use: str) -> UseCase:
    kit, verdicts = line.kit, line.trace.verdicts
    return UseCase(
        use,
        line.called.candidates[f"{use}_pattern"],
        line.called.candidates[f"{use}_accelerator"],
        verdicts.get(f"{use}_pattern", {}),
        verdicts.get(f"{use}_accelerator", {}),
        line.lessons["estimates of hardware"].options[use],
        line.months,
        kit.tolerance,
        lambda option: least_people_month(line, option),
    )


def _stated(
    line: Line, use: str, outcome: UseOutcome
) -> list[tuple[DecisionSpec, Decision, tuple[Fact, ...]]]:
    specs = line.kit.decisions
    extra = _from_estimates(use, outcome.option)
    pattern, accelerator = specs[f"{use}_pattern"], specs[f"{use}_accelerator"]
    chosen, facts = state(pattern, outcome.pattern, extra)
    found = [(pattern, chosen, facts)]
    if not outcome.pattern.chosen:
        open_ = Decision(
            accelerator.id,
            accelerator.name,
            accelerator.stage,
            chosen.chosen,
            chosen.chosen_name,
            chosen.because,
        )
        return [*found, (accelerator, open_, ())]
    return [*found, (accelerator, *state(accelerator, outcome.accelerator, extra))]


def _from_estimates(use: str, option: Option | None) -> tuple[Reason, ...]:
    """Return what the figures say for the option chosen."""
    if option is None:
        return ()
    reasons = [Reason(_sentence(option.why), estimate=f"{use}_{option.pattern}")]
    if option.month.likely or option.one_off.likely:
        text = f"Likely ${option.month.likely:,.0f} a month"
        if option.one_off.likely:
            text += f" and ${option.one_off.likely:,.0f} for the first release"
        reasons.append(Reason(f"{text}, the least of what meets every must.", cost="month"))
    return tuple(reasons)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
