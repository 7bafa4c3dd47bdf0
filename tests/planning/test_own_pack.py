"""An accelerator that only the user knows, in a pack, is sized and chosen like any other."""

from __future__ import annotations

import pytest

from advisor.advise import advise
from advisor.analysis.estimate_table import Estimators
from advisor.library.answers import parse_answers
from advisor.library.load import load_library
from advisor.library.locate import library_root
from advisor.planning.kit import Kit
from advisor.planning.line import Line

PACK = """# yaml-language-server: $schema=schema/pack.schema.json
id: lab
version: "1"
"""
CARD = """# yaml-language-server: $schema=../schema/accelerators.schema.json
accelerators:
  - id: lab-card-48gb
    name: Lab card 48GB
    vendor: nvidia
    architecture: ada
    kind: gpu
    form_factor: pcie
    availability: ga
    sold: "yes"
    launch_year: 2024
    aliases: []
    memory_gb: 48
    memory_type: gddr6
    memory_gb_s: 864
    tflops: {fp32: 91.6, tf32: 183, fp16: 362, bf16: 362, fp8: 733, int8: 733}
    link: none
    link_gb_s: 0
    scaleup_domain: 1
    pcie_gen: 4
    tdp_w: 300
    mig_instances: 0
    ecc: "yes"
    confidential_computing: "no"
    consumer: "no"
    export_control: none
    purchase_price: {low_usd: "400", high_usd: "500", effective: "2026-10", evidence: read}
    source: [estimate]
    as_of: "2026-10"
    evidence: read
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    folder = tmp_path_factory.mktemp("pack")
    (folder / "knowledge/accelerators").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "knowledge/accelerators/card.yaml").write_text(CARD, encoding="utf-8")
    return Kit(load_library([folder]))


def test_a_cheap_card_of_ones_own_is_among_the_choices(own: Kit) -> None:
    """At 450 USD a card with the rates of an L40S, which costs fifteen times as much."""
    text = (library_root() / "tests/scenarios/hospital-imaging.yaml").read_bytes()
    answers = parse_answers(text, "hospital-imaging", own.questions, own.shapes.keys())
    plan = advise(answers, Line(own), "2026-11-22")
    serving = next(use for use in plan.hardware if use.use == "serving")
    others = plan.decisions["serving_accelerator"].alternatives
    considered = [serving.accelerator, *(other.id for other in others)]
    assert "lab-card-48gb" in considered


def test_who_names_the_card_as_owned_is_planned_on_it(own: Kit) -> None:
    text = (library_root() / "tests/scenarios/hospital-imaging.yaml").read_bytes()
    named = text.replace(b"  onprem_gpus:", b"  owned_accelerator: lab-card-48gb\n  onprem_gpus:")
    answers = parse_answers(named, "hospital-imaging", own.questions, own.shapes.keys())
    plan = advise(answers, Line(own), "2026-11-22")
    assert {use.accelerator for use in plan.hardware} == {"lab-card-48gb"}


def test_it_is_estimated_like_its_twin_in_the_catalogue(own: Kit) -> None:
    predict = Estimators.built_in(own.devices).predictor("training")
    row = {
        "task": "lora",
        "model": "llama-3.1-8b",
        "seq_len": "2048",
        "n_gpus": "1",
        "precision": "bf16",
        "micro_batch": "1",
    }
    mine, twin = (predict(row | {"gpu": gpu}) for gpu in ("lab-card-48gb", "l40s"))
    assert mine["pred_tokens_per_s_per_gpu"] == twin["pred_tokens_per_s_per_gpu"]
    assert mine["pred_peak_mem_gib_per_gpu"] == twin["pred_peak_mem_gib_per_gpu"]
