"""The machines of a vector index stand in the bill, or its size in what is left out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from advisor.advise import advise
from advisor.domain.plan import CostItem, Plan
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line

SEARCH: dict[str, object] = {
    "problem_type": "embedding_search",
    "cloud_policy": ["aws"],
    "data_location": ["aws"],
    "inference_mode": ["online"],
    "peak_rps": 50,
    "project_stage": "production",
    "corpus_chunks": 50_000_000,
}


def planned(kit: Kit, folder: Path, **changed: object) -> Plan:
    path = folder / "answers.yaml"
    path.write_text(yaml.safe_dump({"answers": {**SEARCH, **changed}}), encoding="utf-8")
    return advise(read_answers(path, kit.questions, kit.shapes.keys()), Line(kit), "2026-11-22")


def index_of(plan: Plan) -> CostItem:
    return next(item for item in plan.cost.items if item.id == "index")


def test_a_large_index_is_paid_for(kit: Kit, tmp_path: Path) -> None:
    plan = planned(kit, tmp_path)
    item = index_of(plan)
    assert item.month.low < item.month.likely < item.month.high
    assert "50,000,000 vectors" in item.basis
    assert not any("OpenSearch" in text for text in plan.cost.excluded)


def test_more_vectors_never_cost_less(kit: Kit, tmp_path: Path) -> None:
    months = [
        index_of(planned(kit, tmp_path, corpus_chunks=count)).month.likely
        for count in (5_000_000, 15_000_000, 50_000_000)
    ]
    assert months == sorted(months)
    assert months[-1] > 4 * months[0]


def test_a_second_copy_stands_by_where_the_service_may_hardly_stop(
    kit: Kit, tmp_path: Path
) -> None:
    once = index_of(planned(kit, tmp_path, availability_slo="99"))
    twice = index_of(planned(kit, tmp_path, availability_slo="99.9"))
    assert twice.month.likely == pytest.approx(2 * once.month.likely, rel=Decimal("0.001"))


def test_own_premises_hear_how_large_it_is(kit: Kit, tmp_path: Path) -> None:
    plan = planned(kit, tmp_path, cloud_policy=["on_prem_only"], data_location=["on_prem_database"])
    assert not any(item.id == "index" for item in plan.cost.items)
    assert any("50,000,000 vectors" in text for text in plan.cost.excluded)
