"""Options of a use that the rules leave open, and the work of the one that is compared."""

from __future__ import annotations

from math import ceil

from advisor.planning.hardware_stage import OWN_PLACE
from advisor.planning.lifetime_capacity import Capacity, rate_of
from advisor.planning.lifetime_demand import Work
from advisor.planning.lifetime_plan import HOURS, curves_of
from advisor.planning.line import Line
from advisor.planning.options import Option, best

SERVED = ("online", "async", "batch")
"""Patterns in which a model of one's own would do what is called instead; rules leave those that
the answers ask for."""


def unnamed(line: Line, option: Option) -> bool:
    """Return whether an option runs on accelerators that stand there and that nobody named:
    another kind is another guess, and nothing to buy or to save."""
    stands = line.brief.has("onprem_gpus", "workstations", "few_servers", "cluster")
    named = line.brief.one("owned_accelerator") not in (None, "", "other")
    return option.provider == OWN_PLACE and stands and not named


def open_options(line: Line, use: str) -> tuple[Option, ...]:
    """Return the options whose pattern and accelerator no must excludes."""
    found = line.lessons["choices of hardware"].options.get(use, ())
    opinion = line.trace.opinion
    patterns, devices = opinion(f"{use}_pattern").barred, opinion(f"{use}_accelerator").barred
    return tuple(o for o in found if o.pattern not in patterns and o.accelerator not in devices)


def on_machines(line: Line, use: str) -> Option | None:
    """Return the settled option where it takes machines; where a hosted model is called, the
    cheapest one that would run it instead; None where nothing runs."""
    chosen = line.uses.get(use)
    if chosen is None or chosen.devices:
        return chosen
    if chosen.pattern != "model_api":
        return None
    running = (o for o in open_options(line, use) if o.devices and o.feasible)
    return best(tuple(o for o in running if o.pattern in SERVED), line.months)


def work_of(line: Line, use: str, months: int) -> Work | None:
    """Return a use over its life on machines, None where it takes none."""
    option, curves = on_machines(line, use), curves_of(line, months)
    if option is None:
        return None
    if use == "training":
        first = min(months, max(1, ceil(option.hours_per_run / HOURS)))
        return Work(option, curves.training, None, first)
    load = line.workload.serving
    if load is None:
        return None
    return Work(option, curves.load, Capacity(option, load, rate_of(line, option)))
