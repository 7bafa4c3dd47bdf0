"""Bills and rent-or-buy figures that their authors printed, worked out again with their prices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from advisor.domain.interval import Interval
from advisor.domain.model import ModelShape
from advisor.domain.plan import Money
from advisor.planning.kit import Kit
from advisor.planning.lifetime_payment import HOURS, Need, Purchase, on_demand, owned, total
from advisor.planning.market import Rate
from advisor.sizing.training_estimate import estimate_training
from advisor.sizing.training_job import TrainingJob

GIVEN = [
    # author's device-hours, dollars a device-hour, dollars printed
    pytest.param(2_788_000, "2.00", 5_576_000, id="DeepSeek-V3, arXiv 2412.19437, recalled"),
    pytest.param(150_000, "4.00", 600_000, id="Stable Diffusion v1, E. Mostaque, recalled"),
    pytest.param(79_000, "2.00", 160_000, id="Stable Diffusion, MosaicML 2023-01, recalled"),
    pytest.param(23_835, "2.00", 47_700, id="Stable Diffusion 2, MosaicML 2023-04, recalled"),
    pytest.param(440 * 9.5 * 24, "2.00", 200_000, id="MPT-7B, MosaicML 2023-05, recalled"),
    pytest.param(8 * 1.13, "2.50", 20, id="MosaicBERT-Base, MosaicML 2023-03, recalled"),
    pytest.param(8 * 24, "3.50", 672, id="GPT-2 1.6B in llm.c, discussion 677, read"),
    pytest.param(8 * 1.5, "1.75", 20, id="GPT-2 124M in llm.c, discussion 481, read"),
    pytest.param(8 * 14, "1.75", 200, id="GPT-2 350M in llm.c, Hacker News, read"),
    pytest.param(8 * 3.85, "3.00", 100, id="nanochat, A. Karpathy 2025-10, recalled"),
    pytest.param(8 * 3, "4.10", 100, id="Alpaca, Stanford 2023-03, hours and dollars read"),
]
"""Bills whose authors print the hours: they test the arithmetic of a bill alone."""


@pytest.mark.parametrize(("hours", "usd", "printed"), GIVEN)
def test_a_bill_of_printed_hours_is_met_within_15_percent(
    hours: float, usd: str, printed: int
) -> None:
    assert float(_bill(hours, usd)) == pytest.approx(printed, rel=0.15)


def _bill(hours: float, usd: str) -> Decimal:
    machine = Decimal(usd) * 8
    rate = Rate("", "gpu_cloud", "", 8, Money(machine, machine, machine), "", "")
    return rate.cost(Interval(hours, hours, hours), 8).likely


@dataclass(frozen=True)
class Trained:
    """A run whose device-hours the advisor has to find: model, devices, tokens, price, bill."""

    source: str
    layers: int
    width: int
    heads: int
    billions: float
    device: str
    count: int
    tokens: float
    usd: str
    printed: int
    seq: int = 2048
    family: str = "torch"


MOSAIC = "MosaicML, GPT-3 quality for <$500k, 2022-09; 30B read, the other sizes recalled"
LLM_C = "llm.c, A. Karpathy, discussions 481 and 677; dollars read"
A40, A80, H100 = "a100-sxm4-40gb", "a100-sxm4-80gb", "h100-sxm5-80gb"
DERIVED = (
    Trained(MOSAIC, 24, 2048, 16, 1.3, A40, 128, 26e9, "2", 2_000),
    Trained(MOSAIC, 32, 2560, 32, 2.7, A40, 128, 54e9, "2", 6_000),
    Trained(MOSAIC, 32, 4096, 32, 6.7, A40, 128, 134e9, "2", 30_000),
    Trained(MOSAIC, 40, 5120, 40, 13, A40, 256, 260e9, "2", 100_000),
    Trained(MOSAIC, 48, 7168, 56, 30, A40, 256, 610e9, "2", 450_000),
    Trained(MOSAIC, 80, 8192, 64, 70, A40, 256, 1400e9, "2", 2_500_000),
    Trained("MPT-7B, 2023-05, recalled", 32, 4096, 32, 6.66, A40, 440, 1e12, "2", 200_000),
    Trained(LLM_C, 48, 1600, 25, 1.558, H100, 8, 33.6e9, "3.5", 672, 1024, "fused"),
    Trained(LLM_C, 24, 1024, 16, 0.354, A80, 8, 30e9, "1.75", 200, 1024, "fused"),
    Trained(LLM_C, 12, 768, 12, 0.124, A80, 8, 9.89e9, "1.75", 20, 1024, "fused"),
)
"""Bills of pre-training whose hours are worked out from model, tokens and devices. MPT-7B and the
runs of llm.c are among the measurements that the estimators were fitted to.

Bills of fine-tuning are missed and not listed: Alpaca-7B printed 24 device-hours where 6 are
worked out, Vicuna-7B $500 and Vicuna-13B $1,000 on demand where $180 and $340 are (all read,
2023-03). Runs of a few hours on conversations of unknown length spend their time on what no formula
holds."""


def _derived(kit: Kit, run: Trained) -> tuple[float, float, float]:
    """Return the low, likely and high bill of a run."""
    head = run.width // run.heads
    shape = ModelShape(
        "run",
        "decoder",
        run.billions * 1e9,
        run.billions * 1e9,
        run.layers,
        run.width,
        4 * run.width,
        run.heads,
        run.heads,
        head,
        50_432,
        run.seq,
        2 * run.layers * run.width,
        gated_ffn=False,
    )
    job = TrainingJob(
        shape,
        kit.devices[run.device],
        seq_len=run.seq,
        n_gpus=run.count,
        gpus_per_node=8,
        tokens_total=run.tokens,
        family=run.family,
        sharding="zero3" if run.family == "torch" else None,
    )
    hours = estimate_training(job, kit.training_constants).gpu_hours
    assert hours is not None
    low, likely, high = (float(_bill(h, run.usd)) for h in (hours.low, hours.likely, hours.high))
    return low, likely, high


def _rounding(printed: int) -> float:
    """Return half a unit of the last digit that is not a nought: $2,000 may be $1,500."""
    digits = str(printed)
    return 0.5 * 10.0 ** (len(digits) - len(digits.rstrip("0")))


def test_printed_bills_lie_in_the_range_that_is_worked_out(kit: Kit) -> None:
    """Of ten, all are, as far as they are printed, inside the 80 % interval or within a tenth of
    its end; those of runs that
    took days on hundreds of devices are met within 20 %, the rest are reported."""
    ratios = {}
    for run in DERIVED:
        low, likely, high = _derived(kit, run)
        assert 0.9 * low <= run.printed + _rounding(run.printed), run
        assert run.printed - _rounding(run.printed) <= 1.1 * high, run
        ratios[run.source.split(",")[0], run.billions] = likely / run.printed
    close = [key for key, ratio in ratios.items() if abs(ratio - 1) <= 0.2]
    assert {("MPT-7B", 6.66), ("MosaicML", 6.7), ("MosaicML", 13)} <= set(close)
    assert len(close) >= 4, ratios


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
