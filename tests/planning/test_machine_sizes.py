"""CPU machines: a large one costs what a large one costs, and a device has its own processor."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from advisor.advise import advise
from advisor.domain.interval import Interval
from advisor.domain.plan import NOTHING, HardwareUse, Money, Plan
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.planning.machine_serving import machine_serving
from advisor.planning.market import Market, Rate
from tests.planning.test_sized_uses import images


def rate(name: str, vcpus: int, hour: str, memory_gb: float = 0.0) -> Rate:
    price = Decimal(hour)
    money = Money(price, price, price)
    return Rate(
        "cloud", "hyperscaler", name, 1, money, "2026-08", "list", vcpus=vcpus, memory_gb=memory_gb
    )


MARKET = Market({"cpu": (rate("small", 8, "0.3"), rate("large", 32, "1.2"))})


@pytest.mark.parametrize(
    ("vcpus", "names"),
    [(0, ["small", "large"]), (8, ["small", "large"]), (9, ["large"]), (33, ["large"])],
)
def test_machines_of_a_size(vcpus: int, names: list[str]) -> None:
    assert [r.instance for r in MARKET.of_size(vcpus).by_accelerator["cpu"]] == names


@pytest.mark.parametrize(
    ("vcpus", "memory_gb", "name"),
    [(2, 10, "small"), (9, 10, "large"), (2, 33, "large"), (2, 129, ""), (33, 1, "")],
)
def test_the_cheapest_work_that_holds_size_and_memory_alone(
    vcpus: int, memory_gb: float, name: str
) -> None:
    """The narrow machine costs less an hour and more a vCPU."""
    narrow = rate("narrow", 4, "0.2", 32)
    market = Market({"cpu": (narrow, rate("small", 8, "0.3", 32), rate("large", 32, "1.2", 128))})
    found = market.machine(vcpus, memory_gb)
    assert (found[0].instance if found else "") == name
    together = market.machines(2, memory_gb=129)
    assert together is not None
    assert together[1] * together[0].memory_gb >= 129


def plan(kit: Kit, folder: Path, answers: Mapping[str, object]) -> Plan:
    path = folder / "answers.yaml"
    path.write_text(yaml.safe_dump({"answers": answers}), encoding="utf-8")
    return advise(read_answers(path, kit.questions, kit.shapes.keys()), Line(kit), "2026-11-22")


def used(found: Plan, use: str) -> HardwareUse:
    return next(h for h in found.hardware if h.use == use)


def hours_of(use: HardwareUse) -> Interval:
    return next(f.value for f in use.figures if f.id in ("hours", "run"))


def test_the_host_does_not_shrink_the_machine(kit: Kit, tmp_path: Path) -> None:
    """50 GB of rows take 16 vCPUs to train in 36 hours at the upper end of the interval; two are
    likely in time for 240 hours and hold a tenth of the memory that the rows take."""
    for hours, instance in ((40, "e2-standard-16"), (240, "e2-standard-8")):
        answers = {
            "problem_type": "tabular_prediction",
            "cloud_policy": ["gcp"],
            "train_hours_target": hours,
        }
        training = used(plan(kit, tmp_path, answers), "training")
        assert training.instance == instance
        assert hours_of(training).high <= hours


def test_tables_of_a_recommender_take_memory_and_few_operations(kit: Kit, tmp_path: Path) -> None:
    """Of 50 billion parameters a step of training reads some rows, yet a machine holds them all."""
    answers = {"problem_type": "recsys_ranking", "personal_data": "none"}
    few, many = (plan(kit, tmp_path, {**answers, **more}) for more in ({}, {"model_params_b": 50}))
    hours = [hours_of(used(found, "training")).likely for found in (few, many)]
    assert 0.01 < hours[1] / hours[0] < 20
    memory = {entry.instance_type: entry.mem_gb for entry in kit.library.offers.values()}
    for use, least in (("training", 400), ("serving", 200)):
        assert memory[used(many, use).instance] >= least


def test_a_model_on_a_device_buys_no_server(kit: Kit, tmp_path: Path) -> None:
    answers = {
        "problem_type": "anomaly_fraud",
        "inference_mode": ["edge_on_device"],
        "edge_constraints": ["cpu_only"],
    }
    found = plan(kit, tmp_path, answers)
    assert used(found, "serving").instance == "processor of the device"
    assert all(i.month == NOTHING for i in found.cost.items if i.id == "serving")


def test_processors_are_too_slow_where_a_request_alone_is(kit: Kit) -> None:
    """ViT-B/16, 35 GFLOP on eight vCPUs: 120 ms, half as long again at the 99th percentile."""
    quick, slow = (
        machine_serving(images(kit, latency_ms=allowed), MARKET, kit.number, ("online",))[0]
        for allowed in (100.0, 1000.0)
    )
    assert not slow.failures
    assert quick.failures[0].text.endswith(" ms on 8 vCPUs")
