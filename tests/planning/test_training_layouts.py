"""Layout search: Pareto set, bounds and reasons."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from advisor.planning.training_layouts import DevicePool, search_layouts
from advisor.sizing.training_defaults import memory_margin
from advisor.sizing.training_estimate import estimate_training
from advisor.sizing.training_job import TrainingJob
from tests.sizing.training_cases import CONSTANTS, H100, LLAMA_8B, MIXTRAL

JOB = TrainingJob(
    LLAMA_8B,
    H100,
    seq_len=8192,
    global_batch=512,
    tokens_total=1e12,
    gpus_per_node=8,
    family="fused",
)
POOL = DevicePool((8, 16, 32, 64), Decimal("2.50"), ("bf16", "fp8"))


def test_the_pareto_set_trades_time_for_cost() -> None:
    found = search_layouts(JOB, POOL, CONSTANTS).pareto
    hours = [choice.hours for choice in found]
    costs = [choice.cost for choice in found]
    assert len(found) > 1
    assert hours == sorted(hours, reverse=True)
    assert costs == sorted(costs)


def test_a_vectorised_layout_is_priced_like_a_single_job() -> None:
    for choice in search_layouts(JOB, POOL, CONSTANTS).pareto:
        single = estimate_training(choice.job, CONSTANTS)
        assert single.fits
        assert single.gpu_hours is not None
        assert single.gpu_hours.likely / choice.job.n_gpus == pytest.approx(choice.hours)  # type: ignore[operator]


def test_a_larger_pool_never_lengthens_the_fastest_layout() -> None:
    fastest = []
    for counts in ((8,), (8, 16), (8, 16, 32), (8, 16, 32, 64)):
        pool = DevicePool(counts, Decimal("2.50"))
        fastest.append(min(c.hours for c in search_layouts(JOB, pool, CONSTANTS).pareto))
    assert fastest == sorted(fastest, reverse=True)


def test_a_cheaper_price_never_raises_the_best_cost() -> None:
    def best(price: str) -> Decimal:
        pool = DevicePool((8, 16, 32, 64), Decimal(price))
        return min(choice.cost for choice in search_layouts(JOB, pool, CONSTANTS).pareto)

    assert best("1.00") < best("2.00") < best("4.00")


def test_tensor_parallel_stays_in_the_node_and_the_layout_says_why() -> None:
    job = TrainingJob(
        MIXTRAL,
        H100,
        seq_len=4096,
        global_batch=1024,
        tokens_total=1e12,
        gpus_per_node=8,
        family="fused",
    )
    found = search_layouts(job, DevicePool((32, 64), Decimal("2.50")), CONSTANTS)
    assert found.pareto
    for choice in found.pareto:
        assert (choice.job.tp or 1) <= 8
        assert choice.why
        assert choice.memory_share <= 1.0


def test_a_search_needs_the_tokens_of_the_run() -> None:
    with pytest.raises(ValueError, match="tokens"):
        search_layouts(TrainingJob(LLAMA_8B, H100), POOL, CONSTANTS)


def test_a_prudent_layout_holds_the_upper_end_of_its_memory() -> None:
    prudent = replace(JOB, prudent=True)
    tight = search_layouts(JOB, POOL, CONSTANTS).pareto
    roomy = search_layouts(prudent, POOL, CONSTANTS).pareto
    margin = memory_margin(prudent, CONSTANTS)
    assert margin > 1.0
    assert max(choice.memory_share for choice in tight) * margin > 1.0
    assert max(choice.memory_share for choice in roomy) * margin <= 1.0


def test_a_pool_too_small_keeps_nothing() -> None:
    found = search_layouts(
        TrainingJob(MIXTRAL, H100, tokens_total=1e9, family="fused"),
        DevicePool((1,), Decimal("2.50")),
        CONSTANTS,
    )
    assert found.tried > 0
    assert found.fitting == 0
    assert found.pareto == ()
