"""Bills and rent-or-buy figures that their authors printed, worked out again with their prices."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.domain.interval import Interval
from advisor.domain.plan import Money
from advisor.planning.lifetime_payment import HOURS, Need, Purchase, on_demand, owned, total
from advisor.planning.market import Rate

BILLS = [
    # author's device-hours, devices of a machine, dollars a device-hour, dollars printed
    pytest.param(2_788_000, 8, "2.00", 5_576_000, id="DeepSeek-V3, arXiv 2412.19437, table 1"),
    pytest.param(2_664_000, 8, "2.00", 5_328_000, id="DeepSeek-V3, pre-training alone"),
    pytest.param(150_000, 8, "4.00", 600_000, id="Stable Diffusion v1, E. Mostaque, 2022-08"),
    pytest.param(79_000, 8, "2.00", 160_000, id="Stable Diffusion, MosaicML, 2023-01"),
    pytest.param(23_835, 8, "2.00", 47_700, id="Stable Diffusion 2, MosaicML, 2023-04"),
    pytest.param(440 * 9.5 * 24, 8, "2.00", 200_000, id="MPT-7B, MosaicML, 2023-05"),
    pytest.param(8 * 1.13, 8, "2.50", 20, id="MosaicBERT-Base, MosaicML, 2023-03"),
    pytest.param(8 * 24, 8, "3.50", 672, id="GPT-2 1.6B in llm.c, A. Karpathy, 2024-07"),
    pytest.param(8 * 1.5, 8, "1.75", 20, id="GPT-2 124M in llm.c, A. Karpathy, 2024-05"),
    pytest.param(8 * 3.85, 8, "3.00", 100, id="nanochat, A. Karpathy, 2025-10"),
]


@pytest.mark.parametrize(("hours", "each", "usd", "printed"), BILLS)
def test_a_printed_training_bill_is_met_within_15_percent(
    hours: float, each: int, usd: str, printed: int
) -> None:
    machine = Decimal(usd) * each
    rate = Rate("", "gpu_cloud", "", each, Money(machine, machine, machine), "", "")
    bill = rate.cost(Interval(hours, hours, hours), each).likely
    assert float(bill) == pytest.approx(printed, rel=0.15)


SERVER = Purchase(Decimal(833_806), Decimal("0.87") * HOURS, Decimal(0), Decimal("0.000001"))
"""Eight H100 in a server with its running cost an hour: Lenovo Press LP2225 (2025), On-Premise
vs Cloud: Generative AI Total Cost of Ownership."""
LP2225 = [
    pytest.param("98.32", 8_556, id="p5.48xlarge on demand"),
    pytest.param("53.95", 15_709, id="p5.48xlarge, 3-year savings plan"),
]


@pytest.mark.parametrize(("hour", "printed_hours"), LP2225)
def test_owning_begins_to_pay_in_the_month_that_was_printed(hour: str, printed_hours: int) -> None:
    """With the price lost from the first day on, as the study counts it."""
    busy = Need(1, 1, HOURS)
    months = next(
        n
        for n in range(1, 120)
        if SERVER.price + SERVER.upkeep * n <= total(on_demand((busy,) * n, Decimal(hour)))
    )
    assert months * float(HOURS) == pytest.approx(printed_hours, rel=0.15)
    assert total(owned((busy,) * 60, SERVER)) < total(on_demand((busy,) * 60, Decimal(hour)))


@pytest.mark.parametrize(("percent", "buys"), [(20, False), (30, False), (70, True), (90, True)])
def test_a_server_is_rented_below_40_percent_use_and_bought_above_60(
    percent: int, buys: bool
) -> None:
    """TechnoLynx, cloud against on-premise break-even (2026), over three years: eight H100 for
    about $260,000 and the network, with staff, against about $4 a device-hour."""
    server = Purchase(Decimal(300_000), Decimal(3_500), Decimal("0.09"), Decimal("0.3"))
    need = Need(0, 1, HOURS * percent / 100)
    rented = total(on_demand((need,) * 36, Decimal(32)))
    assert (total(owned((need,) * 36, server, Decimal(1_800))) < rented) is buys
