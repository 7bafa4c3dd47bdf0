"""Rent-or-buy and API-or-self-host decisions that others published come out on the same side.

Of each row: where it stands; `read` or `recalled` says whether its figures were read there;
`derived` whether the advisor had to work out the rate of its machines (a test of the estimators
too), `given` whether the authors' own totals are only compared again (a test of the arithmetic).

Two published crossovers are not followed, because their own figures do not give them:
- vLLM on AKS against GPT-4o mini (damionas.com): $16,800 a month against $0.30 a million tokens is
  56,000 million tokens a month, the text says 1.7 million a day;
- self-hosting from five million tokens a month (learnAI, chapter 9): $4,608 a month against $10 a
  million is 461 million, the text says 0.46.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from advisor.planning.kit import Kit
from advisor.planning.lifetime_api import BreakEven, break_even
from advisor.planning.lifetime_payment import (
    HOURS,
    SPOT_STOPS_PER_HOUR,
    Need,
    Purchase,
    on_demand,
    on_spot,
    owned,
    total,
)
from advisor.planning.lifetime_purchase import purchase_of
from advisor.sizing.serving_estimate import estimate_serving
from advisor.sizing.serving_job import ONLINE, ServingJob
from advisor.sizing.serving_queue import LatencyTarget, replicas_for_load
from tests.planning.lifetime_cases import planned
from tests.planning.test_lifetime_outlook import capacity
from tests.planning.test_own_hardware import market, rate

PEOPLE = Decimal(1_833)
"""A tenth of a person a month, as for one server of one's own."""


def own_or_api(
    kit: Kit, machine_month: Decimal, carries_millions: float, usd_per_million: str
) -> BreakEven:
    """Return the volume from which replicas of one machine cost less than tokens at a price."""
    today = Decimal(str(round(carries_millions, 3)))
    price = Decimal(usd_per_million)
    return break_even(capacity(kit, 1), machine_month, Decimal(0), price, today)


def owns(found: BreakEven, millions: float) -> bool:
    """Return whether running the model costs less at a volume of tokens a month."""
    return bool(found.millions) and Decimal(str(millions)) >= found.millions


Replica = tuple[str, str, int]
"""Model, accelerator and how many of them one replica takes."""


def carried(kit: Kit, replica: Replica, tokens: tuple[int, int], target: LatencyTarget) -> float:
    """Return the millions of tokens a month that one replica carries within a target."""
    model, device, count = replica
    job = ServingJob(
        kit.shapes[model],
        kit.devices[device],
        n_gpus=count,
        tp=count,
        weight_precision="bf16",
        kv_precision="bf16",
        engine="vllm",
        mode=ONLINE,
        input_len=tokens[0],
        output_len=tokens[1],
    )
    plan = replicas_for_load(job, 100.0, target, kit.inference_constants)
    found = estimate_serving(replace(job, batch=plan.concurrency), kit.inference_constants)
    return found.requests_per_s.likely * sum(tokens) * float(HOURS) * 3600 / 1e6


INTERACTIVE = LatencyTarget(ttft_ms=3000.0, tpot_ms=60.0)
NOBODY_WAITS = LatencyTarget()


@pytest.mark.parametrize(
    ("tokens", "target", "usd_per_million", "runs"),
    [
        pytest.param((512, 512), INTERACTIVE, "1.75", False, id="completions at chat latency"),
        pytest.param((3000, 1), INTERACTIVE, "1.50", True, id="prompts, as in classification"),
        pytest.param((512, 512), NOBODY_WAITS, "1.75", True, id="batch processing"),
    ],
)
def test_llama_2_against_gpt_35(
    kit: Kit, tokens: tuple[int, int], target: LatencyTarget, usd_per_million: str, *, runs: bool
) -> None:
    """Cursor, Why GPT-3.5 is (mostly) cheaper than Llama 2, 2023-07 (sides read; $0.0015 and
    $0.002 a thousand tokens and $2.21 an A100-hour recalled; rates derived): Llama-2-70B on two
    A100 80GB loses on completions and wins on prompts and batches, at any volume that fills it."""
    full = carried(kit, ("llama-2-70b", "a100-sxm4-80gb", 2), tokens, target)
    found = own_or_api(kit, Decimal("4.42") * HOURS, full, usd_per_million)
    assert owns(found, 100 * full) is runs


def test_a_hundred_million_tokens_are_called(kit: Kit) -> None:
    """kickllm.com, Self-Hosted vs API, 2025 (read; rate derived): Llama 3.1 70B on two A100 at $3
    an hour, $4,380 a month, against $67 for 60 million tokens in and 40 million out at Groq."""
    full = carried(kit, ("llama-3.1-70b", "a100-sxm4-80gb", 2), (600, 400), NOBODY_WAITS)
    assert not owns(own_or_api(kit, 6 * HOURS, full, "0.67"), 100)


def test_thirty_thousand_dollars_of_a_frontier_model_are_served_on_one_card(kit: Kit) -> None:
    """flatclaw.org, Tokenomics, 2026-05 (read; rate derived, for the 27B of the same family):
    $30,000 a month of Claude Sonnet at $3 and $15 against a 31B model on one H100 at $2.50."""
    full = carried(kit, ("gemma-3-27b", "h100-sxm5-80gb", 1), (1000, 1000), NOBODY_WAITS)
    found = own_or_api(kit, Decimal("2.5") * HOURS, full, "9")
    assert owns(found, 30_000 / 9)


