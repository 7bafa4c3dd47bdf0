"""Hardware that stands already: the option of its pattern, accelerator and count."""

from __future__ import annotations

from decimal import Decimal
from math import ceil

from advisor.domain.interval import Interval
from advisor.domain.plan import Money, Reason
from advisor.frozen import dataclass, replace
from advisor.planning.hardware_estimates import market_for, training_hours_at
from advisor.planning.hardware_stage import UseCase, UseOutcome, under_pattern
from advisor.planning.line import Line
from advisor.planning.market import CENT, MONTH_HOURS
from advisor.planning.options import Option, priced
from advisor.planning.words import figure

CPUS = ("cpu", "none")
CLUSTERS = ("kubernetes", "slurm", "own_hardware", "vms", "gpu_cloud")
"""Hosts of training whose machines stand between two runs."""
USUAL_COUNT = {"one_gpu": 1, "one_node": 8, "multi_node": 16}
"""Accelerators taken for a pattern of training that stands, where no count is stated."""


@dataclass(frozen=True, slots=True)
class HeldUse:
    """What stands for one use.

    `outcome` is what would be chosen, the accelerator under the pattern that stands; `option` is
    what stands, `needed` the same pattern and accelerator in the count that the load asks for.
    """

    outcome: UseOutcome
    option: Option | None
    needed: Option | None


def hold_use(line: Line, case: UseCase, best: UseOutcome) -> HeldUse | None:
    """Return what stands for a use, None where nothing of it is held."""
    held = line.held
    pattern, device = (held.first(f"{case.use}_{part}") for part in ("pattern", "accelerator"))
    count = held.counts.get(case.use, 0)
    if not (pattern or device or count):
        return None
    if pattern in USUAL_COUNT and not _natural(case, pattern, device):
        count = count or USUAL_COUNT[pattern]
    case = _counts_alike(case, pattern)
    outcome = under_pattern(case, best, pattern) if pattern else best
    outcome = outcome if outcome.accelerator.chosen else best
    ids = [c.candidate.id for o in (outcome.pattern, outcome.accelerator) for c in o.chosen]
    pattern = pattern or (ids[0] if ids else "")
    device = device or (ids[-1] if ids else "")
    mine = [o for o in case.options if (o.pattern, o.accelerator) == (pattern, device)]
    needed = min(mine, key=lambda o: o.key(case.months), default=None)
    option = at_count(line, needed, count) if needed and count else needed
    if option is None and count and _always_on(line, case.use):
        option = _standing(line, case.use, (pattern, device), count)
    return HeldUse(outcome, option, needed)


def _always_on(line: Line, use: str) -> bool:
    """Return whether machines of a use are paid for all month: those that serve, and those of a
    cluster; what a managed service starts for a run is not."""
    return use == "serving" or line.held.first("training_host") in CLUSTERS


def _standing(line: Line, use: str, what: tuple[str, str], count: int) -> Option | None:
    """Return machines for what no estimate sizes on them: paid for, all month."""
    pattern, device = what
    rate = market_for(line, use).rate(device, count)
    if rate is None:
        return None
    hours = Interval(count * MONTH_HOURS / 2, count * MONTH_HOURS, count * MONTH_HOURS)
    text = "no estimate sizes this work on them; they are paid for all month"
    option = Option(
        use=use,
        pattern=pattern,
        accelerator=device,
        devices=count,
        nodes=rate.instances(count),
        provider=rate.provider,
        instance=rate.instance,
        layout=f"{count} as they stand",
        why=text,
        hours_month=hours,
        vcpus=rate.vcpus,
    )
    return priced(option, rate)


def _natural(case: UseCase, pattern: str, device: str) -> bool:
    """Return whether the load itself asks for the pattern of training that stands."""
    mine = [o for o in case.options if device in ("", o.accelerator)]
    return any(o.pattern == pattern for o in mine)


