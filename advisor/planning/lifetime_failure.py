"""What happens when a part fails: how much is still carried, and what brings the rest back."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.lifetime import Failure
from advisor.planning.lifetime_capacity import Capacity, capacity_of
from advisor.planning.line import Line
from advisor.planning.options import AT_SITES, Option
from advisor.planning.words import counted, figure
from advisor.sizing.goodput import Reliability, goodput

OWN_PLACE = "own"
OWN_HOST = "own_hardware"
UNSET = ("", "none", "unresolved")
STORED = {
    "batch": "results are late and nothing is lost; nobody waits for an answer",
    "async": "requests wait in the queue and nothing is lost",
}
"""What a failure means where work is kept until it is done."""


def failures_of(line: Line) -> tuple[Failure, ...]:
    """Return what may fail in serving, training and orchestration, with effect and answer."""
    return (*_serving(line), *_training(line), *_orchestration(line))


def _serving(line: Line) -> Iterator[Failure]:
    option, capacity = line.uses.get("serving"), capacity_of(line)
    if option is None or option.pattern in UNSET:
        return
    if option.pattern == "model_api":
        effect = "requests fail, or answers change without notice"
        answer = "keep a second service behind the same door, and the test set that judges it"
        yield Failure("Serving", "the vendor is down or retires the service", effect, answer)
    elif option.pattern in AT_SITES:
        effect = "its site is without answers; the other sites notice nothing"
        yield Failure("Serving", "one device", effect, "swap it for a spare from the shelf")
    elif option.pattern in STORED and option.devices:
        effect = STORED[option.pattern]
        yield Failure("Serving", "a machine during a run", effect, "start the rest of the run anew")
    elif capacity and option.devices:
        yield from _replicas(line, option, capacity)


def _replicas(line: Line, option: Option, capacity: Capacity) -> Iterator[Failure]:
    """Yield the loss of a replica, of a machine that holds several, and of a region."""
    held = capacity.busy + capacity.spares
    yield Failure("Serving", "one replica", _left(capacity, 1), _back(line, option, 1))
    devices = max(1, option.devices // max(1, option.replicas))
    lost = min(held, -(-option.devices // max(1, option.nodes)) // devices)
    if lost > 1:
        event = f"one machine with {counted(lost, 'replica')}"
        yield Failure("Serving", event, _left(capacity, lost), _back(line, option, lost))
    regions = capacity.load.regions
    if regions > 1:
        share = min(1.0, carried_without_a_region(capacity))
        rest = "the other region carries" if regions == 2 else "the other regions carry"
        effect = f"{rest} {share:.0%} of the whole peak"
        yield Failure("Serving", "one region", effect, "route its users to the others")
    else:
        effect = "nothing is answered until the service stands elsewhere"
        answer = "rebuild it from registry, code and backups; try that once before the release"
        event = "the site" if option.provider == OWN_PLACE else "the region"
        yield Failure("Serving", event, effect, answer)
    if option.provider not in ("", OWN_PLACE):
        event = f"no machine to be had at {line.kit.provider(option.provider)}"
        effect = "what stands goes on; nothing grows or is replaced"
        yield Failure("Serving", event, effect, _next_device(line, "serving"))


def _by_hand(line: Line, option: Option) -> bool:
    """Return whether machines of one's own serve without a cluster that starts replicas anew."""
    return option.provider == OWN_PLACE and line.chosen("serving_host") == OWN_HOST


def carried_without_a_region(capacity: Capacity) -> float:
    """Return the share of the whole peak that all regions but one carry, spares included."""
    regions, held = capacity.load.regions, capacity.busy + capacity.spares
    return (regions - 1) * held / (regions * capacity.demand)


def _left(capacity: Capacity, lost: int) -> str:
    """Return what a region still carries with `lost` replicas less."""
    left = capacity.busy + capacity.spares - lost
    if left <= 0:
        where = " in that region" if capacity.load.regions > 1 else ""
        return f"nothing is answered{where} until a replacement has started"
    where = " in a region" if capacity.load.regions > 1 else ""
    share = min(1.0, left / capacity.demand)
    carried = "the stated peak" if share >= 1 else f"{share:.0%} of the peak"
    return f"{counted(left, 'replica')} left{where}: {carried} is carried"


def _back(line: Line, option: Option, lost: int) -> str:
    capacity = capacity_of(line)
    spares = capacity.spares if capacity else 0
    if lost == 1 and _by_hand(line, option):
        swap = "somebody mends or swaps it: keep a part at hand or a contract with its hours"
        return f"alarm, as no spare is left; {swap}" if spares else swap
    if lost <= spares:
        return "the platform starts a new one; alarm when the spare is gone"
    if lost == 1:
        return "the platform starts a new one; shed or queue what does not fit meanwhile"
    return "spread the replicas over more machines, or keep one machine more than the peak needs"


def _next_device(line: Line, use: str) -> str:
    """Return the next best accelerator as the answer to a lack of capacity."""
    decision = line.decisions.get(f"{use}_accelerator")
    if decision is None or not decision.alternatives:
        return "reserve quota before the release; no other accelerator was possible"
    return f"reserve quota before the release; next best: {decision.alternatives[0].name}"


def _training(line: Line) -> Iterator[Failure]:
    option = line.uses.get("training")
    if option is None or not option.devices or not option.hours_per_run:
        return
    found = goodput(Reliability(option.devices))
    expected = found.failures_per_day * option.hours_per_run / 24
    lost = (found.checkpoint_interval_s / 2 + Reliability(1).restart_s) / 60
    hours = option.hours_per_run
    if found.checkpoint_interval_s / 3600 > hours:
        lost = hours * 60 / 2
    often = f"{figure(expected, 2)} in a run" if expected > 0.1 else _runs_between(expected)
    event = f"a device or its machine, expected {often}"
    whole = found.checkpoint_interval_s / 3600 > hours
    saved = line.practises("checkpointing")
    effect = f"the run stops; about {figure(lost, 2)} min of work are done again"
    answer = "resume from the last checkpoint; test that once"
    if whole and saved:
        effect = "the run stops; what came after the last checkpoint is done again"
    elif whole:
        answer = "start the run again; it is too short for checkpoints to pay"
    yield Failure("Training", event, effect, answer)
    if option.provider not in ("", OWN_PLACE):
        event = f"no machine to be had at {line.kit.provider(option.provider)}"
        yield Failure("Training", event, "the run starts later", _next_device(line, "training"))


def _runs_between(expected: float) -> str:
    """Return how many runs pass between two failures, to one digit."""
    return f"once in {figure(1 / expected, 1)} runs" if expected else "never"


def _orchestration(line: Line) -> Iterator[Failure]:
    decision = line.decisions.get("orchestrator")
    if decision is None or set(decision.ids) & set(UNSET):
        return
    effect = "no new data, training or scoring; what serves goes on with the last release"
    answer = "alarm on a late run; make every step safe to run twice"
    yield Failure("Workflows", f"{decision.chosen_name} is down or a step fails", effect, answer)
