"""Which question comes next, and how many of the open ones could still change the plan.

The next question follows from the answers in the order in which they were given, and from nothing
else: it is the best of what was open *before the last of them*. That ranking is worked out while
the last question is being read and answered, so that nobody waits for it, and it does not matter
how fast somebody types, whether screens or prompts ask, or whether the interview was interrupted.
"""

from __future__ import annotations

from collections.abc import Iterable

from advisor.analysis.interview import Interview
from advisor.analysis.question_worth import QuestionValue, next_question
from advisor.domain.questions import Question
from advisor.frozen import dataclass

Ranking = tuple[QuestionValue, ...]
"""Open questions, the most telling first."""


def opening(questions: Iterable[Question]) -> tuple[Question, ...]:
    """Return the questions that come first: what it is about, and what may end the interview."""
    found = tuple(questions)
    return tuple(q for q in found if q is found[0] or q.settles)


def open_now(interview: Interview) -> tuple[Question, ...]:
    """Return the questions that are neither answered nor put off, in their own order."""
    done = interview.record.values.keys() | interview.record.later
    return tuple(q for q in interview.applicable if q.id not in done)


def needs_ranking(interview: Interview) -> bool:
    """Return whether the next question hangs on a ranking."""
    if not interview.moving_on:
        return False
    left = open_now(interview)
    return len(left) > 1 and not _first_of(left, interview)


def choose(interview: Interview, ranking: Ranking) -> None:
    """Put the next question, where the interview moves on."""
    if not interview.moving_on:
        return
    left = open_now(interview)
    found = _first_of(left, interview) or _best(left, interview, ranking)
    if found is not None:
        interview.go_to(found.id)


def _first_of(left: tuple[Question, ...], interview: Interview) -> Question | None:
    return next((q for q in opening(interview.questions) if q in left), None)


def _best(left: tuple[Question, ...], interview: Interview, ranking: Ranking) -> Question | None:
    """Return the best of what was ranked; where none would change the plan, the first left."""
    ids = {q.id for q in left}
    said = list(interview.record.values)
    section = interview.by_id[said[-1]].section if said else ""
    telling = next_question(tuple(v for v in ranking if v.question.id in ids), section)
    return telling or next(iter(left), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the open questions could still do; `telling` of `left` could change the result."""

    telling: int
    left: int

    @classmethod
    def of(cls, ranking: Ranking) -> Standing:
        """Return what a ranking of the present answers says."""
        return cls(sum(not value.idle for value in ranking), len(ranking))

    def __str__(self) -> str:
        if not self.left:
            return ""
        if self.telling:
            return f"{self.telling} could change the result"
        return f"result settled, {self.left} optional left"
