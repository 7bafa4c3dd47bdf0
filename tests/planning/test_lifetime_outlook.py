"""What follows from the cost of a life: API or own, frontier, scaling, trainings, energy."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from advisor.advise import advise
from advisor.analysis.random_answers import random_answers
from advisor.domain.plan import NOTHING
from advisor.planning.kit import Kit
from advisor.planning.lifetime_api import break_even
from advisor.planning.lifetime_autoscaling import autoscaling_words, warm_up_s
from advisor.planning.lifetime_capacity import Capacity, capacity_of
from advisor.planning.lifetime_cycle import cycle_words
from advisor.planning.lifetime_energy import energy_of
from advisor.planning.lifetime_frontier import knee, noticeable, pareto, within_reach
from advisor.planning.lifetime_outlook import outlook_of, with_lifetime
from advisor.planning.lifetime_plan import lifetime_of
from advisor.planning.lifetime_runs import releases, runs_of
from advisor.planning.lifetime_scaling import steps_of
from advisor.planning.lifetime_tiers import tiers_of
from advisor.planning.line import Line
from advisor.planning.options import Option
from tests.planning.lifetime_cases import DAY, STILL, planned


def capacity(kit: Kit, replicas: int, *, used: float = 0.0) -> Capacity:
    """Return single-device replicas at a rented rate, without spares, in one region."""
    line, _ = planned(kit, "lora-startup")
    found = capacity_of(line)
    assert found is not None
    facts: dict[str, str | int | float] = {"utilisation_pct": used}
    option = replace(found.option, replicas=replicas, devices=replicas, facts=facts)
    return replace(found, option=option)


def test_running_a_model_wins_where_the_fleet_costs_less_than_its_tokens(kit: Kit) -> None:
    """One replica at $1,500 a month and $500 of people carry 1,000 million tokens; at $4 a
    million they cost less from 2,000 / 4 = 500 million on."""
    found = break_even(capacity(kit, 1), Decimal(1500), Decimal(500), Decimal(4), Decimal(1000))
    assert found.millions == Decimal(500)


def test_a_second_replica_is_paid_before_running_wins(kit: Kit) -> None:
    """At $1.90 one replica's 2,000 buys 1,053 million, more than it carries; two cost 3,500,
    1,842 million, which two carry."""
    found = break_even(capacity(kit, 1), Decimal(1500), Decimal(500), Decimal("1.9"), Decimal(1000))
    assert float(found.millions) == pytest.approx(3500 / 1.9)


def test_calling_stays_cheaper_where_tokens_cost_less_than_a_full_replica(kit: Kit) -> None:
    found = break_even(capacity(kit, 1), Decimal(1500), Decimal(500), Decimal("1.5"), Decimal(1000))
    assert found.millions == 0


def test_replicas_follow_the_load_in_whole_steps(kit: Kit) -> None:
    found = capacity(kit, 4)
    assert [found.replicas(f) for f in (0.0, 0.5, 1.0, 1.01, 2.0)] == [1, 2, 4, 5, 8]


def test_room_on_the_last_replica_is_used_before_another_is_added(kit: Kit) -> None:
    """Two replicas at 45 % of their rate are 1.5 full ones at 60 %: a third comes at 4/3."""
    found = capacity(kit, 2, used=45.0)
    assert found.ceiling(2) == pytest.approx(4 / 3)
    assert (found.replicas(1.33), found.replicas(1.34)) == (2, 3)


def option(accelerator: str) -> Option:
    return Option("training", "one_gpu", accelerator, 1, 1, "", "", "", "")


def test_the_frontier_keeps_what_nothing_beats_in_both() -> None:
    rows = [
        (Decimal(10), 9.0, option("a")),
        (Decimal(12), 9.5, option("b")),
        (Decimal(20), 3.0, option("c")),
        (Decimal(40), 2.0, option("d")),
    ]
    assert [o.accelerator for _, _, o in pareto(rows)] == ["a", "c", "d"]


def test_what_costs_four_times_the_cheapest_is_no_alternative_unless_it_was_chosen() -> None:
    rows = [(Decimal(cost), 9.0 - cost / 10, option(id_)) for cost, id_ in RATED]
    assert [o.accelerator for _, _, o in within_reach(rows, option("d"))] == ["a", "b", "d"]


RATED = ((10, "a"), (40, "b"), (41, "c"), (80, "d"))


SLOW_STEPS = ((10, 9.0, "a"), (20, 8.9, "c"), (40, 8.0, "d"))


def test_a_step_that_nobody_notices_is_no_step() -> None:
    rows = [(Decimal(n), speed, option(a)) for n, speed, a in SLOW_STEPS]
    assert [o.accelerator for _, _, o in noticeable(rows, option("a"))] == ["a", "d"]
    kept = noticeable(rows, option("c"))
    assert [o.accelerator for _, _, o in kept] == ["a", "c", "d"], "what is chosen stays"


def test_the_knee_is_where_the_frontier_bends_most() -> None:
    assert knee([(10.0, 100.0), (12.0, 12.0), (100.0, 10.0)]) == 1
    assert knee([(10.0, 100.0), (100.0, 10.0)]) is None


@pytest.mark.parametrize(
    ("rate", "expected"),
    [(1 / 3, [0, 0, 1, 0, 0, 1]), (1.0, [1] * 6), (52 / 12, [4, 4, 5, 4, 4, 5])],
)
def test_releases_fall_due_in_whole_runs(rate: float, expected: list[int]) -> None:
    assert [releases(rate, month) for month in range(6)] == expected


def test_trainings_of_the_calendar_cost_what_the_months_hold(kit: Kit) -> None:
    """Monthly retraining: 1 + 18 trainings are the training lines of the life."""
    line, plan = planned(kit, "lora-startup", **STILL)
    life = lifetime_of(line, plan.cost)
    paid = sum(
        c.total.likely
        for c in life.components
        if c.id in ("first_training", "retraining", "tuning")
    )
    runs = runs_of(line, plan.cost.months)
    assert sum(run.count for run in runs) == 19
    spent = sum((run.count * run.usd for run in runs), Decimal(0))
    assert abs(spent - paid) < Decimal(1)


def test_steps_cost_what_the_months_hold(kit: Kit) -> None:
    line, plan = planned(kit, "recommender-20k", growth_12m=5)
    serving = lifetime_of(line, plan.cost).component("serving")
    assert serving is not None
    steps = steps_of(line, plan.cost.months)
    assert len(steps) > 1
    assert steps[0].month == lifetime_of(line, plan.cost).calendar[7]
    assert steps[-1].month_usd == serving.months[-1].likely


def test_energy_by_hand(kit: Kit) -> None:
    """A run a month for 18 months and the first, on one H100: 700 W x 1.8 for the server x 0.8
    of it drawn x the provider's PUE."""
    line, plan = planned(kit, "lora-startup", **STILL)
    used = line.uses["training"]
    assert (used.accelerator, used.provider) == ("h100-sxm5-80gb", "aws")
    found = energy_of(line, plan.cost.months)
    assert found is not None
    hours = used.hours_once.likely + 18 * used.hours_month.likely
    assert dict(found.kwh)["training"] == pytest.approx(hours * 0.7 * 1.8 * 0.8 * 1.15, rel=1e-6)
    total = sum(kwh for _, kwh in found.kwh)
    assert found.kg_co2e == pytest.approx(total * 0.3695, rel=1e-6)
    assert found.greener_kg_co2e < found.kg_co2e


