"""What holds of the cost of a life whatever the answers are."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from advisor.advise import advise
from advisor.analysis.random_answers import random_answers
from advisor.domain.answers import Answers, Source
from advisor.domain.lifetime import INFRASTRUCTURE
from advisor.domain.plan import NOTHING, CostItem, Money, Plan
from advisor.planning.kit import Kit
from advisor.planning.lifetime_outlook import outlook_of
from advisor.planning.lifetime_plan import lifetime_of
from advisor.planning.line import Line
from tests.planning.lifetime_cases import DAY

Planned = tuple[Line, Plan]
SEEDS = range(100, 112)


@pytest.fixture(scope="module", params=SEEDS)
def drawn(kit: Kit, request: pytest.FixtureRequest) -> Planned:
    """Return the line and plan of answers drawn at random."""
    line = Line(kit)
    return line, advise(random_answers(request.param, kit.questions, kit.shapes), line, DAY)


def _ends(money: Money) -> tuple[Decimal, Decimal, Decimal]:
    return money.low, money.likely, money.high


def _no_less(more: Money, less: Money) -> bool:
    return all(a >= b for a, b in zip(_ends(more), _ends(less), strict=True))


def test_months_components_and_groups_come_to_the_total_to_the_cent(drawn: Planned) -> None:
    line, plan = drawn
    life = lifetime_of(line, plan.cost)
    assert sum(life.months, NOTHING) == life.total
    assert sum((c.total for c in life.components), NOTHING) == life.total
    assert sum((life.of(group) for group in life.groups), NOTHING) == life.total
    assert life.months_of_use == plan.cost.months
    for money in (*life.months, *(c.total for c in life.components)):
        assert 0 <= money.low <= money.likely <= money.high
        assert money.likely == money.likely.quantize(Decimal("0.01"))


def test_a_longer_life_never_costs_less(drawn: Planned) -> None:
    line, plan = drawn
    totals = [lifetime_of(line, plan.cost, n).total for n in (1, 2, 12, 24, 36, 37, 60, 73)]
    assert all(_no_less(longer, shorter) for shorter, longer in pairwise(totals))


def test_doubling_the_prices_never_lowers_the_total(drawn: Planned) -> None:
    line, plan = drawn
    dear = replace(plan.cost, items=tuple(map(_twice, plan.cost.items)))
    usual, doubled = lifetime_of(line, plan.cost), lifetime_of(line, dear)
    assert _no_less(doubled.total, usual.total)
    for cheap, other in zip(usual.months, doubled.months, strict=True):
        assert _no_less(other, cheap)


def _twice(item: CostItem) -> CostItem:
    return replace(item, month=item.month.times(2), one_off=item.one_off.times(2))


def test_every_total_says_its_date_its_end_and_what_it_leaves_out(drawn: Planned) -> None:
    line, plan = drawn
    life = lifetime_of(line, plan.cost)
    assert life.excluded[-1] == "switching off, as no end is stated" or life.ends
    assert "change of prices over the life" in life.excluded
    assert bool(life.price_date) or not life.of(INFRASTRUCTURE).likely
    for component in life.components:
        assert component.basis
        assert component.price_date or not component.total.likely or component.id == "operations"


@pytest.mark.parametrize("seed", SEEDS)
def test_without_any_use_only_what_is_kept_costs(kit: Kit, seed: int) -> None:
    """A load that falls to nothing within the year: calls, answers and logs cost nothing more;
    machines that stand, data and people stay."""
    drawn = random_answers(seed, kit.questions, kit.shapes)
    values = {**drawn.values, "growth_12m": 0.0}
    sources = {**drawn.sources, "growth_12m": Source.FILE}
    line = Line(kit)
    plan = advise(Answers(values, sources, drawn.model), line, DAY)
    life, serving = lifetime_of(line, plan.cost, 14), line.uses.get("serving")
    last = {c.id: c.months[life.lead + 12] for c in life.components}
    by_volume = serving is not None and serving.pattern in ("model_api", "serverless", "async")
    if by_volume and serving is not None and serving.provider != "own":
        assert last.get("serving", NOTHING).likely == 0
    assert last.get("monitoring", NOTHING).likely == 0


def test_every_way_is_paid_in_months_that_come_to_its_total(drawn: Planned) -> None:
    line, plan = drawn
    for way in outlook_of(line, lifetime_of(line, plan.cost)).ways:
        assert sum(way.cash, Decimal(0)) == way.total.likely
        assert len(way.cash) == plan.cost.months
        assert way.total.low <= way.total.likely <= way.total.high
