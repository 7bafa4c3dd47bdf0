"""Devices at the edge: one at a site where one does its work."""

from __future__ import annotations

from advisor.domain.plan import Reason
from advisor.frozen import replace
from advisor.planning.options import AT_SITES, Option


def one_a_site(options: list[Option], sites: int) -> tuple[Option, ...]:
    """Return the options; where one device does the work of a site, several smaller ones are out:
    each is one more to mount, to power and to swap, which no line of the bill holds."""
    single = any(o.feasible and o.pattern in AT_SITES and o.devices == sites for o in options)
    return tuple(
        _several(o, sites) if single and o.pattern in AT_SITES and o.devices > sites else o
        for o in options
    )


def _several(option: Option, sites: int) -> Option:
    text = f"takes {option.devices // sites} at each site, where one larger device does the work"
    reason = Reason(text, estimate="serving_size")
    return replace(option, failures=(*option.failures, reason))
