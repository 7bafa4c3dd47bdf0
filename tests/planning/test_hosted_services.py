"""Hosted services for speech, pages, pictures and vectors: priced, judged and held against own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from advisor.advise import advise
from advisor.domain.answers import Answers, Source
from advisor.domain.architecture import Held
from advisor.domain.hosted import HostedPrice, Tier
from advisor.domain.plan import Plan
from advisor.domain.provenance import Provenance
from advisor.library.answers import read_answers
from advisor.planning.hosted_task import tariff
from advisor.planning.kit import Kit
from advisor.planning.lifetime_api import break_even_of
from advisor.planning.line import Line

DICTATION = {
    "problem_type": "speech",
    "adaptation": "api_prompting",
    "data_modality": ["audio"],
    "inference_mode": ["async_minutes"],
    "batch_items": 24000,
    "cloud_policy": ["any"],
    "personal_data": "none",
    "data_kinds_regulated": ["none"],
    "project_stage": "production",
}
PAGES = {
    **DICTATION,
    "problem_type": "vision",
    "vision_output": "documents",
    "data_modality": ["images"],
    "batch_items": 3000,
}
PHOTOS = {
    **PAGES,
    "vision_output": "readings",
    "inference_mode": ["online"],
    "peak_rps": 0.5,
    "latency_p99_ms": 800,
}


@pytest.fixture(scope="module")
def line(kit: Kit) -> Line:
    return Line(kit)


@pytest.fixture
def planned(line: Line, tmp_path: Path) -> Any:
    def work(answers: dict[str, Any], model: str = "", **more: Any) -> Plan:
        path = tmp_path / "answers.yaml"
        head = f"model: {model}\n" if model else ""
        lines = "".join(f"  {k}: {v}\n" for k, v in {**answers, **more}.items())
        path.write_text(f"{head}answers:\n{lines}", encoding="utf-8")
        kit = line.kit
        return advise(read_answers(path, kit.questions, kit.shapes.keys()), line, "2026-11-22")

    return work


def _chosen(plan: Plan, decision: str = "hosted_service") -> str:
    return plan.decisions[decision].ids[0]


def _why(plan: Plan, service: str) -> str:
    lost = next(r for r in plan.decisions["hosted_service"].rejected if r.id == service)
    return lost.reasons[0].text


def test_two_hundred_hours_of_dictation_are_bought_not_run(planned: Any) -> None:
    plan = planned(DICTATION)
    assert _chosen(plan, "serving_pattern") == "model_api"
    assert _chosen(plan) != "none"
    serving = next(i for i in plan.cost.items if i.id == "serving")
    assert serving.month.likely < 72
    assert serving.month.low < serving.month.likely < serving.month.high
    assert "12,000 minutes of sound a month" in plan.decisions["hosted_service"].because[-1].text


def test_a_large_volume_is_run_on_machines_of_ones_own(planned: Any) -> None:
    plan = planned(DICTATION, batch_items=5_000_000)
    assert _chosen(plan, "serving_pattern") == "async"
    assert _chosen(plan) == "none"
    first = plan.decisions["hosted_service"].alternatives[0]
    assert first.month_usd is not None
    assert "over its life" in first.why_not_first


def test_the_volume_from_which_running_pays_lies_where_the_plan_turns(
    line: Line, planned: Any
) -> None:
    planned(DICTATION)
    even = break_even_of(line)
    assert even is not None
    assert even.unit == "minutes of sound"
    items = 2 * float(even.millions)
    below, above = (planned(DICTATION, batch_items=round(items * by)) for by in (0.7, 1.4))
    assert _chosen(below, "serving_pattern") == "model_api"
    assert _chosen(above, "serving_pattern") == "async"


def test_patient_records_go_to_vendors_who_sign_alone(planned: Any) -> None:
    plan = planned(DICTATION, data_kinds_regulated=["patient_records"], people_regions=["US"])
    assert "business associate agreement" in _why(plan, "groq-speech")
    assert _chosen(plan) not in ("none", "groq-speech", "mistral-voxtral", "elevenlabs")


def test_people_are_not_sent_to_a_vendor_whose_terms_nobody_knows(planned: Any) -> None:
    asked = {"vision_output": "pictures", "inference_mode": ["batch"]}
    free, bound = (planned(PAGES, **asked, personal_data=p) for p in ("none", "personal"))
    assert "fal" not in [r.id for r in free.decisions["hosted_service"].rejected]
    assert "does not learn from what it is sent" in _why(bound, "fal")


def test_data_that_must_stay_in_europe_stay_there(planned: Any) -> None:
    plan = planned(
        PAGES, vision_output="pictures", residency="country_or_bloc", people_regions=["EU_EEA"]
    )
    assert "must stay in Europe" in _why(plan, "stability-api")


@pytest.mark.parametrize("residency", ["air_gapped", "own_premises"])
def test_nothing_is_called_from_a_site_that_data_may_not_leave(
    planned: Any, residency: str
) -> None:
    plan = planned(DICTATION, residency=residency)
    assert _chosen(plan, "serving_pattern") != "model_api"
    assert _chosen(plan) == "none"
    assert not plan.decisions["hosted_service"].alternatives


def test_a_cloud_policy_leaves_the_services_of_that_cloud(planned: Any) -> None:
    plan = planned(PAGES, cloud_policy=["aws"])
    assert _chosen(plan) == "amazon-textract"
    assert _why(plan, "mistral-ocr") == (
        "Mistral OCR is sold by a vendor that the answers do not allow"
    )


def test_tens_of_milliseconds_are_answered_by_machines_of_ones_own(planned: Any) -> None:
    relaxed, tight = (planned(PHOTOS, latency_p99_ms=ms) for ms in (800, 40))
    assert _chosen(relaxed, "serving_pattern") == "model_api"
    assert _chosen(tight, "serving_pattern") != "model_api"
    assert "tens of milliseconds" in tight.decisions["hosted_service"].because[0].text


def test_who_waits_pays_for_answers_at_once(planned: Any) -> None:
    asked = {"consumers": ["external_users"], "cloud_policy": ["azure"], "peak_rps": 0.01}
    later, once = (planned(DICTATION, **asked, inference_mode=[m]) for m in MODES)
    assert "$0.003 a minute" in later.decisions["hosted_service"].because[-1].text
    assert "$0.0166667 a minute" in once.decisions["hosted_service"].because[-1].text


MODES = ("async_minutes", "online")


def test_weights_of_ones_own_are_called_nowhere(planned: Any) -> None:
    plan = planned(PHOTOS, adaptation="full_finetune")
    assert _chosen(plan) == "none"
    assert "The model is trained here" in plan.decisions["hosted_service"].because[0].text


def test_a_named_open_model_is_not_replaced_by_another(planned: Any) -> None:
    """The turbo model costs a third; who names the large one gets the large one."""
    free, named = planned(DICTATION), planned(DICTATION, model="whisper-large-v3")
    assert "whisper-large-v3-turbo" in free.hardware[0].layout
    assert "(whisper-large-v3)" in named.hardware[0].layout


def test_a_closed_service_is_named_with_its_end(planned: Any) -> None:
    plan = planned({"problem_type": "forecasting", "cloud_policy": ["aws"]})
    assert "not actively maintained" in _why(plan, "amazon-forecast")


def test_texts_alone_are_spoken(planned: Any) -> None:
    plan = planned(DICTATION, data_modality=["text"])
    figures = {f.id: f for f in plan.hardware[0].figures}
    assert figures["units"].value.likely == 24000 * 450
    assert figures["units"].unit == "characters"


def _price(*tiers: tuple[int, str]) -> HostedPrice:
    own = tuple(Tier(start, Decimal(usd)) for start, usd in tiers)
    none = Provenance(("vendor-page",), "", "2026-11", "recalled", "", "")
    low = high = own[-1].usd
    ends: tuple[Any, ...] = (low, high, ("batch",), ("us",), "p", "", "2026-11", "2026-11", none)
    return HostedPrice("p", "s", "images", "image", 1000, own, *ends)


def test_each_tier_bills_what_falls_into_it() -> None:
    price = _price((0, "1.00"), (1_000_000, "0.80"), (10_000_000, "0.60"))
    assert price.month(Decimal(500_000)) == 500
    assert price.month(Decimal(1_000_000)) == 1000
    assert price.month(Decimal(12_000_000)) == 1000 + 7200 + 1200


def test_a_free_tier_is_free() -> None:
    assert _price((0, "0"), (1000, "1.50")).month(Decimal(3000)) == 3


def test_small_prices_are_said_by_the_thousand_and_the_million() -> None:
    assert tariff(0.006, "minutes of sound") == "$0.006 a minute of sound"
    assert tariff(0.0006, "pictures") == "$0.6 for 1,000 pictures"
    assert tariff(0.00000002, "tokens") == "$0.02 for 1,000,000 tokens"


def test_a_limit_on_time_that_somebody_stated_is_kept(planned: Any) -> None:
    """An assumed limit excludes nothing; a stated one below what services are measured at does."""
    search = {**PHOTOS, "problem_type": "embedding_search", "data_modality": ["text"]}
    del search["latency_p99_ms"]
    assumed, stated = planned(search), planned(search, latency_p99_ms=200)
    assert _chosen(assumed, "serving_pattern") == "model_api"
    assert _chosen(stated, "serving_pattern") == "online"


def test_an_architecture_that_calls_what_nobody_sells_is_planned_all_the_same(kit: Kit) -> None:
    line = Line(kit)
    line.held = Held({"serving_pattern": ("model_api",)})
    answers = Answers({"problem_type": "forecasting"}, {"problem_type": Source.GIVEN})
    assert advise(answers, line, "2026-11-22").decisions["serving_pattern"].chosen == "model_api"
