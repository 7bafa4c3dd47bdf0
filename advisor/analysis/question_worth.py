"""What open questions are worth, and which of them is asked next."""

from __future__ import annotations

from advisor.domain.questions import Question
from advisor.frozen import dataclass

NEAR = 0.6
"""A question of the present section is asked next from this share of the best worth (grouping
questions cost no accuracy in simulation, and users of MYCIN wanted it: Buchanan and Shortliffe,
Rule-Based Expert Systems, 1984)."""


@dataclass(frozen=True, slots=True)
class QuestionValue:
    """What an open question is worth.

    `worth` is the expected change in percent of the whole-life cost for a unit of effort;
    `decisions` may turn out otherwise; `cost_pct` is the most that the cost moves. `promise` is
    how many rules its answer could touch; `sure` says that every likely answer was tried, or
    that nothing reads any.
    """

    question: Question
    worth: float
    decisions: tuple[str, ...]
    cost_pct: float
    promise: float = 0.0
    sure: bool = True

    @property
    def idle(self) -> bool:
        """Return whether no likely answer changes a choice or a size."""
        return self.sure and not self.worth


def next_question(ranked: tuple[QuestionValue, ...], section: str) -> Question | None:
    """Return the question to ask next, staying in the section while its best is near the best.

    None where no open question changes the result within the likely answers: it is settled.
    """
    worth = [value for value in ranked if not value.idle]
    if not worth:
        return None
    mine = next((value for value in worth if value.question.section == section), worth[0])
    return (mine if mine.worth >= NEAR * worth[0].worth else worth[0]).question
