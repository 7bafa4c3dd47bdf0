"""Replicas for a load at a latency target, with the queueing that means leave out.

A replica serves up to `slots` requests at once, each for `service_s` seconds on average: requests
wait only when all slots are taken (M/G/c). The chance to wait is Erlang C; the wait of those who
do wait is close to exponential with mean service * (1 + cv^2) / 2 / (slots * (1 - load))
(Allen-Cunneen approximation), so the tail of the wait has a closed form.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from math import ceil, log

from advisor.frozen import dataclass, replace
from advisor.sizing.serving_constants import LANGUAGE, InferenceConstants, spread_on
from advisor.sizing.serving_estimate import Regimes, online_first_token_ms
from advisor.sizing.serving_job import ONLINE, ServingJob
from advisor.sizing.serving_prefill import prefill_time
from advisor.sizing.serving_step import step_rates
from advisor.sizing.serving_throughput import running_requests, steady_rate

LENGTH_VARIATION = 1.0
"""Squared coefficient of variation of the service time: answer lengths are about exponential."""
NEVER = log(0.5e-12)
"""A chance of 1e-12 is none; half of it, since the bound below holds within a factor of two."""
HEADROOM = 0.85
"""Most of the saturated rate that a replica may carry and still have a steady state in bursts."""


@dataclass(frozen=True, slots=True)
class LatencyTarget:
    """Targets at percentile `quantile` of requests; infinite means not asked."""

    ttft_ms: float = float("inf")
    tpot_ms: float = float("inf")
    total_ms: float = float("inf")
    quantile: float = 0.95


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """Replicas for a load. Where no number of replicas meets the target
    `met` is False and `replicas` is 0.

    Latencies are at the percentile that the target names; `utilisation` is the share of the
    replica's saturated rate in use.
    """

    replicas: int
    concurrency: int
    ttft_ms: float
    tpot_ms: float
    total_ms: float
    utilisation: float
    met: bool
    because: str


def erlang_c(slots: int, load: float) -> float:
    """Return the chance that a request waits: `slots` servers, `load` erlangs (below `slots`).

    Erlang B by recursion, then C = B / (1 - rho * (1 - B)) (Erlang 1917). Many slots well above
    the load need no recursion: a Poisson count of mean a reaches s with a chance of at most
    exp(s - a - s ln(s / a)) (Chernoff), and B is at most twice that, its median being about a.
    """
    if load >= slots:
        return 1.0
    if load <= 0 or slots - load - slots * log(slots / load) < NEVER + log(1.0 - load / slots):
        return 0.0
    blocked = 1.0
    for busy in range(1, slots + 1):
        blocked = load * blocked / (busy + load * blocked)
    return blocked / (1.0 - load / slots * (1.0 - blocked))


def tail_wait_s(slots: int, load: float, service_s: float, quantile: float) -> float:
    """Return the wait that a share `quantile` of requests stays below (infinite if overloaded)."""
    if load >= slots:
        return float("inf")
    chance = erlang_c(slots, load)
    if chance <= 1.0 - quantile:
        return 0.0
    mean = service_s * (1.0 + LENGTH_VARIATION) / 2.0 / (slots - load)
    return mean * log(chance / (1.0 - quantile))


@dataclass(frozen=True, slots=True)
class _Point:
    """One replica at a concurrency: high ends of the intervals, so that the promise holds."""

    concurrency: int
    rate: float
    ttft_ms: float
    tpot_ms: float
    service_s: float


@lru_cache(maxsize=256)
def _points(job: ServingJob, constants: InferenceConstants) -> tuple[_Point, ...]:
    """Return one replica at doubling concurrency, up to what memory and engine allow.

    They are remembered: another load or price does not change them. The first token is held to
    the error of a lone prompt: waiting is what the queue adds, and the published errors under
    load contain it already.
    """
    one = replace(job, n_gpus=job.tp * job.pp, mode=ONLINE, batch=1)
    regimes = Regimes(one, constants)
    worse = spread_on(one.device, constants, LANGUAGE, f"ttft.{regimes.alone().name}").up
    prefill_s = float(prefill_time(one, 1.0, constants).total_s)
    rates = step_rates(one, constants)
    most = int(running_requests(one, 1e6))
    found = []
    for running in sorted({min(2**power, most) for power in range(most.bit_length() + 1)}):
        rate = steady_rate(one, float(running), rates)
        ttft_ms = online_first_token_ms(one, float(running), prefill_s, rate)
        tpot_ms = rate.step_s * 1e3
        service_s = (ttft_ms + tpot_ms * one.output_len) / 1e3
        high_ms = regimes.around("tpot", tpot_ms).high
        found.append(_Point(running, rate.requests_per_s, ttft_ms * worse, high_ms, service_s))
    return tuple(found)


def _carrying(point: _Point, requests_per_s: float) -> int:
    """Return the fewest replicas that carry a rate at this concurrency, whatever the wait."""
    return max(1, ceil(requests_per_s / (point.rate * HEADROOM)))


def _plan_at(point: _Point, job: ServingJob, load: tuple[float, LatencyTarget]) -> LoadPlan | None:
    """Return the fewest replicas that carry the load at this concurrency within the target."""
    requests_per_s, target = load
    total_ms = point.ttft_ms + point.tpot_ms * job.output_len
    if (
        point.ttft_ms > target.ttft_ms
        or point.tpot_ms > target.tpot_ms
        or total_ms > target.total_ms
    ):
        return None
    slack_s = min(target.ttft_ms - point.ttft_ms, target.total_ms - total_ms) / 1e3
    count = _carrying(point, requests_per_s)

    def wait_s(replicas: int) -> float:
        erlangs = requests_per_s / replicas * point.service_s
        return tail_wait_s(point.concurrency, erlangs, point.service_s, target.quantile)

    # the wait falls with every replica, to nothing where hardly any request meets another
    idle = ceil(requests_per_s * point.service_s / (1.0 - target.quantile))
    tried = range(count, max(count, idle) + 1)
    first = bisect_left(tried, True, key=lambda replicas: wait_s(replicas) <= slack_s)
    replicas = tried[min(first, len(tried) - 1)]
    wait = wait_s(replicas)
    return LoadPlan(
        replicas,
        point.concurrency,
        point.ttft_ms + wait * 1e3,
        point.tpot_ms,
        total_ms + wait * 1e3,
        requests_per_s / replicas / point.rate,
        True,
        f"{replicas} x {point.rate:.3g} requests/s at {point.concurrency} in flight",
    )


def _fewest(
    points: tuple[_Point, ...], job: ServingJob, load: tuple[float, LatencyTarget]
) -> list[LoadPlan]:
    """Return the plans within the target that may take the fewest replicas: where more than those
    found so far would be needed without any wait, none is worked out."""
    found: list[LoadPlan] = []
    for point in sorted(points, key=lambda point: -point.rate):
        if found and _carrying(point, load[0]) > min(plan.replicas for plan in found):
            break
        plan = _plan_at(point, job, load)
        found += [plan] if plan else []
    return found


def replicas_for_load(
    job: ServingJob,
    requests_per_s: float,
    target: LatencyTarget,
    constants: InferenceConstants,
) -> LoadPlan:
    """Return the fewest replicas of `job` that carry `requests_per_s` within `target`.

    Each concurrency that memory allows is tried; the tail of the queue, not its mean, and the
    high ends of the intervals are held against the target. `met` is False, with the latency of a
    lone request, where one replica alone on one request already misses the target.
    """
    points = _points(job, constants)
    found = _fewest(points, job, (requests_per_s, target))
    if found and target == LatencyTarget(quantile=target.quantile):
        return max(found, key=lambda plan: (-plan.replicas, plan.concurrency))  # nobody waits
    if found:
        return min(found, key=lambda plan: (plan.replicas, plan.total_ms, plan.concurrency))
    alone = points[0]
    total_ms = alone.ttft_ms + alone.tpot_ms * job.output_len
    return LoadPlan(
        0,
        1,
        alone.ttft_ms,
        alone.tpot_ms,
        total_ms,
        0.0,
        False,
        "a lone request already misses the target on this layout",
    )
