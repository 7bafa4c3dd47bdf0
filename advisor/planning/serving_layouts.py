"""Layout search for serving: formats x tensor and pipeline degrees x requests in flight.

Requests in flight are columns, so that one call of the step formula prices all of them. What is
left of a device are the layouts of one replica that no other of as many devices or fewer beats
both in the time of an answer and in the requests a second of each device: at one price a device, in
latency and in cost, under a large load and under a small one. Load, target and price do not enter,
so that a search is remembered while they change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.frozen import dataclass, replace
from advisor.sizing.serving_constants import (
    LANGUAGE,
    InferenceConstants,
    device_class,
    spread_on,
)
from advisor.sizing.serving_decode import decode_load
from advisor.sizing.serving_engine import CURRENT, ENGINES
from advisor.sizing.serving_format import FORMATS
from advisor.sizing.serving_job import ONLINE, SINGLE, ServingJob
from advisor.sizing.serving_memory import largest_batch
from advisor.sizing.serving_prefill import prefill_load
from advisor.sizing.serving_step import step_rates, step_seconds
from advisor.sizing.serving_throughput import running_requests
from advisor.sizing.serving_work import StepLoad, has_unit, step_work

Floats = NDArray[np.float64]

DEGREES = (1, 2, 4, 8)
STAGES = (1, 2, 4)
BATCHES: Floats = np.array(sorted(set(np.round(np.geomspace(1, 1024, 41)).tolist())))
HOST_DEVICES = 8
"""Most devices of a replica: those of one host, as engines start there without a cluster."""
PCIE_DEGREE = 4
"""Most tensor ranks over PCIe: servers put four cards under one switch."""
NOTICEABLE = 0.98
"""A layout that yields less a device must answer faster by a fiftieth at least to be kept."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a replica serves: mean request, weight formats that may be used, engine."""

    input_len: float = 1024.0
    output_len: float = 256.0
    formats: tuple[str, ...] = ("bf16", "fp8", "int4-awq")
    engine: str = CURRENT


@dataclass(frozen=True, slots=True)
class ServingLayout:
    """One point of the Pareto set: a replica and the requests in flight at which it lies there.

    Latencies are the high ends of their intervals, before any queue; the rate is that of one
    device.
    """

    job: ServingJob
    batch: int
    ttft_ms: float
    tpot_ms: float
    total_ms: float
    requests_per_s_device: float


@dataclass(frozen=True, slots=True)
class _Column:
    """All numbers of requests in flight of one replica."""

    job: ServingJob
    batch: Floats
    ttft_ms: Floats
    tpot_ms: Floats
    total_ms: Floats
    rate: Floats


@dataclass(frozen=True, slots=True)
class ServingSearch:
    """How many layouts were looked at, and those kept: by devices of a replica, then by rate."""

    tried: int
    kept: tuple[tuple[_Column, int], ...]
    """Replicas with the place of their requests in flight."""

    @property
    def pareto(self) -> tuple[ServingLayout, ...]:
        """Return the layouts that nothing beats."""
        return tuple([_layout(column, place) for column, place in self.kept])

    @property
    def jobs(self) -> tuple[ServingJob, ...]:
        """Return the replicas of the Pareto set, each once, whatever is in flight."""
        return tuple({id(column): column.job for column, _ in self.kept}.values())


@lru_cache(maxsize=256)
def replicas_to_try(
    shape: ModelShape, device: Accelerator, sought: Sought, constants: InferenceConstants
) -> tuple[ServingJob, ...]:
    """Return the replicas that a search keeps: some tasks on every accelerator are remembered."""
    return search_serving(shape, device, sought, constants).jobs


def search_serving(
    shape: ModelShape, device: Accelerator, sought: Sought, constants: InferenceConstants
) -> ServingSearch:
    """Return the replicas of `shape` on `device` that nothing beats in both latency and rate.

    The set is empty where no layout holds the weights and one request.
    """
    columns = [_column(job, constants) for job in _jobs(shape, device, sought)]
    if not columns:
        return ServingSearch(0, ())
    sizes = [len(column.batch) for column in columns]
    owner = np.repeat(np.arange(len(columns)), sizes)
    place = np.concatenate([np.arange(size) for size in sizes])
    rate = np.concatenate([column.rate for column in columns])
    total = np.concatenate([column.total_ms for column in columns])
    devices = np.repeat([column.job.n_gpus for column in columns], sizes)
    order = np.lexsort((owner, total, -rate))
    kept = [
        (columns[owner[entry]], int(place[entry]))
        for count in sorted({column.job.n_gpus for column in columns})
        for entry in _unbeaten(order[devices[order] <= count], total)
        if devices[entry] == count
    ]
    return ServingSearch(len(rate), tuple(kept))


