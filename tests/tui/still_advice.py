"""An advice session over questions and plans that do not change with the catalogue."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from advisor.analysis import sessions
from advisor.analysis.advice_session import AdviceSession
from advisor.analysis.interview import Interview, Record
from advisor.analysis.planner import Planner
from advisor.analysis.question_order import Ranking
from advisor.analysis.question_promise import Promise
from advisor.analysis.study import Study
from advisor.analysis.wanted import Dropped, Wanted
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import Outcome, outcome_of
from advisor.domain.answers import Answers, Value
from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.domain.rule import Strength
from advisor.errors import InputError, Place, Problem
from advisor.planning.brief import interpret
from advisor.planning.line import Line
from advisor.tui.app import InterviewApp
from tests.analysis.interview_cases import QUESTIONS
from tests.report.plan_example import CHOICES, example, impossible, money

KIT = SimpleNamespace(
    questions=QUESTIONS,
    shapes={},
    library=SimpleNamespace(rules=()),
    tolerance={Strength.SHOULD: 5},
    program=SimpleNamespace(resting=lambda _fact: 1),
    decisions={id_: SimpleNamespace(id=id_, name=name) for id_, (name, _) in CHOICES.items()},
)


BUSY = 40
"""Requests a second from which twice the devices are needed."""


class StillStudy(Study):
    """Reads outcomes from still plans; every answer promises the same."""

    def worked_out(self, changes: Mapping[str, Value]) -> Outcome:
        return outcome_of(self.plan(changes))

    def near(self, count: int) -> WhatIf:
        assert count > 0
        return self

    def promise(self) -> Promise:
        brief = interpret(self.answers, QUESTIONS)
        return cast("Promise", SimpleNamespace(brief=brief, of=lambda _changes: 1))


class StillAdvice(AdviceSession):
    """Recommends the example plan; a budget below 1,000 is impossible, a peak changes it."""

    def __init__(self, depth: str = "standard") -> None:
        self.as_of = "2026-11-22"
        self.interview = Interview(QUESTIONS, depth)
        self._claim = sessions.claim_fresh()
        self._ranking = threading.Lock()
        self._rankings: dict[Any, Ranking] = {}
        self._known = {}
        self.planned = 0
        self.migration = None

    def prepare(self) -> Planner:
        return cast("Planner", None)  # still plans need none

    @property
    def fingerprint(self) -> str:
        return "still"

    @property
    def line(self) -> Line:
        return cast("Line", SimpleNamespace(kit=KIT))

    def plan(self, answers: Answers, wanted: Wanted) -> Plan | None:
        if not wanted():
            return None
        self.planned += 1
        return still_plan(answers)

    def studied(self, answers: Answers, wanted: Wanted) -> Plan:
        if not wanted():
            raise Dropped
        return still_plan(answers)

    def study(self, record: Record, wanted: Wanted = lambda: True) -> Study:
        return StillStudy(self, record, {}, wanted)

    def whole(self, answers: Answers, wanted: Wanted) -> Plan:
        return self.studied(answers, wanted)

    def load(self, path: Path) -> str:
        raise InputError([Problem(Place(str(path)), "E300", "", "\x1b[2J[red]no such file[/red]")])

    def why_asked(self, question: Question, plan: Plan | None) -> str:
        firing = len(plan.trace) if plan else 0
        told = f"\x1b[31mRules[/] read {question.id}: {firing}."
        return f"{question.text}\n\n{told}\n" + "line\n" * 40

    def how(self, decision: str) -> str:
        return f"{example().decisions[decision].name}: chosen.\n  [bold]because[/bold]"


def still_plan(answers: Answers) -> Plan:
    budget, peak = answers.values.get("budget"), answers.values.get("peak", 5)
    if isinstance(budget, int) and budget < 1000:
        return impossible()
    plan = example()
    likely = int(peak) * 100 if isinstance(peak, int | float) else 500
    item = replace(plan.cost.items[0], month=money(likely // 2, likely, likely * 2))
    if likely > BUSY * 100:
        plan = replace(plan, hardware=(replace(plan.hardware[0], count=16), *plan.hardware[1:]))
    return replace(plan, cost=replace(plan.cost, items=(item, *plan.cost.items[1:])))


def still_app(depth: str = "standard") -> InterviewApp:
    return InterviewApp(StillAdvice(depth))
