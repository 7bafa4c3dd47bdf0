"""Choices that stand already: taken as they are, beside what the line would have chosen."""

from __future__ import annotations

from collections.abc import Iterable

from advisor.domain.plan import Decision, Reason
from advisor.domain.rule import Fact
from advisor.frozen import replace
from advisor.planning.candidates import Candidate
from advisor.planning.line import Line

STANDS = Reason("It stands so in the architecture that is reviewed.", estimate="held")
UNNAMED = "none"


def held(
    line: Line, preferred: Decision, facts: tuple[Fact, ...]
) -> tuple[Decision, tuple[Fact, ...]]:
    """Return a decision and its facts, with what stands where the line holds it."""
    ids = line.held.choices.get(preferred.id)
    if ids is None:
        return preferred, facts
    return held_to(preferred, line.called.candidates[preferred.id], ids)


def held_to(
    preferred: Decision, candidates: Iterable[Candidate], ids: tuple[str, ...]
) -> tuple[Decision, tuple[Fact, ...]]:
    """Return a decision with what stands in place of what was preferred, and its facts."""
    by_id = {c.id: c for c in candidates if c.id in ids}
    taken = [by_id[id_] for id_ in ids if id_ in by_id]
    single = isinstance(preferred.chosen, str)
    rejected = tuple(lost for lost in preferred.rejected if lost.id not in ids)
    decision = replace(
        preferred,
        chosen=ids[0] if single else ids,
        chosen_name=", ".join(c.name for c in taken) or UNNAMED,
        because=(STANDS,),
        rejected=rejected,
        alternatives=tuple(a for a in preferred.alternatives if a.id not in ids),
    )
    lost = (Fact.of("rejected", decision=preferred.id, id=r.id) for r in rejected)
    return decision, (*(c.choice() for c in taken), *lost)
