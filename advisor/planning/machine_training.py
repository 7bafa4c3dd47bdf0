"""Ways to train on CPU machines: trees, statistics, and networks small enough."""

from __future__ import annotations

from advisor.domain.deployment import TrainingSetting
from advisor.domain.interval import Interval
from advisor.domain.plan import Figure, Reason
from advisor.planning.machine_serving import BASIS, SPREAD
from advisor.planning.market import Market
from advisor.planning.options import NONE, Option, priced
from advisor.planning.words import figure
from advisor.planning.workload import Number, TrainingWork, Workload
from advisor.sizing.classical import (
    STATE_BYTES,
    TABLE_BYTES,
    TREE_ROW_BYTES,
    VCPU_FLOPS,
    network_training_gb,
    network_training_hours,
    series_fit_hours,
    tree_training_gb,
    tree_training_hours,
)

STEPS = (2, 4, 8, 16, 32, 64, 96)
"""Sizes of training machines tried, vCPUs."""
NOTABLE_GB = 1.0
"""Memory that any machine has to spare."""


def machine_training(workload: Workload, market: Market, number: Number) -> tuple[Option, ...]:
    """Return training on CPUs: the smallest single machine that is in time even at the upper end
    of its interval, as twice the machine for half the time costs the same; else the largest single
    one, or as many machines as are likely in time."""
    work = workload.training
    if work is None:
        return ()
    sizes = (*STEPS, *(96 * n for n in (2, 4, 8, 16, 32))) if workload.classical else STEPS
    likely = None
    for vcpus in sizes:
        option = _training(workload, work, market, number, vcpus)
        if option is None:
            continue
        if option.devices == 1 and option.hours_per_run * SPREAD.high <= work.target_hours:
            return (option,)
        if likely is None or not likely.feasible or option.devices == 1:
            likely = option
    return () if likely is None else (likely,)


def _training(
    workload: Workload, work: TrainingWork, market: Market, number: Number, vcpus: int
) -> Option | None:
    memory_gb, held = training_gb(workload, work, number)
    offer = market.machine(vcpus, memory_gb) or market.machines(vcpus, memory_gb=memory_gb)
    if offer is None:
        return None
    rate, count = offer
    likely, arithmetic = training_hours(workload, work, number, rate.vcpus * count)
    hours = Interval(likely * SPREAD.low, likely, likely * SPREAD.high)
    once = hours.scaled(work.runs * work.models * count)
    option = Option(
        use="training",
        pattern="many_models" if work.entities > 1 else "one_machine",
        accelerator="cpu",
        devices=count,
        nodes=count,
        provider=rate.provider,
        instance=rate.instance,
        layout=f"{count} machine{'s' if count > 1 else ''} of {rate.vcpus} vCPUs",
        vcpus=rate.vcpus,
        machine_gb=memory_gb / count,
        why=f"a run takes about {figure(likely)} h of the {figure(work.target_hours)} h allowed",
        hours_once=once,
        hours_month=once.scaled(work.firsts_a_month) if work.firsts_a_month else NONE,
        hours_per_run=likely,
        figures=(
            Figure("hours", "time of one run", hours, "h", arithmetic, BASIS),
            *_memory_figure(memory_gb, held),
        ),
        failures=_late(work, likely),
        overshoot=likely / work.target_hours,
        facts={
            "fits": "yes",
            "devices": count,
            "nodes": count,
            "hours": round(likely, 4),
            "meets_time": "yes" if likely <= work.target_hours else "no",
        },
        setting=TrainingSetting(
            unit=work.unit, units=work.units, hours=likely, hours_allowed=work.target_hours
        ),
    )
    return priced(option, rate)


def training_hours(
    workload: Workload, work: TrainingWork, number: Number, vcpus: float
) -> tuple[float, str]:
    """Return hours of a run and how they were worked out."""
    if workload.family == "series":
        series = work.entities if work.entities > 1 else work.series
        return series_fit_hours(series, vcpus), f"{series:,} series x 1 s / {vcpus:,.0f} vCPUs"
    if workload.family == "trees":
        columns, trees = number("tables.columns"), number("tables.trees")
        hours = tree_training_hours(work.units, columns, trees, vcpus)
        return hours, (
            f"{figure(work.units)} rows x {columns:.0f} columns x {trees:.0f} trees / "
            f"{vcpus:,.0f} vCPUs"
        )
    params = workload.shape.active_params
    hours = network_training_hours(params, work.tokens, vcpus)
    flops = f"6 x {figure(params)} parameters x {figure(work.tokens)} tokens"
    return hours, f"{flops} / ({vcpus:,.0f} vCPUs x {VCPU_FLOPS / 1e9:.0f} GFLOP/s)"


def training_gb(workload: Workload, work: TrainingWork, number: Number) -> tuple[float, str]:
    """Return GB of memory that a run takes and how they were worked out; a series is read when
    its turn comes."""
    if workload.family == "series":
        return 0.0, ""
    if workload.family == "trees":
        columns = number("tables.columns")
        text = f"{figure(work.units)} rows x ({columns:.0f} columns + {TREE_ROW_BYTES:.0f}) bytes"
        return tree_training_gb(work.units, columns), text
    shape = workload.shape
    text = f"{figure(shape.active_params)} parameters x {STATE_BYTES:.0f} bytes"
    if shape.params > shape.active_params:
        text += f" + {figure(shape.params - shape.active_params)} in tables x {TABLE_BYTES:.0f}"
    return network_training_gb(shape.params, shape.active_params), text


def _memory_figure(gb: float, arithmetic: str) -> tuple[Figure, ...]:
    if gb < NOTABLE_GB:
        return ()
    held = Interval(gb * SPREAD.low, gb, gb * SPREAD.high)
    return (Figure("host_memory", "memory of the run", held, "GB", arithmetic, BASIS),)


def _late(work: TrainingWork, hours: float) -> tuple[Reason, ...]:
    if hours <= work.target_hours:
        return ()
    text = f"a run takes about {hours:,.0f} h on CPUs, {work.target_hours:,.0f} h are allowed"
    return (Reason(text, estimate="training_time"),)
