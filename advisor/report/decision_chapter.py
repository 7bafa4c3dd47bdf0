"""Every decision: what was chosen and why, what was possible and lost, what was ruled out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from advisor.domain.plan import Alternative, Decision, Plan, Reason, Rejected
from advisor.frozen import replace
from advisor.planning.words import as_it
from advisor.report.model import Block, Bullets, Folded, Paragraph, Section, Strong, Words
from advisor.report.naming import NOTHING, cited, flat, shown_choice
from advisor.report.text import counted, listed, sentence

LOSERS_SHOWN = 5
NAMES_SHOWN = 6
_LAST_BRACKETS = re.compile(r"(?P<head>.+) \((?P<inside>[^()]*)\)\.?")


def decision_chapter(plan: Plan) -> Section:
    """Return the decisions in the order in which they were settled."""
    wanted = [d for d in plan.decisions.values() if not _is_nothing(d)]
    without = [d for d in plan.decisions.values() if _is_nothing(d)]
    sections = tuple(_section(d) for d in wanted)
    if without:
        sections += (_doing_without(without),)
    return Section("decisions", "Options and decisions", (), sections)


def _is_nothing(decision: Decision) -> bool:
    """Return whether the plan does without; services that could have been called are shown as any
    other candidate is."""
    if decision.id == "hosted_service" and decision.alternatives:
        return False
    return decision.chosen != "unresolved" and not [i for i in decision.ids if i not in NOTHING]


def decision_blocks(decision: Decision) -> tuple[Block, ...]:
    """Return reasons, runners-up and what was ruled out."""
    return (
        *_parts(decision),
        Bullets(tuple(cited(r) for r in _joined(decision.because))),
        *_alternatives(decision.alternatives, decision.chosen_name),
        *_rejected(decision.rejected),
    )


def _joined(reasons: tuple[Reason, ...]) -> list[Reason]:
    """Return the reasons; those of a rule that differ in their last brackets alone as one."""
    found: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], Reason] = {}
    for reason in reasons:
        ends = _LAST_BRACKETS.fullmatch(reason.text) if reason.rule else None
        key = (reason.rule, ends["head"]) if ends else (reason.rule, reason.text)
        first.setdefault(key, reason)
        found.setdefault(key, []).extend([ends["inside"]] if ends else [])
    return [
        replace(reason, text=f"{key[1]} ({'; '.join(found[key])})") if found[key] else reason
        for key, reason in first.items()
    ]


def _section(decision: Decision) -> Section:
    count = len(decision.ids)
    chosen = counted(count, "part") if count > 1 else shown_choice(decision)
    title = f"{decision.name}: {chosen}"
    return Section(f"decision-{decision.id}", title, decision_blocks(decision))


def _parts(decision: Decision) -> Iterator[Block]:
    if len(decision.ids) > 1:
        yield Paragraph((Strong(shown_choice(decision)),))


def _doing_without(decisions: list[Decision]) -> Section:
    """Return what the plan does without, each with its reason."""
    items = tuple((Strong(f"{d.name}: "), *flat(cited(d.because[0]))) for d in decisions)
    return Section("decision-none", "Not needed", (Bullets(items),))


def _alternatives(found: tuple[Alternative, ...], chosen: str) -> Iterator[Block]:
    if not found:
        return
    yield Paragraph((Strong("Possible, and not first:"),))
    groups: dict[str, list[str]] = {}
    for alternative in found:
        why = sentence(as_it(alternative.why_not_first, alternative.name, alternative.id, chosen))
        groups.setdefault(why, []).append(alternative.name)
    items: tuple[Words, ...] = tuple(f"{_named(names)}: {why}" for why, names in groups.items())
    yield Bullets(items[:LOSERS_SHOWN])
    if items[LOSERS_SHOWN:]:
        shown = sum(map(len, list(groups.values())[:LOSERS_SHOWN]))
        left = counted(len(found) - shown, "more possible candidate")
        yield Folded(left, items[LOSERS_SHOWN:])


def _rejected(found: tuple[Rejected, ...]) -> Iterator[Block]:
    """Yield the losers that failed least first, those with one reason in common together."""
    if not found:
        return
    yield Paragraph((Strong("Ruled out:"),))
    items = tuple(_group(reason, names) for reason, names in _grouped(found))
    yield Bullets(items[:LOSERS_SHOWN])
    if items[LOSERS_SHOWN:]:
        shown = sum(len(names) for _, names in _grouped(found)[:LOSERS_SHOWN])
        summary = f"{counted(len(found) - shown, 'more candidate')} ruled out"
        yield Folded(summary, items[LOSERS_SHOWN:])


def _grouped(found: tuple[Rejected, ...]) -> list[tuple[Reason, list[str]]]:
    """Return reasons with the candidates that they rule out, nearest misses first.

    A reason that names its candidate says "it" instead, so that equal reasons come together.
    """
    groups: dict[Reason, list[str]] = {}
    nearest = sorted(found, key=lambda r: (len(r.reasons), not r.reasons[0].estimate, r.id))
    for rejected in nearest:
        first = rejected.reasons[0]
        text = sentence(as_it(first.text, rejected.name, rejected.id))
        groups.setdefault(replace(first, text=text), []).append(rejected.name)
    return list(groups.items())


def _group(reason: Reason, names: list[str]) -> Words:
    return f"{_named(names)}: ", *flat(cited(reason))


def _named(names: list[str]) -> str:
    """Return the first names and how many follow."""
    more = len(names) - NAMES_SHOWN
    return listed([*names[:NAMES_SHOWN], f"{more} more"] if more > 0 else names)