@pytest.mark.parametrize(
    ("millions", "runs"),
    [
        pytest.param(100_000, False, id="$31,700 a month of calls: below one box"),
        pytest.param(280_000, True, id="the trough of 583,000 million tokens"),
    ],
)
def test_the_floor_of_a_coding_assistant(kit: Kit, millions: float, *, runs: bool) -> None:
    """Inference math (arafatkatze, on Cline), 6 and 7, 2026 (read; rate given): a box of eight
    devices at $35,040 a month carries 140,000 million tokens; calls cost $0.317 a million."""
    found = own_or_api(kit, Decimal(35_040), 140_000, "0.317")
    assert owns(found, millions) is runs


@pytest.mark.parametrize(("millions", "runs"), [(100, False), (3_200, True), (5_000, True)])
def test_an_insurers_tokens(kit: Kit, millions: float, *, runs: bool) -> None:
    """MindMap Digital, What it actually costs to run Llama 3.3 70B on-prem, 2026-06 (sides read;
    machine and prices from the catalogue, rate derived): calling below about 200 million tokens a
    month, own machines at 3,200 million and from 5,000 million on."""
    server = rate(market(kit), "h100-sxm5-80gb", 8).month_owned
    assert server is not None
    full = 4 * carried(kit, ("llama-3.3-70b", "h100-sxm5-80gb", 2), (1500, 500), NOBODY_WAITS)
    prices = kit.library.api_prices
    row = next(p for p in prices.values() if p.model_ref == "claude-sonnet-4-5")
    blended = (3 * row.input_usd_per_m + row.output_usd_per_m) / 4
    found = own_or_api(kit, server.likely + PEOPLE, full, str(blended))
    assert owns(found, millions) is runs


def test_a_software_company_leaves_the_cloud() -> None:
    """37signals, Our cloud-exit savings will now top ten million over five years, 2024 (read,
    given): $1.9 million a year of rented computing against $700,000 of servers in racks at hand."""
    busy = (Need(1, 1, HOURS),) * 60
    servers = Purchase(Decimal(700_000), Decimal(0), Decimal("0.09"), Decimal("0.3"))
    rented = Decimal(1_900_000) / 12 / HOURS
    saved = total(on_demand(busy, rented)) - total(owned(busy, servers))
    assert saved > 7_000_000


def test_a_search_index_stays_on_its_own_servers() -> None:
    """Ahrefs, How Ahrefs saved US$400M in 3 years by not going to the cloud, 2023 (read, given):
    $17,557 a month for the like of a server that costs an eleventh with its data centre."""
    busy = (Need(850, 850, 850 * HOURS),) * 30
    own = Purchase(Decimal(0), Decimal(17_557) / Decimal("11.3"), Decimal(0), Decimal("0.3"))
    saved = total(on_demand(busy, Decimal(17_557) / HOURS)) - total(owned(busy, own))
    assert float(saved) == pytest.approx(400e6, rel=0.05)


def test_a_file_store_moves_to_its_own_data_centres() -> None:
    """Dropbox, S-1 of 2018 (read, given): $92.5 million less for the provider and $53 million more
    for data centres of its own in the first year, saved $39.5 million."""
    busy = (Need(1, 1, HOURS),) * 12
    own = Purchase(Decimal(0), Decimal(53_000_000) / 12, Decimal(0), Decimal("0.3"))
    saved = total(on_demand(busy, Decimal(92_500_000) / 12 / HOURS)) - total(owned(busy, own))
    assert saved == pytest.approx(Decimal(39_500_000), abs=1)


@pytest.mark.parametrize(
    ("accelerator", "hour", "percent", "buys"),
    [
        pytest.param("a100-sxm4-80gb", "1.80", 30, False, id="A100 used 30 %"),
        pytest.param("a100-sxm4-80gb", "1.80", 85, True, id="A100 used 85 %"),
        pytest.param("h100-sxm5-80gb", "3.50", 30, False, id="H100 used 30 %"),
        pytest.param("h100-sxm5-80gb", "3.50", 85, True, id="H100 used 85 %"),
    ],
)
def test_servers_are_bought_where_they_are_used(
    kit: Kit, accelerator: str, hour: str, percent: int, *, buys: bool
) -> None:
    """TechnoLynx, A100 GPU rental options, 2026 (sides and hours read; machines from the
    catalogue): over 24 months buying wins from 50 to 65 % of use on."""
    line, _ = planned(kit, "churn")
    machine = purchase_of(line, rate(market(kit), accelerator, 8), 8)
    need = (Need(0, 1, HOURS * percent / 100),) * 24
    rented = total(on_demand(need, 8 * Decimal(hour)))
    assert (total(owned(need, machine, PEOPLE)) < rented) is buys


@pytest.mark.parametrize(("usual", "spot"), [(500, 140), (1000, 300)])
def test_a_chatbot_is_tuned_on_spot(usual: int, spot: int) -> None:
    """Vicuna, LMSYS, 2023-03 (read): managed spot instances took the 7B from $500 to $140 and the
    13B from $1,000 to $300. At those prices an hour, stops cost less than they save."""
    run = (Need(0, 1, Decimal(24)),)
    hour = Decimal(usual) / 24
    for stops in SPOT_STOPS_PER_HOUR:
        cheap = total(on_spot(run, hour * spot / usual, stops))
        assert cheap < total(on_demand(run, hour)) * Decimal("0.6")