def _unbeaten(order: NDArray[np.intp], total: Floats) -> Iterator[int]:
    """Yield the entries, by falling rate, that answer faster than all before them."""
    best = np.inf
    for entry in order:
        if total[entry] < best * NOTICEABLE:
            best = total[entry]
            yield int(entry)


def _jobs(shape: ModelShape, device: Accelerator, sought: Sought) -> Iterator[ServingJob]:
    """Yield the replicas that hold the weights and one request: in the fewest pipeline stages,
    which add the time of a hop and nothing that more replicas would not."""
    widest = device.scaleup_domain if device.has_fast_link else PCIE_DEGREE
    degrees = [d for d in DEGREES if d <= widest and not shape.heads % d]
    for name in sought.formats:
        if has_unit(device, FORMATS[name].compute):
            job = _job(shape, device, name, sought)
            held = (_held(job, degrees, pp) for pp in STAGES)
            yield from next(filter(None, held), [])


def _held(job: ServingJob, degrees: Sequence[int], pp: int) -> list[ServingJob]:
    """Return the splits over one host in `pp` stages that hold the weights and one request."""
    laid = [replace(job, n_gpus=tp * pp, tp=tp, pp=pp) for tp in degrees if tp * pp <= HOST_DEVICES]
    return [one for one in laid if largest_batch(one) >= 1]


def _job(shape: ModelShape, device: Accelerator, name: str, sought: Sought) -> ServingJob:
    return ServingJob(
        shape=shape,
        device=device,
        weight_precision=name if name != "bf16" or device.peak("bf16") else "fp16",
        kv_precision="fp8" if name == "fp8" else "bf16",
        engine=sought.engine,
        mode=ONLINE,
        input_len=sought.input_len,
        output_len=sought.output_len,
    )


def _column(job: ServingJob, constants: InferenceConstants) -> _Column:
    """Return every number of requests in flight of one replica with latencies and rates."""
    batch = BATCHES[max(1.0, running_requests(job, 1e6)) >= BATCHES]
    rates = step_rates(job, constants)
    share = np.maximum(batch / np.minimum(job.pp, batch), 1.0)
    step_s = step_seconds(step_work(job, _mixed(job, share)), rates).total_s
    alone_s = float(step_seconds(step_work(job, prefill_load(job.input_len)), rates).total_s)
    rate = batch / (step_s * max(job.output_len, 1.0)) / (job.tp * job.pp)
    regime = f"{ENGINES[job.engine].kind}.{device_class(job.device)}"
    prompt = spread_on(job.device, constants, LANGUAGE, f"ttft.{SINGLE}.{regime}").up
    token = spread_on(job.device, constants, LANGUAGE, f"tpot.{ONLINE}.{regime}").up
    ttft_ms = (alone_s + step_s / 2.0) * 1e3 * prompt
    tpot_ms = step_s * 1e3 * token
    return _Column(job, batch, ttft_ms, tpot_ms, ttft_ms + tpot_ms * job.output_len, rate)


def _mixed(job: ServingJob, running: Any) -> StepLoad:
    """Return the mean step of continuous batching for columns of running requests."""
    fresh = running / max(job.output_len, 1.0) * job.input_len
    steady = decode_load(job.input_len + job.output_len / 2.0, running)
    return StepLoad(running + fresh, running, steady.cache_tokens, fresh * job.input_len / 2.0)


def _layout(column: _Column, place: int) -> ServingLayout:
    return ServingLayout(
        job=column.job,
        batch=int(column.batch[place]),
        ttft_ms=float(column.ttft_ms[place]),
        tpot_ms=float(column.tpot_ms[place]),
        total_ms=float(column.total_ms[place]),
        requests_per_s_device=float(column.rate[place]),
    )


def reasons(job: ServingJob) -> Iterator[str]:
    """Yield why a replica is split as it is."""
    if job.tp > 1:
        link = "the fast link" if job.device.has_fast_link else "PCIe"
        yield f"{job.tp} tensor ranks share each token over {link}"
    if job.pp > 1:
        yield f"{job.pp} pipeline stages hold the layers that one group of devices cannot"
