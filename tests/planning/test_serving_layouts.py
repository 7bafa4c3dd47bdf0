"""The layout search keeps what nothing beats; the cheapest of it carries the load in time."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.planning.serving_layouts import (
    BATCHES,
    ServingLayout,
    Sought,
    reasons,
    search_serving,
)
from advisor.planning.workload_shape import scaled
from advisor.sizing.serving_estimate import estimate_serving
from advisor.sizing.serving_queue import LatencyTarget, replicas_for_load
from tests.sizing.serving_cases import H100, H100_PCIE, LLAMA2_70B, LLAMA3_8B, shipped

SOUGHT = Sought()
SHIPPED = shipped()
TARGET = LatencyTarget(ttft_ms=2000, tpot_ms=60)


def kept(shape: ModelShape = LLAMA3_8B, device: Accelerator = H100) -> tuple[ServingLayout, ...]:
    return search_serving(shape, device, SOUGHT, SHIPPED).pareto


def best_cost(prices: dict[Accelerator, float], target: LatencyTarget = TARGET) -> float:
    """Return the lowest price of a load over devices and layouts."""
    costs = [float("inf")]
    for device, price in prices.items():
        for job in search_serving(LLAMA2_70B, device, SOUGHT, SHIPPED).jobs:
            plan = replicas_for_load(job, 20.0, target, SHIPPED)
            costs += [plan.replicas * job.tp * job.pp * price] if plan.met else []
    return min(costs)


@pytest.mark.parametrize("device", [H100, H100_PCIE])
def test_along_the_set_of_one_size_a_faster_answer_costs_rate(device: Accelerator) -> None:
    layouts = [one for one in kept(device=device) if one.job.n_gpus == 1]
    assert len(layouts) > 2
    rates = [one.requests_per_s_device for one in layouts]
    times = [one.total_ms for one in layouts]
    assert rates == sorted(rates, reverse=True)
    assert times == sorted(times, reverse=True)


def test_the_smallest_replica_is_kept_for_small_loads() -> None:
    assert min(job.n_gpus for job in search_serving(LLAMA3_8B, H100, SOUGHT, SHIPPED).jobs) == 1


def test_nothing_that_was_tried_beats_what_is_kept() -> None:
    """A search in one format alone finds no layout that beats the set of all formats."""
    everything = kept()
    for name in SOUGHT.formats:
        alone = replace(SOUGHT, formats=(name,))
        for one in search_serving(LLAMA3_8B, H100, alone, SHIPPED).pareto:
            assert any(
                other.requests_per_s_device >= one.requests_per_s_device
                and other.total_ms * 0.98 <= one.total_ms
                and other.job.n_gpus <= one.job.n_gpus
                for other in everything
            )


def test_every_replica_holds_its_requests() -> None:
    for one in kept(LLAMA2_70B):
        assert estimate_serving(replace(one.job, batch=one.batch), SHIPPED).fits


def test_a_cheaper_price_never_raises_the_best_cost() -> None:
    dear = best_cost({H100: 3.0, H100_PCIE: 2.0})
    assert best_cost({H100: 3.0, H100_PCIE: 1.2}) <= dear
    assert best_cost({H100: 2.5, H100_PCIE: 2.0}) <= dear


def test_another_device_on_offer_never_raises_the_best_cost() -> None:
    assert best_cost({H100: 3.0, H100_PCIE: 2.0}) <= best_cost({H100: 3.0})


def test_an_impossible_target_is_met_by_nothing() -> None:
    assert best_cost({H100: 3.0}, LatencyTarget(tpot_ms=0.01)) == float("inf")


def test_every_format_degree_and_number_in_flight_is_tried() -> None:
    """8B on H100: three formats, four tensor degrees, requests in flight to the cap of 256."""
    found = search_serving(LLAMA3_8B, H100, SOUGHT, SHIPPED)
    assert found.tried == 3 * 4 * int((BATCHES <= 256).sum())


def test_stages_are_used_only_where_tensor_ranks_do_not_hold_the_weights() -> None:
    """Four tensor ranks are most over PCIe, so that 200B in 16 bits takes two stages of them."""
    large = replace(LLAMA2_70B, params=2e11, active_params=2e11)
    sixteen = replace(SOUGHT, formats=("bf16",))
    laid = {(job.tp, job.pp) for job in search_serving(large, H100_PCIE, sixteen, SHIPPED).jobs}
    assert laid == {(4, 2)}
    assert {job.pp for job in search_serving(LLAMA2_70B, H100_PCIE, SOUGHT, SHIPPED).jobs} == {1}
    assert not search_serving(replace(large, params=9e11), H100_PCIE, sixteen, SHIPPED).jobs


def test_a_layout_says_what_splits_it() -> None:
    job = replace(kept(LLAMA2_70B)[0].job, tp=4, n_gpus=4)
    assert list(reasons(job)) == ["4 tensor ranks share each token over the fast link"]


def test_a_hundred_thousand_layouts_take_less_than_a_second_of_cpu() -> None:
    tried, begun = 0, time.process_time()
    for length in range(200, 400, 20):
        for device in (H100, H100_PCIE):
            sought = replace(SOUGHT, input_len=float(length))
            tried += search_serving(LLAMA3_8B, device, sought, SHIPPED).tried
    spent = time.process_time() - begun
    assert spent / tried * 100_000 < 2.0


@pytest.mark.parametrize("billions", [34, 100, 200, 340])
def test_a_model_known_by_its_size_alone_can_be_shared_by_a_host(billions: float) -> None:
    """Heads come in eights, so that two, four and eight devices can split a layer."""
    shape = scaled(LLAMA2_70B, billions * 1e9)
    jobs = search_serving(shape, H100, SOUGHT, SHIPPED).jobs
    assert max(job.tp for job in jobs) == 8
