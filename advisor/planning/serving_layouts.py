"""Layout search for serving: devices x formats x tensor and pipeline degrees x batches x replicas.

Batches are columns, so that one call of the step formula prices all of them; what is left is the
Pareto set of cost and latency: no layout in it is beaten in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.sizing.serving_constants import InferenceConstants, device_class, regimes_of
from advisor.sizing.serving_decode import decode_load
from advisor.sizing.serving_engine import ENGINES
from advisor.sizing.serving_estimate import estimate_serving
from advisor.sizing.serving_format import FORMATS
from advisor.sizing.serving_job import ONLINE, SINGLE, ServingJob
from advisor.sizing.serving_memory import largest_batch
from advisor.sizing.serving_prefill import prefill_load
from advisor.sizing.serving_queue import HEADROOM, LatencyTarget
from advisor.sizing.serving_step import step_rates, step_seconds
from advisor.sizing.serving_throughput import running_requests
from advisor.sizing.serving_work import StepLoad, has_unit, step_work

Floats = NDArray[np.float64]

DEGREES = (1, 2, 4, 8)
BATCHES: Floats = np.unique(np.round(np.geomspace(1, 1024, 41)))
PCIE_DEGREE = 4
"""Most tensor ranks over PCIe: servers put four cards under one switch."""
NOTICEABLE = 0.999
"""A layout that costs more must be faster by a thousandth at least to be kept."""
HOURS_A_MONTH = Decimal(730)


@dataclass(frozen=True, slots=True)
class ServingPool:
    """One kind of device on offer: the price of one for an hour and how many can be had."""

    device: Accelerator
    hourly_price: Decimal
    most: int = 1024


@dataclass(frozen=True, slots=True)
class ServingGoal:
    """Requests a second to carry, within a latency target, of requests of a mean length."""

    requests_per_s: float
    target: LatencyTarget
    input_len: float = 1024.0
    output_len: float = 256.0
    formats: tuple[str, ...] = ("bf16", "fp8", "int4-awq")
    engine: str = "vllm"


@dataclass(frozen=True, slots=True)
class ServingLayout:
    """One layout of the Pareto set; latencies are the high ends, before any queue."""

    job: ServingJob
    replicas: int
    batch: int
    month_cost: Decimal
    ttft_ms: float
    tpot_ms: float
    total_ms: float
    utilisation: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServingSearch:
    """What a search looked at and what it kept, cheapest first."""

    tried: int
    meeting: int
    pareto: tuple[ServingLayout, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """All batches of one replica layout."""

    job: ServingJob
    pool: ServingPool
    batch: Floats
    ttft_ms: Floats
    tpot_ms: Floats
    replicas: Floats
    used: Floats

    @property
    def devices(self) -> Floats:
        """Return the devices of every entry."""
        return self.replicas * self.job.tp * self.job.pp

    @property
    def total_ms(self) -> Floats:
        """Return the time of a whole answer."""
        total: Floats = self.ttft_ms + self.tpot_ms * self.job.output_len
        return total


def search_serving(
    shape: ModelShape,
    pools: Sequence[ServingPool],
    goal: ServingGoal,
    constants: InferenceConstants,
) -> ServingSearch:
    """Return the Pareto set of monthly cost and answer time for `goal` over `pools`.

    A layout counts as meeting the goal where the high ends of its intervals keep the target and
    its devices can be had. An empty set means that none does.
    """
    columns = [_column(job, pool, goal, constants) for pool, job in _jobs(shape, pools, goal)]
    met = [np.flatnonzero(_meets(column, goal.target)) for column in columns]
    owner = np.repeat(np.arange(len(columns)), [len(places) for places in met])
    place = np.concatenate([*met, np.zeros(0, dtype=np.intp)])
    price = _joined([c.devices[p] * float(c.pool.hourly_price) for c, p in _zip(columns, met)])
    total = _joined([c.total_ms[p] for c, p in _zip(columns, met)])
    kept, best = [], float("inf")
    for entry in np.lexsort((owner, total, price)):
        if total[entry] < best * NOTICEABLE:
            best = total[entry]
            kept.append(_layout(columns[owner[entry]], int(place[entry]), constants))
    return ServingSearch(sum(len(c.batch) for c in columns), len(total), tuple(kept))


def _zip(
    columns: Sequence[_Column], met: Sequence[NDArray[np.intp]]
) -> Iterator[tuple[_Column, NDArray[np.intp]]]:
    return zip(columns, met, strict=True)


def _joined(parts: Sequence[Floats]) -> Floats:
    joined: Floats = np.concatenate([*parts, np.zeros(0)])
    return joined


def _jobs(
    shape: ModelShape, pools: Sequence[ServingPool], goal: ServingGoal
) -> Iterator[tuple[ServingPool, ServingJob]]:
    """Yield the replica layouts that hold the weights and one request."""
    for pool in pools:
        widest = pool.device.scaleup_domain if pool.device.has_fast_link else PCIE_DEGREE
        for name in goal.formats:
            for tp in (d for d in DEGREES if d <= widest and not shape.heads % d):
                for pp in (1, 2, 4):
                    job = _job(shape, pool.device, name, goal)
                    job = replace(job, n_gpus=tp * pp, tp=tp, pp=pp)
                    if has_unit(pool.device, FORMATS[name].compute) and largest_batch(job) >= 1:
                        yield pool, job


def _job(shape: ModelShape, device: Accelerator, name: str, goal: ServingGoal) -> ServingJob:
    return ServingJob(
        shape=shape,
        device=device,
        weight_precision=name,
        kv_precision="fp8" if name == "fp8" else "bf16",
        engine=goal.engine,
        mode=ONLINE,
        input_len=goal.input_len,
        output_len=goal.output_len,
    )


def _column(
    job: ServingJob, pool: ServingPool, goal: ServingGoal, constants: InferenceConstants
) -> _Column:
    """Return every batch of one layout with its latencies and the replicas for the load."""
    batch = BATCHES[max(1.0, running_requests(job, 1e6)) >= BATCHES]
    rates = step_rates(job, constants)
    share = np.maximum(batch / np.minimum(job.pp, batch), 1.0)
    step_s = step_seconds(step_work(job, _mixed(job, share)), rates).total_s
    alone_s = float(step_seconds(step_work(job, prefill_load(job.input_len)), rates).total_s)
    rate = batch / (step_s * max(job.output_len, 1.0))
    replicas = np.ceil(goal.requests_per_s / (rate * HEADROOM))
    regime = f"{ENGINES[job.engine].kind}.{device_class(job.device)}"
    prompt = constants.spread(*regimes_of(f"ttft.{SINGLE}.{regime}")).up
    token = constants.spread(*regimes_of(f"tpot.{ONLINE}.{regime}")).up
    ttft_ms = (alone_s + step_s / 2.0) * 1e3 * prompt
    used = goal.requests_per_s / (replicas * rate)
    return _Column(job, pool, batch, ttft_ms, step_s * 1e3 * token, replicas, used)


def _mixed(job: ServingJob, running: Any) -> StepLoad:
    """Return the mean step of continuous batching for columns of running requests."""
    fresh = running / max(job.output_len, 1.0) * job.input_len
    steady = decode_load(job.input_len + job.output_len / 2.0, running)
    return StepLoad(running + fresh, running, steady.cache_tokens, fresh * job.input_len / 2.0)


def _meets(column: _Column, target: LatencyTarget) -> NDArray[np.bool_]:
    meets: NDArray[np.bool_] = (
        (column.ttft_ms <= target.ttft_ms)
        & (column.tpot_ms <= target.tpot_ms)
        & (column.total_ms <= target.total_ms)
        & (column.devices <= column.pool.most)
    )
    return meets


def _layout(column: _Column, place: int, constants: InferenceConstants) -> ServingLayout:
    price = int(column.devices[place]) * column.pool.hourly_price
    batch = int(column.batch[place])
    job = replace(column.job, batch=batch)
    return ServingLayout(
        job=job,
        replicas=int(column.replicas[place]),
        batch=batch,
        month_cost=price * HOURS_A_MONTH,
        ttft_ms=float(column.ttft_ms[place]),
        tpot_ms=float(column.tpot_ms[place]),
        total_ms=float(column.total_ms[place]),
        utilisation=float(column.used[place]),
        why=_why(job, constants),
    )


def _why(job: ServingJob, constants: InferenceConstants) -> tuple[str, ...]:
    """Return why this layout: what holds the weights, what splits them, what bounds a step."""
    found = estimate_serving(job, constants)
    fmt = job.format
    held = f"{fmt.name} weights and cache take {found.memory.device_gib:.0f} of"
    words = [f"{held} {job.device.memory_gb:.0f} GB a device at {job.batch} requests in flight"]
    if job.tp > 1:
        link = "scale-up link" if job.device.has_fast_link else "PCIe"
        words.append(f"{job.tp} tensor ranks share every token over the {link}")
    if job.pp > 1:
        words.append(f"{job.pp} pipeline stages hold the layers where tensor ranks would not pay")
    step = found.decode
    parts = {
        "reading weights": float(step.weights_s),
        "reading the cache": float(step.cache_s),
        "multiplying": float(step.compute_s),
        "launching layers": float(step.layers_s),
        "exchanging activations": float(step.comm_s),
    }
    worst = max(sorted(parts), key=lambda name: parts[name])
    words.append(f"a token spends most of its time {worst}")
    return tuple(words)
