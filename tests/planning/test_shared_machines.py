"""Machines of one's own that do both uses are paid once, and time in a database is billed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from advisor.domain.plan import NOTHING
from advisor.planning.kit import Kit
from advisor.planning.lifetime_outlook import outlook_of
from advisor.planning.lifetime_plan import lifetime_of
from advisor.planning.options import occupied
from advisor.planning.shared_machines import shared
from tests.planning.lifetime_cases import planned


def test_training_beside_serving_pays_only_for_further_machines(kit: Kit) -> None:
    """Two devices serve and one trains: a server of four holds them, two servers hold seven."""
    line, _ = planned(kit, "hospital-imaging")
    training, serving = line.uses["training"], line.uses["serving"]
    assert (serving.devices, training.devices) == (2, 1)
    assert training.month == NOTHING
    many = replace(training, devices=4)
    paid = shared(line, {"training": many, "serving": serving})["training"].month.likely
    assert paid == serving.month.likely


def test_machines_that_only_score_now_and_then_train_between(kit: Kit) -> None:
    line, _ = planned(kit, "research-workstations")
    training, serving = line.uses["training"], line.uses["serving"]
    assert serving.pattern == "batch"
    assert (training.month, serving.devices) == (NOTHING, training.devices)
    online = replace(serving, pattern="online")
    paid = shared(line, {"training": training, "serving": online})["training"].month.likely
    assert paid == serving.month.likely


def test_what_serving_leaves_of_the_machines_owned_is_counted_once(kit: Kit) -> None:
    """Sixteen accelerators are taken as owned: what serving uses, training would have to buy."""
    line, _ = planned(kit, "hospital-imaging")
    training, serving = line.uses["training"], line.uses["serving"]
    other = replace(training, accelerator="a10", instance="own server with 4 x A10")
    few = shared(line, {"training": other, "serving": serving})["training"].month.likely
    all_ = replace(serving, devices=16)
    much = shared(line, {"training": other, "serving": all_})["training"].month.likely
    assert Decimal(0) < few < much


@pytest.mark.parametrize("use", ["training", "serving"])
def test_time_in_a_database_is_billed(kit: Kit, use: str) -> None:
    """Credit-hours at $3: (one-warehouse hours of a run + ten idle minutes of its size) x runs."""
    line, plan = planned(kit, "churn")
    option = line.uses[use]
    assert option.pattern == "in_database"
    assert option.month.likely == Decimal(str(option.hours_month.likely * 3)).quantize(
        Decimal("0.01")
    )
    assert "warehouse" not in " ".join(plan.cost.excluded)


def test_a_smaller_load_never_costs_more_without_saying_so(kit: Kit) -> None:
    """Where a larger load would cost less, preferences took the dearer way and the plan says by
    how much; the rest was machines priced one by one."""
    plans = [planned(kit, "chat-70b-eu", peak_rps=load) for load in (3.91, 4.56, 9.1, 14.1)]
    for (line, dear), (_, cheap) in pairwise(plans):
        more = (dear.cost.month.likely - cheap.cost.month.likely) * dear.cost.months
        said = [
            i.usd or 0
            for i in outlook_of(line, lifetime_of(line, dear.cost, 3)).investments
            if i.kind == "overspend"
        ]
        assert more <= max(said, default=Decimal(0))


def test_replicas_that_must_stand_are_no_larger_than_the_load_asks(kit: Kit) -> None:
    """Nine copies stand for availability; each is the smallest machine until they are full."""
    months = [
        planned(kit, "recommender-20k", peak_rps=load)[1].cost.month.likely for load in (160, 400)
    ]
    assert months[0] <= months[1]


def test_releases_beside_each_other_take_machines_of_their_own(kit: Kit) -> None:
    """Eight models of 70 device-hours, sixty trials each: seven pairs of devices at a time."""
    line, _ = planned(kit, "drug-discovery")
    training, serving = line.uses["training"], line.uses["serving"]
    assert occupied(training) == 14
    assert training.month.likely == serving.month.likely, "one server more than scoring takes"
    assert occupied(replace(training, hours_month=training.hours_once)) >= training.devices


def test_a_release_trains_on_processors_that_serve_and_idle(kit: Kit) -> None:
    at_home = {
        "cloud_policy": ("on_prem_only",),
        "residency": "own_premises",
        "data_location": ("on_prem_database",),
        "existing_tools": ("postgres",),
    }
    line, plan = planned(kit, "life-insurer", **at_home)
    training, serving = line.uses["training"], line.uses["serving"]
    assert training.instance == serving.instance == "own dual-socket server"
    assert training.month == NOTHING
    busy = replace(serving, facts={**serving.facts, "utilisation_pct": 60.0})
    assert shared(line, {"training": training, "serving": busy})["training"].month.likely > 0
    found = outlook_of(line, lifetime_of(line, plan.cost)).investments
    assert any("a virtual machine on servers that you run already" in i.text for i in found)
