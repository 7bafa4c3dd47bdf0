"""How capacity follows the load from hour to hour: when machines are added, how long a new one
takes to carry load, and whether anything may sleep."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.planning.lifetime_capacity import Capacity, capacity_of
from advisor.planning.line import Line
from advisor.planning.options import AT_SITES
from advisor.planning.words import dollars, figure

ASLEEP = ("batch", "async", "serverless")
"""Patterns that stand only while there is work."""
OUT_AT, IN_AT = 0.7, 0.35
"""Share of a replica's rate at which one is added, and below which one is taken away: half of
the first, so that the load of two is carried by one and nothing swings."""


def autoscaling_words(line: Line) -> Iterator[str]:
    """Yield the policy of scaling where machines are rented and may follow the load."""
    capacity = capacity_of(line)
    if capacity is None or capacity.owned or not capacity.option.devices:
        yield from _owned_words(capacity)
        return
    if capacity.option.pattern in AT_SITES:
        return
    warm = warm_up_s(line, capacity)
    if capacity.option.pattern in ASLEEP:
        yield (
            f"nothing stands between two pieces of work; the first one after a pause waits about "
            f"{_waiting(warm)} until a machine is up"
        )
        return
    yield (
        f"add a replica at {OUT_AT:.0%} of a replica's rate, take one away below {IN_AT:.0%} for a "
        f"quarter of an hour; a new one carries load after about {_waiting(warm)}"
    )
    yield from _shape(line)
    yield from _sleep(capacity, warm)


def warm_up_s(line: Line, capacity: Capacity) -> float:
    """Return the seconds from asking for a machine until it answers: the machine starts, weights
    are read, the server is ready."""
    number = line.kit.number
    start = number("scaling.machine_start_s")
    weights_gib = float(capacity.option.facts.get("weights_gib", 0.0))
    if not weights_gib:
        return start + number("scaling.server_start_s")
    read = weights_gib / number("scaling.weights_gib_s")
    return start + read + number("scaling.model_start_s")


def _waiting(seconds: float) -> str:
    return f"{figure(seconds / 60, 2)} min" if seconds >= 90 else f"{figure(seconds, 2)} s"


def _shape(line: Line) -> Iterator[str]:
    shape = str(line.brief.one("traffic_shape") or "")
    if shape == "business_hours":
        yield "start the day's replicas by the clock, before the people come"
    elif shape == "spiky":
        yield "bursts are shorter than a start: the replicas of the peak stand, or requests queue"


def _sleep(capacity: Capacity, warm: float) -> Iterator[str]:
    load = capacity.load
    if load.latency_ms and warm * 1e3 > load.latency_ms:
        yield (
            f"no scale to zero: the first request would wait {_waiting(warm)}, and "
            f"{figure(load.latency_ms)} ms are allowed"
        )
    stands = capacity.replicas(0.0)
    each = capacity.option.month.likely / max(1, capacity.option.replicas)
    if capacity.spares == 0 and stands == load.regions:
        yield (
            f"step down to the least, {dollars(each * stands)} a month, when a month's peak "
            "stays below one replica's rate; switch off when nobody calls for a month"
        )


def _owned_words(capacity: Capacity | None) -> Iterator[str]:
    if capacity is None or capacity.option.pattern in AT_SITES:
        return
    if capacity.owned and capacity.option.devices:
        yield (
            "machines of your own stand whatever the load: what is not used is free for other work"
        )
