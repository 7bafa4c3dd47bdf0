"""Language models on the processors of phones and small computers that are there already."""

from __future__ import annotations

from advisor.domain.interval import Interval
from advisor.domain.plan import Figure, Reason
from advisor.planning.options import Option
from advisor.planning.words import figure
from advisor.planning.workload import Number, ServingLoad, Workload
from advisor.sizing.serving_format import FORMATS

WEIGHTS = "int4"
"""Format of the weights: what runtimes for phones load."""
SPREAD = Interval(0.5, 1.0, 1.5)
"""Range of the speed: devices in use differ by a factor of three."""


def processor_options(
    workload: Workload, number: Number, patterns: tuple[str, ...]
) -> tuple[Option, ...]:
    """Return one option a pattern; the device belongs to its user, so that none is paid for.

    Each token reads all active weights from memory, which bounds the speed.
    """
    load = workload.serving
    if load is None or workload.family != "llm":
        return ()
    return tuple(_option(workload, load, number, pattern) for pattern in patterns)


def _option(workload: Workload, load: ServingLoad, number: Number, pattern: str) -> Option:
    shape, gigabytes = workload.shape, FORMATS[WEIGHTS].bits / 8 / 1e9
    weights_gb = shape.params * gigabytes
    bandwidth = number("edge.processor_memory_gb_s")
    speed = bandwidth / (shape.active_params * gigabytes)
    prompt_s = 2 * shape.active_params * load.input_len / (number("edge.processor_tflops") * 1e12)
    arithmetic = f"{bandwidth:.0f} GB/s / {figure(shape.active_params * gigabytes)} GB of weights"
    return Option(
        use="serving",
        pattern=pattern,
        accelerator="cpu",
        devices=1,
        nodes=1,
        provider="",
        instance="the device of the user",
        layout=f"one device a user, {WEIGHTS} weights of {figure(weights_gb)} GB",
        why=f"about {figure(speed)} tokens/s on the device, which reads its weights for each",
        latency_ms=prompt_s * 1e3,
        figures=(
            Figure("tokens", "speed", SPREAD.scaled(speed), "tokens/s", arithmetic, "bandwidth"),
        ),
        failures=_failures(weights_gb, speed, number),
        overshoot=weights_gb / number("edge.processor_memory_gb"),
        facts={"fits": "yes", "devices": 1, "replicas": 1},
    )


def _failures(weights_gb: float, speed: float, number: Number) -> tuple[Reason, ...]:
    room, least = number("edge.processor_memory_gb"), 1e3 / number("request.reading_tpot_ms")
    if weights_gb > room:
        text = f"weights of {weights_gb:.1f} GB do not fit the {room:.0f} GB that a device spares"
        return (Reason(text, estimate="serving_memory"),)
    if speed < least:
        text = f"about {speed:.1f} tokens/s on the device; people read {least:.0f}"
        return (Reason(text, estimate="serving_latency"),)
    return ()
