"""Rankings of the considerations as weights, and what they do to a choice."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.domain.considerations import AREAS, weights_of
from advisor.domain.rule import Strength
from advisor.library.answers import read_answers, settled
from advisor.planning.candidates import Candidate
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.planning.select import choose, standings
from advisor.planning.trace import Opinion
from advisor.planning.verdicts import Verdict
from advisor.planning.weights import worth_of

TOLERANCE = {Strength.SHOULD: Decimal(15), Strength.COULD: Decimal(5)}


def preferred(candidate: str, area: str) -> Verdict:
    return Verdict("d", candidate, "prefer", "X", Strength.SHOULD, "fits", area=area)


def test_a_whole_ranking_gets_the_published_centroids_of_five() -> None:
    found = weights_of(("cost", "security", "performance", "lifecycle", "scalability"))
    published = [Decimal(x) for x in ("0.4567", "0.2567", "0.1567", "0.0900", "0.0400")]
    assert list(found)[:2] == ["cost", "security"]
    for weight, share in zip(found.values(), published, strict=True):
        assert weight / 5 == pytest.approx(share, abs=Decimal("0.0001"))


@pytest.mark.parametrize("ranking", [None, ("balanced",), ("cost",), ("cost", "security"), ()])
def test_weights_keep_their_order_and_their_mean(ranking: tuple[str, ...] | None) -> None:
    found = weights_of(ranking)
    assert found.keys() == AREAS.keys()
    assert sum(found.values()) == pytest.approx(Decimal(5), abs=Decimal("0.01"))
    ranked = [found[id_] for id_ in ranking or () if id_ in AREAS]
    others = [weight for id_, weight in found.items() if id_ not in (ranking or ())]
    assert ranked == sorted(ranked, reverse=True)
    assert not ranked or not others or min(ranked) > max(others)


@pytest.mark.parametrize(("first", "taken"), [("cost", "cheap"), ("performance", "fast")])
def test_what_is_ranked_first_decides_between_equals(first: str, taken: str) -> None:
    verdicts = {
        "cheap": (preferred("cheap", "cost"),),
        "fast": (preferred("fast", "performance"),),
    }
    entries = [Candidate("d", id_, id_, attributes={"min_team": 0}) for id_ in verdicts]
    worth = worth_of({"priorities": (first,)}, TOLERANCE)
    (best,) = choose(standings(entries, Opinion(verdicts), {}, worth)).chosen
    assert best.candidate.id == taken


def test_a_line_that_planned_before_weighs_anew(kit: Kit) -> None:
    path = Path(__file__).resolve().parents[1] / "scenarios" / "lora-startup.yaml"
    answers = read_answers(path, kit.questions, kit.shapes.keys())
    ranked = settled(answers, kit.questions, {"priorities": ["performance"]})
    line = Line(kit)
    before = advise(answers, line, "2026-11-22")
    after = advise(ranked, line, "2026-11-22")
    assert after.decisions == advise(ranked, Line(kit), "2026-11-22").decisions
    assert after.decisions["training_framework"] != before.decisions["training_framework"]
    assert advise(answers, line, "2026-11-22").decisions == before.decisions