def test_moving_to_a_greener_region_names_its_price(kit: Kit) -> None:
    """p5en.48xlarge costs the same in Oregon as in Virginia, on a grid of less carbon."""
    line, plan = planned(kit, "impossible-budget")
    found = energy_of(line, plan.cost.months)
    assert found is not None
    assert (found.greener, found.extra_usd) == ("us-west-2 of AWS", Decimal("0.00"))
    assert found.greener_kg_co2e < found.kg_co2e
    line, plan = planned(kit, "rag-bank")
    own = energy_of(line, plan.cost.months)
    assert own is not None
    assert own.greener == ""


def test_hosted_models_are_compared_by_tier_with_what_may_be_saved(kit: Kit) -> None:
    """A month of chat: cached prompts lower the bill, so that running a model pays later; a small
    model is cheaper, and one of the frontier dearer, than one as able as your own."""
    line, _ = planned(kit, "chat-70b-eu")
    tiers = {tier.name: tier for tier in tiers_of(line)}
    assert list(tiers) == ["small", "as able as your own", "frontier"]
    for tier in tiers.values():
        assert tier.saved_usd <= tier.month_usd
        assert not tier.saved_millions or tier.millions <= tier.saved_millions
    assert tiers["frontier"].saved_usd < tiers["frontier"].month_usd


