"""What a language model's replica was sized to, with arithmetic that a reader can do again."""

from __future__ import annotations

from advisor.domain.hardware import GIB
from advisor.domain.plan import Figure
from advisor.planning.words import figure
from advisor.sizing.serving_engine import ENGINES
from advisor.sizing.serving_estimate import ServingEstimate
from advisor.sizing.serving_job import ServingJob

POOL = "spare cache"
CLOSE = 0.01
"""Share within which a sum counts as the value."""


def serving_figures(job: ServingJob, found: ServingEstimate) -> tuple[Figure, ...]:
    """Return memory of a device, times of the first and later tokens, and the rate of a replica."""
    return (
        _memory(job, found),
        Figure(
            "ttft",
            "time to the first token, no queue",
            found.prompt_ms,
            "ms",
            _first_token(job, found),
            found.basis,
        ),
        Figure(
            "tpot",
            "time per output token at the load",
            found.tpot_ms,
            "ms",
            _token(found),
            found.basis,
        ),
        Figure(
            "rate",
            "requests of one replica",
            found.requests_per_s,
            "requests/s",
            _rate(job, found),
            found.basis,
        ),
    )


def _memory(job: ServingJob, found: ServingEstimate) -> Figure:
    """Return what a device holds: the need by part, and what the engine reserves beyond it."""
    devices = job.tp * job.pp * job.replicas
    value, need = found.mem_gib.scaled(1 / devices), found.memory
    held = [
        ("weights", need.weights_gib),
        ("cache", need.kv_gib),
        ("working", need.working_gib),
        ("context", need.context_gib),
    ]
    text = " + ".join(f"{name} {gib:.1f}" for name, gib in held)
    left = value.likely - need.device_gib
    pool = ENGINES[job.engine].pool_share
    if left > CLOSE and pool:
        held.append((POOL, left))
        text += f" = {need.device_gib:.1f} GiB needed; the engine takes {pool:.0%} of "
        text += f"{job.device.memory_bytes / GIB:.1f} GiB, {left:.1f} {POOL}"
    return Figure("memory", "memory a device", value, "GiB", text, found.basis, tuple(held))


def _first_token(job: ServingJob, found: ServingEstimate) -> str:
    prompt, half = float(found.prefill.total_s) * 1e3, found.tpot_ms.likely / 2
    return (
        f"prompt of {job.input_len:,.0f} tokens {figure(prompt)} ms + half a step {figure(half)} ms"
    )


def _token(found: ServingEstimate) -> str:
    """Return the parts of a step; what a step of decoding leaves goes to prompts of others."""
    step = found.decode
    rest = step.cache_s + step.layers_s + step.comm_s + step.host_s
    parts = [
        ("weights and products", step.total_s - rest),
        ("cache", step.cache_s),
        ("launches", step.layers_s),
        ("links", step.comm_s),
        ("host", step.host_s),
        ("prompts read in between", found.tpot_ms.likely / 1e3 - step.total_s),
    ]
    shown = [(name, float(s) * 1e3) for name, s in parts if float(s) * 1e3 >= CLOSE]
    return " + ".join(f"{name} {figure(ms)}" for name, ms in shown)


def _rate(job: ServingJob, found: ServingEstimate) -> str:
    return (
        f"{found.running:,.0f} in flight / ({job.output_len:,.0f} tokens x "
        f"{figure(found.tpot_ms.likely)} ms)"
    )
