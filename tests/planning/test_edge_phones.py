"""Phones of users are reached through a shop of applications; devices of one's own take people."""

from __future__ import annotations

from advisor.advise import advise
from advisor.domain.answers import Answers, Source, Value
from advisor.domain.plan import Plan
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.report.formats import render

PHONES: dict[str, Value] = {
    "problem_type": "nlp_understanding",
    "inference_mode": ("edge_on_device",),
    "edge_constraints": ("phone",),
    "edge_sites": 200_000.0,
    "latency_p99_ms": 30.0,
    "model_params_b": 0.02,
    "personal_data": "none",
}


def planned(kit: Kit, **values: Value) -> Plan:
    answers = {**PHONES, **values}
    return advise(Answers(answers, dict.fromkeys(answers, Source.GIVEN)), Line(kit), "2026-11-23")


def people(plan: Plan) -> float:
    return float(plan.cost.month.likely)  # the devices are the users' own


def test_phones_of_users_take_no_people_each(kit: Kit) -> None:
    few = planned(kit, consumers=("external_users",), edge_sites=200.0)
    many = planned(kit, consumers=("external_users",))
    staff = planned(kit, consumers=("internal_application",))
    assert people(many) == people(few) < people(staff) / 20


def test_a_target_that_phones_miss_is_said_in_words(kit: Kit) -> None:
    plan = planned(kit, consumers=("external_users",))
    page = render(plan, "md").decode()
    assert "the nearest, one processor a device, misses because" in page
    assert "200,000 devices (processor of the device)" in page
    assert "which none does" not in page
