"""Choices of the hardware stage: pattern and accelerator of serving and of training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from advisor.domain.decisions import DecisionSpec
from advisor.domain.plan import Decision, Reason
from advisor.domain.rule import Fact
from advisor.planning.candidates import Candidate
from advisor.planning.decide import state
from advisor.planning.hardware_stage import UseCase, UseOutcome, settle_use
from advisor.planning.held_hardware import hold_use
from advisor.planning.hold import held
from advisor.planning.host_estimates import hosts_of, people_by_host
from advisor.planning.line import Lesson, Line, Same
from advisor.planning.options import Option

USES = ("serving", "training")


Settled = tuple[UseOutcome, tuple[tuple[DecisionSpec, Decision, tuple[Fact, ...]], ...]]
"""What one use settled on, and its decisions with the facts that later stages read."""


def choose_hardware(line: Line, origin: str) -> Lesson:
    """Return patterns, accelerators and the option of each use, what stands as it stands."""
    people = people_by_host(line)
    settled = {use: _use(line, use, people) for use in USES}
    preferred = {spec.id: (d, own) for u in settled.values() for spec, d, own in u.stated}
    stated = {id_: held(line, d, own) for id_, (d, own) in preferred.items()}
    facts = (fact for _, own in stated.values() for fact in own)
    taken = (fact for use, u in settled.items() for fact in _takes(use, u.option))
    return Lesson(
        origin,
        (*facts, *taken),
        tuple(stated[d][0] for d in line.kit.decisions if d in stated),
        uses={use: u.option for use, u in settled.items() if u.option is not None},
        misses={use: u.miss for use, u in settled.items() if u.miss is not None},
        preferred=tuple(decision for decision, _ in preferred.values()),
        needed={use: u.needed for use, u in settled.items() if u.needed is not None},
    )


@dataclass(frozen=True, slots=True)
class _Use:
    """What one use comes to: decisions as preferred, and the option taken, or that stands."""

    stated: tuple[tuple[DecisionSpec, Decision, tuple[Fact, ...]], ...]
    option: Option | None
    miss: Option | None = None
    needed: Option | None = None


def _use(line: Line, use: str, people: Mapping[str, Decimal]) -> _Use:
    outcome, stated = _settled(line, use, people)
    stands = hold_use(line, _case(line, use, people), outcome)
    if stands is None:
        return _Use(stated, outcome.option, outcome.miss)
    own = tuple(_stated(line, use, stands.outcome))
    return _Use(own, stands.option, needed=stands.needed)


def _takes(use: str, option: Option | None) -> tuple[Fact, ...]:
    """Return what the option takes, for rules that must not mix it with options that lost."""
    if option is None or not option.devices:
        return ()
    sizes: dict[str, str | int | float] = {
        "accelerator": option.accelerator,
        "devices": option.devices,
        "nodes": option.nodes,
        "replicas": option.replicas,
        "hours": round(option.hours_per_run, 3),
        "month_usd": float(option.month.likely),
    }
    return (Fact.of("settled", use=use, **{**sizes, **option.facts}),)


def _settled(line: Line, use: str, people: Mapping[str, Decimal]) -> Settled:
    """Settle a use, or take what was settled when the same was said and on offer before."""
    opinions = [line.trace.opinion(f"{use}_{part}") for part in ("pattern", "accelerator")]
    options = line.lessons["estimates of hardware"].options[use]

    def work() -> Settled:
        outcome = settle_use(_case(line, use, people))
        return outcome, tuple(_stated(line, use, outcome))

    case = (Same(options), line.months, line.called, line.nearby, line.worth)
    key = (use, *opinions, *case, *people.values())
    return line.once("hardware", key, work)


def _case(line: Line, use: str, people: Mapping[str, Decimal]) -> UseCase:
    def least(option: Option) -> Decimal:
        return min((people[host] for host in hosts_of(line, option)), default=Decimal(0))

    options = line.lessons["estimates of hardware"].options[use]
    return UseCase(
        use,
        line.called.candidates[f"{use}_pattern"],
        tuple(_near(line, line.called.candidates[f"{use}_accelerator"], options)),
        line.trace.opinion(f"{use}_pattern").verdicts,
        line.trace.opinion(f"{use}_accelerator").verdicts,
        options,
        line.months,
        line.worth,
        least,
    )


def _near(
    line: Line, accelerators: tuple[Candidate, ...], options: tuple[Option, ...]
) -> Iterator[Candidate]:
    """Yield the accelerators that are looked at: all, or those that were sized."""
    sized = {option.accelerator for option in options}
    return (c for c in accelerators if not line.nearby or c.id in sized)


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
