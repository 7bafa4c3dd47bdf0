"""What threads tell the screen of the interview; each names the answers that it was found for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from advisor.analysis.interview import Record
    from advisor.analysis.question_order import Ranking
    from advisor.domain.plan import Plan
    from advisor.domain.questions import Question


class NotOpened(Message):
    """The interview cannot go on."""

    def __init__(self, error: AdvisorError) -> None:
        super().__init__()
        self.error = error


class Prepared(Message):
    """Plans can be made; `note` says what was taken from a file."""

    def __init__(self, note: str) -> None:
        super().__init__()
        self.note = note


class Recommended(Message):
    """A plan is worked out for the answers of a record."""

    def __init__(self, record: Record, plan: Plan) -> None:
        super().__init__()
        self.record, self.plan = record, plan


class Ranked(Message):
    """It is worked out what the open questions of a record are worth."""

    def __init__(self, record: Record, ranking: Ranking) -> None:
        super().__init__()
        self.record, self.ranking = record, ranking


class Foreseen(Message):
    """It is worked out what the answer to a question would change."""

    def __init__(self, record: Record, question: Question, lines: tuple[str, ...]) -> None:
        super().__init__()
        self.record, self.question, self.lines = record, question, lines


class Completed(Message):
    """A plan is worked out as reports have it, with the cost of its life."""

    def __init__(self, record: Record, plan: Plan) -> None:
        super().__init__()
        self.record, self.plan = record, plan


class Studied(Message):
    """What the sensitivity study of a record has found so far."""

    def __init__(self, record: Record, text: str) -> None:
        super().__init__()
        self.record, self.text = record, text


class Begun(Message):
    """The first question is on the screen."""
