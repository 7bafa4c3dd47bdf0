"""Ways to train: for each accelerator the cheapest count that meets the time stated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from advisor.domain.hardware import GIB, Accelerator
from advisor.domain.interval import Interval
from advisor.domain.plan import Figure, Money, Reason
from advisor.planning.market import Market, Rate
from advisor.planning.options import Option
from advisor.planning.workload import TrainingWork, Workload
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_estimate import TrainingEstimate, estimate_training
from advisor.sizing.training_job import TrainingJob

MOST_DEVICES = 16_384
FAMILY = {"lora": "huggingface", "qlora": "huggingface", "full": "torch"}
MEGATRON_TOKENS = 1e11
"""Above this many tokens a run is a pre-training run, done with fused kernels."""


@dataclass(frozen=True, slots=True)
class TrainingMarket:
    """What training options are made from."""

    devices: tuple[Accelerator, ...]
    market: Market
    constants: TrainingConstants


def training_options(workload: Workload, supply: TrainingMarket) -> tuple[Option, ...]:
    """Return one option for each accelerator that is on offer: the cheapest in time, or the
    fastest with the reason why it misses the stated time or does not fit."""
    work = workload.training
    if work is None:
        return ()
    found = (_option(workload, work, device, supply) for device in supply.devices)
    return tuple(option for option in found if option is not None)


def _option(
    workload: Workload, work: TrainingWork, device: Accelerator, supply: TrainingMarket
) -> Option | None:
    best: Option | None = None
    for count in _counts(workload, work, device, supply):
        rate = supply.market.rate(device.id, count)
        if rate is None:
            continue
        estimate = _estimate(workload, work, device, count, rate, supply.constants)
        option = _priced(work, device, count, rate, estimate)
        if option.feasible:
            return option
        if best is None or len(option.failures) < len(best.failures) or option.hours_per_run:
            best = option
    return best


def _counts(
    workload: Workload, work: TrainingWork, device: Accelerator, supply: TrainingMarket
) -> Iterable[int]:
    """Yield device counts to try: powers of two from memory and ideal time upwards, eight steps.

    The state of full training takes about 16 bytes a parameter (ZeRO, section 3.1), a frozen
    base two; below a tenth of the ideal device-hours nothing can be in time.
    """
    per_parameter = 16.0 if work.method == "full" else 2.0
    need = workload.shape.params * per_parameter / (device.memory_gb * GIB)
    peak = device.peak("bf16") or device.peak("fp16") or device.peak("fp32") or 1e12
    ideal = 6.0 * workload.shape.active_params * work.tokens / peak / 3600
    least = max(1.0, need / 8, ideal / work.target_hours)
    first = 1 << max(0, int(least - 1e-9).bit_length())
    first = min(first, MOST_DEVICES)
    start = max(1, first // 2)
    limit = MOST_DEVICES if device.has_fast_link else 8
    for step in range(8):
        if start << step <= limit:
            yield start << step


def _estimate(
    workload: Workload,
    work: TrainingWork,
    device: Accelerator,
    count: int,
    rate: Rate,
    constants: TrainingConstants,
) -> TrainingEstimate:
    job = TrainingJob(
        shape=workload.shape,
        device=device,
        task="pretrain"
        if work.tokens > MEGATRON_TOKENS
        else work.method + "_ft"
        if work.method == "full"
        else work.method,
        seq_len=work.seq_len,
        precision="bf16" if device.peak("bf16") else "fp16",
        method=work.method,
        n_gpus=count,
        gpus_per_node=min(count, rate.per_node),
        network_gb_s=rate.network_gb_s,
        tokens_total=work.tokens,
        family="fused" if work.tokens > MEGATRON_TOKENS else FAMILY[work.method],
    )
    estimate = estimate_training(job, constants)
    if estimate.fits or work.method != "lora":
        return estimate
    return estimate_training(_quantised(job), constants)


def _quantised(job: TrainingJob) -> TrainingJob:
    from dataclasses import replace

    return replace(job, method="qlora", task="qlora", base_bits=4.25)


def _priced(
    work: TrainingWork, device: Accelerator, count: int, rate: Rate, estimate: TrainingEstimate
) -> Option:
    gpu_hours = estimate.gpu_hours or Interval(0, 0, 0)
    hours = gpu_hours.scaled(1 / count)
    one = rate.cost(gpu_hours, count).times(Decimal(str(round(work.runs, 4))))
    month = one.times(Decimal(str(round(work.releases_a_month, 6))))
    nodes = -(-count // rate.per_node)
    return Option(
        use="training",
        pattern=_pattern(work, count, nodes),
        accelerator=device.id,
        devices=count,
        nodes=nodes,
        provider=rate.provider,
        instance=rate.instance,
        layout=layout_words(estimate.job),
        why=_why(work, estimate, hours),
        one_off=one,
        month=rate.standing(count) or month,
        hours_per_run=hours.likely,
        figures=_figures(work, estimate, hours, gpu_hours),
        failures=_failures(work, device, estimate, hours),
        price_date=rate.effective,
        price_source=rate.source,
        bare_metal=rate.bare_metal,
        facts={
            "fits": "yes" if estimate.fits else "no",
            "devices": count,
            "nodes": nodes,
            "hours": round(hours.likely, 3),
            "state_gib": round(estimate.memory_gib.likely, 1),
            "device_gib": device.memory_gb,
            "meets_time": "yes" if hours.likely <= work.target_hours else "no",
        },
    )


def _pattern(work: TrainingWork, count: int, nodes: int) -> str:
    if work.entities > 1:
        return "many_models"
    if nodes > 1:
        return "multi_node"
    return "one_gpu" if count == 1 else "one_node"


def layout_words(job: TrainingJob) -> str:
    """Return the parallel layout in words, for example `8-way data parallel, ZeRO-3`."""
    degrees = (
        (job.tp, "tensor"),
        (job.pp, "pipeline"),
        (job.cp, "context"),
        (job.ep, "expert"),
        (job.dp, "data"),
    )
    words = [f"{n}-way {name} parallel" for n, name in degrees if n and n > 1]
    sharding = {"zero1": "ZeRO-1", "zero2": "ZeRO-2", "zero3": "ZeRO-3 (FSDP)"}
    words += [sharding[job.sharding]] if job.sharding in sharding and (job.dp or 1) > 1 else []
    words += [f"{job.recompute} recomputation"] if job.recompute not in (None, "none") else []
    words += [f"micro-batch {job.micro_batch}"] if job.micro_batch else []
    method = {"lora": "LoRA", "qlora": "QLoRA"}.get(job.method)
    return ", ".join(([method] if method else []) + (words or ["one device"]))


def _why(work: TrainingWork, estimate: TrainingEstimate, hours: Interval) -> str:
    if not estimate.fits:
        return "does not fit"
    return (
        f"{estimate.memory_gib.likely:.0f} GiB a device fits, and a run takes about "
        f"{hours.likely:,.1f} h of the {work.target_hours:,.0f} h allowed"
    )


def _failures(
    work: TrainingWork, device: Accelerator, estimate: TrainingEstimate, hours: Interval
) -> tuple[Reason, ...]:
    found = []
    if not estimate.fits:
        text = (
            f"needs {estimate.memory_gib.likely:,.0f} GiB a device, {device.name} has "
            f"{device.memory_gb:,.0f}"
        )
        found.append(Reason(text, estimate="training_memory"))
    if hours.likely > work.target_hours:
        text = (
            f"a run takes about {hours.likely:,.0f} h on {device.name}, "
            f"{work.target_hours:,.0f} h are allowed"
        )
        found.append(Reason(text, estimate="training_time"))
    return tuple(found)


def _figures(
    work: TrainingWork, estimate: TrainingEstimate, hours: Interval, gpu_hours: Interval
) -> tuple[Figure, ...]:
    memory = " + ".join(f"{name} {gib:.1f}" for name, gib in estimate.memory_parts if gib >= 0.05)
    time = " + ".join(f"{name} {s:.3g}" for name, s in estimate.time_parts if s > 1e-6)
    rate = estimate.tokens_per_s_per_gpu
    return (
        Figure("memory", "memory per device", estimate.memory_gib, "GiB", memory, estimate.basis),
        Figure("step", "time of one step", estimate.step_time_s, "s", time, estimate.basis),
        Figure("rate", "training rate per device", rate, "tokens/s", "", estimate.basis),
        Figure(
            "gpu_hours",
            "device-hours of one run",
            gpu_hours,
            "h",
            f"{work.tokens:.3g} tokens / {rate.likely:,.0f} tokens/s / 3600, "
            "with restarts and evaluation",
            estimate.basis,
        ),
        Figure("hours", "time of one run", hours, "h", "device-hours / devices", estimate.basis),
    )


def money(value: float) -> Decimal:
    """Return dollars rounded to the cent."""
    return Decimal(str(round(value, 2)))


def money_range(value: Interval) -> Money:
    """Return an interval of dollars as money."""
    return Money(money(value.low), money(value.likely), money(value.high))
