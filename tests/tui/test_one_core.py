"""Screens, prompts and `recommend` come to the same plan for the same answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from advisor.advise import advise
from advisor.analysis.advice_session import AdviceSession
from advisor.analysis.headlines import KNOWN, headlines
from advisor.analysis.interview import Record
from advisor.analysis.question_order import Ranking
from advisor.analysis.wanted import Dropped
from advisor.cli.plain_interview import PlainInterview
from advisor.domain.answers import Answers, Value
from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.tui.advice_words import strip
from advisor.tui.app import InterviewApp
from tests.tui.screens import interview, opened, settled, type_fast

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
FAST = ("churn", "demand-forecasting", "edge-defects")
NAMES = [
    name if name in FAST else pytest.param(name, marks=pytest.mark.long)
    for name in sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
]
"""All worked examples; the mark keeps those that take long for the long run."""
DAY = "2026-11-22"


def said_in(name: str, kit: Kit) -> Answers:
    return read_answers(SCENARIOS / f"{name}.yaml", kit.questions, kit.shapes.keys())


def recommended(answers: Answers, kit: Kit) -> Plan:
    return advise(answers, Line(kit), DAY)


def without_sources(plan: Plan) -> Plan:
    """Return the plan without the mark that tells a typed answer from one in a file."""
    return replace(plan, answers={q: (value, None) for q, (value, _) in plan.answers.items()})  # type: ignore[misc]


class PlansAtTheEnd(AdviceSession):
    """Saves the time of the plans on the way, which no test here looks at."""

    def ranked(self, _: Record) -> Ranking | None:
        return ()

    def studied(self, *_: object) -> Plan:
        raise Dropped

    def settled(self, *_: object) -> NoReturn:
        raise Dropped

    def plan(self, answers: Answers, wanted: Callable[[], bool]) -> Plan | None:
        return super().plan(answers, wanted) if self.interview.current is None else None


@pytest.mark.parametrize("name", NAMES)
async def test_screens_and_prompts_agree_with_recommend(
    name: str, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interview leaves out what it does not ask: a model, and answers that do not apply."""
    answers = said_in(name, kit)
    typed, by_screens = await on_screens(answers, kit)
    prompted, by_prompts = at_prompts(answers, kit, monkeypatch)
    assert prompted == typed
    assert typed.values.items() <= answers.values.items()
    wanted = without_sources(recommended(typed, kit))
    assert by_prompts == wanted
    assert by_screens == wanted
    if typed.values == answers.values and not answers.model:
        assert wanted.decisions == recommended(answers, kit).decisions


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_opened_agrees_with_recommend(name: str, kit: Kit) -> None:
    advice = AdviceSession.on(kit, DAY)
    advice.load(SCENARIOS / f"{name}.yaml")
    plan = advice.plan(advice.interview.answers, lambda: True)
    assert plan == recommended(said_in(name, kit), kit)
    advice.close()


def at_prompts(answers: Answers, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> tuple[Answers, Plan]:
    """Return what is said and planned when the plain prompts are answered from a file."""
    advice = PlansAtTheEnd.on(kit, DAY, "expert")

    def typed(_: str) -> str:
        question = advice.interview.current
        if question is None:
            return "quit"
        value = answers.values.get(question.id)
        return "later" if value is None else in_words(question, value)

    monkeypatch.setattr("builtins.input", typed)
    monkeypatch.setattr(PlainInterview, "_clashes", lambda _: ())  # ways out take plans, too
    plain = PlainInterview(advice)
    assert plain.run() == 0
    assert plain.plan is not None
    advice.close()
    return advice.interview.answers, without_sources(plain.plan)


async def on_screens(answers: Answers, kit: Kit) -> tuple[Answers, Plan]:
    """Return what is said and planned when the questions on screen are answered from a file."""
    app = InterviewApp(PlansAtTheEnd.on(kit, DAY, "expert"))
    async with opened(app) as pilot:
        shown = interview(pilot)
        while (question := shown.interview.current) is not None:
            await type_fast(pilot, *keys_for(question, answers.values.get(question.id)))
        await settled(pilot)
        assert shown.plan is not None
        return shown.interview.answers, without_sources(shown.plan)


def in_words(question: Question, value: Value) -> str:
    many = value if isinstance(value, tuple) else (value,)
    numbers = {option.id: str(n) for n, option in enumerate(question.options, 1)}
    return ", ".join(numbers.get(str(v), str(v)) for v in many)


def keys_for(question: Question, value: Value | None) -> list[str]:
    """Return the keys that give an answer: arrows from the cursor, spaces, digits."""
    if value is None:
        return ["s"]
    if not question.options:
        text = " / ".join(map(str, value)) if isinstance(value, tuple) else str(value)
        named = {" ": "space", "/": "slash", ".": "full_stop", "-": "minus"}
        return [*(named.get(c, c) for c in text), "enter"]
    ids = [option.id for option in question.options]
    places = [ids.index(str(v)) for v in (value if isinstance(value, tuple) else (value,))]
    if question.type == "single" and places[0] < 9:
        return [str(places[0] + 1)]
    first = ["1", "1"] if question.type != "single" else []
    keys, at = [*first], 0
    for place in places:
        step = "down" if place >= at else "up"
        keys += [step] * abs(place - at) + ["space"]
        at = place
    return [*keys, "enter"]


def test_every_kind_of_workload_is_recommended_something_after_one_answer(kit: Kit) -> None:
    advice = AdviceSession.on(kit, DAY)
    kinds = advice.interview.by_id["problem_type"]
    assert advice.interview.current is kinds  # what it is about is asked first
    said = {}
    for kind in kinds.options:
        advice.interview.go_to(kinds.id)
        advice.interview.answer(kinds, kind.id)
        plan = advice.plan(advice.interview.answers, lambda: True)
        assert plan is not None
        assert plan.feasible, kind.id
        said[kind.id] = strip(plan, None, 78).plain
        assert re.search(r"\b(training|serving): \w", said[kind.id]), kind.id
        assert re.search(r"cost: \$[\d,]+ .* a month", said[kind.id]), kind.id
        assert "1 answer given" in next(h.text for h in headlines(plan) if h.id == KNOWN)
    advice.close()
    assert len(set(said.values())) > len(said) / 2  # it is about the kind, not the same for all