def test_batches_halve_the_price_where_nobody_waits(kit: Kit) -> None:
    line, _ = planned(kit, "chat-70b-eu", inference_mode=("batch",))
    waiting, _ = planned(kit, "chat-70b-eu")
    half = {t.name: t.saved_usd / t.month_usd for t in tiers_of(line)}
    whole = {t.name: t.saved_usd / t.month_usd for t in tiers_of(waiting)}
    assert half["frontier"] < Decimal("0.51") < whole["frontier"]


def test_a_new_replica_carries_load_after_machine_weights_and_server(kit: Kit) -> None:
    """Three minutes of machine, the weights at one GiB/s, one minute of server."""
    line, _ = planned(kit, "chat-70b-eu")
    found = capacity_of(line)
    assert found is not None
    weights = float(found.option.facts["weights_gib"])
    assert warm_up_s(line, found) == pytest.approx(180 + weights + 60)
    words = " ".join(autoscaling_words(line))
    assert "add a replica" in words
    assert "no scale to zero" in words


def test_the_cycle_names_triggers_gates_and_the_end(kit: Kit) -> None:
    line, plan = planned(kit, "lora-startup", deletion_requests="from_stores_and_models")
    text = " ".join(cycle_words(line, plan.cost.months))
    for words in ("trained again monthly", "drift:", "gate:", "rollback:", "forces one", "sunset:"):
        assert words in text
    assert not list(cycle_words(planned(kit, "rules-are-enough")[0], 60))


def test_freedom_to_stop_is_too_much_only_where_nobody_asked_for_it(kit: Kit) -> None:
    def said(**changes: object) -> list[str]:
        line, plan = planned(kit, "impossible-budget", **changes)
        found = outlook_of(line, lifetime_of(line, plan.cost))
        return [i.text for i in found.investments if "freedom to stop" in i.text]

    assert said()
    assert said(scale_down_plan="unlikely")
    assert not said(scale_down_plan="likely")


@pytest.mark.parametrize(
    "scenario",
    ["lora-startup", "rag-bank", "edge-defects", "churn", "research-workstations", "pretrain-30b"],
)
def test_every_plan_has_an_outlook(kit: Kit, scenario: str) -> None:
    line, plan = planned(kit, scenario)
    found = outlook_of(line, lifetime_of(line, plan.cost))
    assert found.leaving
    for use in {p.use for p in found.frontier}:
        mine = [p for p in found.frontier if p.use == use]
        assert [p.cost for p in mine] == sorted(p.cost for p in mine)
        assert [p.speed for p in mine] == sorted((p.speed for p in mine), reverse=True)
    for investment in found.investments:
        assert investment.kind in ("overspend", "underinvest")
        assert investment.kind == "underinvest" or (investment.usd or 0) > 0


def test_any_answers_give_ordered_amounts_that_add_up(kit: Kit) -> None:
    line = Line(kit)
    for seed in range(15):
        plan = advise(random_answers(seed, kit.questions, kit.shapes), line, DAY)
        whole = with_lifetime(plan, line)
        assert whole.life is not None
        assert whole.outlook is not None
        assert sum(whole.life.months, NOTHING) == whole.life.total
        for money in (*whole.life.months, *(way.total for way in whole.outlook.ways)):
            assert 0 <= money.low <= money.likely <= money.high
