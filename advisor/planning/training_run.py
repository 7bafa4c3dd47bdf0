"""One training run as sized on one count of devices, whatever is counted: tokens or images."""

from __future__ import annotations

from advisor.domain.deployment import TrainingSetting
from advisor.domain.evidence import TRAINING, Setup
from advisor.domain.hardware import Accelerator
from advisor.domain.interval import Interval
from advisor.domain.plan import Figure
from advisor.frozen import dataclass
from advisor.planning.market import Rate
from advisor.planning.words import figure
from advisor.planning.workload import TrainingWork, Workload
from advisor.sizing.item import ItemWork
from advisor.sizing.network_inference import DETECTOR, DIFFUSION
from advisor.sizing.sample_estimate import SampleEstimate, estimate_samples
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_estimate import TrainingEstimate
from advisor.sizing.training_job import TrainingJob
from advisor.sizing.training_samples import SampleJob
from advisor.sizing.training_spread import ROWS
from advisor.sizing.training_work import trained_parameters

NODE = 8
"""Devices that share a node in training: several hosts of one device each exchange too slowly."""


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """What a run on `count` devices takes.

    `device_hours` hold what reported totals hold beyond ideal time: evaluation, ramp-up, ordinary
    restarts; `whole_run` is that factor. `units_per_s` counts units of data of all devices while
    it trains, `trained` the parameters that a checkpoint holds.
    """

    count: int
    per_node: int
    device_hours: Interval
    whole_run: float
    units_per_s: Interval
    trained: float
    memory_gib: Interval
    fits: bool
    layout: str
    why: str
    figures: tuple[Figure, ...]
    basis: str
    setup: Setup
    setting: TrainingSetting

    @property
    def nodes(self) -> int:
        """Return the hosts that the devices stand in."""
        return -(-self.count // max(1, self.per_node))


def image_item(workload: Workload, work: TrainingWork) -> ItemWork | None:
    """Return the item where training is counted in images: all parameters of an image model."""
    return workload.item if workload.family == "vision" and work.method == "full" else None


def token_run(
    work: TrainingWork, found: TrainingEstimate, constants: TrainingConstants, why: str = ""
) -> TrainingRun:
    """Return the run of an estimate in tokens."""
    job = found.job
    count = job.n_gpus or 1
    rate = found.tokens_per_s_per_gpu
    return TrainingRun(
        count=count,
        per_node=job.gpus_per_node or 1,
        device_hours=found.gpu_hours or Interval(0.0, 0.0, 0.0),
        whole_run=constants["whole_run_factor"],
        units_per_s=rate.scaled(count * work.units / work.tokens),
        trained=trained_parameters(job),
        memory_gib=found.memory_gib,
        fits=found.fits,
        layout=layout_words(job),
        why=why,
        figures=_token_figures(found),
        basis=found.basis,
        setup=Setup(
            TRAINING,
            job.task,
            job.shape.params,
            job.device.id,
            job.device.architecture,
            count,
            job.precision,
            job.seq_len,
            job.shape.id,
        ),
        setting=_token_setting(work, job),
    )


def _token_setting(work: TrainingWork, job: TrainingJob) -> TrainingSetting:
    return TrainingSetting(
        unit=work.unit,
        units=work.units,
        method=job.method,
        precision=job.precision,
        micro_batch=job.micro_batch or 1,
        grad_accum=job.grad_accum or 1,
        sequence=job.seq_len,
        tensor=job.tp or 1,
        pipeline=job.pp or 1,
        context=job.cp or 1,
        expert=job.ep or 1,
        data=job.dp or 1,
        sharding=job.sharding or "none",
        recompute=job.recompute or "none",
        lora_rank=job.lora_rank if job.method in ("lora", "qlora") else 0,
    )


@dataclass(frozen=True, slots=True)
class Site:
    """Where a run stands: so many devices of a kind at a rate."""

    device: Accelerator
    rate: Rate
    count: int

    @property
    def per_node(self) -> int:
        """Return the devices of the run that share a host."""
        return min(self.count, self.rate.per_node)


def image_run(
    item: ItemWork, work: TrainingWork, site: Site, constants: TrainingConstants
) -> TrainingRun:
    """Return the run of an image model in data parallel."""
    device, count = site.device, site.count
    diffusion = item.kind == DIFFUSION
    job = SampleJob(
        item.work,
        item.params,
        device,
        "diffusion_pretrain" if diffusion else "vision_train",
        "bf16" if device.peak("bf16") else "fp16",
        count,
        site.per_node,
        site.rate.network_gb_s or 3.0,
        detection=item.kind == DETECTOR,
        samples_total=work.units,
    )
    found = estimate_samples(job, constants)
    split = f"{count}-way data parallel, " if count > 1 else ""
    return TrainingRun(
        count=count,
        per_node=site.per_node,
        device_hours=found.gpu_hours or Interval(0.0, 0.0, 0.0),
        whole_run=constants["sample_run_factor"],
        units_per_s=found.samples_per_s,
        trained=item.params,
        memory_gib=found.memory_gib,
        fits=found.fits,
        layout=f"{split}micro-batch {found.micro_batch}",
        why="",
        figures=_image_figures(found),
        basis=found.basis,
        setup=Setup(
            TRAINING,
            job.task,
            item.params,
            device.id,
            device.architecture,
            count,
            job.precision,
            0.0,
            "",
        ),
        setting=TrainingSetting(
            unit=work.unit,
            units=work.units,
            precision=job.precision,
            micro_batch=found.micro_batch,
            data=count,
            sharding="ddp" if count > 1 else "none",
        ),
    )


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
    words += [f"{job.precision.upper()} products"] if job.precision in ("fp8", "fp4") else []
    method = {"lora": "LoRA", "qlora": "QLoRA"}.get(job.method)
    return ", ".join(([method] if method else []) + (words or ["one device"]))


def _token_figures(found: TrainingEstimate) -> tuple[Figure, ...]:
    held = tuple((name, gib) for name, gib in found.memory_parts if gib >= 0.05)
    memory = " + ".join(f"{name} {gib:.1f}" for name, gib in held)
    time = " + ".join(f"{name} {s:.3g}" for name, s in found.time_parts if s > 1e-6)
    rate, basis = found.tokens_per_s_per_gpu, found.basis
    each = rate.likely * found.step_time_s.likely
    units = "rows" if found.job.task == ROWS else "tokens"
    steps = f"{figure(each, 6)} {units} a step and device / time of one step"
    return (
        Figure("memory", "memory per device", found.memory_gib, "GiB", memory, basis, held),
        Figure("step", "time of one step", found.step_time_s, "s", time, basis),
        Figure("rate", "training rate per device", rate, f"{units}/s", steps, basis),
    )


def _image_figures(found: SampleEstimate) -> tuple[Figure, ...]:
    memory = "weights, gradients and moments 16 bytes a parameter + activations of the micro-batch"
    each = found.samples_per_s.likely * found.step_time_s.likely
    rate = f"{figure(each, 6)} images a step / time of one step"
    step = f"{found.micro_batch} images, forward and twice that backward, or what the loader gives"
    return (
        Figure("memory", "memory per device", found.memory_gib, "GiB", memory, found.basis),
        Figure("step", "time of one step", found.step_time_s, "s", step, found.basis),
        Figure(
            "rate",
            "training rate of all devices",
            found.samples_per_s,
            "images/s",
            rate,
            found.basis,
        ),
    )
