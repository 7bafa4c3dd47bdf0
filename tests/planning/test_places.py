"""Where work runs: beside what is there anyway, on the desk, at each site, in each region."""

from __future__ import annotations

from decimal import Decimal

from advisor.advise import advise
from advisor.analysis.whole_plan import whole_plan
from advisor.domain.answers import Answers, Source, Value
from advisor.domain.interval import Interval
from advisor.domain.plan import CostItem, Money, Plan
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.planning.market import Market, Rate

HOSPITAL: dict[str, Value] = {
    "problem_type": "vision",
    "sector": ("healthcare",),
    "project_stage": "production",
    "lifetime": "indefinite",
    "data_modality": ("images",),
    "data_volume_gb": 30000,
    "data_location": ("files_on_disk",),
    "inference_mode": ("async_minutes",),
    "adaptation": "full_finetune",
    "model_params_b": 0.4,
    "train_volume": 3000000,
    "train_hours_target": 72,
    "retrain_cadence": "quarterly",
    "peak_rps": 4,
    "latency_p99_ms": 60000,
    "cloud_policy": ("aws", "azure"),
    "onprem_gpus": "workstations",
    "owned_accelerator": "rtx-a6000",
    "owned_count": 4,
    "regions_served": 2,
}


def plan_of(values: dict[str, Value], kit: Kit) -> Plan:
    """Return the whole plan of answers from a file."""
    answers, line = Answers(values, dict.fromkeys(values, Source.FILE)), Line(kit)
    return whole_plan(advise(answers, line, "2026-11-22"), line, answers)


def providers(plan: Plan) -> dict[str, str]:
    """Return where each use runs."""
    return {use.use: use.provider for use in plan.hardware}


def test_work_stays_with_the_machines_and_the_data_that_are_there(kit: Kit) -> None:
    plan = plan_of(HOSPITAL, kit)
    assert providers(plan) == {"serving": "own", "training": "own"}
    assert plan.decisions["data_storage"].chosen not in ("s3", "adls", "iceberg")


def test_two_regions_share_no_machine(kit: Kit) -> None:
    serving = next(u for u in plan_of(HOSPITAL, kit).hardware if u.use == "serving")
    assert (serving.count, serving.nodes) == (2, 2)
    one = next(
        u for u in plan_of({**HOSPITAL, "regions_served": 1}, kit).hardware if u.use == "serving"
    )
    assert one.nodes == 1


def test_a_spread_rate_counts_and_bills_the_machines_of_each_place() -> None:
    hour = Money(Decimal(8), Decimal(8), Decimal(8))
    rate = Rate("aws", "hyperscaler", "eight", 8, hour, "2026-11-22", "list")
    apart = Market({"x": (rate,)}).over(2).rate("x", 6)
    assert apart is not None
    assert (rate.instances(6), apart.instances(6)) == (1, 2)
    month = Interval(6.0, 6.0, 6.0)
    assert apart.cost(month, 6).likely == 2 * rate.cost(month, 6).likely


STUDY: dict[str, Value] = {
    "problem_type": "tabular_prediction",
    "lifetime": "one_off",
    "project_stage": "idea",
    "data_volume_gb": 2,
    "data_location": ("files_on_disk",),
    "inference_mode": ("batch",),
    "personal_data": "none",
    "ml_staff": 1,
}


def test_a_small_study_needs_no_rented_machine(kit: Kit) -> None:
    plan = plan_of(STUDY, kit)
    assert set(providers(plan).values()) == {"own"}
    assert plan.cost.month.likely == 0
    large = plan_of({**STUDY, "data_volume_gb": 60}, kit)
    assert set(providers(large).values()) != {"own"}


EDGE: dict[str, Value] = {
    "problem_type": "vision",
    "data_modality": ("images",),
    "inference_mode": ("edge_on_device",),
    "edge_constraints": ("gpu_module", "intermittent"),
    "adaptation": "full_finetune",
    "model_params_b": 0.03,
    "train_volume": 200000,
    "latency_p99_ms": 60,
    "cloud_policy": ("aws",),
}


def test_devices_are_counted_and_paid_one_by_one(kit: Kit) -> None:
    found = {n: plan_of({**EDGE, "edge_sites": n}, kit) for n in (3, 400)}
    count = {n: next(u.count for u in p.hardware if u.use == "serving") for n, p in found.items()}
    assert count == {3: 3, 400: 400}
    usd = {n: item(p, "serving").month.likely for n, p in found.items()}
    assert abs(usd[400] / usd[3] - Decimal(400) / 3) < 1
    assert item(found[400], "operations").month.likely > item(found[3], "operations").month.likely
    ids = {n: {f.id for f in p.findings} for n, p in found.items()}
    assert "fleet-tool-too-early" in ids[3] - ids[400]
    assert "fleet-logistics" in ids[400] - ids[3]


def item(plan: Plan, id_: str) -> CostItem:
    """Return a line of the bill."""
    return next(i for i in plan.cost.items if i.id == id_)


def test_a_deadline_that_nobody_gave_buys_no_speed(kit: Kit) -> None:
    work: dict[str, Value] = {
        "problem_type": "llm_finetune",
        "adaptation": "full_finetune",
        "model_params_b": 8,
        "train_volume": 300000000,
        "cloud_policy": ("aws",),
        "data_location": ("aws",),
    }
    left_open, asked = (
        next(u for u in plan_of(v, kit).hardware if u.use == "training")
        for v in (work, {**work, "train_hours_target": 0.5})
    )
    assert left_open.count < asked.count


def test_a_second_provider_is_one_only_where_it_pays(kit: Kit) -> None:
    """Small work goes where the large work stands: its saving does not pay for a contract."""
    values: dict[str, Value] = {
        "problem_type": "llm_finetune",
        "adaptation": "lora_finetune",
        "model_params_b": 8,
        "train_volume": 60000000,
        "inference_mode": ("online",),
        "peak_rps": 30,
        "cloud_policy": ("any",),
        "data_location": ("files_on_disk",),
        "platform_staff": 4,
        "k8s_skill": "yes_self_managed",
    }
    plan = plan_of(values, kit)
    rented = set(providers(plan).values()) - {"own", ""}
    two = any(f.id == "two-rented-providers" for f in plan.findings)
    assert two == (len(rented) > 1)