def _counts_alike(case: UseCase, pattern: str) -> UseCase:
    """Return the case with accelerators compared each in its own count: patterns of training
    that tell counts apart are taken for the one that stands."""
    if pattern not in USUAL_COUNT:
        return case
    same = (replace(o, pattern=pattern) if o.pattern in USUAL_COUNT else o for o in case.options)
    return replace(case, options=tuple(same))


def at_count(line: Line, needed: Option, count: int) -> Option:
    """Return an option with another count of devices, and what it then misses."""
    if count == needed.devices or not needed.devices:
        return needed
    if needed.use == "training":
        return _training_at(line, needed, count)
    failures = _too_few(line, needed, count) if count < needed.devices else needed.failures
    return _resized(needed, count, Decimal(count) / needed.devices, failures)


def _training_at(line: Line, needed: Option, count: int) -> Option:
    """Return training on a count: the hours that the estimator gives it, in proportion."""
    hours = needed.hours_per_run * needed.devices / count
    failures = [f for f in needed.failures if f.estimate != "training_time"]
    if needed.accelerator not in CPUS:
        ratio, short = training_hours_at(line, needed, count)
        hours = needed.hours_per_run * ratio
        failures += [f for f in short if f not in failures]
    target = line.brief.number("train_hours_target", 12.0)
    if hours > target:
        text = f"a run takes about {figure(hours)} h on {count}, {figure(target)} h are allowed"
        failures.append(Reason(text, estimate="training_time"))
    busy = Decimal(str(round(hours * count, 6))) / Decimal(
        str(round(needed.hours_per_run * needed.devices, 6))
    )
    found = _resized(needed, count, busy, tuple(failures))
    return replace(found, hours_per_run=hours, overshoot=hours / target)


def _too_few(line: Line, needed: Option, count: int) -> tuple[Reason, ...]:
    """Return what fewer devices than the load asks for mean: no fit, too slow, or no spare."""
    if count < needed.together:
        text = f"one copy of the model takes {needed.together} devices, {count} are there"
        return (Reason(text, estimate="serving_memory"),)
    copies, wanted = count // needed.together, needed.devices // needed.together
    load = line.workload.serving
    spares = 0
    if load and needed.pattern == "online":
        spares = load.regions * load.spares
    if copies >= wanted - spares:
        text = (
            f"{count} devices carry the peak, but leave {copies - (wanted - spares)} of the "
            f"{spares} spare copies that {load.availability if load else 0:g} % asks for"
        )
        return (*needed.failures, Reason(text, estimate="serving_spares"))
    text = (
        f"{count} devices carry about {copies / (wanted - spares):.0%} of the peak; "
        f"{needed.devices} carry it with the spares asked for"
    )
    return (*needed.failures, Reason(text, estimate="serving_capacity"))


def _resized(option: Option, count: int, factor: Decimal, failures: tuple[Reason, ...]) -> Option:
    """Return an option of another count that costs and works `factor` times as much."""
    per_node = max(1, option.devices // max(1, option.nodes))
    return replace(
        option,
        devices=count,
        nodes=ceil(count / per_node),
        replicas=max(1, count // max(1, option.together)),
        layout=f"{count} as they stand",
        why=failures[0].text if failures else f"{option.devices} would do: {option.why}",
        hours_once=option.hours_once.scaled(float(factor)),
        hours_month=option.hours_month.scaled(float(factor)),
        one_off=_times(option.one_off, factor),
        month=_times(option.month, factor),
        failures=failures,
        facts=_facts(option, count),
    )


def _facts(option: Option, count: int) -> dict[str, str | int | float]:
    """Return what rules may read of another count."""
    facts = {**option.facts, "devices": count}
    if "utilisation_pct" in facts:
        busy = float(facts["utilisation_pct"]) * option.devices / count
        facts["utilisation_pct"] = round(busy, 1)
    return {k: v for k, v in facts.items() if k not in ("nodes", "replicas", "hours")}


def _times(money: Money, factor: Decimal) -> Money:
    ends = (money.low, money.likely, money.high)
    return Money(*((end * factor).quantize(CENT) for end in ends))
