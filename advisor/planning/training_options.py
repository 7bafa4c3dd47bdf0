"""Ways to train: for each accelerator the cheapest count that meets the time stated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil

from advisor.domain.evidence import TRAINING, Setup
from advisor.domain.hardware import GIB, Accelerator
from advisor.domain.interval import Interval
from advisor.domain.plan import Figure, Reason
from advisor.planning.market import Market, Rate
from advisor.planning.options import NONE, Option, priced
from advisor.planning.workload import Number, TrainingWork, Workload
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_estimate import TrainingEstimate, estimate_training
from advisor.sizing.training_job import TrainingJob

MOST_DEVICES = 16_384
NODE = 8
"""Devices that share a node in training: several hosts of one device each exchange too slowly."""
FAMILY = {"lora": "huggingface", "qlora": "huggingface", "full": "torch"}
MOST_WITHOUT_LINK = 8
"""Devices that only PCIe joins are not spread over nodes."""
PRETRAINING_TOKENS = 1e11
"""Above this many tokens a run is a pre-training run, done with fused kernels."""
NF4_BITS = 4.127
"""Bits a parameter of the NormalFloat base with double quantisation (QLoRA, section 3)."""


@dataclass(frozen=True, slots=True)
class TrainingMarket:
    """What training options are made from."""

    devices: tuple[Accelerator, ...]
    market: Market
    constants: TrainingConstants
    number: Number


def training_options(workload: Workload, supply: TrainingMarket) -> tuple[Option, ...]:
    """Return one option for each accelerator that is on offer: the cheapest in time, or the
    fastest with the reason why it misses the stated time or does not fit."""
    work = workload.training
    if work is None:
        return ()
    found = (_cheapest(workload, work, device, supply) for device in supply.devices)
    return tuple(option for option in found if option is not None)


def _cheapest(
    workload: Workload, work: TrainingWork, device: Accelerator, supply: TrainingMarket
) -> Option | None:
    """Return the first count that is in time, else the option that misses by least."""
    tried: list[Option] = []
    for count in _counts(workload, work, device):
        rate = supply.market.rate(device.id, count, min(count, NODE))
        if rate is None:
            continue
        job = _job(workload, work, device, rate, count)
        option = _option(work, device, rate, _estimate(job, supply.constants))
        if option.feasible:
            return option
        tried.append(option)
    return min(tried, key=lambda o: (len(o.failures), o.overshoot), default=None)


def _counts(workload: Workload, work: TrainingWork, device: Accelerator) -> Iterable[int]:
    """Yield device counts to try: powers of two from memory and ideal time upwards, eight steps.

    The state of full training takes about 16 bytes a parameter (ZeRO, section 3.1), a frozen
    base two; below the ideal device-hours nothing can be in time.
    """
    per_parameter = 16.0 if work.method == "full" else 0.6
    need = workload.shape.params * per_parameter / (device.memory_gb * GIB)
    peak = device.peak("bf16") or device.peak("fp16") or device.peak("fp32") or 1e12
    ideal = 6.0 * workload.shape.active_params * work.tokens / peak / 3600
    least = max(1.0, need, ideal / work.target_hours)
    start = min(1 << (ceil(least) - 1).bit_length(), MOST_DEVICES)
    limit = MOST_DEVICES if device.has_fast_link else MOST_WITHOUT_LINK
    yield from (start << step for step in range(8) if start << step <= limit)


def _job(
    workload: Workload, work: TrainingWork, device: Accelerator, rate: Rate, count: int
) -> TrainingJob:
    large = work.tokens > PRETRAINING_TOKENS
    return TrainingJob(
        shape=workload.shape,
        device=device,
        task="pretrain" if large else {"full": "full_ft"}.get(work.method, work.method),
        seq_len=work.seq_len,
        precision="bf16" if device.peak("bf16") else "fp16",
        method=work.method,
        n_gpus=count,
        gpus_per_node=min(count, rate.per_node),
        network_gb_s=rate.network_gb_s,
        tokens_total=work.tokens,
        family="fused" if large else FAMILY[work.method],
    )


def _estimate(job: TrainingJob, constants: TrainingConstants) -> TrainingEstimate:
    """Return the estimate; LoRA that does not fit is tried on a four-bit base."""
    estimate = estimate_training(job, constants)
    if estimate.fits or job.method != "lora":
        return estimate
    four_bit = replace(job, method="qlora", task="qlora", base_bits=NF4_BITS)
    return estimate_training(four_bit, constants)


def _option(work: TrainingWork, device: Accelerator, rate: Rate, found: TrainingEstimate) -> Option:
    count = found.job.n_gpus or 1
    gpu_hours = found.gpu_hours or NONE
    hours = gpu_hours.scaled(1 / count)
    once = gpu_hours.scaled(work.runs)
    option = Option(
        use="training",
        pattern=_pattern(work, count, rate.instances(count)),
        accelerator=device.id,
        devices=count,
        nodes=rate.instances(count),
        provider=rate.provider,
        instance=rate.instance,
        layout=layout_words(found.job),
        why=_why(work, found, hours),
        hours_once=once,
        hours_month=once.scaled(work.releases_a_month) if work.releases_a_month else NONE,
        hours_per_run=hours.likely,
        together=min(count, NODE),
        figures=_figures(work, found, hours, gpu_hours),
        failures=_failures(work, device, found, hours),
        overshoot=hours.likely / work.target_hours,
        facts=_facts(work, device, found, hours),
        run=_run(found.job),
    )
    return priced(option, rate)


def _run(job: TrainingJob) -> Setup:
    """Return what was estimated, in the terms of the evidence tables."""
    return Setup(
        TRAINING,
        job.task,
        job.shape.params,
        job.device.id,
        job.device.architecture,
        job.n_gpus or 1,
        job.precision,
        job.seq_len,
        job.shape.id,
    )


def _facts(
    work: TrainingWork, device: Accelerator, found: TrainingEstimate, hours: Interval
) -> dict[str, str | int | float]:
    count = found.job.n_gpus or 1
    return {
        "fits": "yes" if found.fits else "no",
        "devices": count,
        "nodes": -(-count // (found.job.gpus_per_node or 1)),
        "hours": round(hours.likely, 3),
        "state_gib": round(found.memory_gib.likely, 1),
        "device_gib": device.memory_gb,
        "meets_time": "yes" if hours.likely <= work.target_hours else "no",
    }


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
        Figure(
            "memory",
            "memory per device",
            estimate.memory_gib,
            "GiB",
            memory,
            estimate.basis,
            tuple((name, gib) for name, gib in estimate.memory_parts if gib >= 0.05),
        ),
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
