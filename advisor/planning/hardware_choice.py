"""Choices of the hardware stage: pattern and accelerator of serving and of training."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from advisor.domain.decisions import DecisionSpec
from advisor.domain.plan import Decision, Reason
from advisor.domain.rule import Fact
from advisor.frozen import dataclass
from advisor.planning.beside import Beside, places_of
from advisor.planning.candidates import Candidate
from advisor.planning.decide import state
from advisor.planning.hardware_estimates import market_for
from advisor.planning.hardware_stage import UseCase, UseOutcome, settle_use
from advisor.planning.held_hardware import hold_use
from advisor.planning.hold import held
from advisor.planning.host_estimates import kind_of, people_by_host
from advisor.planning.host_prices import amounts_of, cost_reason
from advisor.planning.hosted_choice import DECISION as HOSTED
from advisor.planning.hosted_choice import decide_hosted
from advisor.planning.hosted_services import Hosted
from advisor.planning.line import Lesson, Line, Same
from advisor.planning.options import Option

USES = ("serving", "training")


Settled = tuple[UseOutcome, tuple[tuple[DecisionSpec, Decision, tuple[Fact, ...]], ...]]
"""What one use settled on, and its decisions with the facts that later stages read."""


def choose_hardware(line: Line, origin: str) -> Lesson:
    """Return patterns, accelerators and the option of each use, what stands as it stands."""
    people = people_by_host(line)
    alone = Beside(line, people, places_of(line))
    settled = {use: _use(line, use, alone) for use in USES}
    second, first = sorted(USES, key=lambda use: _weight(line, settled[use].option))
    anchor = settled[first].option
    beside = Beside(line, people, places_of(line, anchor), anchor)
    settled[second] = _use(line, second, beside)
    preferred = {spec.id: (d, own) for u in settled.values() for spec, d, own in u.stated}
    pattern, own = preferred["serving_pattern"][0], settled["serving"].option
    preferred[HOSTED] = decide_hosted(line, _hosted(line), pattern, own)
    stated = {id_: held(line, d, own) for id_, (d, own) in preferred.items()}
    taken = (_takes(line, use, u.option) for use, u in settled.items())
    return Lesson(
        origin,
        (*(own for _, own in stated.values()), *taken),
        tuple(stated[d][0] for d in line.kit.decisions if d in stated),
        options={use: u.options for use, u in settled.items()},
        uses={use: u.option for use, u in settled.items() if u.option is not None},
        misses={use: u.miss for use, u in settled.items() if u.miss is not None},
        preferred=tuple(decision for decision, _ in preferred.values()),
        needed={use: u.needed for use, u in settled.items() if u.needed is not None},
    )


def _weight(line: Line, option: Option | None) -> tuple[Decimal, int]:
    """Return what a use costs over the life, and its devices: the dearer one settles its place
    first, of two on machines of the same cost the larger."""
    return (option.lifetime(line.months), option.devices) if option else (Decimal(0), 0)


@dataclass(frozen=True, slots=True)
class _Use:
    """What one use comes to: decisions as preferred, and the option taken, or that stands."""

    stated: tuple[tuple[DecisionSpec, Decision, tuple[Fact, ...]], ...]
    options: tuple[Option, ...]
    option: Option | None
    miss: Option | None = None
    needed: Option | None = None


def _use(line: Line, use: str, beside: Beside) -> _Use:
    options = _options(line, use, beside)
    outcome, stated = _settled(line, use, options, beside)
    stands = hold_use(line, _case(line, use, options, beside), outcome)
    if stands is None:
        return _Use(stated, options, outcome.option, outcome.miss)
    own = tuple(_stated(line, use, stands.outcome))
    return _Use(own, options, stands.option, needed=stands.needed)


def _options(line: Line, use: str, beside: Beside) -> tuple[Option, ...]:
    """Return the options of a use, each at the place where it costs least."""
    options = line.lessons["estimates of hardware"].options[use]
    market = market_for(line, use)
    people = tuple(beside.people.values())
    key = (use, Same(options), market, beside.places, Same(beside.settled), line.months, people)
    return line.once("beside", key, lambda: tuple(map(beside.placed, options)))


def _takes(line: Line, use: str, option: Option | None) -> tuple[Fact, ...]:
    """Return what the option takes, for rules that must not mix it with options that lost."""
    if option is None or not option.devices:
        return ()
    sizes: dict[str, str | int | float] = {
        "accelerator": option.accelerator,
        "provider_kind": kind_of(line, option),
        "devices": option.devices,
        "nodes": option.nodes,
        "replicas": option.replicas,
        "hours": round(option.hours_per_run, 3),
        "month_usd": float(option.month.likely),
    }
    return (Fact.of("settled", use=use, **{**sizes, **option.facts}),)


def _settled(line: Line, use: str, options: tuple[Option, ...], beside: Beside) -> Settled:
    """Settle a use, or take what was settled when the same was said and on offer before."""
    opinions = [line.trace.opinion(f"{use}_{part}") for part in ("pattern", "accelerator")]

    def work() -> Settled:
        outcome = settle_use(_case(line, use, options, beside))
        return outcome, tuple(_stated(line, use, outcome))

    case = (Same(options), line.months, line.called, line.nearby, line.worth, _owned(line))
    key = (use, *opinions, Same(_hosted(line)), *case, *beside.people.values())
    return line.once("hardware", key, work)


def _case(line: Line, use: str, options: tuple[Option, ...], beside: Beside) -> UseCase:
    return UseCase(
        use,
        line.called.candidates[f"{use}_pattern"],
        tuple(_near(line, line.called.candidates[f"{use}_accelerator"], options)),
        line.trace.opinion(f"{use}_pattern"),
        line.trace.opinion(f"{use}_accelerator"),
        options,
        line.months,
        line.worth,
        beside.people_month,
        beside.apart_usd,
        _owned(line),
        _hosted(line).lacking if use == "serving" else (),
    )


def _hosted(line: Line) -> Hosted:
    return line.lessons["estimates of hardware"].hosted or Hosted()


def _owned(line: Line) -> str:
    return str(line.brief.one("owned_accelerator") or "")


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
    why = Reason(_sentence(option.why), estimate=f"{use}_{option.pattern}")
    return (why, cost_reason(option)) if amounts_of(option) else (why,)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
