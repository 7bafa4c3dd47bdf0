"""A line that follows changed answers says what a new line says, byte for byte."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from advisor.advise import advise
from advisor.analysis.random_answers import random_answers
from advisor.analysis.whatif import WhatIf
from advisor.domain.answers import Answers, Source
from advisor.planning.kit import Kit
from advisor.planning.line import Line

AS_OF = "2026-11-22"


def _changed(answers: Answers, other: Answers, chance: random.Random) -> Answers:
    """Return the answers with one to three taken over from another set, or dropped."""
    values = dict(answers.values)
    for question in chance.sample(sorted({*values, *other.values}), k=chance.randint(1, 3)):
        if question in other.values:
            values[question] = other.values[question]
        else:
            values.pop(question, None)
    return replace(answers, values=values, sources=dict.fromkeys(values, Source.FILE))


def _follows(kit: Kit, seed: int, steps: int) -> None:
    chance = random.Random(seed)
    live = Line(kit)
    answers = random_answers(seed, kit.questions, kit.shapes)
    advise(answers, live, AS_OF)
    for step in range(steps):
        other = random_answers(seed * 1000 + step, kit.questions, kit.shapes)
        if step % 3 == 0:  # a look among few accelerators leaves nothing behind
            WhatIf(live, answers, AS_OF).near(1).outcome({"data_volume_gb": 7 * step + 1})
        answers = _changed(answers, other, chance)
        followed = advise(answers, live, AS_OF)
        anew = advise(answers, Line(kit), AS_OF)
        assert followed == anew, (seed, step)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_following_changes_gives_what_planning_anew_gives(kit: Kit, seed: int) -> None:
    _follows(kit, seed, 12)


@pytest.mark.long
def test_a_thousand_changes_give_what_planning_anew_gives(kit: Kit) -> None:
    for seed in range(100, 150):
        _follows(kit, seed, 20)
