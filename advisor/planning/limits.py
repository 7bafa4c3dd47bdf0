"""Constraints and their margins: what binds, what fails, and the cheapest way out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import ceil

from advisor.domain.plan import Cost, Decision, Limit
from advisor.planning.bill import infrastructure_month, infrastructure_once
from advisor.planning.decide import UNRESOLVED
from advisor.planning.line import Line
from advisor.planning.options import Option
from advisor.planning.words import dollars, figure, percent

BUDGET = "budget_monthly"
CLOSE = 0.2
"""A margin under a fifth counts as binding."""


def limits_of(line: Line, cost: Cost) -> tuple[Limit, ...]:
    """Return every stated constraint with its margin, the tightest first."""
    found = [*_budget(line, cost), *_times(line)]
    return tuple(sorted(found, key=lambda limit: (not limit.binding, limit.id)))


def failures_of(line: Line, cost: Cost, decisions: dict[str, Decision]) -> tuple[Limit, ...]:
    """Return why the plan is not feasible, each with its cheapest relaxation; empty if it is."""
    return (*_missed(line), *_over_budget(line, cost), *_unresolved(decisions))


def peak_month(line: Line, cost: Cost) -> Decimal:
    """Return the dearest month: the running bill and the first training as fast as it is done,
    which takes the place of retraining that falls due a month later or more."""
    training, running = line.uses.get("training"), infrastructure_month(cost).likely
    run_months = max(1.0, training.hours_per_run / 730) if training else 1.0
    first = infrastructure_once(cost).likely / Decimal(str(round(run_months, 4)))
    return max(running, running - _not_yet_due(line) + first)


def _not_yet_due(line: Line) -> Decimal:
    """Return the retraining of an average month that the first month does not hold."""
    training, work = line.uses.get("training"), line.workload.training
    if training is None or work is None or not training.one_off.likely:
        return Decimal(0)
    return training.month.likely if work.releases_a_month <= 1 else Decimal(0)


def _budget(line: Line, cost: Cost) -> Iterator[Limit]:
    if not line.brief.stated(BUDGET):
        return
    budget = Decimal(str(line.brief.number(BUDGET)))
    peak = peak_month(line, cost)
    left = budget - peak
    text = (
        f"budget ${budget:,.0f} a month; the dearest month likely takes ${peak:,.0f}{_held(line)}"
    )
    binding = left < budget * Decimal(str(CLOSE))
    used = float(peak / budget) if budget else 0.0
    yield Limit(BUDGET, text, _left(left), binding, used=used)


def _held(line: Line) -> str:
    """Return the load that the budget is held against, where it grows."""
    grows = line.brief.number("growth_12m", 1.0) > 1 or line.brief.number("data_growth")
    return " at the load of today" if grows else ""


def _left(amount: Decimal) -> str:
    return f"{dollars(amount)} a month left" if amount >= 0 else f"{dollars(-amount)} a month over"


def _over_budget(line: Line, cost: Cost) -> Iterator[Limit]:
    if not line.brief.stated(BUDGET):
        return
    budget = Decimal(str(line.brief.number(BUDGET)))
    peak = peak_month(line, cost)
    if peak <= budget:
        return
    text = f"The cheapest plan that meets every must takes ${peak:,.0f} in its dearest month."
    margin = f"${peak - budget:,.0f} a month over the budget of ${budget:,.0f}"
    yield Limit(BUDGET, text, margin, True, _cheapest_relief(line, peak))


def _cheapest_relief(line: Line, peak: Decimal) -> str:
    """Return the smallest change that helps: the cheapest option that a must excluded, or money."""
    raise_it = f"raise the budget to ${ceil(peak):,} a month"
    serving = line.uses.get("serving")
    excluded = [
        o
        for o in line.lessons["estimates of hardware"].options["serving"]
        if serving and o.feasible and o.month.likely and o.month.likely < serving.month.likely
    ]
    if not excluded:
        return raise_it
    other = min(excluded, key=lambda o: o.key(line.months))
    reasons = line.trace.opinion("serving_pattern").of(other.pattern)
    why = next((v.text for v in reasons if v.kind == "exclude"), "")
    if not why:
        return raise_it
    pattern = line.called.names.get(other.pattern, other.pattern)
    cheaper = f"{pattern} with {other.layout} would take ${other.month.likely:,.0f} a month"
    return f"{raise_it}; {cheaper}, and is ruled out ({why.rstrip('.')})"


def _times(line: Line) -> Iterator[Limit]:
    training, serving = line.uses.get("training"), line.uses.get("serving")
    if training and training.hours_per_run:
        yield _time_limit(
            "train_hours_target",
            "one training run",
            (training.hours_per_run, _longest_run(training)),
            line.brief.number("train_hours_target", 12.0),
            "h",
        )
    if serving and serving.latency_ms and line.brief.number("latency_p99_ms"):
        yield _time_limit(
            "latency_p99_ms",
            f"latency at the 99th percentile{to_what(line)}",
            (serving.latency_ms, 0.0),
            line.brief.number("latency_p99_ms"),
            "ms",
        )


def _longest_run(training: Option) -> float:
    """Return the upper end of the hours of one run, 0 where the option gives no range."""
    return next((one.value.high for one in training.figures if one.id == "hours"), 0.0)


def to_what(line: Line) -> str:
    """Return what is waited for where an answer comes token by token."""
    load = line.workload.serving
    return " to the first token" if load and "streaming_tokens" in load.modes else ""


def _time_limit(id_: str, name: str, taken: tuple[float, float], target: float, unit: str) -> Limit:
    """Return a limit on time; `taken` is likely and at the far end, 0 where that is not known."""
    value, worst = taken
    share = 1 - value / target
    text = f"{name}: likely {figure(value)} {unit} of {figure(target)} {unit} allowed"
    if value <= target < worst:
        text += f", {figure(worst)} {unit} at the far end of its range"
    return Limit(id_, text, f"{percent(share)} to spare", share < CLOSE, used=value / target)


def _missed(line: Line) -> Iterator[Limit]:
    for use, option in sorted(line.misses.items()):
        device = line.called.names.get(option.accelerator)
        nearest = f"{option.layout} on {device}" if device else option.layout
        for reason in option.failures:
            yield Limit(
                f"{use}:{reason.estimate}",
                f"No allowed option meets every target of {use}: the nearest, {nearest}, "
                f"misses because {reason.text}.",
                _by_how_much(option),
                True,
                _relief(use, option),
            )


def _by_how_much(option: Option) -> str:
    over = option.overshoot - 1
    return f"{over:.0%} over the target" if over > 0 else "does not fit"


def _relief(use: str, option: Option) -> str:
    if use == "training":
        return f"allow {option.hours_per_run:,.0f} h for a run, or a smaller model or data set"
    return f"allow {option.latency_ms:,.0f} ms, a smaller model, or a faster accelerator"


def _unresolved(decisions: dict[str, Decision]) -> Iterator[Limit]:
    for decision in decisions.values():
        if decision.chosen == UNRESOLVED:
            reasons = "; ".join(r.text for r in decision.because)
            yield Limit(
                decision.id,
                f"Nothing is left for {decision.name.lower()}: {reasons}",
                f"{len(decision.rejected)} candidates rejected",
                True,
                "change one of the answers that these reasons name",
            )
