"""Random answers that the questions allow, from a seed; what no user would say is among them."""

from __future__ import annotations

import random
from collections.abc import Iterable

from advisor.domain.answers import UNKNOWN, Answers, Source, Value
from advisor.domain.questions import Question


def random_answers(seed: int, questions: Iterable[Question], models: Iterable[str]) -> Answers:
    """Return answers to about two thirds of the questions; one in ten is `unknown`.

    The same seed gives the same answers to the same questions.
    """
    chance = random.Random(seed)  # noqa: S311  (samples, not secrets)
    values: dict[str, Value] = {}
    for question in questions:
        if chance.random() < 0.35:
            continue
        values[question.id] = UNKNOWN if chance.random() < 0.1 else _value(question, chance)
    model = chance.choice(sorted(models)) if chance.random() < 0.2 else ""
    return Answers(values, dict.fromkeys(values, Source.FILE), model)


def _value(question: Question, chance: random.Random) -> Value:
    ids = [option.id for option in question.options]
    if question.type == "multi":
        alone = {option.id for option in question.options if option.alone}
        taken = chance.sample(ids, k=min(len(ids), chance.randint(1, 3)))
        kept = [i for i in ids if i in taken and (len(taken) == 1 or i not in alone)]
        return tuple(kept or taken[:1])
    if question.type == "ranking":
        return (
            ("balanced",)
            if chance.random() < 0.5
            else tuple(chance.sample([i for i in ids if i != "balanced"], k=3))
        )
    if ids:
        return chance.choice(ids)
    if question.type == "pair":
        return (_number(question, chance), _number(question, chance))
    return _number(question, chance)


def _number(question: Question, chance: random.Random) -> float | int:
    """Return a number in the soft range, spread over its orders of magnitude."""
    low = max(question.minimum or 0.0, question.hard_minimum or 0.0, 0.001)
    high = max(question.maximum or 1e6, low * 2)
    value = low * (high / low) ** chance.random()
    return max(1, round(value)) if question.integer else float(f"{value:.4g}")
