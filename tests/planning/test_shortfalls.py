"""What a plan falls short of later, what training takes once, and what scoring rounds take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.domain.lifetime import Investment
from advisor.domain.plan import Money
from advisor.planning.bill_people import PEOPLE_WHO_RUN
from advisor.planning.kit import Kit
from advisor.planning.lifetime_energy import energy_of
from advisor.planning.lifetime_outlook import outlook_of
from advisor.planning.lifetime_plan import lifetime_of
from advisor.planning.lifetime_products import products_to_run
from advisor.planning.lifetime_shortfall import shortfalls_of
from advisor.planning.standing_fees import fee_item
from tests.planning.lifetime_cases import STILL, planned

NAMED = ("budget", "storage", "compliance")


def short(kit: Kit, scenario: str, **changes: object) -> dict[str, Investment]:
    line, plan = planned(kit, scenario, **changes)
    found = shortfalls_of(line, lifetime_of(line, plan.cost))
    return {i.use if i.use in NAMED else " ".join(i.text.split()[:2]): i for i in found}


def test_a_budget_that_growth_outruns_is_said_with_its_month(kit: Kit) -> None:
    """$941 a month today is within $2,500; five times the calls are not."""
    found = short(kit, "startup-docs")["budget"]
    assert "above the budget of $2,500" in found.text
    assert "the data (assumed)" in found.text
    assert "budget" not in short(kit, "startup-docs", **STILL)
    assert "budget" not in short(kit, "startup-docs", budget_monthly=20000)


def test_a_lost_region_is_priced_until_the_others_carry_the_peak(kit: Kit) -> None:
    found = short(kit, "card-fraud")["without one"]
    assert found.text.startswith("without one of 2 regions the rest carries 91% of the peak")
    assert "1 replica more in each would carry all of it, for $131 a month" in found.text
    assert "without one" not in short(kit, "card-fraud", regions_served=1)


def test_a_second_machine_is_priced_where_one_holds_every_replica(kit: Kit) -> None:
    found = short(kit, "bank-h200")
    text = next(i.text for i in found.values() if "one machine holds all" in i.text)
    assert text.endswith("a second one takes $3,563 a month more")
    modest = short(kit, "bank-h200", availability_slo="99")
    assert not any("one machine holds all" in i.text for i in modest.values())


def test_releases_that_take_longer_than_the_time_between_them_are_said(kit: Kit) -> None:
    found = [i.text for i in short(kit, "driving-fleet", n_models=1).values()]
    assert any("one falls due every 168 h: 2 must train" in text for text in found)
    found = [i.text for i in short(kit, "driving-fleet", n_models=1, hpo_trials=10).values()]
    assert not any("falls due every" in text for text in found)
    found = [i.text for i in short(kit, "driving-fleet").values()]
    assert any(text.startswith("a release of 15 models takes") for text in found)


def test_products_that_own_people_run_are_counted_with_their_hours(kit: Kit) -> None:
    line, _ = planned(kit, "hospital-imaging")
    names = products_to_run(line)
    assert "MLflow" in names
    assert not any("hardware security module" in name for name in names)
    text = next(i.text for i in short(kit, "hospital-imaging").values() if i.use == "people")
    assert f"your own people run {len(names)} products" in text
    assert f"${len(names) * 4 * 125:,} a month more" in text
    assert products_to_run(planned(kit, "churn")[0]) == (), "a cloud runs them"


def test_spare_nodes_that_no_line_holds_are_priced(kit: Kit) -> None:
    line, _ = planned(kit, "pretrain-30b")
    assert short(kit, "pretrain-30b")["1 spare"].usd == line.uses["training"].one_off.likely / 4
    assert "1 spare" not in short(kit, "lora-startup")


def people(kit: Kit, **changes: object) -> Money:
    """Return the people of a month, and below them those who are paid once."""
    items = {i.id: i for i in planned(kit, "pretrain-30b", **changes)[1].cost.items}
    item = items[PEOPLE_WHO_RUN]
    return Money(item.one_off.likely, item.month.likely, item.month.high)


def test_a_cluster_that_trains_once_takes_people_while_it_trains(kit: Kit) -> None:
    """The run takes 1.7 months: people of the cluster are paid for two, and one to hand back."""
    once, again = people(kit), people(kit, retrain_cadence="yearly")
    assert once.low > again.low == 0
    assert once.likely < again.likely


@pytest.mark.parametrize(
    ("items", "hours", "said"), [(100_000, 4.25, "4.3"), (1_000_000, 42.5, "43")]
)
def test_scoring_rounds_of_a_language_model_are_paid_by_their_items(
    kit: Kit, items: int, hours: float, said: str
) -> None:
    option = planned(kit, "clinical-notes", batch_items=items)[0].uses["serving"]
    assert option.hours_month.likely == pytest.approx(hours, rel=0.02)
    assert f"of them take {said} h a month" in option.why


def test_many_items_take_more_machines(kit: Kit) -> None:
    option = planned(kit, "clinical-notes", batch_items=40_000_000)[0].uses["serving"]
    assert option.devices == 4


def test_items_that_were_counted_replace_the_share_of_the_data(kit: Kit) -> None:
    few, many = (
        planned(kit, "satellite-crops", batch_items=n)[0].uses["serving"].month.likely
        for n in (10_000_000, 1_000_000_000)
    )
    assert few < many


def test_a_processor_in_a_device_draws_no_power_of_a_server(kit: Kit) -> None:
    line, plan = planned(kit, "pump-gateways")
    found = energy_of(line, plan.cost.months)
    assert found is not None
    assert [use for use, _ in found.kwh] == ["training"]
    assert "devices at the edge" in found.basis


def test_a_larger_machine_is_taken_where_a_run_costs_the_same(kit: Kit) -> None:
    """Sixteen processors for a quarter of the hours cost what four do, and are in time at the
    high end as well."""
    option = planned(kit, "pump-gateways")[0].uses["training"]
    assert (option.vcpus, option.devices) == (16, 1)
    assert option.figures[0].value.high <= 12


def test_scoring_rounds_that_fill_a_month_take_more_devices(kit: Kit) -> None:
    """A device reads pictures for 438 of 730 hours at most: rounds run when data are there."""
    few, many = (
        planned(kit, "satellite-crops", batch_items=n)[0].uses["serving"] for n in (10**7, 10**9)
    )
    assert few.devices < many.devices
    assert many.hours_month.likely <= 0.6 * 730 * many.devices
    assert "pictures take" in few.why


def test_pictures_that_nobody_counted_are_those_that_come_in(kit: Kit) -> None:
    """Half of the archive comes in within a year; each picture is read once."""
    why = planned(kit, "satellite-crops")[0].uses["serving"].why
    assert "not counted: taken from the stored data, a month's share" in why


def test_a_device_works_on_one_item_after_the_other(kit: Kit) -> None:
    option = planned(kit, "edge-defects")[0].uses["serving"]
    assert option.facts["batch"] == 1
    assert "one item at a time" in option.layout


def test_a_second_copy_and_the_hours_of_controls_are_said(kit: Kit) -> None:
    assert "storage" in short(kit, "satellite-crops")
    assert "storage" not in short(kit, "card-fraud")
    assert "compliance" in short(kit, "startup-docs")
    assert "compliance" not in short(kit, "startup-docs", deadline_weeks=40)


def test_every_model_is_trained_on_the_examples_that_were_counted(kit: Kit) -> None:
    """Three models take the hours of one three times; one release takes as long as before."""
    one = planned(kit, "card-fraud", n_models=1)[0].uses["training"]
    line, plan = planned(kit, "card-fraud")
    three = line.uses["training"]
    assert three.hours_once.likely == pytest.approx(3 * one.hours_once.likely)
    assert three.hours_per_run == one.hours_per_run
    assert "3 models trained alike" in next(i.basis for i in plan.cost.items if i.id == "training")
    assert "nobody counted" not in short(kit, "card-fraud")


def test_models_share_the_stored_data_where_nobody_counted_examples(kit: Kit) -> None:
    """What is stored is read once; that each model reads all of it is said with its price."""
    one = planned(kit, "card-fraud", n_models=1, train_volume="unknown")[0].uses["training"]
    line, _ = planned(kit, "card-fraud", train_volume="unknown")
    work, three = line.workload.training, line.uses["training"]
    assert work is not None
    assert 1 < work.models < 10
    assert three.hours_once.likely == pytest.approx(work.models * one.hours_once.likely)
    more = planned(kit, "card-fraud", train_volume="unknown", n_models=30)[0]
    found = short(kit, "card-fraud", train_volume="unknown", n_models=30)["nobody counted"]
    assert more.workload.training is not None
    share = 30 / more.workload.training.models
    option = more.uses["training"]
    whole = option.one_off.likely + option.month.likely * more.months
    assert float(found.usd or 0) == pytest.approx(float(whole) * (share - 1), rel=1e-6)


def test_interruptible_machines_are_named_where_runs_resume(kit: Kit) -> None:
    line, plan = planned(kit, "pretrain-30b")
    life = lifetime_of(line, plan.cost)
    said = [i.text for i in outlook_of(line, life).investments if i.kind == "overspend"]
    assert any("Spot" in text and text.startswith("training costs") for text in said)


def test_reads_of_a_store_that_bills_by_the_request_are_paid(kit: Kit) -> None:
    """Three thousand reads a second at $0.125 a million: some thousand dollars a month."""
    line, _ = planned(kit, "card-fraud")
    taken = replace(line.decisions["feature_store"], chosen="dynamodb")
    line.decisions = {**line.decisions, "feature_store": taken}
    item, load = fee_item(line), line.workload.serving
    assert item is not None
    assert load is not None
    assert float(item.month.likely) == pytest.approx(load.requests_a_month * 0.125e-6, rel=1e-6)


def test_devices_on_the_shelf_are_priced_where_they_are_bought(kit: Kit) -> None:
    """Twenty-four modules at work want two ready; processors that are there anyway want none."""
    (found,) = [i for n, i in short(kit, "edge-defects").items() if n == "2 devices"]
    assert "one for every twenty at work" in found.text
    assert not [n for n in short(kit, "pump-gateways") if n.endswith(" devices")]


def test_one_device_does_the_work_of_a_site_where_one_can(kit: Kit) -> None:
    """Thirty frames a second come one after the other: no queue, and no second module a car."""
    line, plan = planned(kit, "driving-fleet")
    option = line.uses["serving"]
    assert option.devices == 60
    lost = {r.id: r.reasons[0].text for r in plan.decisions["serving_accelerator"].rejected}
    assert "2 at each site" in lost["jetson-orin-nx-16gb"]


def test_labels_for_what_a_run_reads_are_priced_by_the_hundredth(kit: Kit) -> None:
    line, plan = planned(kit, "driving-fleet")
    labels = lifetime_of(line, plan.cost).component("labelling")
    assert labels is not None
    assert "of the 60,000,000 that a run reads, one in a hundred would take $37,800" in labels.basis


def test_nobody_is_sent_to_find_out_how_often_nothing_is_trained(kit: Kit) -> None:
    found = {a.question: a.decisions for a in planned(kit, "startup-docs")[1].assumptions}
    assert found["retrain_cadence"] == ()
