"""Sensitivity in words: a bar of costs for each answer, and where it changes the plan."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from advisor.analysis.sensitivity import Influence, Sensitivity
from advisor.analysis.whatif_outcome import usd
from advisor.domain.answers import Source, Value
from advisor.planning.answer_words import answer_words
from advisor.planning.kit import Kit

SOURCES = {
    Source.GIVEN: "you said so",
    Source.FILE: "from the file",
    Source.DEFAULT: "assumed, not asked yet",
    Source.UNKNOWN: "assumed, not known",
}
Glyphs = tuple[str, str, str]
BAR = 24
"""Characters of a bar."""
PLAIN, DRAWN = ("#", ".", "|"), ("━", "·", "┃")
"""What a bar is drawn with: its span, the rest, and where the plan stands."""


def sensitivity_lines(found: Sensitivity, kit: Kit, glyphs: Glyphs = PLAIN) -> Iterator[str]:
    """Yield what to check, then each answer with its span of costs and its flips."""
    yield f"Whole life at the load of today, likely: {usd(found.lifetime_usd)}"
    yield ""
    if found.to_check:
        yield "Check before signing:"
        for place, one in enumerate(found.to_check, 1):
            yield f"  {place}. {one.question.text}"
            now = _shown(found, one, one.value, kit)
            yield f"     {now} ({SOURCES[one.source]}). {one.question.find_out}"
        yield ""
    telling = [i for i in found.influences if i.decisions or i.low_usd != i.high_usd]
    low = min((i.low_usd for i in telling), default=Decimal(0))
    high = max((i.high_usd for i in telling), default=Decimal(0))
    for one in telling:
        bar = _bar(one, found.lifetime_usd, (low, high), glyphs)
        yield f"{one.question.title:18} {bar} {usd(one.low_usd)} to {usd(one.high_usd)}"
        yield from _flips(found, one, kit)
    still = [i.question.title for i in found.influences if i not in telling]
    if still:
        yield ""
        yield f"Without any effect over their likely range: {', '.join(still)}"


def _bar(one: Influence, now: Decimal, ends: tuple[Decimal, Decimal], glyphs: Glyphs) -> str:
    """Return the span of costs as a bar, marked at the cost of the plan."""
    low, high = ends
    span, rest, here = glyphs

    def place(value: Decimal) -> int:
        return round(float((value - low) / (high - low or Decimal(1))) * (BAR - 1))

    cells = [span if place(one.low_usd) <= i <= place(one.high_usd) else rest for i in range(BAR)]
    cells[place(now)] = here
    return "".join(cells)


def _flips(found: Sensitivity, one: Influence, kit: Kit) -> Iterator[str]:
    for end, flip in ((" or less", one.below), (" or more", one.above)):
        if flip is None:
            continue
        names = [kit.decisions[id_].name.lower() for id_ in flip.decisions]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        now, other = (_shown(found, one, value, kit) for value in (one.value, flip.value))
        if one.question.options:
            said = f'now "{now}"; with "{other}"'
        else:
            said = f"now {now}; at {other}{end if one.question.type == 'number' else ''}"
        yield f"  {said} it changes {', '.join(names[:3])}{more}"


def _shown(found: Sensitivity, one: Influence, value: Value, kit: Kit) -> str:
    """Return a value of an answer in words with its unit."""
    values = {i.question.id: i.value for i in found.influences} | {one.question.id: value}
    return answer_words(kit.questions, values)[one.question.id].shown
