"""Flip points of random briefs hold: planned anew on both of their sides, the plan is as told."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise

import pytest

from advisor.advise import advise
from advisor.analysis.flips import CLOSENESS, Flip, likely_axis
from advisor.analysis.question_value import brief_of
from advisor.analysis.random_answers import random_answers
from advisor.analysis.sensitivity import Influence, influence
from advisor.analysis.sweep_flips import Stretch, Swept, swept
from advisor.analysis.sweep_values import between, finest
from advisor.analysis.whatif import WhatIf
from advisor.analysis.whatif_outcome import Outcome, differing, outcome_of
from advisor.domain.answers import Value
from advisor.domain.questions import Question
from advisor.planning.kit import Kit
from advisor.planning.line import Line

AS_OF = "2026-11-22"
USES = ("training", "serving")


def _number(value: Value) -> float:
    assert isinstance(value, int | float)
    return float(value)


class Anew:
    """What lines that have never planned say of one brief, advice and words included."""

    def __init__(self, ask: WhatIf) -> None:
        self.ask = ask
        self.known: dict[tuple[str, Value], Outcome] = {}

    def at(self, question: Question, value: Value) -> Outcome:
        key = question.id, value
        if key not in self.known:
            given = self.ask.given({question.id: value})
            self.known[key] = outcome_of(advise(given, Line(self.ask.line.kit), AS_OF))
        return self.known[key]


def _label(outcome: Outcome, part: str) -> str:
    if part == "feasible":
        return "yes" if outcome.feasible else "no"
    return outcome.runs_on(part) if part in USES else outcome.name(part)


def _numbers(ask: WhatIf, chance: random.Random) -> Iterator[tuple[Question, float]]:
    """Yield two questions of a brief that take a number, with their answers."""
    brief = brief_of(ask)
    found = [
        (question, _number(brief.values[question.id]))
        for question in ask.line.kit.questions
        if question.type == "number" and question.id in brief.values
    ]
    yield from chance.sample(found, k=2)


def _sides(found: Swept, stretches: tuple[Stretch, ...]) -> Iterator[tuple[Stretch, Value]]:
    """Yield the stretches with the values at their ends that meet another one."""
    for one, other in pairwise(stretches):
        low, high = _number(one.last), _number(other.first)
        assert between(found.axis.question, low, high, finest(found.axis)) is None
        yield one, one.last
        yield other, other.first


def follow(kit: Kit, seed: int, most: int) -> int:
    """Check `most` flips of each of two sweeps, and the nearest ones; return how many they were."""
    ask = WhatIf(Line(kit), random_answers(seed, kit.questions, kit.shapes), AS_OF)
    anew, chance, checked = Anew(ask), random.Random(seed), 0
    for question, value in _numbers(ask, chance):
        found = swept(ask, likely_axis(question, value), {})
        ends = [(t.id, *side) for t in found.tracks for side in _sides(found, t.stretches)]
        for part, stretch, end in chance.sample(ends, k=min(most, len(ends))):
            said = _label(anew.at(question, end), part)
            assert said == stretch.label, (seed, question.id, part, end)
            checked += 1
        one = influence(ask, question, brief_of(ask), ask.outcome({}))
        checked += sum(_flips(anew, one, flip) for flip in (one.below, one.above) if flip)
    return checked


def _flips(anew: Anew, one: Influence, flip: Flip) -> int:
    """Check that the plan differs as told at the flip, and not a step nearer to the answer."""
    question, value, at = one.question, _number(one.value), _number(flip.value)
    base = anew.at(question, one.value)
    assert differing(base, anew.at(question, flip.value)) == flip.decisions != ()
    step = max(CLOSENESS * max(at, value), 1.0 if question.counts else 0.0) * 1.01
    nearer = at + step if at < value else at - step
    if not min(at, value) < nearer < max(at, value):
        return 1
    near = round(nearer) if question.counts else nearer
    assert not differing(base, anew.at(question, near)), (question.id, value, at, near)
    return 2


@pytest.mark.parametrize("seed", [0, 3, 6, 9])
def test_flips_hold_on_both_sides(kit: Kit, seed: int) -> None:
    assert follow(kit, seed, most=3)


@pytest.mark.long
def test_flips_of_many_briefs_hold_on_both_sides(kit: Kit) -> None:
    assert sum(follow(kit, seed, most=1_000) for seed in range(1_000, 1_200)) > 1_000
