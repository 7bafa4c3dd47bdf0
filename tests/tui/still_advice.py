"""An advice session over questions and plans that do not change with the catalogue."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from advisor.analysis import sessions
from advisor.analysis.advice_session import AdviceSession
from advisor.analysis.interview import Interview
from advisor.domain.answers import Answers
from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.errors import InputError, Place, Problem
from advisor.tui.app import InterviewApp
from tests.analysis.interview_cases import QUESTIONS
from tests.report.plan_example import example, impossible, money


class StillAdvice(AdviceSession):
    """Recommends the example plan; a budget below 1,000 is impossible, a peak changes the cost."""

    def __init__(self, depth: str = "standard") -> None:
        self.interview = Interview(QUESTIONS, depth)
        self._claim = sessions.claim_fresh()
        self._lock = threading.Lock()
        self.planned = 0

    @property
    def fingerprint(self) -> str:
        return "still"

    def plan(self, answers: Answers, wanted: Callable[[], bool]) -> Plan | None:
        if not wanted():
            return None
        self.planned += 1
        budget, peak = answers.values.get("budget"), answers.values.get("peak", 5)
        if isinstance(budget, int) and budget < 1000:
            return impossible()
        plan = example()
        likely = int(peak) * 100 if isinstance(peak, int | float) else 500
        item = replace(plan.cost.items[0], month=money(likely // 2, likely, likely * 2))
        return replace(plan, cost=replace(plan.cost, items=(item, *plan.cost.items[1:])))

    def load(self, path: Path) -> str:
        raise InputError([Problem(Place(str(path)), "E300", "", "\x1b[2J[red]no such file[/red]")])

    def why_asked(self, question: Question, plan: Plan | None) -> str:
        firing = len(plan.trace) if plan else 0
        told = f"\x1b[31mRules[/] read {question.id}: {firing}."
        return f"{question.text}\n\n{told}\n" + "line\n" * 40

    def how(self, plan: Plan, decision: str) -> str:
        return f"{plan.decisions[decision].name}: chosen.\n  [bold]because[/bold]"


def still_app(depth: str = "standard") -> InterviewApp:
    return InterviewApp(lambda: StillAdvice(depth))
