"""Machines of one's own that train and serve: counted and paid once."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.domain.plan import NOTHING, Money
from advisor.frozen import replace
from advisor.planning.hardware_estimates import market_for
from advisor.planning.line import Line
from advisor.planning.market import Rate
from advisor.planning.options import AT_SITES, Option, occupied

WITHOUT_STANDING = ("batch", "async")
"""Patterns in which nobody waits, so that machines train between two rounds."""


def shared(line: Line, uses: Mapping[str, Option]) -> dict[str, Option]:
    """Return the uses with training priced at what it adds to the machines that serve.

    Serving stands all month; training takes what is left of the same kind of machine, or of
    those taken as owned already, and pays for further machines alone. Machines without
    accelerators take nothing of those that have them.
    """
    training, serving = uses.get("training"), uses.get("serving")
    if training is None or serving is None or serving.pattern in AT_SITES:
        return dict(uses)
    if bool(training.accelerators) != bool(serving.accelerators):
        return dict(uses)
    ours, theirs = _own_rate(line, training), _own_rate(line, serving)
    if ours is None or theirs is None:
        return dict(uses)
    if not training.accelerators and ours.instance == theirs.instance and _idle(serving):
        month, source = NOTHING, "on the machines that serve, whose processors are mostly idle"
    elif ours.instance == theirs.instance and theirs.apart == 1:
        standing = 0 if serving.pattern in WITHOUT_STANDING else serving.devices
        month, source = _beside(
            ours, serving.devices, max(serving.devices, standing + occupied(training))
        )
    else:
        month, source = _after(ours, theirs, serving.devices, occupied(training))
    return {**uses, "training": replace(training, month=month, price_source=source)}


IDLE_PCT = 50.0
"""Use of processors at the peak up to which a machine trains beside what it serves."""


def _idle(serving: Option) -> bool:
    """Return whether the machines that serve have most of their processors free."""
    return 0 < float(serving.facts.get("utilisation_pct", 0.0)) <= IDLE_PCT


def beside_training(line: Line, serving: Option, training: Option) -> Option:
    """Return serving at what it adds to machines of one's own that stand for training; as it is
    where those are of another kind, or spread over places."""
    ours, theirs = _own_rate(line, serving), _own_rate(line, training)
    if ours is None or theirs is None or ours.instance != theirs.instance or ours.apart > 1:
        return serving
    standing = 0 if serving.pattern in WITHOUT_STANDING else serving.devices
    alone = occupied(training)
    together = max(serving.devices, standing + alone)
    month, source = _beside(theirs, alone, max(alone, together))
    return replace(serving, month=month, price_source=source)


def _own_rate(line: Line, option: Option) -> Rate | None:
    """Return what the machines of an option cost where they are one's own."""
    if option.provider != "own" or not option.devices:
        return None
    offers = market_for(line, option.use).by_accelerator.get(option.accelerator, ())
    return next((r for r in offers if r.month_owned and r.instance == option.instance), None)


def _beside(rate: Rate, first: int, together: int) -> tuple[Money, str]:
    """Return what the devices of both uses cost above those of the first, and what that rests
    on."""
    more = rate.instances(together) - rate.instances(first)
    both, alone = rate.standing(together), rate.standing(first)
    if not more or both is None or alone is None:
        return NOTHING, "on machines that stand for the other use, which have room"
    added = Money(both.low - alone.low, both.likely - alone.likely, both.high - alone.high)
    return added, f"{rate.basis(together)}; beside the machines of the other use"


def _after(ours: Rate, theirs: Rate, serving: int, training: int) -> tuple[Money, str]:
    """Return what training costs on those owned machines that serving leaves."""
    used = min(theirs.instances(serving), theirs.held) * theirs.per_node
    left = max(0, ours.held * ours.per_node - used) // ours.per_node
    rate = replace(ours, held=left)
    month = rate.standing(training) or NOTHING
    return month, rate.basis(training)
