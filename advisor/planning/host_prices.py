"""What an accelerator costs in words: as it was chosen, and as its host then bills it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advisor.domain.plan import Decision, Reason
from advisor.frozen import replace
from advisor.planning.hardware_stage import OWN_PLACE
from advisor.planning.line import Line
from advisor.planning.options import Option
from advisor.planning.words import dollars


def amounts_of(option: Option) -> str:
    """Return what an option costs in words, "" where nothing is paid for it."""
    amounts = ((option.month.likely, "a month"), (option.one_off.likely, "for the first release"))
    return " and ".join(f"{dollars(usd)} {when}" for usd, when in amounts if usd)


def cost_reason(option: Option, then: str = "") -> Reason:
    """Return why an option was taken; `then` says what else it comes to."""
    whatever = (
        " for machines of your own, whatever else they do" if option.provider == OWN_PLACE else ""
    )
    text = f"Likely {amounts_of(option)}{whatever}, the least of what meets every must{then}."
    return Reason(text, cost="month")


def with_host_prices(
    line: Line, uses: Mapping[str, Option], hosts: Mapping[str, Decision]
) -> Iterator[Decision]:
    """Yield the decisions on hardware whose reasons name another price than the one that holds
    with the host that was chosen since, with both prices."""
    for use, now in uses.items():
        chosen = line.uses[use]
        then = _came_to(line, chosen, now, hosts[f"{use}_host"].chosen_name)
        if not then:
            continue
        before, after = cost_reason(chosen), cost_reason(chosen, then)
        for id_ in (f"{use}_pattern", f"{use}_accelerator"):
            decision = line.decisions[id_]
            because = tuple(after if reason == before else reason for reason in decision.because)
            yield replace(decision, because=because)


def _came_to(line: Line, chosen: Option, now: Option, host: str) -> str:
    """Return what an option comes to on its host, "" where that was said already: machines of
    one's own are named whole, and may be paid for by the other use."""
    said, bills = amounts_of(chosen), amounts_of(now)
    if not said or said == bills:
        return ""
    if now.provider == OWN_PLACE:
        more = now.month.likely > chosen.month.likely
        return f"; {bills} beside what the other use takes of them" if more else ""
    moved = now.provider != chosen.provider
    there = line.kit.library.providers.get(now.provider) if moved else None
    return f"; {bills} on its host ({host}{f' at {there.name}' if there else ''})"
