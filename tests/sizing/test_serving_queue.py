"""Queueing: textbook values and the direction of every knob."""

import pytest

from advisor.sizing.serving_job import ServingJob
from advisor.sizing.serving_queue import LatencyTarget, erlang_c, replicas_for_load, tail_wait_s
from tests.sizing.serving_cases import H100, LLAMA2_70B, LLAMA3_8B, shipped


def test_one_server_waits_with_the_chance_of_its_load() -> None:
    assert erlang_c(1, 0.7) == pytest.approx(0.7)


def test_erlang_c_of_ten_servers_at_eight_erlangs() -> None:
    """0.4092 in Erlang C tables (Cooper, Introduction to Queueing Theory)."""
    assert erlang_c(10, 8.0) == pytest.approx(0.4092, abs=0.0005)


def test_the_tail_of_one_server_is_that_of_m_m_1() -> None:
    """P(wait > t) = rho exp(-(1 - rho) t / s): 95 % at rho 0.5 is 2 s ln 10 = 4.605 s."""
    assert tail_wait_s(1, 0.5, 1.0, 0.95) == pytest.approx(4.605, abs=0.001)


def test_an_overloaded_replica_never_clears_its_queue() -> None:
    assert tail_wait_s(4, 4.0, 1.0, 0.95) == float("inf")


def test_more_load_needs_at_least_as_many_replicas() -> None:
    job = ServingJob(LLAMA3_8B, H100, input_len=1024, output_len=512)
    target = LatencyTarget(ttft_ms=1000, tpot_ms=60)
    counts = [replicas_for_load(job, load, target, shipped()).replicas for load in (1, 10, 40, 200)]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0] >= 1


def test_a_tighter_target_never_needs_fewer_replicas() -> None:
    job = ServingJob(LLAMA3_8B, H100, input_len=1024, output_len=512)
    loose = replicas_for_load(job, 40, LatencyTarget(2000, 100), shipped())
    tight = replicas_for_load(job, 40, LatencyTarget(2000, 25), shipped())
    assert tight.replicas >= loose.replicas


def test_a_target_below_a_lone_request_is_not_met() -> None:
    job = ServingJob(LLAMA2_70B, H100, 2, 2)
    plan = replicas_for_load(job, 1, LatencyTarget(tpot_ms=1), shipped())
    assert (plan.met, plan.replicas) == (False, 0)


def test_one_request_at_a_time_in_time_means_that_enough_replicas_are() -> None:
    """Scores of one token at a high rate wait for each other long before a replica is full."""
    job = ServingJob(LLAMA3_8B, H100, input_len=3000, output_len=1)
    alone = replicas_for_load(job, 0.01, LatencyTarget(total_ms=1e6), shipped())
    target = LatencyTarget(total_ms=1.05 * alone.total_ms, quantile=0.99)
    plan = replicas_for_load(job, 1000, target, shipped())
    assert plan.met
    assert plan.total_ms <= target.total_ms
    assert plan.utilisation < 0.1


def test_a_load_of_millions_is_carried_in_proportion() -> None:
    """Queues vanish in the ratio: at most one replica in a thousand is rounding and waiting."""
    job = ServingJob(LLAMA3_8B, H100, input_len=1024, output_len=512)
    target = LatencyTarget(ttft_ms=1000, tpot_ms=25)
    one, ten = (replicas_for_load(job, load, target, shipped()).replicas for load in (1e6, 1e7))
    assert abs(ten - 10 * one) <= 0.001 * ten


@pytest.mark.parametrize("load", [0.0, 100.0, 1800.0, 1960.0])
def test_many_slots_well_above_the_load_never_queue_as_the_recursion_says(load: float) -> None:
    """Erlang B by its recursion for 2,000 slots, beside what is returned."""
    blocked = 1.0
    for busy in range(1, 2001):
        blocked = load * blocked / (busy + load * blocked)
    expected = blocked / (1 - load / 2000 * (1 - blocked))
    assert erlang_c(2000, load) == pytest.approx(expected, abs=1e-12)


def test_millions_of_slots_are_no_work() -> None:
    assert erlang_c(10**12, 0.95e12) == 0.0
