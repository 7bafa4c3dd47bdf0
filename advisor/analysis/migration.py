"""What became of a saved interview under a library that has changed: its answers and its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from advisor.frozen import dataclass
from advisor.planning.words import counted

KEPT, RENAMED, DROPPED = "kept", "renamed", "dropped"
SHOWN = 12
"""Lines of the result that are named."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One saved answer and what became of it; `now` is its new name, or why it was dropped."""

    id: str
    what: str
    now: str = ""


@dataclass(frozen=True, slots=True)
class Migration:
    """A session that was saved under another library; `before` is its result, line by line."""

    name: str
    taken: tuple[Taken, ...]
    before: Mapping[str, str] = field(hash=False)


def answer_rows(found: Migration) -> Iterator[tuple[str, str, str]]:
    """Yield each answer that was not simply kept: what became of it, which, and how or why."""
    for what in (DROPPED, RENAMED):
        yield from ((what, one.id, one.now) for one in found.taken if one.what == what)


def answers_told(found: Migration) -> str:
    """Return how many answers were kept, renamed and dropped."""
    counts = {what: sum(t.what == what for t in found.taken) for what in (KEPT, RENAMED, DROPPED)}
    parts = [f"{count} {what}" for what, count in counts.items() if count or what == KEPT]
    return f"{counted(len(found.taken), 'answer')}: {', '.join(parts)}"


def result_rows(found: Migration, now: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Return what the result said when it was saved and says now, where these differ."""
    names = dict.fromkeys([*found.before, *now])
    rows = [(name, found.before.get(name, "-"), now.get(name, "-")) for name in names]
    return tuple(row for row in rows if row[1] != row[2])


def result_told(found: Migration, now: Mapping[str, str]) -> str:
    """Return in a sentence how much of the result has changed."""
    if not found.before:
        return "The result was not saved with the answers; it cannot be compared."
    changed = len(result_rows(found, now))
    same = len(set(found.before) | set(now)) - changed
    if not changed:
        return "The result is the same in every line."
    return f"The result: {counted(changed, 'line')} changed, {same} the same."
