"""Uses of the plan: items, calendars, feeds and the layouts of large runs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from advisor.domain.interval import Interval
from advisor.domain.plan import Money
from advisor.planning import training_options as training_options_module
from advisor.planning.item_work import item_work
from advisor.planning.kit import Kit
from advisor.planning.market import Market, Rate
from advisor.planning.options import Option
from advisor.planning.requests import request_of
from advisor.planning.service_options import BATCHES, service_options
from advisor.planning.serving_options import ServingMarket, target_of
from advisor.planning.training_calendar import calendar_of
from advisor.planning.training_options import TrainingMarket, training_options
from advisor.planning.training_run import TrainingRun
from advisor.planning.workload import ServingLoad, TrainingWork, Workload
from advisor.sizing.classical import VCPU_FLOPS
from advisor.sizing.goodput import Reliability, goodput
from advisor.sizing.serving_queue import LatencyTarget
from tests.sizing.training_cases import CONSTANTS

H100, ORIN = "h100-sxm5-80gb", "jetson-agx-orin-64gb"


def rate(devices: int = 8, price: str = "2.50") -> Rate:
    hour = Decimal(price) * devices
    return Rate(
        "lambda",
        "gpu_cloud",
        "node",
        devices,
        Money(hour, hour, hour),
        "2026-08",
        "list",
        network_gb_s=50.0,
    )


def market(*accelerators: str, price: str = "2.50") -> Market:
    return Market({a: (rate(1, price), rate(8, price)) for a in accelerators})


def images(kit: Kit, model: str = "", *, latency_ms: float = 100.0) -> Workload:
    load = ServingLoad(("online",), 50.0, 20.0, 197.0, 1.0, latency_ms, 99.0, 1, 0.0)
    work = TrainingWork("full", 1e7, "image", 1e7 * 197, 197, 1.0, 0.0, 24.0)
    plain = Workload("vision", kit.shapes["vit-b16"], work, load, 100.0)
    record = kit.library.models.get(model)
    return replace(plain, item=item_work(plain, record, lambda: kit.item_samples, kit.number))


def text_run(kit: Kit, tokens: float = 1e12, hours: float = 1000.0) -> Workload:
    work = TrainingWork("full", tokens, "token", tokens, 4096, 1.0, 0.0, hours)
    return Workload("llm", kit.shapes["llama-3.1-8b"], work, None, 4000.0)


def trained(kit: Kit, workload: Workload, *accelerators: str, price: str = "2.50") -> list[Option]:
    devices = tuple(kit.devices[a] for a in accelerators)
    offers = market(*accelerators, price=price)
    supply = TrainingMarket(devices, offers, kit.training_runs, kit.number)
    return list(training_options(workload, supply))


def served(kit: Kit, workload: Workload, accelerator: str) -> Option:
    supply = ServingMarket(
        (kit.devices[accelerator],), market(accelerator), kit.inference_constants, kit.number
    )
    return service_options(workload, supply, ("online",))[0]


def run(count: int, hours: float = 1000.0) -> TrainingRun:
    exact = Interval(hours, hours, hours)
    workload_rate = Interval(3000.0, 3000.0, 3000.0)
    nothing: Any = None  # the calendar reads no setup and no setting
    return TrainingRun(
        count, 8, exact, 1.243, workload_rate, 70e9, exact, True, "", "", (), "", nothing, nothing
    )


def test_a_named_network_takes_its_published_work(kit: Kit) -> None:
    """ResNet-50 at 224 pixels: 4.1 GMAC (timm results), two FLOPs each."""
    item = images(kit, "resnet50").item
    assert item is not None
    assert item.flop == pytest.approx(8.2e9)
    request = request_of(images(kit, "resnet50"), kit.number)
    assert request is not None
    assert request.cpu_seconds == pytest.approx(8.2e9 / VCPU_FLOPS)
    assert request.threads == 4


def test_a_large_request_spreads_over_as_many_threads_as_were_measured(kit: Kit) -> None:
    """ViT-B/16 takes 35 GFLOP, more than what eight threads were measured on."""
    request = request_of(images(kit), kit.number)
    assert request is not None
    assert request.threads == 8


def test_an_image_generator_runs_sixty_passes(kit: Kit) -> None:
    item = images(kit, "sd-1.5").item
    assert item is not None
    assert item.kind == "diffusion"
    assert (item.passes, item.abreast) == (60.0, 2.0)


def test_flux_holds_its_guidance_in_the_weights(kit: Kit) -> None:
    item = images(kit, "flux.1-dev").item
    assert item is not None
    assert (item.passes, item.abreast) == (30.0, 1.0)
    assert "guidance" not in item.arithmetic


def test_batches_grow_with_the_latency_allowed(kit: Kit) -> None:
    quick, slow = served(kit, images(kit, latency_ms=20.0), ORIN), served(kit, images(kit), ORIN)
    assert int(quick.facts["batch"]) < int(slow.facts["batch"])
    assert int(slow.layout.split()[-1]) in BATCHES


def test_no_image_rate_beats_the_peak_of_the_device(kit: Kit) -> None:
    workload = images(kit)
    assert workload.item is not None
    for name in (ORIN, H100, "l4", "apple-m4-max-40c"):
        rates = [f.value for f in served(kit, workload, name).figures if f.id == "rate"]
        device = kit.devices[name]
        peak = device.peak("bf16") or device.peak("fp16") or device.peak("fp32")
        assert peak is not None
        assert rates[0].likely * workload.item.flop <= peak


def test_image_training_counts_images_and_names_measurements_of_vision(kit: Kit) -> None:
    option = trained(kit, images(kit), H100)[0]
    assert option.run is not None
    assert option.run.task == "vision_train"
    figures = {figure.id: figure for figure in option.figures}
    assert figures["rate"].unit == "images/s"
    hours = 1e7 / figures["rate"].value.likely / 3600 * CONSTANTS["sample_run_factor"]
    assert figures["hours"].value.likely == pytest.approx(hours, rel=1e-6)


def test_few_devices_lose_no_more_than_reported_totals_hold(kit: Kit) -> None:
    work = text_run(kit).training
    assert work is not None
    found = calendar_of(run(8), work, kit.number)
    assert found.hours.likely == pytest.approx(1000.0 / 8)


def test_failures_of_many_devices_lengthen_the_calendar(kit: Kit) -> None:
    """At 65,536 devices and the likely failure rate goodput is below 1 / 1.243."""
    work = text_run(kit).training
    assert work is not None
    share = goodput(Reliability(65_536, checkpoint_s=60.0)).share
    assert share < 1 / 1.243
    found = calendar_of(run(65_536, 1e6), work, kit.number)
    assert found.device_hours.likely == pytest.approx(1e6 / share / 1.243)
    assert found.device_hours.low < found.device_hours.likely < found.device_hours.high


def test_the_feed_of_images_by_hand(kit: Kit) -> None:
    """3,000 images/s of 1e9 / 7,000 bytes, half as much again at the peak; 150 a core."""
    work = images(kit).training
    assert work is not None
    found = calendar_of(run(8), work, kit.number).facts
    assert found["read_gb_s"] == pytest.approx(3000 / 7000 * 1.5, abs=1e-3)
    assert found["loader_cores"] == pytest.approx(20.0)
    assert found["checkpoint_gb"] == pytest.approx(980.0)
    assert found["write_gb_s"] == pytest.approx(980 / 60, abs=1e-3)


def test_a_large_run_says_why_its_layout_looks_so(kit: Kit) -> None:
    option = trained(kit, text_run(kit), H100)[0]
    assert option.feasible
    assert "uses" in option.why
    assert "usable memory" in option.why


def test_a_full_search_is_never_dearer_than_the_first_look(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = trained(kit, text_run(kit), H100)[0]
    monkeypatch.setattr(training_options_module, "SEARCHED", 0)
    plain = trained(kit, text_run(kit), H100)[0]
    assert plain.feasible
    assert searched.one_off.likely < plain.one_off.likely


def test_a_run_of_many_trillion_tokens_states_its_layout_and_its_goodput(kit: Kit) -> None:
    work = TrainingWork("full", 15e12, "token", 15e12, 4096, 1.0, 0.0, 2400.0)
    workload = Workload("llm", kit.shapes["llama-3.1-405b"], work, None, 60_000.0)
    option = trained(kit, workload, H100)[0]
    assert option.feasible
    assert "tensor parallel 8 stays on the fast link of one node" in option.why
    share = next(figure for figure in option.figures if figure.id == "goodput").value
    assert share.low < share.likely < share.high < 100.0


def test_a_cheaper_price_never_raises_the_cost_of_training(kit: Kit) -> None:
    cheap, dear = (trained(kit, text_run(kit), H100, price=p)[0] for p in ("1.00", "3.00"))
    assert cheap.one_off.likely < dear.one_off.likely


def test_owned_machines_are_another_option_beside_rented_ones(kit: Kit) -> None:
    rented = rate()
    owned = replace(
        rented,
        provider="own",
        provider_kind="own_hardware",
        month_owned=Money(Decimal(1), Decimal(1), Decimal(1)),
    )
    parts = Market({H100: (rented, owned)}).parts
    assert [p.by_accelerator[H100][0].provider for p in parts] == ["lambda", "own"]


@pytest.mark.parametrize("mode", ["online", "async_minutes"])
def test_a_stated_time_holds_for_queues_too(kit: Kit, mode: str) -> None:
    load = ServingLoad((mode,), 3.0, 1.0, 2000.0, 500.0, 60_000.0, 99.0, 1, 0.0)
    assert target_of(load, kit.number) == LatencyTarget(total_ms=60_000.0, quantile=0.99)
    assert target_of(replace(load, latency_ms=0.0), kit.number) == LatencyTarget(quantile=0.99)
    assert target_of(replace(load, modes=("batch",)), kit.number) == LatencyTarget()


def test_a_quiet_device_answers_before_its_batches_fill(kit: Kit) -> None:
    work = images(kit)
    assert work.serving is not None
    waits = []
    for rps in (5.0, 200.0, 3_000.0):  # all of them on one device
        load = replace(work.serving, peak_rps=rps, mean_rps=rps / 2)
        option = served(kit, replace(work, serving=load), H100)
        assert option.feasible
        assert option.devices == 1
        waits.append(option.latency_ms)
    assert waits == sorted(waits)
    assert waits[0] < waits[-1] / 2
