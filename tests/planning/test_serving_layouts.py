"""The layout search keeps what nothing beats, and follows price, load and target."""

from dataclasses import replace
from decimal import Decimal

from advisor.planning.serving_layouts import BATCHES, ServingGoal, ServingPool, search_serving
from advisor.sizing.serving_queue import LatencyTarget
from tests.sizing.serving_cases import H100, H100_PCIE, LLAMA2_70B, LLAMA3_8B, shipped

POOLS = (ServingPool(H100, Decimal("3.00")), ServingPool(H100_PCIE, Decimal("2.00")))
GOAL = ServingGoal(20.0, LatencyTarget(ttft_ms=2000, tpot_ms=60))
SHIPPED = shipped()


def test_cost_rises_and_latency_falls_along_the_pareto_set() -> None:
    kept = search_serving(LLAMA3_8B, POOLS, GOAL, SHIPPED).pareto
    assert len(kept) > 1
    costs, times = [one.month_cost for one in kept], [one.total_ms for one in kept]
    assert costs == sorted(costs)
    assert times == sorted(times, reverse=True)


def test_every_layout_keeps_the_target_and_holds_the_load() -> None:
    for one in search_serving(LLAMA2_70B, POOLS, GOAL, SHIPPED).pareto:
        assert one.ttft_ms <= 2000
        assert one.tpot_ms <= 60
        assert one.utilisation <= 0.85
        assert one.why


def test_the_cost_counts_replicas_times_devices() -> None:
    one = search_serving(LLAMA2_70B, POOLS[:1], GOAL, SHIPPED).pareto[0]
    devices = one.replicas * one.job.tp * one.job.pp
    assert one.month_cost == devices * Decimal("3.00") * 730


def test_a_cheaper_price_never_raises_the_best_cost() -> None:
    dear = search_serving(LLAMA2_70B, POOLS, GOAL, SHIPPED).pareto[0].month_cost
    pools = (POOLS[0], replace(POOLS[1], hourly_price=Decimal("1.20")))
    assert search_serving(LLAMA2_70B, pools, GOAL, SHIPPED).pareto[0].month_cost <= dear


def test_more_devices_on_offer_never_raise_the_best_time() -> None:
    few = search_serving(LLAMA2_70B, (replace(POOLS[0], most=8),), GOAL, SHIPPED).pareto
    many = search_serving(LLAMA2_70B, (replace(POOLS[0], most=64),), GOAL, SHIPPED).pareto
    assert not few or many[-1].total_ms <= few[-1].total_ms


def test_an_impossible_target_keeps_nothing() -> None:
    goal = replace(GOAL, target=LatencyTarget(tpot_ms=0.01))
    found = search_serving(LLAMA2_70B, POOLS, goal, SHIPPED)
    assert found.tried > 0
    assert found.pareto == ()


def test_every_format_degree_and_batch_is_tried() -> None:
    """H100 alone, 8B: 3 formats, 4 tensor and 3 pipeline degrees, batches to the cap of 256."""
    found = search_serving(LLAMA3_8B, POOLS[:1], GOAL, SHIPPED)
    assert found.tried == 3 * 4 * 3 * int((BATCHES <= 256).sum())
    assert found.meeting <= found.tried
