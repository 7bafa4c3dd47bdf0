"""CPU machines: a large one costs what a large one costs, and a device has its own processor."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from advisor.advise import advise
from advisor.domain.plan import NOTHING, HardwareUse, Money, Plan
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.planning.market import Market, Rate


def rate(name: str, vcpus: int, hour: str) -> Rate:
    price = Decimal(hour)
    money = Money(price, price, price)
    return Rate("cloud", "hyperscaler", name, 1, money, "2026-08", "list", vcpus=vcpus)


MARKET = Market({"cpu": (rate("small", 8, "0.3"), rate("large", 32, "1.2"))})


@pytest.mark.parametrize(
    ("vcpus", "names"),
    [(0, ["small", "large"]), (8, ["small", "large"]), (9, ["large"]), (33, ["large"])],
)
def test_machines_of_a_size(vcpus: int, names: list[str]) -> None:
    assert [r.instance for r in MARKET.of_size(vcpus).by_accelerator["cpu"]] == names


def plan(kit: Kit, folder: Path, answers: Mapping[str, object]) -> Plan:
    path = folder / "answers.yaml"
    path.write_text(yaml.safe_dump({"answers": answers}), encoding="utf-8")
    return advise(read_answers(path, kit.questions, kit.shapes.keys()), Line(kit), "2026-11-22")


def used(found: Plan, use: str) -> HardwareUse:
    return next(h for h in found.hardware if h.use == use)


def test_the_host_does_not_shrink_the_machine(kit: Kit, tmp_path: Path) -> None:
    """50 GB of rows take 32 vCPUs to train in twelve hours; eight would cost a quarter."""
    answers = {
        "problem_type": "tabular_prediction",
        "cloud_policy": ["gcp"],
        "train_hours_target": 12,
    }
    training = used(plan(kit, tmp_path, answers), "training")
    assert (training.instance, training.layout) == ("e2-standard-32", "1 machine of 32 vCPUs")


def test_a_model_on_a_device_buys_no_server(kit: Kit, tmp_path: Path) -> None:
    answers = {
        "problem_type": "anomaly_fraud",
        "inference_mode": ["edge_on_device"],
        "edge_constraints": ["cpu_only"],
    }
    found = plan(kit, tmp_path, answers)
    assert used(found, "serving").instance == "processor of the device"
    assert all(i.month == NOTHING for i in found.cost.items if i.id == "serving")
